"""Working days counted one day at a time: the reference's own calendar, no code of the product's."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

FIRST_DAY = date(1995, 1, 1)
LAST_DAY = date(2035, 12, 31)
DAY = timedelta(days=1)

_TABLE = Path(__file__).resolve().parents[2] / "omi_rules" / "calendar" / "bank-holidays.csv"


@cache
def bank_holidays() -> frozenset[date]:
    """The weekday bank holidays of England and Wales, as the product's table states them."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return frozenset(date.fromisoformat(line["date"]) for line in csv.DictReader(lines))


def in_calendar(day: date) -> bool:
    """Whether the holiday table reaches that day."""
    return FIRST_DAY <= day <= LAST_DAY


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays()


@cache
def working_days_after(day: date, count: int) -> date | None:
    """The n-th working day after a day (n = 0: the day itself); None outside the calendar."""
    if not in_calendar(day):
        return None
    while count:
        day += DAY
        if not in_calendar(day):
            return None
        count -= is_working_day(day)
    return day


@cache
def working_days_before(day: date, count: int) -> date | None:
    """The n-th working day before a day; None outside the calendar."""
    if not in_calendar(day):
        return None
    while count:
        day -= DAY
        if not in_calendar(day):
            return None
        count -= is_working_day(day)
    return day


def months_after(day: date, months: int) -> date:
    """The same day some calendar months later; 29 February counts to 28 February."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError("no such month")


def every_day(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last, both included."""
    while first <= last:
        yield first
        first += DAY
