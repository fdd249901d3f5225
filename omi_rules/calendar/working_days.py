"""Working days: Monday to Friday, and no bank holiday of England and Wales.

The table of holidays is a file beside this one, and reaches from `FIRST_DAY` to `LAST_DAY`. Nothing is
guessed beyond it: `add_working_days` gives None, and a question about a day outside raises ValueError.
"""

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

FIRST_DAY = date(1995, 1, 1)
LAST_DAY = date(2035, 12, 31)

_TABLE = Path(__file__).with_name("bank-holidays.csv")
_SATURDAY = 5
_A_MONDAY = date(2024, 1, 1).toordinal()


@cache
def bank_holidays() -> Mapping[date, str]:
    """Every bank holiday that falls on a weekday, with its name, in order of date."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table)
        return MappingProxyType({date.fromisoformat(row["date"]): row["name"] for row in rows})


def is_working_day(day: date) -> bool:
    """Whether the day is Monday to Friday and no bank holiday; ValueError outside the calendar.

    >>> is_working_day(date(2006, 12, 22)), is_working_day(date(2006, 12, 25))
    (True, False)
    """
    _require_known(day)
    return day.weekday() < _SATURDAY and day not in bank_holidays()


def add_working_days(day: date, count: int) -> date | None:
    """The `count`-th working day after the day (before it if negative, the day itself if 0).

    None if the day or the answer lies outside the calendar.

    >>> add_working_days(date(2006, 12, 20), 5)
    datetime.date(2006, 12, 29)
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        return None
    if count == 0:
        return day
    days = _working_days()
    place = bisect_right(days, day) + count - 1 if count > 0 else bisect_left(days, day) + count
    return days[place] if 0 <= place < len(days) else None


def working_days_between(after: date, until: date) -> tuple[date, ...]:
    """The working days later than `after` and no later than `until`; ValueError outside the calendar.

    >>> [day.day for day in working_days_between(date(2006, 12, 20), date(2006, 12, 29))]
    [21, 22, 27, 28, 29]
    """
    _require_known(after)
    _require_known(until)
    days = _working_days()
    return days[bisect_right(days, after) : bisect_right(days, until)]


def holidays_between(after: date, until: date) -> tuple[tuple[date, str], ...]:
    """The bank holidays later than `after` and no later than `until`; ValueError outside the calendar.

    >>> [name for _, name in holidays_between(date(2006, 12, 20), date(2006, 12, 29))]
    ['Christmas Day', 'Boxing Day']
    """
    _require_known(after)
    _require_known(until)
    return tuple((day, name) for day, name in bank_holidays().items() if after < day <= until)


@cache
def _working_days() -> tuple[date, ...]:
    # by number, as every check waits for this: 15,000 questions to `is_working_day` take three times as long
    numbers = range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)
    weekdays = (date.fromordinal(number) for number in numbers if (number - _A_MONDAY) % 7 < _SATURDAY)
    holidays = bank_holidays()
    return tuple(day for day in weekdays if day not in holidays)


def _require_known(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"A day lies outside the calendar, which runs from {FIRST_DAY} to {LAST_DAY}.")
