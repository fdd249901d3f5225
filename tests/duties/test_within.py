"""How far a work list looks ahead."""

from datetime import date

import pytest

from omi_rules.duties.within import read_within
from omi_rules.problems import UsageError


@pytest.mark.parametrize(
    ("text", "day", "last"),
    [
        ("0wd", date(2006, 12, 24), date(2006, 12, 24)),
        ("1wd", date(2006, 12, 22), date(2006, 12, 27)),
        ("10wd", date(2007, 4, 5), date(2007, 4, 23)),
        ("14d", date(2008, 2, 15), date(2008, 2, 29)),
        ("2w", date(2008, 2, 16), date(2008, 3, 1)),
        ("999d", date(2006, 1, 1), date(2008, 9, 26)),
    ],
)
def test_working_days_pass_over_holidays_and_other_days_do_not(text: str, day: date, last: date) -> None:
    assert read_within(text)(day) == last


@pytest.mark.parametrize("text", ["", "10", "wd", "10 wd", "1000d", "-1d", "10WD", "1.5w", "٣d"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="as in 10wd"):
        read_within(text)


def test_the_calendar_ends() -> None:
    with pytest.raises(UsageError, match="Count in days"):
        read_within("5wd")(date(2035, 12, 31))
