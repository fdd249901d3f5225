"""Relevant failures with something open: an absence, its day, or the breach action that answers it."""

from datetime import date
from typing import Any

import pytest

from tests.checks.rows import UNDATED, absences, breaches, judge, order

START = date(2006, 9, 4)
AS_AT = date(2007, 1, 31)
RULE = "breach-instigated-on-time"
LICENCE: dict[str, Any] = {"order_type": "licence", "release_date": START}


def outcome(case: dict[str, Any], **tables: Any) -> str:
    return judge(RULE, case, AS_AT, **tables)[0]


@pytest.mark.parametrize(("undated", "expected"), [(1, "not_applicable"), (2, "unknown")])
def test_a_licence_needs_three_absences(undated: int, expected: str) -> None:
    rows = absences(date(2006, 10, 2), *[UNDATED] * undated)
    assert outcome(order(date(2005, 1, 3), **LICENCE), appointments=rows) == expected


def test_absences_more_than_a_year_apart_need_more_than_one_of_unknown_day() -> None:
    case = order(date(2007, 10, 1), order_type="licence", release_date=date(2007, 10, 1))
    rows = absences(date(2007, 10, 8), date(2009, 10, 8))
    as_at = date(2010, 1, 4)
    assert judge(RULE, case, as_at, appointments=[*rows, *absences(UNDATED)])[0] == "not_applicable"
    assert judge(RULE, case, as_at, appointments=[*rows, *absences(UNDATED, UNDATED)])[0] == "unknown"


def test_no_absence_of_unknown_day_comes_before_the_first_day() -> None:
    on_the_first_day = absences(START, START)
    judged = ("missing", date(2006, 9, 18), None)
    # which of the rows of that day completed the count is never asked: the undated one may be among them
    assert judge(RULE, order(START), AS_AT, appointments=[*on_the_first_day, *absences(UNDATED)]) == judged
    assert judge(RULE, order(START), AS_AT, appointments=[*absences(UNDATED), *on_the_first_day]) == judged
    assert outcome(order(START), appointments=[*on_the_first_day[:1], *absences(UNDATED)]) == "unknown"


def test_one_absence_of_unknown_day_cannot_fail_before_two_of_one_day_do() -> None:
    the_day_after = absences(date(2006, 9, 5), date(2006, 9, 5))
    judged = ("missing", date(2006, 9, 19), None)
    assert judge(RULE, order(START), AS_AT, appointments=[*absences(UNDATED), *the_day_after]) == judged
    # two may have completed the count on the day before, and with one of the same day one more may
    assert outcome(order(START), appointments=[*absences(UNDATED, UNDATED), *the_day_after]) == "unknown"
    assert outcome(order(START), appointments=[*absences(START, UNDATED), *the_day_after]) == "unknown"


@pytest.mark.parametrize("answered", [date(2006, 9, 19), date(2006, 9, 20)])
def test_breach_action_of_unknown_day_leaves_a_failure_of_one_day_where_it_is(answered: date) -> None:
    one_day = [*absences(date(2006, 9, 5), date(2006, 9, 5)), *absences(UNDATED)]
    # the tenth working day is in time, whatever else was instigated; a day later the undated one may have been in time
    expected = "met" if answered == date(2006, 9, 19) else "unknown"
    assert outcome(order(START), appointments=one_day, breaches=breaches(answered, UNDATED)) == expected


def test_a_failure_surely_is_of_its_day_whichever_absence_of_that_day_there_was() -> None:
    first, second = date(2006, 10, 2), date(2006, 10, 9)
    perhaps, surely = absences(second, outcome=None), absences(second)
    judged = ("missing", date(2006, 10, 23), None)
    assert judge(RULE, order(START), AS_AT, appointments=[*absences(first), *perhaps, *surely]) == judged
    assert judge(RULE, order(START), AS_AT, appointments=[*absences(first), *surely, *perhaps]) == judged
    # without the sure one of that day it may be the second absence, or none
    assert outcome(order(START), appointments=[*absences(first), *perhaps, *perhaps]) == "unknown"


def test_a_rejected_appointment_opens_no_clock_while_one_is_open() -> None:
    case = order(date(2007, 1, 30))
    judged = judge(RULE, case, AS_AT, lost={"appointments": 1}, appointments=absences(*[date(2007, 1, 30)] * 2))
    assert judged == ("due", date(2007, 2, 13), None)


def test_a_failure_due_after_the_end_does_not_count_whenever_it_was() -> None:
    rows = absences(START, date(2006, 9, 5))
    ended = order(START, end_date=START)
    assert outcome(ended, appointments=rows, lost={"appointments": 1}) == "not_applicable"
    too_late = breaches(date(2006, 10, 9))
    assert outcome(ended, appointments=rows, lost={"appointments": 1}, breaches=too_late) == "not_applicable"
    in_time = breaches(date(2006, 9, 19))
    assert outcome(ended, appointments=rows, lost={"appointments": 1}, breaches=in_time) == "unknown"


def test_an_appointment_without_an_outcome_is_tried_both_ways() -> None:
    known = absences(date(2006, 10, 2), date(2006, 10, 9))
    perhaps = absences(date(2006, 10, 16), outcome=None)
    # a third absence, with the clock of the second still open, changes nothing
    assert outcome(order(START), appointments=[*known, *perhaps]) == "missing"
    assert outcome(order(START), appointments=[*known[:1], *perhaps]) == "unknown"


@pytest.mark.parametrize(("tried", "expected"), [(8, "not_applicable"), (9, "unknown")])
def test_up_to_eight_open_absences_of_a_case_are_tried_in_every_combination(tried: int, expected: str) -> None:
    # whichever of them there were, with the sure one they failed on that day, too late to be due before the end
    day = date(2006, 9, 9)
    rows = [*absences(day), *absences(*[day] * tried, outcome=None)]
    ended = order(START, end_date=date(2006, 9, 18))
    assert outcome(ended, appointments=rows, breaches=breaches(date(2006, 9, 24))) == expected


def test_a_breach_of_unknown_day_cannot_part_absences_of_one_day() -> None:
    answered = breaches(date(2006, 10, 4), UNDATED)
    one_day = absences(date(2006, 10, 2), date(2006, 10, 2))
    assert judge(RULE, order(START), AS_AT, appointments=one_day, breaches=answered) == (
        "met",
        date(2006, 10, 16),
        None,
    )
    two_days = absences(date(2006, 10, 2), date(2006, 10, 3))
    assert outcome(order(START), appointments=two_days, breaches=answered) == "unknown"


def test_without_the_table_of_breaches_a_failure_is_unknown() -> None:
    rows = absences(date(2006, 10, 2), date(2006, 10, 9))
    assert outcome(order(START), appointments=rows, missing_tables=("breaches",)) == "unknown"
    assert outcome(order(START), appointments=rows[:1], missing_tables=("breaches",)) == "not_applicable"


def test_an_open_failure_whose_clock_may_leave_the_calendar_is_unknown() -> None:
    case = order(date(2034, 11, 17), end_date=date(2034, 11, 17))
    rows = absences(date(2034, 12, 4), UNDATED)
    assert judge(RULE, case, date(2035, 12, 3), appointments=rows)[0] == "not_applicable"
    assert judge(RULE, case, date(2035, 12, 31), appointments=rows)[0] == "unknown"
