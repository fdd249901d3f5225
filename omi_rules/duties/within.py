"""How far a work list looks ahead: so many working days, calendar days or weeks."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from omi_rules.calendar.working_days import FIRST_DAY, LAST_DAY, add_working_days
from omi_rules.problems import UsageError

_WRITTEN = re.compile(r"([0-9]{1,3})(wd|d|w)")


def read_within(text: str) -> Callable[[date], date]:
    """The last day of `10wd` (working days), `14d` (days) or `2w` (weeks) after a day; UsageError for anything else.

    >>> read_within("10wd")(date(2006, 12, 20)).isoformat()
    '2007-01-08'
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise UsageError("--within should be a number with wd for working days, d for days or w for weeks, as in 10wd.")
    amount, unit = int(found[1]), found[2]

    def until(day: date) -> date:
        if unit != "wd":
            return day + timedelta(days=amount * (7 if unit == "w" else 1))
        last = add_working_days(day, amount)
        if last is None:
            span = f"the calendar of working days runs from {FIRST_DAY} to {LAST_DAY}"
            raise UsageError(f"--within {text}: {span}. Count in days, as in 14d.")
        return last

    return until
