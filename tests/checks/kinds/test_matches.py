"""The latest row, where one of unknown day may be later, and the first, where one may be earlier; bounds of a case."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from omi_rules.rulebook import model
from omi_rules.rulebook.model import Matches, Population, Selection
from omi_rules.rulebook.selections import Operator
from tests.checks.rows import judge, order, reviews, rulebook
from tests.judging import judge_records

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


def by(matches: Matches, case: dict[str, Any], **rows: list[dict[str, Any]]) -> str:
    """What a rule of that form says of a case."""
    rule = replace(rulebook().rules["ethnicity-recorded"], population=Population(), require=matches)
    book = replace(rulebook(), rules={rule.id: rule})
    return judge_records([{"case": case, "lost": {}, **rows}], date(2007, 1, 31), book)["C1", rule.id][0]


@pytest.mark.parametrize(("operator", "outcomes"), [("at_least", ["not_met", "met"]), ("at_most", ["met", "not_met"])])
def test_named_value_bounds_a_case_from_either_side(operator: Operator, outcomes: list[str]) -> None:
    bound = Matches("case", None, (model.Test("tier", operator, value="minimum-tier"),))
    supervised = [{"kind": "supervision"}]  # which makes it 2
    found = [by(bound, order(DAY, tier=tier), requirements=supervised) for tier in (1, 3)]
    assert found == outcomes


@pytest.mark.parametrize(("day", "outcome"), [(DAY, "met"), (date(2006, 9, 12), "unknown")])
def test_no_undated_row_is_earlier_than_one_of_the_first_day_there_can_be(day: date, outcome: str) -> None:
    since_start = Selection("oasys_assessments", (model.Test("completed_on", "on_or_after", other="start_date"),))
    first = Matches(
        "first", since_start, (model.Test("kind", "in", ("start",)),), (model.Test("grade", "in", ("po",)),)
    )
    rows = [{**row, "grade": "po"} for row in reviews(day, kind="start")]
    undated = [{**row, "grade": "pso"} for row in reviews(None)]
    assert by(first, order(DAY), oasys_assessments=[*rows, *undated]) == outcome


def test_rows_may_be_chosen_by_two_of_their_own_dates() -> None:
    asked_before = Selection("court_reports", (model.Test("requested_on", "before", other="completed_on"),))
    latest = Matches("latest", asked_before, (model.Test("kind", "in", ("sdr",)),))
    reports = [
        {"kind": kind, "requested_on": date(2006, 8, 7), "completed_on": done}
        for kind, done in (("sdr", date(2006, 8, 21)), ("fdr", date(2006, 8, 7)))
    ]
    assert by(latest, order(DAY), court_reports=reports) == "met"
