"""Bank holidays of England and Wales worked out from the statute, apart from the table that is shipped.

Banking and Financial Dealings Act 1971, schedule 1; the proclamations for New Year's Day and the first Monday
in May; Good Friday and Christmas Day by custom. Days moved or added by a single proclamation are not here.
"""

from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the Meeus, Jones and Butcher method."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def first_monday(year: int, month: int) -> date:
    """The first Monday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7)


def last_monday(year: int, month: int) -> date:
    """The last Monday of a month of 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=last.weekday())


def statutory_holidays(year: int) -> dict[date, str]:
    """The weekday holidays of a year in which nothing was moved or added."""
    easter = easter_sunday(year)
    return {
        **_new_year(year),
        easter - timedelta(days=2): "Good Friday",
        easter + timedelta(days=1): "Easter Monday",
        first_monday(year, 5): "May Day",
        last_monday(year, 5): "Spring Bank Holiday",
        last_monday(year, 8): "Late Summer Bank Holiday",
        **_christmas(year),
    }


def _new_year(year: int) -> dict[date, str]:
    first = date(year, 1, 1)
    if first.weekday() < SATURDAY:
        return {first: "New Year's Day"}
    return {first + timedelta(days=7 - first.weekday()): "New Year's Day (observed)"}


def _christmas(year: int) -> dict[date, str]:
    weekday = date(year, 12, 25).weekday()
    boxing, third, fourth = date(year, 12, 26), date(year, 12, 27), date(year, 12, 28)
    if weekday == SUNDAY:
        return {boxing: "Boxing Day", third: "Christmas Day (observed)"}
    if weekday == SATURDAY:
        return {third: "Christmas Day (observed)", fourth: "Boxing Day (observed)"}
    if boxing.weekday() == SATURDAY:
        return {date(year, 12, 25): "Christmas Day", fourth: "Boxing Day (observed)"}
    return {date(year, 12, 25): "Christmas Day", boxing: "Boxing Day"}
