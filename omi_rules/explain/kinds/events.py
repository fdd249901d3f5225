"""Works out a rule that sets a deadline for each event: every event by itself, then the worst of them."""

from dataclasses import dataclass
from datetime import date

from omi_rules.explain.judgement import Judged, Row
from omi_rules.explain.kinds.deadlines import Settled, deadline_change, deadline_looks, settle
from omi_rules.explain.kinds.failures import failure_looks, find_failures
from omi_rules.explain.kinds.work_done import Event
from omi_rules.explain.layout import Line, answered
from omi_rules.explain.records import Records, Truth, all_hold, answer, day_of, holds
from omi_rules.explain.words import (
    cell_for_test,
    name_in_words,
    row_in_words,
    selection_in_words,
    test_in_words,
    weekday_in_words,
)
from omi_rules.explain.working import Look, Weight, Working
from omi_rules.rulebook.model import INSUFFICIENT, PerEvent, Selection, Test

_IN_WORDS = {
    "met": "met",
    "late": "done late",
    "missing": "missing",
    "not_met": "not met",
    "due": "not done yet, and not overdue",
    "not_applicable": "not judged, as supervision ended before the due date with the work not done in time",
    "excluded": "excluded",
    "unknown": "cannot be said from what is recorded",
}


@dataclass(frozen=True)
class _Clock:
    number: int
    event: Event
    settled: Settled


def work_out_events(records: Records, rule: PerEvent, judged: Judged) -> Working:
    """Each event with its own clock, and the one that the outcome rests on."""
    table, events, lines = _events(records, rule)
    clocks = []
    for number, (row, truth) in enumerate(events, 1):
        settled = _settle_event(records, rule, Event(table, row), truth)
        clocks.append(_Clock(number, Event(table, row), settled))
        lines.append(Line(f"Event {number}: {row_in_words(table, row)}."))
        lines += settled.lines
        lines.append(Line(f"This event: {_IN_WORDS[settled.verdict]}.", depth=1))
    if not events:
        lines.append(Line(_no_events(records, table)))
    worst = _worst(clocks, judged.outcome)
    if worst and len(clocks) > 1:
        lines.append(Line(f"The case has the worst of its events: event {worst.number}."))
    due_on = worst.settled.due_on if worst else None
    if due_on and judged.outcome != "excluded":
        lines.append(Line(f"Due: {weekday_in_words(due_on)}."))
    return Working(
        lines=tuple(lines),
        looks=tuple(_looks(records, rule, clocks)),
        due_on=due_on,
        done_on=worst.settled.done_on if worst else None,
        change=tuple(deadline_change(rule.deadline, worst.settled, worst.event)) if worst else (),
        others_failed=sum(clock.settled.verdict in INSUFFICIENT for clock in clocks) > 1,
    )


def _events(records: Records, rule: PerEvent) -> tuple[str, list[tuple[Row, Truth]], list[Line]]:
    """The table of events, the rows that are or may be events, and what introduces them."""
    if isinstance(rule.event, Selection):
        table = rule.event.table
        judged = [(row, all_hold(rule.event.tests, row)) for row in records.rows(table)]
        events: list[tuple[Row, Truth]] = [(row, truth) for row, truth in judged if truth is not False]
        lines = [Line(f"Each row of {selection_in_words(rule.event)} starts a clock of its own.")]
        if rule.latest:
            events = _latest(table, events)
            lines = [Line(f"Only the latest row of {selection_in_words(rule.event)} is judged, or all of that day.")]
        if rule.deadline.from_failure:
            lines += find_failures(records).lines
    else:
        failures = find_failures(records)
        table, lines = "appointments", list(failures.lines)
        events = [(row, True) for row in failures.rows]
    if records.is_open(table):
        lines.append(Line(f"There may be events that are not known: {_dark(records, table)}."))
    return table, events, lines


def _latest(table: str, events: list[tuple[Row, Truth]]) -> list[tuple[Row, Truth]]:
    """The events of the last day that is sure, and those that may come after it."""
    days = [day for row, truth in events if truth and (day := day_of(table, row))]
    last = max(days, default=date.min)
    return [(row, truth) for row, truth in events if (day_of(table, row) or date.max) >= last]


def _dark(records: Records, table: str) -> str:
    if table in records.missing:
        return f"the table {table} is not in the export"
    return f"rows of {table} were rejected"


def _no_events(records: Records, table: str) -> str:
    known = "No event is known" if records.is_open(table) else "There is no such event"
    return f"{known} in {name_in_words(table)}, so no clock runs."


def _settle_event(records: Records, rule: PerEvent, event: Event, truth: Truth) -> Settled:
    lines: list[Line] = []
    verdict = None
    if truth is None and isinstance(rule.event, Selection):
        open_tests = [test for test in rule.event.tests if holds(test, event.row) is None]
        lines += [Line(f"It may or may not be an event: {_asked(event, test)}.", depth=1) for test in open_tests]
        verdict = "unknown"
    if rule.excluded:
        excluded = all_hold(rule.excluded.tests, event.row)
        lines.append(Line("Excluded if:", depth=1))
        for test in rule.excluded.tests:
            lines.append(answered(answer(holds(test, event.row)), _asked(event, test), depth=2))
        if excluded:
            lines.append(Line(rule.excluded.because, depth=1))
            return Settled(tuple(lines), verdict or "excluded")
        if excluded is None:
            verdict = "unknown"
    settled = settle(records, rule.deadline, event)
    return Settled(
        (*lines, *settled.lines),
        verdict if verdict and settled.verdict != "not_applicable" else settled.verdict,
        settled.due_on,
        settled.done_on,
        settled.opens,
    )


def _asked(event: Event, test: Test) -> str:
    return f"{test_in_words(test)} (here: {cell_for_test(event.table, test, event.row)})"


def _worst(clocks: list[_Clock], outcome: str) -> _Clock | None:
    """Of the events with the outcome of the case the one due first, then the lowest row."""
    alike = [clock for clock in clocks if clock.settled.verdict == outcome]
    return min(
        alike,
        key=lambda clock: (clock.settled.due_on or date.max, clock.event.row.get("row") or 0),
        default=None,
    )


def _looks(records: Records, rule: PerEvent, clocks: list[_Clock]) -> list[Look]:
    looks = list(failure_looks(records))
    if isinstance(rule.event, Selection):
        read = [test.column for test in rule.excluded.tests] if rule.excluded else []
        named = (rule.deadline.due_column, rule.deadline.clock_column, rule.deadline.done_column)
        read += [column for column in named if column]
        read += [rule.deadline.limits_by[0]] if rule.deadline.limits_by else []
        read += [test.column for test in rule.deadline.also]
        numbers = {id(clock.event.row): clock.number for clock in clocks}

        def weigh(row: Row) -> tuple[Weight, str]:
            if id(row) not in numbers:
                return "not counted", "not the latest"
            return "counts", f"event {numbers[id(row)]}"

        events = Look("The events", rule.event, weigh, tuple(read))
        looks = [events, *looks] if rule.deadline.from_failure else [events]
    if clocks:
        return looks + deadline_looks(rule.deadline, [clock.settled for clock in clocks])
    return looks + [_unused(selection) for selection in rule.deadline.done]


def _unused(selection: Selection) -> Look:
    return Look("What would have to be done", selection, lambda _row: ("not counted", "no event calls for it"))
