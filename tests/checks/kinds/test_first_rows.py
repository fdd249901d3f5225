"""A clock that starts with the first row of a kind, where one thing alone is open."""

from datetime import date
from typing import Any

import pytest

from tests.checks.rows import UNDATED, Rows, judge, order

START = date(2006, 9, 4)
AS_AT = date(2007, 1, 31)
FOUND, DONE = date(2006, 10, 2), date(2006, 11, 6)


def skills(day: date | None, kind: str | None, need: bool | None) -> dict[str, Any]:
    return {"occurred_on": day, "kind": kind, "need_indicated": need}


def outcome(case: dict[str, Any], rows: Rows, lost: int = 0) -> str:
    return judge("skills-intervention-arranged", case, AS_AT, lost={"skills_for_life": lost}, skills_for_life=rows)[0]


@pytest.mark.parametrize(
    ("rows", "lost", "expected"),
    [
        ([skills(FOUND, "screening", True)], 0, "missing"),
        ([skills(FOUND, "screening", True)], 1, "unknown"),
        ([skills(FOUND, "screening", True), skills(DONE, "intervention", False)], 0, "met"),
        ([skills(FOUND, "screening", True), skills(UNDATED, "intervention", False)], 0, "unknown"),
        ([skills(FOUND, "screening", True), skills(DONE, None, False)], 0, "unknown"),
        ([skills(UNDATED, "screening", True), skills(DONE, "intervention", False)], 0, "unknown"),
        ([skills(FOUND, "screening", None)], 0, "unknown"),
        ([skills(FOUND, "screening", False)], 0, "not_applicable"),
        ([], 1, "unknown"),
    ],
)
def test_one_thing_that_is_open_is_enough_to_leave_it_unknown(rows: Rows, lost: int, expected: str) -> None:
    assert outcome(order(START), rows, lost) == expected


def test_one_row_is_not_both_the_need_and_what_was_arranged_for_it() -> None:
    ended = order(START, end_date=date(2006, 11, 1))
    # a need found on that day was due after the end; an intervention alone answers no need
    assert outcome(ended, [skills(FOUND, None, True)]) == "not_applicable"
    assert outcome(ended, [skills(FOUND, None, True), skills(DONE, None, True)]) == "unknown"
