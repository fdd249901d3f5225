"""Who stands on a register, who joined and left and why, and what disagrees: each on the day it changes."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from omi_rules.pipeline import Settings, check
from omi_rules.problems import UsageError
from omi_rules.registers.find import Registers, Wanted, find_registers
from tests.data.exports import Tables, write_csv

AS_AT = date(2006, 11, 30)


def case(case_id: str, **cells: Any) -> Mapping[str, Any]:
    known = {"order_type": "community_order", "sentence_date": "2006-05-01", "roh_level": "low", "ppo": False}
    return {"case_id": case_id, "team": "Wirral", "offender_manager": "OM1", **known, **cells}


def write(folder: Path, *cases: Mapping[str, Any], **tables: Any) -> Path:
    columns = {name: None for one in cases for name in one} | {"mappa_level": None, "mappa_exception_reason": None}
    columns["end_date"] = None
    return write_csv({"cases": [{**columns, **one} for one in cases], **tables}, folder)


def registers_of(export: Path, **wanted: Any) -> Registers:
    return find_registers(export, Wanted(**{"as_at": AS_AT, **wanted}), lambda _: None)


def run_of(export: Path, folder: Path) -> Path:
    check(export, folder, Settings(as_at=date(2006, 11, 1)))
    return folder


def moves(found: Registers) -> list[tuple[str, str, bool, str]]:
    return [(move.case_id, move.register, move.joined, move.why) for move in found.moves]


def said(found: Registers) -> list[tuple[str, str]]:
    return [(one.case_id, one.says) for one in found.disagreements]


def test_the_worst_come_first_with_every_register_they_are_on(tmp_path: Path) -> None:
    export = write(
        tmp_path,
        case("C1", roh_level="medium"),
        case("C2", roh_level="high", mappa_level=2),
        case("C3", ppo=True),
        case("C4", roh_level="very_high", ppo=True, mappa_level=3),
    )

    found = registers_of(export)

    assert [(entry.case_id, entry.registers) for entry in found.entries] == [
        ("C4", ("risk", "ppo", "mappa")),
        ("C2", ("risk", "mappa")),
        ("C3", ("ppo",)),
    ]


@pytest.mark.parametrize(("ended", "listed"), [("2006-11-29", 0), ("2006-11-30", 0), ("2006-12-01", 1)])
def test_a_case_that_has_ended_stands_on_none(tmp_path: Path, ended: str, listed: int) -> None:
    assert len(registers_of(write(tmp_path, case("C1", roh_level="high", end_date=ended))).entries) == listed


def test_what_is_not_recorded_is_counted_and_not_listed(tmp_path: Path) -> None:
    found = registers_of(write(tmp_path, case("C1", roh_level=None, ppo=None)))

    assert found.entries == ()
    assert found.open == {"risk": 1, "ppo": 1, "mappa": 0}


def test_everyone_who_joined_or_left_has_a_reason(tmp_path: Path) -> None:
    before = write(
        tmp_path / "before",
        case("C1", roh_level="medium"),
        case("C2", roh_level="high"),
        case("C3", roh_level="high"),
        case("C4", roh_level="very_high"),
        case("C5"),
        case("C6", ppo=True, mappa_level=2),
        case("C8", roh_level="high"),
    )
    after = write(
        tmp_path / "after",
        case("C1", roh_level="high"),
        case("C2", roh_level="medium"),
        case("C3", roh_level="high", end_date="2006-11-20"),
        case("C5", ppo=True, mappa_level=1),
        case("C6"),
        case("C7", roh_level="very_high"),
        case("C8", roh_level=None),
    )

    found = registers_of(after, previous=run_of(before, tmp_path / "run"))

    assert found.since == date(2006, 11, 1)
    assert moves(found) == [
        ("C1", "risk", True, "Risk of Harm from medium to high"),
        ("C2", "risk", False, "Risk of Harm now medium"),
        ("C3", "risk", False, "supervision ended on 2006-11-20"),
        ("C4", "risk", False, "the case is no longer in the export: find out why"),
        ("C7", "risk", True, "the case is new"),
        ("C8", "risk", False, "Risk of Harm now not recorded"),
        ("C5", "ppo", True, "marked as a PPO"),
        ("C6", "ppo", False, "no longer marked as a PPO"),
        ("C5", "mappa", True, "MAPPA level 1 recorded"),
        ("C6", "mappa", False, "MAPPA level 2 no longer recorded"),
    ]


def test_a_case_that_was_handed_over_left_one_team_and_joined_another(tmp_path: Path) -> None:
    before = write(tmp_path / "before", case("C1", roh_level="high"), case("C2"), case("C3", team="Sefton"))
    after = write(tmp_path / "after", case("C1", roh_level="high", team="Sefton"), case("C2"))
    run = run_of(before, tmp_path / "run")

    assert moves(registers_of(after, previous=run)) == []
    assert moves(registers_of(after, previous=run, teams=["Wirral"])) == [
        ("C1", "risk", False, "handed over to another officer or team")
    ]
    assert moves(registers_of(after, previous=run, teams=["Sefton"])) == [
        ("C1", "risk", True, "taken over from another officer or team")
    ]


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no run"):
        registers_of(write(tmp_path / "export", case("C1")), previous=tmp_path)


NONE: Tables = {
    "roh_assessments": [{"case_id": "C9", "completed_on": "2006-06-01", "kind": "review", "level": "low"}],
    "oasys_assessments": [{"case_id": "C9", "completed_on": "2006-06-01", "kind": "start"}],
    "mappa_events": [{"case_id": "C9", "occurred_on": "2006-06-01", "kind": "meeting", "level": 1}],
}


def assessed(case_id: str, day: str, level: str | None) -> Mapping[str, Any]:
    return {"case_id": case_id, "completed_on": day, "kind": "review", "level": level}


def test_levels_that_disagree_with_the_latest_assessment_are_told(tmp_path: Path) -> None:
    rows = [
        assessed("C1", "2006-06-01", "high"),
        assessed("C2", "2006-06-01", "high"),
        assessed("C2", "2006-07-01", "medium"),
        assessed("C3", "2006-06-01", "very_high"),
        assessed("C4", "2006-06-01", "low"),
        assessed("C4", "2006-06-01", "high"),
        assessed("C5", "2006-06-01", "high"),
        assessed("C5", "2006-12-01", "low"),
        assessed("C6", "2006-06-01", "high"),
        assessed("C6", "2006-07-01", None),
    ]
    cases = [
        case("C1", roh_level=None),
        case("C2", roh_level="high", mappa_level=1),
        case("C3", roh_level="medium"),
        case("C4", roh_level="high", mappa_level=1),
        case("C5", roh_level="high", mappa_level=1),
        case("C6", roh_level="high", mappa_level=1),
        case("C7", roh_level="high", mappa_level=1),
        case("C9"),
    ]

    found = registers_of(write(tmp_path, *cases, **{**NONE, "roh_assessments": rows}))

    assert [(case_id, says.partition(",")[0]) for case_id, says in said(found)] == [
        ("C1", "The Risk of Harm level is not recorded"),
        ("C2", "The Risk of Harm level is high or very high"),
        ("C3", "The Risk of Harm level is below high"),
        ("C7", "The case is high or very high Risk of Harm"),
    ]


def test_mappa_and_ppo_records_that_disagree_are_told(tmp_path: Path) -> None:
    events = [
        {"case_id": "C1", "occurred_on": "2006-06-01", "kind": "referral", "level": 1},
        {"case_id": "C1", "occurred_on": "2006-07-01", "kind": "exit", "level": 1},
        {"case_id": "C2", "occurred_on": "2006-06-01", "kind": "exit", "level": 1},
        {"case_id": "C2", "occurred_on": "2006-07-01", "kind": "meeting", "level": 1},
        # of one day, in either order in the file, the exit comes last
        {"case_id": "C7", "occurred_on": "2006-07-01", "kind": "exit", "level": 1},
        {"case_id": "C7", "occurred_on": "2006-07-01", "kind": "meeting", "level": 1},
        {"case_id": "C8", "occurred_on": "2006-07-01", "kind": "meeting", "level": 1},
        {"case_id": "C8", "occurred_on": "2006-07-01", "kind": "exit", "level": 1},
    ]
    cases = [
        case("C1", mappa_level=1),
        case("C2", mappa_level=1),
        case("C3", mappa_level=1, mappa_exception_reason="pending"),
        case("C4", ppo=True),
        case("C5", roh_level="high"),
        case("C6", roh_level="high", mappa_exception_reason="pending"),
        case("C7", mappa_level=1),
        case("C8", mappa_level=1),
        case("C9"),
    ]
    rows = [assessed(case_id, "2006-06-01", "high") for case_id in ("C5", "C6")]

    found = registers_of(write(tmp_path, *cases, **{**NONE, "mappa_events": events, "roh_assessments": rows}))

    assert [(case_id, says.split(", and ")[-1]) for case_id, says in said(found)] == [
        ("C1", "the latest event in MAPPA is the exit."),
        ("C3", "A MAPPA level is recorded beside a reason for not being managed in MAPPA."),
        ("C4", "has no OASys assessment."),
        ("C5", "has neither a MAPPA level nor a reason for having none."),
        ("C7", "the latest event in MAPPA is the exit."),
        ("C8", "the latest event in MAPPA is the exit."),
    ]


def test_a_table_that_is_not_there_and_a_row_that_was_lost_disagree_with_nothing(tmp_path: Path) -> None:
    lost = [assessed("C1", "2006-13-01", "high"), assessed("C9", "2006-06-01", "low")]
    cases = [case("C1", roh_level="high", mappa_level=1), case("C9")]

    without = registers_of(write(tmp_path / "1", *cases, **{**NONE, "roh_assessments": lost}))
    missing = registers_of(write(tmp_path / "2", case("C1", ppo=True)))

    assert said(without) == []
    assert said(missing) == []
    assert any("the table oasys_assessments is not in the export" in sentence for sentence in missing.not_compared)
