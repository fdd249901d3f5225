"""The latest row, where one of unknown day may be later."""

from datetime import date
from typing import Any

from tests.checks.rows import judge, order

RULE = "rmp-standard-headings"
DAY = date(2006, 9, 11)


DATED = {"completed_on": DAY, "kind": "initial", "standard_headings": False}
UNDATED = {"completed_on": None, "kind": "update", "standard_headings": True}


def judged(as_at: date, *plans: dict[str, Any], lost: int = 0) -> str:
    case = order(date(2006, 9, 4))
    return judge(RULE, case, as_at, lost={"risk_management_plans": lost}, risk_management_plans=[*plans])[0]


def test_no_undated_plan_is_later_than_one_of_the_as_at_date() -> None:
    # on the same day both count, and the other has no headings
    assert judged(DAY, DATED, UNDATED) == "not_met"
    assert judged(date(2006, 9, 12), DATED, UNDATED) == "unknown"


def test_no_lost_plan_is_later_than_one_of_the_as_at_date() -> None:
    assert judged(DAY, DATED, lost=1) == "not_met"
    assert judged(date(2006, 9, 12), DATED, lost=1) == "unknown"
