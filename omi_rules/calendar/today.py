"""Today, where the cases are: a day begins and ends in Europe/London, wherever the machine keeps its clock."""

from datetime import date, datetime


def today() -> date:
    """The day it is now in England and Wales."""
    from zoneinfo import ZoneInfo  # many commands import this module, and few ask

    return datetime.now(ZoneInfo("Europe/London")).date()
