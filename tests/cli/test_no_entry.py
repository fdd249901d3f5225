"""Files and folders that this user may not enter: a sentence and an exit code, never a fault of the program."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import PROGRAM, environment, run
from tests.data.exports import AS_AT, TABLES, write_csv
from tests.reports.runs import write_rulebook

#: Nobody is refused anything as root: a user without its powers is asked to try.
AS_ANYBODY = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder that may not be entered, and an export beside it, with the small rulebook: it is read sooner."""
    write_csv(TABLES, tmp_path / "export")
    (tmp_path / "rules").mkdir()
    rules = write_rulebook(tmp_path / "rules")
    (tmp_path / "omi-rules.toml").write_text(f'rules = "{rules}"\n', encoding="utf-8")
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check", "export", "--store", "closed/s.db"), 6),
        (("check", "export", "--output", "closed/run"), 6),
        (("check", "export", "--rules", "closed/rules"), 2),
        (("check", "export", "--map", "closed/map.yaml"), 2),
        (("check", "closed/export"), 3),
        (("due", "export", "--store", "closed/s.db"), 6),
        (("waive", "list", "--store", "closed/s.db"), 6),
        (("history", "list", "--store", "closed/s.db"), 6),
        (("schedule", "print", "cron", "export", "--store", "closed/s.db"), 6),
        (("schedule", "print", "cron", "export", "--output", "closed/runs"), 6),
        (("doctor", "--store", "closed/s.db"), 6),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else str(each),
)
def test_what_may_not_be_entered_is_told_of(closed: Path, words: tuple[str, ...], code: int) -> None:
    done = subprocess.run(
        [*AS_ANYBODY, *PROGRAM, *words], cwd=closed.parent, capture_output=True, encoding="utf-8", env=environment({})
    )

    assert done.returncode == code, done.stderr
    assert "fault of the program" not in done.stderr
    assert "report it" not in done.stdout
    assert "closed" in done.stderr + done.stdout


def test_little_memory_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = write_csv(TABLES, tmp_path / "export")
    monkeypatch.setenv("OMI_RULES_MEMORY", "1MB")

    for words in (("check", export, "--as-at", AS_AT.isoformat()), ("due", export, "--as-at", AS_AT.isoformat())):
        shown = run(*words)
        assert (shown.code, shown.out) == (2, "")
        assert "give `memory` more" in shown.err
