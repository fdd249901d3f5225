"""The relevant failure of rulebook.md: on which days the unacceptable absences of a case open a clock."""

from datetime import date

from tests.reference.days import months_after
from tests.reference.kinds import days_of
from tests.reference.law import is_
from tests.reference.limits import NS_2007, Limit, is_community
from tests.reference.world import Row, World

TWELVE_MONTHS = Limit("months", (12,), lambda w, day: 12)


def absences(w: World) -> list[date]:
    """The days of the unacceptable absences on or after the start, in order; a day stands there once for each."""
    rows = w.rows("appointments", is_("outcome", "unacceptable_absence"), lambda row: row.on >= w.start)
    return sorted(days_of(rows))


def completes_the_count(w: World, earlier: list[date], absence: date) -> bool:
    """Whether this absence, after those that count with it, is one too many."""
    recent = [day for day in earlier if absence <= months_after(day, 12)]
    if is_community(w):
        return len(recent) >= 1
    return len(recent if absence >= NS_2007 else earlier) >= 2


def relevant_failures(w: World, instigated: list[date]) -> list[date]:
    """The days on which an absence opens a clock: which absence of that day it is makes no difference.

    An instigation acts at the end of its day: it answers the open clock, if there is one, and the count
    starts again with the absences dated after it.
    """
    failures: list[date] = []
    counted: list[date] = []
    open_clock = False
    before: date | None = None
    for absence in absences(w):
        if any((before is None or day >= before) and day < absence for day in instigated):
            counted, open_clock = [], False
        if not open_clock and completes_the_count(w, counted, absence):
            failures.append(absence)
            open_clock = True
        counted.append(absence)
        before = absence
    return failures


def failed_on(w: World, appointment: Row) -> date | None:
    """The relevant failure that an appointment is asked about: that of its day, whichever absence it was.

    Of the appointments of a known day that may be absences, one tells of that day; one of unknown day of the others.
    """
    absent = (None, "unacceptable_absence")
    if appointment.cells.get("outcome") not in absent:
        return None
    given = [(n, cells) for n, cells in w.stood.get("appointments", ()) if cells.get("outcome") in absent]
    tells = {cells.get("scheduled_on"): number for number, cells in given}
    own = appointment.cells.get("scheduled_on")
    if own is None and (appointment["outcome"] != "unacceptable_absence" or appointment.on in tells):
        return None
    if own is not None and tells[own] != appointment.number:
        return None
    day: date = appointment.on
    return day if day in relevant_failures(w, days_of(w.rows("breaches"))) else None
