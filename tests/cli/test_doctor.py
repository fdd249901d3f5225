"""`omi-rules doctor` runs on a broken machine too, and says in words what is wrong and what to do."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Ran, environment, run
from tests.reports.runs import write_rulebook

SUBJECTS = ["Python", "Packages", "Conclusions", "Configuration", "Output", "Store", "Rulebook", "Calendar"]


def lines_of(shown: Ran) -> dict[str, dict[str, Any]]:
    """The first line of each subject."""
    found: dict[str, dict[str, Any]] = {}
    for line in json.loads(shown.out):
        found.setdefault(line["subject"], line)
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_machine_that_is_fit_has_exit_code_0(folder: Path) -> None:
    shown = run("doctor")

    assert (shown.code, shown.err) == (0, "")
    assert "\nok         Rulebook       omi-merseyside" in shown.out
    assert "0 broken," in shown.out.splitlines()[-1]
    assert max(map(len, shown.out.splitlines())) <= 80
    assert list(folder.iterdir()) == []


def test_every_subject_is_looked_at_and_every_finding_that_is_not_fine_says_more(folder: Path) -> None:
    lines = lines_of(run("doctor", "--format", "json"))

    assert list(lines) == [*SUBJECTS, "Time zone", "Disk"]
    assert lines["Store"] == {
        "subject": "Store",
        "state": "attention",
        "words": "none is named, so that no run is kept",
        "remedy": 'write store = "omi-rules.db" into omi-rules.toml, or add --store',
        "exit_code": 0,
    }


def test_wrong_configuration_is_a_finding_and_the_rest_is_looked_at(folder: Path) -> None:
    (folder / "omi-rules.toml").write_text("max_agee = 3", encoding="utf-8")

    shown = run("doctor", "--format", "json", "--store", folder / "omi-rules.db")

    lines = lines_of(shown)
    assert shown.code == 2
    assert "there is no setting max_agee; did you mean max_age?" in lines["Configuration"]["words"]
    assert (lines["Configuration"]["state"], lines["Rulebook"]["state"]) == ("broken", "ok")
    assert "there is no store" in lines["Store"]["words"]


def test_exit_code_is_that_of_a_check(folder: Path) -> None:
    (folder / "rules").mkdir()
    (folder / "file").touch()

    assert run("doctor", "--rules", "rules").code == 4
    assert run("doctor", "--output", "file/run").code == 6
    assert run("doctor", "--config", "nowhere.toml").code == 2


@pytest.mark.parametrize("package", ["duckdb", "yaml", "sqlalchemy", "jsonschema"])
def test_missing_package_is_a_finding_and_the_rest_is_looked_at(folder: Path, package: str) -> None:
    (folder / "rules").mkdir()
    # the small one is read sooner
    write_rulebook(folder / "rules")
    arguments = ["doctor", "--format", "json", "--store", "omi-rules.db", "--rules", "rules"]
    program = f"import sys\nfrom omi_rules.cli.main import main\nsys.modules[{package!r}] = None\nmain({arguments!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment({}))

    lines = lines_of(Ran(done.returncode, done.stdout, done.stderr))
    assert (done.returncode, done.stderr) == (2, "")
    assert lines["Packages"]["state"] == "broken"
    assert package in lines["Packages"]["words"]
    assert (lines["Calendar"]["state"], lines["Disk"]["state"]) == ("ok", "ok")
