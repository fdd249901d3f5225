"""The shipped table against three other readings: the checked list, the `holidays` library, the statute."""

import csv
from datetime import date
from pathlib import Path

import holidays
import pytest

from omi_rules.calendar.working_days import FIRST_DAY, LAST_DAY, bank_holidays
from tests.calendar.statute import SATURDAY, statutory_holidays

CHECKED_LIST = Path(__file__).with_name("bank-holidays-england-wales-1995-2027.csv")
YEARS = range(FIRST_DAY.year, LAST_DAY.year + 1)

#: Years in which a proclamation moved or added a day: what the statute says that was not kept, and what was.
MOVED = {
    1995: ({date(1995, 5, 1)}, {date(1995, 5, 8)}),
    1999: (set(), {date(1999, 12, 31)}),
    2002: ({date(2002, 5, 27)}, {date(2002, 6, 3), date(2002, 6, 4)}),
    2011: (set(), {date(2011, 4, 29)}),
    2012: ({date(2012, 5, 28)}, {date(2012, 6, 4), date(2012, 6, 5)}),
    2020: ({date(2020, 5, 4)}, {date(2020, 5, 8)}),
    2022: ({date(2022, 5, 30)}, {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)}),
    2023: (set(), {date(2023, 5, 8)}),
}


def shipped(year: int) -> dict[date, str]:
    return {day: name for day, name in bank_holidays().items() if day.year == year}


def test_table_equals_the_checked_list() -> None:
    with CHECKED_LIST.open(encoding="utf-8", newline="") as lines:
        checked = {date.fromisoformat(row["date"]): row["name"] for row in csv.DictReader(lines)}

    assert {day: name for day, name in bank_holidays().items() if day.year <= 2027} == checked


@pytest.mark.parametrize("year", YEARS)
def test_year_equals_the_holidays_library(year: int) -> None:
    library = holidays.country_holidays("GB", subdiv="ENG", years=year)

    assert set(shipped(year)) == {day for day in library if day.weekday() < SATURDAY}


@pytest.mark.parametrize("year", YEARS)
def test_year_equals_the_statute_and_the_days_moved(year: int) -> None:
    dropped, added = MOVED.get(year, (set(), set()))

    assert set(shipped(year)) == (set(statutory_holidays(year)) - dropped) | added


@pytest.mark.parametrize("year", range(2028, 2036))
def test_name_of_a_coming_holiday_follows_the_statute(year: int) -> None:
    assert shipped(year) == statutory_holidays(year)


def test_table_is_in_order_of_date_and_lies_on_weekdays() -> None:
    days = list(bank_holidays())

    assert days == sorted(days)
    assert all(day.weekday() < SATURDAY for day in days)


def test_table_is_read_only() -> None:
    with pytest.raises(TypeError):
        bank_holidays()[date(2006, 1, 4)] = "A day too many"  # type: ignore[index]
