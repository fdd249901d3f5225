"""`omi-rules due` as a user runs it."""

import json
import stat
from pathlib import Path

import pytest

from tests.cli.running import Ran, run


def test_the_work_list_fits_80_columns(area: Path) -> None:
    shown = run("due", area)

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert shown.out.startswith("Merseyside (synthetic), as at 30 November 2006, looking ahead to 14 December")
    assert "How many fall due in each week" in shown.out


def test_overdue_duties_are_the_missing_ones_of_cases_that_go_on(area: Path, checked: tuple[Ran, Path]) -> None:
    told = json.loads(run("due", area, "--format", "json", "--within", "0d").out)
    missing = {
        rule["rule"]: rule["outcomes"]["missing"]
        for rule in json.loads((checked[1] / "run.json").read_text("utf-8"))["rules"]
        if rule["severity"] != "informational" and rule["criterion"] != "staff"
    }

    overdue = [duty for duty in told["duties"] if duty["state"] == "overdue"]
    assert len(overdue) + told["ended"] == sum(missing.values())
    assert {duty["rule"] for duty in overdue} <= {rule for rule, count in missing.items() if count}


@pytest.mark.parametrize("form", ["csv", "ics", "xlsx", "table"])
def test_a_file_is_its_owner_s_alone(area: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"due.{form}"

    shown = run("due", area, "--format", form, "--output", target)

    assert (shown.code, shown.out, shown.err) == (0, "", f"Written: {target}\n")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.stat().st_size > 1000


def test_a_mistake_says_what_to_do(area: Path) -> None:
    assert "as in 10wd" in run("due", area, "--within", "soon").err
    assert "add --output FILE.xlsx" in run("due", area, "--format", "xlsx").err
    assert "--team: no case of the export has team Nowhere" in run("due", area, "--team", "Nowhere").err
    assert run("due", area, "--rule", "home-visit").code == 2
