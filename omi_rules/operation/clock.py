"""Whether the days that are counted are the right ones: the calendar's end, and the machine's time zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from omi_rules.calendar.working_days import FIRST_DAY, LAST_DAY
from omi_rules.calendar.written import written
from omi_rules.operation.diagnosis import Diagnosis

ZONE = "Europe/London"
#: A year before the calendar ends, a release with more of it should have been installed.
_WARNED_DAYS = 365


def look_at_calendar(today: date) -> Iterator[Diagnosis]:
    """How long the table of bank holidays still reaches."""
    left = (LAST_DAY - today).days
    span = f"working days are known from {written(FIRST_DAY)} to {written(LAST_DAY)}"
    update = "install a newer omi-rules, which knows more bank holidays"
    if left < 0:
        yield Diagnosis.broken("Calendar", f"{span}, and that has passed: no due date can be told", update)
    elif left < _WARNED_DAYS:
        yield Diagnosis.attention("Calendar", f"{span}: {left} days are left", update)
    else:
        yield Diagnosis.fine("Calendar", f"{span}: {left:,} days are left")


def look_at_time_zone(year: int, local: tzinfo | None = None) -> Iterator[Diagnosis]:
    """Whether the machine's clock is that of London all year; `local` is its time zone, for tests."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        london = ZoneInfo(ZONE)
    except ZoneInfoNotFoundError:
        words = f"the times of {ZONE} are not known here"
        yield Diagnosis.broken("Time zone", words, "python -m pip install tzdata")
        return
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=number) for number in range(365)]
    if all(noon.astimezone(local).utcoffset() == noon.astimezone(london).utcoffset() for noon in noons):
        yield Diagnosis.fine("Time zone", f"that of {ZONE}")
    else:
        name = noons[0].astimezone(local).tzname()
        yield Diagnosis.attention(
            "Time zone",
            f"this machine's is {name}, not {ZONE}: for part of the year its day begins at another hour, and so does "
            "today where an export does not say its date",
            f"as root: timedatectl set-timezone {ZONE}; or set TZ={ZONE} for the nightly job",
        )
