"""Deadlines where one thing alone is open."""

from dataclasses import replace
from datetime import date
from typing import Any, Literal

import pytest

from omi_rules.rulebook.model import Arm, DatedArms, Deadline, Population, Selection
from tests.checks.rows import UNDATED, judge, order, rulebook
from tests.judging import judge_records

START = date(2006, 9, 4)


@pytest.mark.parametrize(
    ("plan", "expected"), [(date(2006, 12, 4), "met"), (date(2006, 11, 30), "due"), (UNDATED, "unknown")]
)
def test_plan_of_unknown_day_may_be_one_from_before_the_case_became_high(plan: date | None, expected: str) -> None:
    became_high = [{"completed_on": date(2006, 12, 1), "kind": "review", "level": "high"}]
    plans = [{"completed_on": plan, "standard_headings": True}]
    case = order(START, roh_level="high")
    tables = {"roh_assessments": became_high, "risk_management_plans": plans}
    assert judge("risk-management-plan-on-time", case, date(2006, 12, 5), **tables)[0] == expected


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({}, "met"),
        ({"order_type": "licence", "release_date": START}, "met"),
        ({"order_type": "licence", "release_date": date(2006, 9, 5)}, "missing"),
    ],
)
def test_work_from_before_the_sentence_counts_only_where_supervision_starts_with_it(
    case: dict[str, Any], expected: str
) -> None:
    assessed = Deadline("sentence", "assessment-limit", (Selection("oasys_assessments"),), window="before_start")
    rule = replace(rulebook().rules["initial-plan-on-time"], population=Population(), require=assessed)
    book = replace(rulebook(), rules={rule.id: rule})
    record = {"case": order(START, **case), "lost": {}, "oasys_assessments": [{"completed_on": date(2006, 8, 30)}]}
    assert judge_records([record], date(2006, 12, 1), book)["C1", rule.id][0] == expected


@pytest.mark.parametrize(("unit", "amount"), [("days", 14), ("weeks", 2)])
def test_first_days_may_be_told_in_weeks(unit: Literal["days", "weeks"], amount: int) -> None:
    window = rulebook().values["contact-window"]
    values = {
        **rulebook().values,
        window.name: replace(window, unit=unit, dated=(DatedArms(date(2005, 3, 4), (Arm(amount),)),)),
        "contact-minimum": replace(window, unit="appointments", dated=(DatedArms(date(2005, 3, 4), (Arm(1),)),)),
    }
    book = replace(rulebook(), rules={"contact-frequency": rulebook().rules["contact-frequency"]}, values=values)
    case = order(START)
    for day, outcome in ((date(2006, 9, 17), "met"), (date(2006, 9, 18), "not_met")):
        record = {
            "case": case,
            "lost": {},
            "appointments": [{"scheduled_on": day, "kind": "office", "outcome": "attended"}],
        }
        found = judge_records([record], date(2006, 12, 1), book)["C1", "contact-frequency"]
        assert found[:2] == (outcome, date(2006, 9, 17))
