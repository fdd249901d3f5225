"""What systemd itself says of the units."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from omi_rules.operation.job import Job
from omi_rules.operation.systemd import service_of, timer_of
from tests.operation.jobs import AWKWARD, job


@pytest.mark.parametrize(
    "made", [job(*AWKWARD, program="/bin/true"), replace(job(program="/bin/true", online=True), afterwards=("notify",))]
)
def test_systemd_itself_finds_nothing_wrong(tmp_path: Path, made: Job) -> None:
    (tmp_path / "omi-rules.service").write_text(service_of(replace(made, user="root")), encoding="utf-8")
    (tmp_path / "omi-rules.timer").write_text(timer_of(made), encoding="utf-8")

    units = [tmp_path / "omi-rules.service", tmp_path / "omi-rules.timer"]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_itself_reads_the_folders_as_they_are(tmp_path: Path) -> None:
    folder = AWKWARD[4].removeprefix("/") + " 100% $x"
    service = service_of(replace(job(program="/bin/true"), user="root", writable=(folder,)))
    (tmp_path / "omi-rules.service").write_text(service, encoding="utf-8")

    done = subprocess.run(["systemd-analyze", "verify", tmp_path / "omi-rules.service"], capture_output=True, text=True)

    assert done.stderr.endswith(f"ReadWritePaths= path is not absolute, ignoring: {folder}\n")
