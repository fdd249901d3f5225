"""Deadlines where one thing alone is open."""

from datetime import date

import pytest

from tests.checks.rows import UNDATED, judge, order

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
