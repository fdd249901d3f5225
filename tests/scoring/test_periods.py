"""The days that a target's figure covers."""

from datetime import date

import pytest

from omi_rules.problems import UsageError
from omi_rules.rulebook.questions import Period
from omi_rules.scoring.periods import Days, choose_period, months_of

YEAR = Period("2005/2006", date(2005, 4, 1), date(2006, 3, 31))
QUARTER = Period("April-June 2006", date(2006, 4, 1), date(2006, 6, 30))
MONTH = Period("June 2006", date(2006, 6, 1), date(2006, 6, 30))
AS_AT = date(2006, 11, 30)


@pytest.mark.parametrize(
    ("published", "as_at", "first", "printed"),
    [
        (YEAR, AS_AT, date(2005, 12, 1), "12 months to 30 November 2006"),
        (MONTH, AS_AT, date(2006, 11, 1), "1 month to 30 November 2006"),
        (QUARTER, AS_AT, date(2006, 9, 1), "3 months to 30 November 2006"),
        (QUARTER, date(2006, 6, 30), date(2006, 4, 1), "3 months to 30 June 2006"),
        (QUARTER, date(2006, 12, 31), date(2006, 10, 1), "3 months to 31 December 2006"),
        (QUARTER, date(2007, 1, 15), date(2006, 10, 16), "3 months to 15 January 2007"),
        (QUARTER, date(2006, 5, 30), date(2006, 3, 1), "3 months to 30 May 2006"),  # there is no 31 February
        (YEAR, date(2008, 2, 29), date(2007, 3, 1), "12 months to 29 February 2008"),
        (YEAR, date(2008, 2, 28), date(2007, 3, 1), "12 months to 28 February 2008"),
    ],
)
def test_period_is_as_long_as_the_published_one_and_ends_on_the_as_at_date(
    published: Period, as_at: date, first: date, printed: str
) -> None:
    assert choose_period(published, as_at, Days()) == Period(printed, first, as_at)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2006, 4, 1), date(2006, 4, 30), 1),
        (date(2006, 4, 1), date(2006, 5, 30), 1),
        (date(2006, 4, 1), date(2006, 5, 31), 2),
        (date(2006, 4, 15), date(2006, 7, 14), 3),
        (date(2006, 4, 1), date(2006, 4, 7), 1),
        (date(2006, 4, 15), date(2006, 7, 13), 2),
        (date(2006, 4, 1), date(2006, 6, 7), 2),
    ],
)
def test_months_are_whole_ones_and_at_least_one(first: date, last: date, months: int) -> None:
    assert months_of(Period("x", first, last)) == months


@pytest.mark.parametrize(
    ("asked", "first", "last", "printed"),
    [
        (Days(date(2006, 4, 1), date(2006, 6, 30)), (2006, 4, 1), (2006, 6, 30), "1 April 2006 to 30 June 2006"),
        (Days(first=date(2006, 4, 1)), (2006, 4, 1), (2006, 11, 30), "1 April 2006 to 30 November 2006"),
        (Days(last=date(2006, 6, 30)), (2006, 4, 1), (2006, 6, 30), "3 months to 30 June 2006"),
        (Days(AS_AT, AS_AT), (2006, 11, 30), (2006, 11, 30), "30 November 2006 to 30 November 2006"),
    ],
)
def test_days_asked_for_take_its_place(
    asked: Days, first: tuple[int, int, int], last: tuple[int, int, int], printed: str
) -> None:
    assert choose_period(QUARTER, AS_AT, asked) == Period(printed, date(*first), date(*last))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Days(last=date(2006, 12, 1)), "--to 2006-12-01: the run tells of nothing after 2006-11-30"),
        (Days(first=date(2006, 12, 1)), "--from 2006-12-01 is after the last day, 2006-11-30"),
        (Days(date(2006, 5, 2), date(2006, 5, 1)), "--from 2006-05-02 is after the last day, 2006-05-01"),
    ],
)
def test_days_that_cannot_be_had_are_refused(asked: Days, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        choose_period(QUARTER, AS_AT, asked)
