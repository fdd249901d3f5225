"""Dates as people write them."""

from datetime import date

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def written(day: date) -> str:
    """A date in English, whatever the language of the machine.

    >>> written(date(2006, 11, 30))
    '30 November 2006'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
