"""What one duty finds in one case: a reading, of which there are several where an empty cell leaves something open.

A reading holds what a decision needs and does not decide; whoever decides it, `settle` then says what is certain.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from records import Row, working_days_after

#: The case gets the worst of its events.
WORST_FIRST = ("missing", "late", "not_met", "unknown", "due", "met", "excluded", "not_applicable")
DATED = ("met", "late", "missing", "due", "not_met")
#: Where work before the start counts, so many days before it are early enough.
BEFORE_START = 56


class Reading(NamedTuple):
    """One way to read one duty of one case, or of one event of it."""

    duty: str
    #: deadline, exists, count, chain, rows; or outside, excluded, undated.
    form: str
    due: int | None = None
    done: int | None = None
    #: chain: overdue, late, in_time, ended; rows: fails, waits, holds.
    signs: frozenset[str] = frozenset()
    #: The place of the event's row in its table, or the day of a failure; 0 where the duty is the whole case's.
    event: int = 0


class Answer(NamedTuple):
    """What is decided."""

    outcome: str
    due: int | None = None
    done: int | None = None


def first_days(rows: Iterable[tuple[int | None, bool]], opens: int, as_at: int) -> Iterator[int | None]:
    """The first day on which work was done since the window opened, and the first on which it may have been.

    Every row comes as its day and whether it surely counts. As an earlier day only ever helps, no filling of the
    empty cells gives an outcome that neither of the two gives.
    """
    surely = perhaps = None
    for on, counts in rows:
        if on is not None and on < opens:
            continue
        if on is not None and counts:
            surely = on if surely is None else min(surely, on)
        elif on is not None or opens <= as_at:
            day = opens if on is None else on
            perhaps = day if perhaps is None else min(perhaps, day)
    yield surely
    if perhaps is not None and (surely is None or perhaps < surely):
        yield perhaps


def of_kind(rows: Iterable[Row], *kinds: str) -> list[tuple[int | None, bool]]:
    """The rows that are or may be of these kinds: their day, and whether they are."""
    return [(row.on, row.kind is not None) for row in rows if row.kind is None or row.kind in kinds]


def of_any_kind(rows: Iterable[Row]) -> list[tuple[int | None, bool]]:
    """Rows that count whatever they are."""
    return [(row.on, True) for row in rows]


def deadlines(
    duty: str,
    start: int,
    limits: Iterable[int],
    rows: Iterable[tuple[int | None, bool]],
    as_at: int,
    *,
    opens: int | None = None,
    form: str = "deadline",
    event: int = 0,
) -> Iterator[Reading]:
    """A deadline by each limit in working days that may hold, done as early and as late as it may have been."""
    done = list(first_days(rows, start if opens is None else opens, as_at))
    for limit in limits:
        due = working_days_after(start, limit)
        for day in done:
            yield Reading(duty, form, due, day, event=event)


def agreed(days: Iterable[int | None]) -> int | None:
    """The day that all readings have, if there is one."""
    found = set(days)
    return found.pop() if len(found) == 1 else None


def settle_event(answers: Iterable[Answer]) -> Answer:
    """The outcome and the dates that all readings agree on."""
    found = list(answers)
    first = found[0]
    if len(found) == 1:
        return first if first.outcome in DATED else Answer(first.outcome)
    if any(answer.outcome != first.outcome for answer in found):
        return Answer("unknown")
    if first.outcome not in DATED:
        return Answer(first.outcome)
    return Answer(first.outcome, agreed(each.due for each in found), agreed(each.done for each in found))


def settle(decided: Iterable[tuple[Reading, str]]) -> Iterator[tuple[str, Answer]]:
    """Each duty's answer from the readings of one case, which come duty by duty and event by event."""
    for duty, of_duty in groupby(decided, key=lambda pair: pair[0].duty):
        events = [
            settle_event(Answer(outcome, reading.due, reading.done) for reading, outcome in of_event)
            for _, of_event in groupby(of_duty, key=lambda pair: pair[0].event)
        ]
        yield duty, min(events, key=_rank)


def _rank(answer: Answer) -> tuple[int, float]:
    return WORST_FIRST.index(answer.outcome), float("inf") if answer.due is None else answer.due
