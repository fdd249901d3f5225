"""Counting working days: where the count starts, what it passes over, and where it ends."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omi_rules.calendar.working_days import (
    FIRST_DAY,
    LAST_DAY,
    add_working_days,
    bank_holidays,
    holidays_between,
    is_working_day,
    working_days_between,
)

known_days = st.dates(FIRST_DAY, LAST_DAY)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        # Christmas 2006: 25 and 26 December are holidays, 27 is a Wednesday.
        ("2006-12-20", 5, "2006-12-29"),
        ("2006-12-20", 6, "2007-01-02"),
        ("2006-12-22", 1, "2006-12-27"),
        ("2006-12-25", 1, "2006-12-27"),
        # Christmas Day 2005 is a Sunday, 2004 a Saturday: the substitutes count as holidays.
        ("2005-12-23", 1, "2005-12-28"),
        ("2004-12-24", 1, "2004-12-29"),
        # Year ends: New Year's Day 2006 is a Sunday, so Monday 2 January is kept; so is 31 December 1999.
        ("2005-12-30", 1, "2006-01-03"),
        ("2006-12-29", 1, "2007-01-02"),
        ("1999-12-30", 1, "2000-01-04"),
        # Easter 2006: Good Friday is 14 April, Easter Monday 17 April.
        ("2006-04-13", 1, "2006-04-18"),
        ("2006-04-10", 5, "2006-04-19"),
        # The moved spring holiday of 2002: 27 May is worked, 3 and 4 June are not.
        ("2002-05-24", 1, "2002-05-27"),
        ("2002-05-31", 1, "2002-06-05"),
        # 29 February, as a result, as a start, and in a year that has none.
        ("2008-02-28", 1, "2008-02-29"),
        ("2008-02-29", 1, "2008-03-03"),
        ("2006-02-28", 1, "2006-03-01"),
        ("2004-02-27", 1, "2004-03-01"),
        # A start on a weekend: day 1 is the Monday.
        ("2006-03-04", 1, "2006-03-06"),
        ("2006-03-05", 5, "2006-03-10"),
        # Zero leaves the day alone, be it a working day or not.
        ("2006-03-06", 0, "2006-03-06"),
        ("2006-12-25", 0, "2006-12-25"),
        # Backwards.
        ("2006-12-29", -5, "2006-12-20"),
        ("2006-12-26", -1, "2006-12-22"),
        ("2006-03-05", -1, "2006-03-03"),
        ("2008-03-03", -1, "2008-02-29"),
        # The ends of the calendar: both are reached, neither is passed.
        ("1995-01-01", 0, "1995-01-01"),
        ("1995-01-01", 1, "1995-01-03"),
        ("1995-01-04", -1, "1995-01-03"),
        ("1995-01-03", -1, None),
        ("1995-01-01", -1, None),
        ("1994-12-31", 0, None),
        ("1994-12-31", 1, None),
        ("2035-12-31", 0, "2035-12-31"),
        ("2035-12-28", 1, "2035-12-31"),
        ("2035-12-28", 2, None),
        ("2035-12-31", 1, None),
        ("2035-12-31", -1, "2035-12-28"),
        ("2036-01-01", 0, None),
        ("2036-01-01", -1, None),
        ("2006-01-04", 100_000, None),
        ("2006-01-04", -100_000, None),
    ],
)
def test_add_working_days_gives_the_day(day: str, count: int, expected: str | None) -> None:
    assert add_working_days(date.fromisoformat(day), count) == (expected and date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2006-12-22", True),
        ("2006-12-23", False),
        ("2006-12-24", False),
        ("2006-12-25", False),
        ("2006-12-27", True),
        ("2005-12-27", False),
        ("2007-04-06", False),
        ("2008-02-29", True),
        ("2035-12-31", True),
    ],
)
def test_is_working_day_knows_weekends_and_holidays(day: str, expected: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is expected


def test_working_days_between_leaves_out_the_first_day_and_keeps_the_last() -> None:
    counted = working_days_between(date(2006, 12, 20), date(2006, 12, 29))

    assert [day.day for day in counted] == [21, 22, 27, 28, 29]


def test_working_days_between_gives_nothing_for_one_day_or_backwards() -> None:
    assert working_days_between(date(2006, 12, 20), date(2006, 12, 20)) == ()
    assert working_days_between(date(2006, 12, 29), date(2006, 12, 20)) == ()


def test_working_days_between_covers_the_whole_calendar() -> None:
    weekdays = sum((FIRST_DAY + timedelta(days=n)).weekday() < 5 for n in range((LAST_DAY - FIRST_DAY).days + 1))

    assert len(working_days_between(FIRST_DAY, LAST_DAY)) == weekdays - len(bank_holidays())


def test_holidays_between_names_the_days_passed_over() -> None:
    assert holidays_between(date(2006, 12, 25), date(2007, 1, 1)) == (
        (date(2006, 12, 26), "Boxing Day"),
        (date(2007, 1, 1), "New Year's Day"),
    )


def test_holidays_between_gives_nothing_backwards() -> None:
    assert holidays_between(date(2007, 1, 1), date(2006, 12, 25)) == ()


OUTSIDE: list[Callable[[], object]] = [
    lambda: is_working_day(date(1994, 12, 31)),
    lambda: is_working_day(date(2036, 1, 1)),
    lambda: working_days_between(date(1994, 12, 31), date(2006, 1, 4)),
    lambda: working_days_between(date(2006, 1, 4), date(2036, 1, 1)),
    lambda: holidays_between(date(1994, 12, 31), date(2006, 1, 4)),
    lambda: holidays_between(date(2006, 1, 4), date(2036, 1, 1)),
]


@pytest.mark.parametrize("question", OUTSIDE)
def test_a_question_outside_the_calendar_is_refused(question: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="from 1995-01-01 to 2035-12-31"):
        question()


@given(day=known_days, count=st.integers(1, 400))
def test_add_working_days_agrees_with_counting_day_by_day(day: date, count: int) -> None:
    walked, left = day, count
    while left and walked < LAST_DAY:
        walked += timedelta(days=1)
        left -= is_working_day(walked)

    assert add_working_days(day, count) == (None if left else walked)


@given(day=known_days, count=st.integers(1, 400))
def test_add_working_days_backwards_undoes_forwards_on_working_days(day: date, count: int) -> None:
    due = add_working_days(day, count)
    if due is not None and is_working_day(day):
        assert add_working_days(due, -count) == day


@given(day=known_days, count=st.integers(0, 400))
def test_working_days_between_counts_what_was_added(day: date, count: int) -> None:
    due = add_working_days(day, count)
    if due is not None:
        assert len(working_days_between(day, due)) == count


def test_calendar_imports_nothing_heavy() -> None:
    program = "import sys, omi_rules.calendar.working_days; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert {"duckdb", "numpy", "yaml"}.isdisjoint(loaded.stdout.split())
