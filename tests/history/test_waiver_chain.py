"""The chain over what people did to waivers: whatever is altered, taken out or slipped in is found."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.running import Ran, run
from tests.history.nights import Area
from tests.history.test_waivers import with_case
from tests.history.waiving import ETHNICITY, HEADINGS, NIGHT, PLAN, day, given, night


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, small_rules: Path) -> Path:
    """A store with a waiver that lapsed, one that was ended, and one that was given after the latest run."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "export").mkdir()
    area = Area(folder / "export", small_rules, str(folder / "omi-rules.db"))
    area.night(NIGHT)
    given(area, "P", PLAN, day(20))
    given(area, "E", ETHNICITY, day(20))
    assert run("waive", "expire", "2", "--reason", "Put right", "--by", "Clerk", "--store", area.store).code == 0
    assert night(area, with_case("P", roh_level="very_high"))[1] == ("lapsed", "record")
    given(area, "H", HEADINGS, day(20))
    return folder / "omi-rules.db"


def alter(kept: Path, folder: Path, *statements: str) -> Ran:
    store = shutil.copy(kept, folder / "copy.db")
    with sqlite3.connect(store) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount > 0
    connection.close()
    return run("history", "verify", "--store", store)


def test_waivers_that_nobody_altered_are_as_they_were_entered(kept: Path) -> None:
    shown = run("history", "verify", "--store", kept)

    assert (shown.code, shown.err) == (0, "")
    first, _, third, fourth = shown.out.splitlines()
    assert (first, third) == (
        "All 2 runs are as they were recorded.",
        "All 4 acts on waivers are as they were entered.",
    )
    assert len(fourth.removeprefix("Latest hash of waivers: ")) == 64


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        *(
            (f"UPDATE waivers SET {change} WHERE id = 1", "Waiver 1 was altered after it was given")
            for change in (
                *("until = '2099-12-31'", "approved_by = 'Nobody'", "record = 'x'", "content = 'x'", "due_on = NULL"),
                *("outcome = 'late'", "rows_until = NULL", "subject_id = 2", "rule_id = 2", "severity = 3", "run = 2"),
            )
        ),
        ("UPDATE waiver_acts SET reason = 'x' WHERE number = 1", "Waiver 1 was altered after it was given"),
        ("UPDATE waiver_acts SET entered_by = 'x' WHERE act = 'ended'", "Waiver 2 was altered after it was ended"),
        ("UPDATE waiver_acts SET entered_at = 'x' WHERE number = 4", "Waiver 3 was altered after it was given"),
        ("UPDATE waiver_acts SET hash = 'x' WHERE number = 1", "Waiver 1 was altered after it was given"),
        ("DELETE FROM waiver_acts WHERE act = 'ended'", "An act on waivers is missing before number 4."),
        ("DELETE FROM waivers WHERE id = 3", "Waiver 3 is missing."),
        (
            "INSERT INTO waivers SELECT 4, subject_id, rule_id, outcome, due_on, done_on, severity, run, content, "
            "record, rows_until, until, approved_by FROM waivers WHERE id = 1",
            "Waiver 4 was added, and nobody gave it.",
        ),
        # what a run found is covered by the run
        ("DELETE FROM waiver_ends", "in run 2, or waivers that did, were altered"),
        ("UPDATE waiver_ends SET because = 'rule'", "in run 2, or waivers that did, were altered"),
        ("INSERT INTO waiver_ends VALUES (3, 2, 'lapsed', 'record')", "in run 2, or waivers that did, were altered"),
    ],
)
def test_altered_waiver_is_named(kept: Path, tmp_path: Path, statement: str, told: str) -> None:
    shown = alter(kept, tmp_path, statement)

    assert shown.code == 1
    assert told in shown.out
    assert "not as it was recorded" in shown.err


def test_waivers_taken_out_without_a_trace_are_missed_by_the_run_that_knew_them(kept: Path, tmp_path: Path) -> None:
    shown = alter(kept, tmp_path, "DELETE FROM waiver_acts WHERE number > 1", "DELETE FROM waivers WHERE id > 1")

    assert shown.code == 1
    assert "Waivers that run 2 knew were altered or taken out after it." in shown.out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE waivers SET until = 'yesterday' WHERE id = 1",
        "UPDATE waivers SET rule_id = 99 WHERE id = 1",
        "UPDATE waivers SET approved_by = CAST(x'ff' AS TEXT) WHERE id = 1",
        "UPDATE waiver_acts SET waiver_id = 99 WHERE number = 1",
    ],
)
def test_damaged_waiver_is_no_fault_of_the_program(
    kept: Path, tmp_path: Path, small_rules: Path, statement: str
) -> None:
    verified = alter(kept, tmp_path, statement)
    as_at = ("--as-at", day(2), "--store", tmp_path / "copy.db", "--rules", small_rules)
    shown = run("check", kept.parent / "export", *as_at, "-q")

    assert verified.code in (1, 6)
    assert shown.code in (0, 6), shown.err
    assert "fault of the program" not in verified.err + shown.err
