"""Today, where the cases are: a day begins and ends in Europe/London, wherever the machine keeps its clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Europe/London")


def today() -> date:
    """The day it is now in England and Wales."""
    return datetime.now(_HERE).date()
