"""Chance without a generator: whom a lot falls on depends on the purpose and the case alone."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

from omi_rules.calendar.working_days import add_working_days, is_working_day


def drawn_number(purpose: str, name: str, lowest: int, highest: int) -> int:
    """A number from `lowest` to `highest`, both included."""
    return lowest + int.from_bytes(_digest(purpose, name)[:8], "big") % (highest - lowest + 1)


def shuffled(purpose: str, names: Iterable[str]) -> list[str]:
    """The names in an order of this purpose."""
    return sorted(names, key=lambda name: _digest(purpose, name))


def _digest(purpose: str, name: str) -> bytes:
    return hashlib.sha256(f"{purpose}:{name}".encode()).digest()


def working_day(day: date, step: int = 1) -> date:
    """The day itself if it is a working day, else the next one; with `step` -1 the one before."""
    while not is_working_day(day):
        day += timedelta(days=step)
    return day


def after(day: date, days: int) -> date:
    """The first working day on or after so many days after the day."""
    return working_day(day + timedelta(days=days))


def before(day: date, days: int) -> date:
    """The last working day on or before so many days before the day."""
    return working_day(day - timedelta(days=days), -1)


def working_days_after(day: date, count: int) -> date:
    """The so-manieth working day after the day."""
    found = add_working_days(day, count)
    if found is None:
        raise ValueError("The day lies outside the calendar.")
    return found
