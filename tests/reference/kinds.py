"""The kinds of rulebook.md, "How the kinds work", for records without anything undecided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.reference.limits import FIRST_WEEKS, Limit, OutsideCalendar
from tests.reference.world import Row, World

BEFORE = timedelta(days=56)
ANY_TIME = date.min
#: per event: the case gets the worst.
WORST_FIRST = ("missing", "late", "not_met", "unknown", "due", "met", "excluded", "not_applicable")


@dataclass(frozen=True)
class Answer:
    """What one world gives: dates only where the outcome has them."""

    outcome: str
    due_on: date | None = None
    done_on: date | None = None


NOT_APPLICABLE = Answer("not_applicable")
EXCLUDED = Answer("excluded")


def days_of(rows: Iterable[Row]) -> list[date]:
    """The days on which they happened."""
    return [row.on for row in rows]


def settle(w: World, due: date, done: date | None, grace: bool = False) -> Answer:
    """One precedence for every kind; with a grace, done at all is met."""
    if done is not None and (grace or done <= due):
        return Answer("met", due, done)
    if w.end is not None and w.end < due:
        return NOT_APPLICABLE
    if done is not None:
        return Answer("late", due, done)
    return Answer("missing" if w.as_at > due else "due", due)


def deadline(
    w: World,
    trigger: date,
    limit: Limit,
    *done: Sequence[date],
    opens: date | None = None,
    grace: bool = False,
) -> Answer:
    """Done when the first of each of `done` in the window is there; the window opens at the trigger."""
    try:
        due = limit.after(w, trigger)
    except OutsideCalendar:
        return Answer("unknown")
    opens = trigger if opens is None else opens
    firsts = [min((day for day in days if day >= opens), default=None) for days in done]
    found = [day for day in firsts if day is not None]
    return settle(w, due, max(found) if len(found) == len(done) else None, grace)


def exists(w: World, trigger: date, limit: Limit, *done: Sequence[date], opens: date | None = None) -> Answer:
    """As a deadline whose limit is a grace."""
    return deadline(w, trigger, limit, *done, opens=opens, grace=True)


def review_chain(w: World, reviews: Iterable[date], interval: int, part: str = "all") -> Answer:
    """Reviews in a chain: the first due an interval after the start, the next an interval after the last."""
    completed: list[tuple[date, date]] = []
    due = w.start + timedelta(days=interval)
    for day in sorted({day for day in reviews if day >= w.start}):
        completed.append((due, day))
        due = day + timedelta(days=interval)
    open_due: date | None = due
    if part == "first":
        open_due = None if completed else due
        completed = completed[:1]
    elif part == "next":
        if not completed:
            return NOT_APPLICABLE
        completed = completed[1:]

    def ended_before(day: date) -> bool:
        return w.end is not None and w.end < day

    in_time = [(due, day) for due, day in completed if day <= due]
    late = [(due, day) for due, day in completed if day > due and not ended_before(due)]
    if open_due is not None and w.as_at > open_due and not ended_before(open_due):
        return Answer("missing", open_due)
    if late:
        return Answer("late", *late[0])
    if in_time:
        return Answer("met", *completed[-1])
    if open_due is None or ended_before(open_due):
        return NOT_APPLICABLE
    return Answer("due", open_due)


def worst(answers: Iterable[Answer]) -> Answer:
    """The worst of several, the one due first; nothing to judge is not applicable."""

    def rank(answer: Answer) -> tuple[int, date]:
        return WORST_FIRST.index(answer.outcome), answer.due_on or date.max

    return min(answers, key=rank, default=NOT_APPLICABLE)


def count(w: World, rows: Iterable[Row], at_least: int) -> Answer:
    """Enough rows in the first days from the start: met on the day of the row that makes it enough."""
    last = w.start + timedelta(days=FIRST_WEEKS - 1)
    counted = sorted(day for day in days_of(rows) if w.start <= day <= last)
    if len(counted) >= at_least:
        return Answer("met", last, counted[at_least - 1])
    if w.end is not None and w.end < last:
        return NOT_APPLICABLE
    return Answer("not_met" if w.as_at > last else "due", last)


def matches(satisfied: Iterable[bool]) -> Answer:
    """Every one must hold; nothing to judge is not applicable. No dates."""
    held = list(satisfied)
    if not held:
        return NOT_APPLICABLE
    return Answer("met" if all(held) else "not_met")


def paired(w: World, each: Iterable[Row], partners: Sequence[Sequence[Row] | None], limit: Limit) -> Answer:
    """Every row has a partner in each table within the distance; None: a table of which nothing is known."""
    answers = []
    for row in each:
        found = [
            w.either("partner", number, row.number) if rows is None else _has_partner(w, row, rows, limit)
            for number, rows in enumerate(partners)
        ]
        if all(has is True for has in found):
            answers.append(Answer("met"))
        elif None in found:
            answers.append(Answer("unknown"))
        else:
            answers.append(Answer("not_met" if w.as_at > limit.after(w, row.on) else "due"))
    answer = worst(answers)
    return Answer(answer.outcome)


def _has_partner(w: World, row: Row, rows: Sequence[Row], limit: Limit) -> bool | None:
    """Whether one of the rows is near enough; None if the calendar does not reach far enough to say."""
    try:
        near = [limit.after(w, min(row.on, day)) >= max(row.on, day) for day in days_of(rows)]
        limit.after(w, row.on)
    except OutsideCalendar:
        return None
    return any(near)
