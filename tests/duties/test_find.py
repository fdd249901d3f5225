"""Open duties: the day before, the day and the day after; what an outcome hides; and what nobody can do any more."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from omi_rules.duties.find import Duty, Wanted, WorkList, find_duties
from omi_rules.problems import UsageError
from omi_rules.rulebook.load import load_rulebook
from tests.data.exports import Tables, write_csv

BOOK = load_rulebook()
AS_AT = date(2006, 11, 30)
REVIEWS, RESCORING, TRANSFER = "roh-first-review-on-time", "contact-frequency", "transfer-in-appointment"
NEXT = "plan-reviewed-every-16-weeks"
PLAN = "risk-management-plan-on-time"


def case(case_id: str = "C1", **cells: Any) -> Mapping[str, Any]:
    known = {"order_type": "community_order", "sentence_date": "2006-11-27", "roh_level": "high", "tier": 3}
    return {"case_id": case_id, "team": "Wirral", "offender_manager": "OM1", "ppo": False, **known, **cells}


def duties_of(tables: Tables, folder: Path, *rules: str, days: int = 14, **wanted: Any) -> WorkList:
    every: Tables = {"roh_assessments": [], "sentence_plans": [], "risk_management_plans": [], "transfers": []}
    export = write_csv({**{name: [{"case_id": None}] for name in every if name not in tables}, **tables}, folder)
    for name in every:
        if name not in tables:
            (export / f"{name}.csv").write_text("case_id,completed_on\n", encoding="utf-8")
    settings = Wanted(until=lambda day: day + timedelta(days=days), as_at=AS_AT, **wanted)
    return find_duties(export, BOOK, [BOOK.rules[rule] for rule in rules], settings, lambda _: None)


def told(found: WorkList) -> list[tuple[str, str, str, str | None, int | None]]:
    return [
        (duty.case_id, duty.rule, duty.state, duty.due_on and duty.due_on.isoformat(), duty.days)
        for duty in found.duties
    ]


@pytest.mark.parametrize(
    ("sentenced", "state", "days"),
    [
        # five working days after a Wednesday, a Thursday and a Friday of November 2006
        ("2006-11-22", "overdue", 1),
        ("2006-11-23", "due", 0),
        ("2006-11-24", "due", -1),
    ],
)
def test_a_duty_is_overdue_from_the_day_after_it_is_due(tmp_path: Path, sentenced: str, state: str, days: int) -> None:
    (duty,) = duties_of({"cases": [case(sentence_date=sentenced)]}, tmp_path, PLAN).duties

    assert (duty.state, duty.days) == (state, days)
    assert duty.due_on == AS_AT - timedelta(days=days)


@pytest.mark.parametrize(("days", "listed"), [(3, False), (4, True), (5, True)])
def test_the_last_day_looked_ahead_to_belongs_to_the_list(tmp_path: Path, days: int, listed: bool) -> None:
    found = duties_of({"cases": [case()]}, tmp_path, PLAN, days=days)

    assert [duty.due_on for duty in found.duties] == ([date(2006, 12, 4)] if listed else [])


def test_what_is_done_is_no_duty(tmp_path: Path) -> None:
    plans = [{"case_id": "C1", "completed_on": "2006-11-29", "kind": "initial"}]

    assert duties_of({"cases": [case()], "risk_management_plans": plans}, tmp_path, PLAN).duties == ()


def test_the_next_review_of_a_chain_that_is_in_time_is_listed(tmp_path: Path) -> None:
    # reviewed on 14 August, so that the next is due sixteen weeks later
    plans = [{"case_id": "C1", "completed_on": "2006-08-14", "kind": "review"}]
    tables = {"cases": [case(sentence_date="2006-05-01")], "sentence_plans": plans}

    assert told(duties_of(tables, tmp_path / "4", NEXT, days=4)) == [("C1", NEXT, "due", "2006-12-04", -4)]
    assert told(duties_of(tables, tmp_path / "3", NEXT, days=3)) == []


def test_a_record_of_a_later_day_does_not_answer_a_duty(tmp_path: Path) -> None:
    plans = [
        {"case_id": "C1", "completed_on": "2006-08-14", "kind": "review"},
        {"case_id": "C1", "completed_on": "2006-12-01", "kind": "review"},
    ]
    tables = {"cases": [case(sentence_date="2006-05-01")], "sentence_plans": plans}

    assert told(duties_of(tables, tmp_path, NEXT)) == [("C1", NEXT, "due", "2006-12-04", -4)]


def test_an_event_that_is_due_is_listed_beside_one_that_was_late(tmp_path: Path) -> None:
    transfers = [
        {"case_id": "C1", "transferred_on": "2006-09-04", "direction": "in"},
        {"case_id": "C1", "transferred_on": "2006-11-28", "direction": "in"},
    ]
    visits = [{"case_id": "C1", "occurred_on": "2006-10-30", "purposeful": True}]
    tables = {"cases": [case(sentence_date="2006-05-01")], "transfers": transfers, "home_visits": visits}

    found = duties_of(tables, tmp_path, "transfer-in-home-visit")

    assert told(found) == [("C1", "transfer-in-home-visit", "due", "2006-12-12", -12)]


@pytest.mark.parametrize(
    ("ended", "listed", "counted"), [("2006-11-29", 0, 1), ("2006-11-30", 0, 1), ("2006-12-01", 1, 0)]
)
def test_what_is_missing_in_a_case_that_has_ended_is_counted_and_not_listed(
    tmp_path: Path, ended: str, listed: int, counted: int
) -> None:
    found = duties_of({"cases": [case(sentence_date="2006-05-01", end_date=ended)]}, tmp_path, PLAN)

    assert (len(found.duties), found.ended) == (listed, counted)


def test_a_duty_that_cannot_be_told_is_counted_and_not_listed(tmp_path: Path) -> None:
    found = duties_of({"cases": [case(sentence_date="2006-05-01", roh_level=None)]}, tmp_path, PLAN)

    assert (found.duties, found.unknown) == ((), 1)


@pytest.mark.parametrize(("reviewed", "counted"), [("2006-11-15", 0), ("2006-11-16", 1), ("2006-11-17", 1)])
def test_a_duty_without_a_day_is_counted_while_it_is_in_time(tmp_path: Path, reviewed: str, counted: int) -> None:
    # the risk review that belongs to a plan review may come within ten working days of it, and has no due date
    plans = [{"case_id": "C1", "completed_on": reviewed, "kind": "review"}]
    tables = {"cases": [case(sentence_date="2006-05-01")], "sentence_plans": plans}
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "oasys_assessments.csv").write_text("case_id,completed_on\n", encoding="utf-8")

    found = duties_of(tables, tmp_path / "export", "plan-review-with-risk-review")

    assert (found.duties, found.undated) == ((), counted)


def test_critical_duties_come_first_and_then_the_earliest(tmp_path: Path) -> None:
    cases = [
        case("C1", sentence_date="2006-05-02"),
        case("C2", sentence_date="2006-05-01"),
        case("C3", sentence_date="2006-11-27"),
    ]

    found = duties_of({"cases": cases}, tmp_path, PLAN, NEXT)

    assert [(duty.severity, duty.case_id) for duty in found.duties] == [
        ("critical", "C2"),
        ("critical", "C1"),
        ("critical", "C3"),
        ("high", "C2"),
        ("high", "C1"),
    ]


def test_only_the_cases_asked_for_are_listed(tmp_path: Path) -> None:
    cases = [case("C1"), case("C2", team="Sefton"), case("C3", offender_manager="OM2")]

    found = duties_of({"cases": cases}, tmp_path, PLAN, teams=["Wirral"], officers=["OM1"])

    assert [duty.case_id for duty in found.duties] == ["C1"]
    with pytest.raises(UsageError, match="--team: no case of the export has team Bootle"):
        duties_of({"cases": cases}, tmp_path / "2", PLAN, teams=["Bootle"])


def test_informational_rules_are_no_duties(tmp_path: Path) -> None:
    assert BOOK.rules["court-report-prepared"].severity == "informational"
    found = duties_of({"cases": [case()], "court_reports": [{"case_id": "C1"}]}, tmp_path, "court-report-prepared")

    assert found.duties == ()


def test_a_duty_says_what_to_do_and_whose_it_is(tmp_path: Path) -> None:
    (duty,) = duties_of({"cases": [case()]}, tmp_path, PLAN).duties

    assert duty == Duty(
        case_id="C1",
        rule=PLAN,
        title=BOOK.rules[PLAN].title,
        severity="critical",
        state="due",
        due_on=date(2006, 12, 4),
        days=-4,
        action=BOOK.rules[PLAN].to_do,
        recommendations=(2,),
        division=None,
        team="Wirral",
        officer="OM1",
    )
