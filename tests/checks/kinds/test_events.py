"""Events are decided each by itself, and the case takes the worst, with the dates that are certain."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from omi_rules.rulebook.model import PerEvent, Unit, Window
from tests.checks.rows import UNDATED, Rows, absences, judge, order, reviews, rulebook
from tests.judging import judge_records

START = date(2006, 9, 4)
AS_AT = date(2007, 1, 31)
RULE = "roh-full-analysis-when-indicated"


def screenings(*days: date, exempted: bool | None = False) -> Rows:
    return [{"completed_on": day, "full_analysis_indicated": True, "exempted": exempted} for day in days]


def analyses(*days: date) -> Rows:
    return [{**row, "level": "medium"} for row in reviews(*days, kind="full_analysis")]


def judged(case: dict[str, Any], rows: Rows, *done: date) -> tuple[str, date | None, date | None]:
    return judge(RULE, case, AS_AT, roh_screenings=rows, roh_assessments=analyses(*done))


def test_of_two_screenings_the_exempted_one_does_not_blur_the_other() -> None:
    rows = [*screenings(date(2006, 9, 8), exempted=True), *screenings(date(2006, 10, 2))]
    # a level that is not recorded gives every event several readings of its own
    case = order(START, roh_level=None, ppo=True)
    assert judged(case, rows) == ("missing", date(2006, 10, 9), None)


def test_an_exempted_screening_without_an_answer_stands_beside_a_missing_one() -> None:
    rows = [*screenings(date(2006, 9, 8), exempted=None), *screenings(date(2006, 10, 2))]
    assert judged(order(START), rows)[0] == "missing"
    assert judged(order(START), rows[:1])[0] == "unknown"


def test_work_of_unknown_kind_or_day_may_be_what_was_asked_for() -> None:
    """The one thing that is not known; neither is taken for work done, nor for work that is missing."""
    screened = screenings(date(2006, 9, 8))
    of_unknown_kind = [{**row, "kind": None} for row in analyses(date(2006, 9, 11))]
    assert judge(RULE, order(START), AS_AT, roh_screenings=screened, roh_assessments=of_unknown_kind)[0] == "unknown"
    change = [{"occurred_on": date(2006, 10, 2), "kind": "other"}]
    undated = reviews(UNDATED)
    changed = judge(
        "roh-reviewed-after-change", order(START), AS_AT, significant_changes=change, roh_assessments=undated
    )
    assert changed[0] == "unknown"


@pytest.mark.parametrize(("unit", "expected"), [("working_days", "unknown"), ("days", "met")])
def test_only_working_days_may_lead_an_event_of_unknown_day_out_of_the_calendar(unit: Unit, expected: str) -> None:
    as_at = date(2035, 12, 20)
    rule = rulebook().rules["skills-assessment-when-indicated"]
    grace = replace(rulebook().values["skills-assessment-grace"], unit=unit)
    book = replace(rulebook(), rules={rule.id: rule}, values={**rulebook().values, grace.name: grace})
    rows = [{"occurred_on": UNDATED, "kind": "screening", "need_indicated": True}]
    rows += [{"occurred_on": as_at, "kind": "assessment", "need_indicated": None}]
    record = {"case": order(START), "lost": {}, "skills_for_life": rows}
    assert judge_records([record], as_at, book)["C1", rule.id][0] == expected


def test_an_exempted_screening_is_excluded_though_an_analysis_of_unknown_day_may_be_its_own() -> None:
    rows = screenings(date(2006, 9, 8), exempted=True)
    undated = [{**row, "completed_on": None} for row in analyses(date(2006, 10, 2))]
    assert judge(RULE, order(START), AS_AT, roh_screenings=rows, roh_assessments=undated)[0] == "excluded"


def test_a_late_analysis_keeps_its_day_where_the_limit_is_unknown() -> None:
    case = order(START, ppo=None)
    assert judged(case, screenings(date(2006, 9, 8)), date(2006, 10, 20)) == ("late", None, date(2006, 10, 20))


def test_of_two_late_analyses_the_one_that_may_be_due_first_gives_the_dates() -> None:
    case = order(START, ppo=None)
    both = screenings(date(2006, 9, 8), date(2006, 9, 11))
    # whichever was due first, the same analysis was the late one
    assert judged(case, both, date(2006, 10, 20)) == ("late", None, date(2006, 10, 20))
    far_apart = screenings(date(2006, 9, 8), date(2006, 11, 1))
    done = date(2006, 10, 20), date(2006, 12, 20)
    assert judged(case, far_apart, *done) == ("late", None, date(2006, 10, 20))
    assert judged(order(START), both, date(2006, 10, 20)) == ("late", date(2006, 9, 29), date(2006, 10, 20))


def test_of_events_due_on_one_day_the_one_that_stands_first_gives_the_date() -> None:
    received = date(2006, 10, 3), date(2006, 10, 20), date(2006, 10, 9)
    transfers = [{"transferred_on": date(2006, 10, 2), "direction": "in", "oasys_received_on": day} for day in received]
    for start in range(3):
        turned = transfers[start:] + transfers[:start]
        supplied = judge("transfer-in-oasys-supplied", order(START), AS_AT, transfers=turned)
        assert supplied == ("met", date(2006, 10, 9), received[start])


@pytest.mark.parametrize(
    ("second", "lost", "outcome"),
    [
        # from 11 October the last day was 15 November; if it was no absence the clock started with the action itself
        (absences(date(2006, 10, 11)), {}, "late"),
        (absences(date(2006, 10, 11), outcome=None), {}, "unknown"),
        (absences(UNDATED), {}, "unknown"),
        ([], {"appointments": 1}, "unknown"),
        ([], {}, "met"),
    ],
)
def test_breach_action_runs_from_an_absence_only_if_there_surely_was_one(
    second: Rows, lost: dict[str, int], outcome: str
) -> None:
    rows = [*absences(date(2006, 10, 4)), *second]
    action = [{"instigated_on": date(2006, 10, 18), "resolved_on": date(2006, 11, 20)}]
    judged = judge("breach-resolved-on-time", order(START), AS_AT, lost=lost, appointments=rows, breaches=action)
    assert judged[0] == outcome


@pytest.mark.parametrize(("window", "outcome"), [("trigger", "missing"), ("any_time", "met")])
def test_work_from_before_the_event_counts_where_the_rule_says_any_time(window: Window, outcome: str) -> None:
    rule = rulebook().rules[RULE]
    assert isinstance(rule.require, PerEvent)
    asked = replace(rule.require, deadline=replace(rule.require.deadline, window=window))
    book = replace(rulebook(), rules={RULE: replace(rule, require=asked)})
    rows = {"roh_screenings": screenings(date(2006, 10, 2)), "roh_assessments": analyses(date(2006, 9, 29))}
    judged = judge_records([{"case": order(START), "lost": {}, **rows}], AS_AT, book)
    assert judged["C1", RULE][0] == outcome
