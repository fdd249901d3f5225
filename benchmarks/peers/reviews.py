"""Reviews in a chain, and plan reviews with the risk reviews beside them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from readings import Reading
from records import Case, Row, working_days_after

REVIEW = "review"
PAIRING = 10
#: More undated reviews than these leave everything open.
MOST_UNDATED = 2


def reviews_of(rows: Iterable[Row], start: int) -> tuple[set[int], list[int], int]:
    """The days of the reviews since the start, the days of what may be one, and how many have no day."""
    surely, perhaps, undated = set(), [], 0
    for row in rows:
        if row.kind is not None and row.kind != REVIEW:
            continue
        if row.on is None:
            undated += 1
        elif row.on >= start:
            if row.kind is None:
                perhaps.append(row.on)
            else:
                surely.add(row.on)
    return surely, perhaps, undated


def chain_readings(duty: str, part: str, case: Case, rows: Iterable[Row], as_at: int) -> Iterator[Reading]:
    """The chain with every review that there may be: an undated one was on any day since the start, or before it."""
    surely, perhaps, undated = reviews_of(rows, case.start)
    if undated > MOST_UNDATED:
        yield Reading(duty, "undated")
        return
    any_day = [None, *range(case.start, as_at + 1)]
    for more in product(*([None, day] for day in perhaps), *[any_day] * undated):
        days = surely.union(day for day in more if day is not None)
        yield _chain(duty, part, case, sorted(days), as_at)


def _chain(duty: str, part: str, case: Case, days: Sequence[int], as_at: int) -> Reading:
    """One chain: the first review is due an interval after the start, each next one an interval after the last."""
    due, completed = case.start + case.interval, []
    for day in days:
        completed.append((due, day))
        due = day + case.interval
    if part == "next":
        if not completed:
            return Reading(duty, "outside")
        completed = completed[1:]

    def ended_before(day: int) -> bool:
        return case.end is not None and case.end < day

    late = [(by, day) for by, day in completed if day > by and not ended_before(by)]
    signs = {
        "overdue": as_at > due and not ended_before(due),
        "late": bool(late),
        "in_time": any(day <= by for by, day in completed),
        "ended": ended_before(due),
    }
    dates: tuple[int, int | None] = due, None
    if completed and not signs["overdue"]:
        dates = late[0] if late else completed[-1]
    return Reading(duty, "chain", *dates, frozenset(sign for sign, given in signs.items() if given))


def pair_readings(duty: str, case: Case, as_at: int) -> Iterator[Reading]:
    """Whether every plan review has a review of risk and of OASys near it.

    It is read with all that is sure alone, and with all that may help it; and the other way round for plan reviews,
    each of which asks for more.
    """
    surely, perhaps, undated = reviews_of(case.plans, 0)
    partners = [reviews_of(rows, 0) for rows in (case.roh, case.oasys)]
    for days in (surely, surely.union(perhaps)) if perhaps else (surely,):
        for helped in (False, True):
            yield Reading(duty, "rows", signs=frozenset(_pair_states(sorted(days), partners, as_at, helped)))
    if undated:
        # It may have been long ago and by itself, or today.
        yield Reading(duty, "rows", signs=frozenset({"fails"}))
        if not surely:
            yield Reading(duty, "rows", signs=frozenset({"waits"}))


def _pair_states(
    days: Sequence[int], partners: Iterable[tuple[set[int], list[int], int]], as_at: int, helped: bool
) -> Iterator[str]:
    """What there is among the plan reviews: one that fails, one that waits, one that holds."""
    alone = set()
    failing = {day for day in days if as_at > working_days_after(day, PAIRING)}
    for surely, perhaps, undated in partners:
        there = sorted(surely.union(perhaps) if helped else surely)
        lacking = [day for day in days if not _has_near(day, there)]
        if helped and _covers(undated, lacking, as_at):
            lacking = []
        elif helped and _covers(undated, [day for day in lacking if day in failing], as_at):
            lacking = [day for day in lacking if day not in failing]
        alone.update(lacking)
    for day in days:
        if day not in alone:
            yield "holds"
        else:
            yield "fails" if day in failing else "waits"


def _has_near(day: int, days: Sequence[int]) -> bool:
    place = bisect_left(days, day)
    after, before = days[place : place + 1], days[max(place - 1, 0) : place]
    return any(_near(day, other) for other in after) or any(_near(other, day) for other in before)


def _near(earlier: int, later: int) -> bool:
    return working_days_after(earlier, PAIRING) >= later


def _covers(undated: int, lacking: Sequence[int], as_at: int) -> bool:
    """Whether so many undated reviews can have been near all of these days: each as late as the first allows."""
    reach = 0
    for day in lacking:
        if reach and _near(min(day, reach), max(day, reach)):
            continue
        if not undated:
            return False
        undated -= 1
        reach = min(working_days_after(day, PAIRING), as_at)
    return True
