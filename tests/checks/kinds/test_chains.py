"""Review chains with open reviews: what every way of placing them gives too is certain, date by date."""

from datetime import date
from typing import Any

from tests.checks.rows import UNDATED, Verdict, judge, order, reviews

START = date(2006, 5, 1)
FIRST_DUE = date(2006, 8, 21)  # 16 weeks from the start
ALL = "plan-reviewed-every-16-weeks"
NEXT = "roh-reviewed-every-16-weeks"


def plans(as_at: date, *rows: dict[str, Any]) -> Verdict:
    return judge(ALL, order(START), as_at, sentence_plans=[*rows])


def assessments(as_at: date, *rows: dict[str, Any]) -> Verdict:
    return judge(NEXT, order(START), as_at, roh_assessments=[*rows])


def test_an_undated_review_leaves_met_but_not_its_dates() -> None:
    judged = plans(date(2006, 9, 1), *reviews(date(2006, 8, 1), UNDATED))
    assert judged == ("met", None, None)


def test_a_review_on_the_as_at_date_stays_the_last_one() -> None:
    judged = plans(date(2006, 8, 1), *reviews(date(2006, 8, 1), UNDATED))
    assert judged == ("met", None, date(2006, 8, 1))


def test_a_review_on_the_start_leaves_the_due_date_to_one_more_review() -> None:
    assert plans(date(2006, 8, 1), *reviews(START, UNDATED)) == ("met", FIRST_DUE, None)
    assert plans(date(2006, 8, 1), *reviews(START, UNDATED, UNDATED)) == ("met", None, None)


def test_an_earlier_plan_of_unknown_kind_leaves_the_open_due_date() -> None:
    rows = [*reviews(date(2006, 6, 1), kind=None), *reviews(date(2006, 7, 3))]
    assert plans(date(2007, 2, 1), *rows) == ("missing", date(2006, 10, 23), None)


def test_a_later_plan_of_unknown_kind_leaves_missing_without_a_due_date() -> None:
    rows = [*reviews(date(2006, 7, 3)), *reviews(date(2006, 8, 1), kind=None)]
    assert plans(date(2007, 6, 1), *rows) == ("missing", None, None)


def test_a_late_review_keeps_the_date_that_an_open_one_cannot_change() -> None:
    late = reviews(date(2006, 12, 29))
    # with a review in August it was due in November, and was late all the same
    in_time = reviews(date(2006, 8, 7), kind=None)
    assert plans(date(2007, 1, 31), *in_time, *late) == ("late", None, date(2006, 12, 29))
    # a review after the due date would be the late one itself
    too_late = reviews(date(2006, 8, 28), kind=None)
    assert plans(date(2007, 1, 31), *too_late, *late) == ("late", FIRST_DUE, None)


def test_one_undated_review_cannot_fill_a_gap_of_a_year() -> None:
    year_later = reviews(date(2007, 5, 1))
    assert plans(date(2007, 5, 2), *year_later, *reviews(UNDATED))[0] == "late"
    assert plans(date(2007, 5, 2), *year_later, *reviews(UNDATED, UNDATED))[0] == "late"
    assert plans(date(2007, 5, 2), *year_later, *reviews(UNDATED, UNDATED, UNDATED))[0] == "unknown"


def test_an_open_review_before_the_first_may_make_that_one_late() -> None:
    first, second = date(2006, 9, 4), date(2006, 12, 4)
    assert assessments(date(2006, 12, 5), *reviews(first, second))[0] == "met"
    undated = reviews(first, second, UNDATED)
    assert assessments(date(2006, 12, 5), *undated)[0] == "unknown"
    in_time = reviews(date(2006, 8, 21), second, UNDATED)
    assert assessments(date(2006, 12, 5), *in_time)[0] == "met"


def test_a_single_day_has_no_room_for_a_second_review() -> None:
    ended = order(START, end_date=START)
    assert judge(NEXT, ended, START, missing_tables=("roh_assessments",))[0] == "not_applicable"
    assert judge(NEXT, ended, date(2006, 5, 2), missing_tables=("roh_assessments",))[0] == "unknown"


def test_one_lost_review_is_only_the_first_one() -> None:
    ended = order(START, end_date=date(2006, 8, 20))
    as_at = date(2007, 1, 31)
    assert judge(NEXT, ended, as_at, lost={"roh_assessments": 1})[0] == "not_applicable"
    assert judge(NEXT, ended, as_at, lost={"roh_assessments": 2})[0] == "unknown"
    on_the_day = order(START, end_date=FIRST_DUE)
    assert judge(NEXT, on_the_day, as_at, lost={"roh_assessments": 1})[0] == "unknown"


def test_a_rule_with_several_worlds_reads_the_chain_once_for_all() -> None:
    case = order(START, roh_level=None)
    assert judge(NEXT, case, date(2006, 6, 1))[0] == "not_applicable"
    late = reviews(date(2006, 6, 1), date(2006, 12, 1))
    assert judge(NEXT, case, date(2006, 12, 2), roh_assessments=late)[0] == "unknown"
