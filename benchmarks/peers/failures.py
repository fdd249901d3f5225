"""The relevant failures of a case: absences that complete the number allowed, and the breach action after them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

from readings import Reading, deadlines
from records import Case, twelve_months_after

LIMIT = 10
ABSENCE = "unacceptable_absence"
#: From here on, a licence counts three absences in twelve months, before it three in the whole licence.
STANDARDS_2007 = date(2007, 9, 30).toordinal()


def failure_readings(duty: str, case: Case, as_at: int) -> Iterator[Reading]:
    """A deadline for each day with a relevant failure, in every way that the records may be.

    An appointment without an outcome may have been an absence, an undated absence was on any day, and so was an
    undated breach; for a breach only the days of absences matter, as between two of them it does the same.
    """
    surely, perhaps = [], []
    for row in case.appointments:
        if row.kind in (ABSENCE, None) and (row.on is None or row.on >= case.start):
            (surely if row.kind and row.on is not None else perhaps).append(row.on)
    known = sorted(row.on for row in case.breaches if row.on is not None)
    undated = len(case.breaches) - len(known)
    if not perhaps and (not undated or not surely):
        events = [(_failures(case, surely, known), known)]
    else:
        events = list(_every_way(case, surely, perhaps, known, undated, as_at))
    found = sorted({day for failures, _ in events for day in failures})
    if not found:
        yield Reading(duty, "outside")
    for day in found:
        for failures, instigated in events:
            if day in failures:
                done = [(each, True) for each in instigated]
                yield from deadlines(duty, day, [LIMIT], done, as_at, event=day)
            else:
                yield Reading(duty, "outside", event=day)


def _every_way(
    case: Case, surely: list[int], perhaps: list[int | None], known: list[int], undated: int, as_at: int
) -> Iterator[tuple[list[int], list[int]]]:
    any_day = [None, *range(case.start, as_at + 1)]
    for more in product(*([None, on] if on is not None else any_day for on in perhaps)):
        absences = surely + [day for day in more if day is not None]
        for others in product(*[[None, *set(absences)]] * undated):
            instigated = sorted([*known, *(day for day in others if day is not None)])
            yield _failures(case, absences, instigated), instigated


def _failures(case: Case, absences: list[int], instigated: Sequence[int]) -> list[int]:
    """The days of the absences that open a clock: the first to complete the count since the last instigation."""
    failures, counted, answered, is_open = [], [], 0, False
    for day in sorted(absences):
        if (before := bisect_left(instigated, day)) != answered:
            counted, answered, is_open = [], before, False
        if not is_open and _completes(case, counted, day):
            failures.append(day)
            is_open = True
        counted.append(day)
    return failures


def _completes(case: Case, earlier: list[int], day: int) -> bool:
    if case.community:
        return bool(earlier) and day <= twelve_months_after(earlier[-1])
    if len(earlier) < 2:
        return False
    return day < STANDARDS_2007 or day <= twelve_months_after(earlier[-2])
