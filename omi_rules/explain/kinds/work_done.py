"""What is recorded as done: the first row that counts, and whether there may be an earlier one."""

from dataclasses import dataclass
from datetime import date

from omi_rules.explain.judgement import Row
from omi_rules.explain.records import Records, all_hold, day_of
from omi_rules.explain.words import day_in_words, row_in_words, selection_in_words, weekday_in_words
from omi_rules.rulebook.model import Deadline, Selection


@dataclass(frozen=True)
class Event:
    """One triggering row and how far its lines step to the right."""

    table: str
    row: Row
    depth: int = 1


@dataclass(frozen=True)
class Done:
    """One thing to be done: its first row in the window, and whether there may be an earlier one."""

    selection: Selection
    first: Row | None
    day: date | None
    may_be_earlier: bool
    times: int = 1


def done_of(records: Records, deadline: Deadline, opens: date | None, event: Event | None = None) -> list[Done]:
    """What is known of each thing to be done."""
    if event and deadline.done_column:
        own = Selection(event.table)
        return [Done(own, event.row, event.row.get(deadline.done_column), may_be_earlier=False)]
    return [_first_done(records, selection, opens, deadline.times) for selection in deadline.done]


def _first_done(records: Records, selection: Selection, opens: date | None, times: int) -> Done:
    """The first row that counts, or the one that makes it so many."""
    table = selection.table
    surely = [(day, row) for day, row in records.dated(selection) if not opens or day >= opens]
    perhaps: list[date] = []
    in_the_dark = records.is_open(table)
    for row in records.rows(table):
        truth, day = all_hold(selection.tests, row), day_of(table, row)
        if truth is False or (day and opens and day < opens):
            continue
        if day is None:
            in_the_dark = True
        elif truth is None:
            perhaps.append(day)
    in_the_dark = in_the_dark and (opens is None or opens <= records.as_at)
    if len(surely) < times:
        return Done(selection, None, None, in_the_dark or bool(perhaps), times)
    day, first = surely[times - 1]
    return Done(selection, first, day, in_the_dark or any(other < day for other in perhaps), times)


def done_in_words(records: Records, done: Done, event: Event | None) -> str:
    """What was done first, and in which row."""
    sought = selection_in_words(done.selection)
    if done.first is None:
        found = "Nothing that counts is" if done.times == 1 else f"Fewer than {done.times} that count are"
        return f"{found} recorded up to {day_in_words(records.as_at)}: {sought}."
    if event and done.first is event.row:
        if done.day is None:
            return "Not done yet, by the event's own row."
        return f"Done on {weekday_in_words(done.day)}, by the event's own row."
    assert done.day is not None
    first = f"First row of {sought}" if done.times == 1 else f"The row that makes it {done.times} of {sought}"
    return f"{first}: {weekday_in_words(done.day)}, {row_in_words(done.selection.table, done.first)}."
