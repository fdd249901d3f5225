"""Clocks that start neither at a named trigger nor on an event's own day, and what else an event must show."""

from datetime import date

from omi_rules.explain.judgement import Row
from omi_rules.explain.kinds.failures import failure_answered
from omi_rules.explain.kinds.work_done import Event
from omi_rules.explain.layout import Line, answered
from omi_rules.explain.records import Records, all_hold, answer, day_of, holds
from omi_rules.explain.triggers import Trigger
from omi_rules.explain.words import (
    cell_for_test,
    name_in_words,
    row_in_words,
    selection_in_words,
    test_in_words,
    weekday_in_words,
)
from omi_rules.explain.working import Look, Weight
from omi_rules.rulebook.model import Deadline, Selection


def first_row_trigger(records: Records, first: Selection) -> Trigger:
    """The day of the first row of a selection."""
    sought = selection_in_words(first)
    dated = records.dated(first)
    if not dated and any(all_hold(first.tests, row) for row in records.rows(first.table)):
        said = f"The clock started on {weekday_in_words(records.as_at)} at the latest"
        return Trigger(records.as_at, (Line(f"{said}: a row of {sought} is recorded without its date."),))
    if not dated:
        return Trigger(None, (Line(f"The clock would start with the first row of {sought}. None is recorded."),))
    day, row = dated[0]
    which = f"{row_in_words(first.table, row)}, the first of {sought}"
    return Trigger(day, (Line(f"The clock started on {weekday_in_words(day)}, the date of {which}."),))


def first_row_look(first: Selection) -> Look:
    """The look at the rows that may start the clock."""

    def weigh(row: Row) -> tuple[Weight, str]:
        return ("counts", "") if day_of(first.table, row) else ("may count", "it has no date")

    return Look("What starts the clock", first, weigh)


def failure_trigger(records: Records, event: Event) -> Trigger:
    """The day of the failure that the event answered; of an event that answered none, its own."""
    own, which = day_of(event.table, event.row), row_in_words(event.table, event.row)
    if own is None:
        return Trigger(None, (Line(f"The clock cannot be started: {which} has no date."),))
    failed = failure_answered(records, own)
    if failed is None:
        said = f"the date of {which}, which answered no relevant failure"
        return Trigger(own, (Line(f"The clock started on {weekday_in_words(own)}, {said}."),))
    said = f"the day of the relevant failure that {which} answered"
    return Trigger(failed, (Line(f"The clock started on {weekday_in_words(failed)}, {said}."),))


def column_trigger(column: str, event: Event) -> Trigger:
    """The day in a column of the event's own row."""
    day, which = event.row.get(column), row_in_words(event.table, event.row)
    if day is None:
        return Trigger(None, (Line(f"The clock cannot be started: {which} has no {name_in_words(column)}."),))
    said = f"the {name_in_words(column)} of {which}"
    return Trigger(day, (Line(f"The clock started on {weekday_in_words(day)}, {said}."),))


def also_lines(deadline: Deadline, event: Event) -> list[Line]:
    """What else must hold of an event that is done in time."""
    lines = [Line("Done in time, it is met only if also:", depth=event.depth)]
    for test in deadline.also:
        asked = f"{test_in_words(test)} (here: {cell_for_test(event.table, test, event.row)})"
        lines.append(answered(answer(holds(test, event.row)), asked, depth=event.depth + 1))
    return lines


def also_verdict(records: Records, deadline: Deadline, event: Event, verdict: str, due: date | None) -> str:
    """The outcome once that has been asked."""
    truth = all_hold(deadline.also, event.row)
    if verdict != "met" or truth:
        return verdict
    if truth is None:
        return "unknown"
    return "not_applicable" if records.end and due and records.end < due else "not_met"
