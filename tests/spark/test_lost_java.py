"""Java that is killed, or runs out of memory, in the middle of a run: a sentence, and nothing half-written stays."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import PROGRAM, environment
from tests.data.exports import AS_AT
from tests.sizes import THOROUGH
from tests.spark.conftest import LIGHT
from tests.spark.living import Killer, all_with, command_of, driver_java, worker_at_work

#: What the user's own spark-defaults.conf says; Spark starts with no less memory than 450 MiB.
DEFAULTS = {**LIGHT, "spark.driver.memory": "500m"}


@pytest.fixture(scope="module")
def defaults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the user's spark-defaults.conf."""
    folder = tmp_path_factory.mktemp("conf")
    lines = [f"{name} {value}\n" for name, value in DEFAULTS.items()]
    (folder / "spark-defaults.conf").write_text("".join(lines), encoding="utf-8")
    return folder


def is_judging(program: int, _: Path) -> bool:
    """Whether a part is being judged."""
    return worker_at_work(program) > 0


def is_writing(_: int, beside: Path) -> bool:
    """Whether Spark writes files of the run."""
    return any(beside.glob("*/parts"))


#: A worker killed while parts are judged, in tests/spark/test_lost_workers.py, is the nearer danger of the two.
MOMENTS = [is_judging, is_writing] if THOROUGH else [is_writing]


@pytest.mark.parametrize("is_time", MOMENTS)
def test_killed_java_ends_the_run_in_a_sentence_and_leaves_nothing(
    dirty: Path, rules: Path, defaults: Path, tmp_path: Path, is_time: Callable[[int, Path], bool]
) -> None:
    scratch, beside = tmp_path / "scratch", tmp_path / "beside"
    scratch.mkdir()
    beside.mkdir()
    started = []

    def find() -> int:
        pid = driver_java(program.pid) if is_time(program.pid, beside) else 0
        if pid:
            started.append(command_of(pid))
        return pid

    asked = ["check", dirty, "--rules", rules, "--as-at", AS_AT, "--output", beside / "run", "--engine", "spark"]
    with (
        subprocess.Popen(
            [*PROGRAM, *map(str, asked)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=environment({"TMPDIR": str(scratch), "SPARK_CONF_DIR": str(defaults)}),
        ) as program,
        Killer(find) as killer,
    ):
        said, faults = program.communicate()

    assert killer.killed
    assert (program.returncode, said) == (2, b"")
    told = faults.decode()
    assert told.startswith("omi-rules: Spark could not finish the run: its Java process ended before the run did")
    assert told.count("\n") == 1
    assert list(beside.iterdir()) == []
    assert list(scratch.iterdir()) == []
    assert "-Xmx500m" in started[0]
    until = time.monotonic() + 10
    while all_with(str(scratch)) and time.monotonic() < until:
        time.sleep(0.05)
    assert all_with(str(scratch)) == []
