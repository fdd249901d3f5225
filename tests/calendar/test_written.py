"""Dates in words."""

from datetime import date

import pytest

from omi_rules.calendar.written import written


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2006, 1, 1), "1 January 2006"),
        (date(2008, 2, 29), "29 February 2008"),
        (date(2006, 12, 31), "31 December 2006"),
    ],
)
def test_a_date_is_written_with_the_name_of_its_own_month(day: date, words: str) -> None:
    assert written(day) == words
