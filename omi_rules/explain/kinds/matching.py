"""Works out a condition: on the case, or on the latest, the first or every row of a selection."""

from dataclasses import replace

from omi_rules.explain.judgement import Row
from omi_rules.explain.layout import Line, answered
from omi_rules.explain.records import Records, Truth, all_hold, answer, day_of, holds
from omi_rules.explain.values import choice_lines, choose
from omi_rules.explain.words import (
    both,
    cell_for_test,
    row_in_words,
    selection_in_words,
    test_in_words,
    weekday_in_words,
)
from omi_rules.explain.working import Look, Weight, Working, counts
from omi_rules.rulebook.model import Matches, Selection, Tests

_NO_CLOCK = "No clock runs: this rule asks what is recorded, not by when."


def work_out_matches(records: Records, matches: Matches) -> Working:
    """Which rows are judged, and each condition with its answer."""
    lines = [Line(_NO_CLOCK)]
    if matches.rows is None:
        tests = []
        for test in matches.satisfies:
            choice = choose(records, test.value, records.start) if test.value else None
            if choice:
                lines += choice_lines(records, choice, "Bound")
            tests += [replace(test, number=amount) for amount in choice.amounts] if choice else [test]
        lines.append(Line("The case has to satisfy:"))
        lines += _answers("cases", tuple(tests), records.case)
        return Working(tuple(lines), change=_change("the case", tuple(tests), records.case))
    table = matches.rows.table
    rows = _picked(records, matches, matches.rows)
    which = {"latest": "The latest row", "first": "The first row", "every": "Every row"}[matches.of]
    lines.append(Line(f"{which} of {selection_in_words(matches.rows)} has to satisfy the rule."))
    if matches.where:
        lines.append(Line(f"Of several, it is about those where {both(map(test_in_words, matches.where))}.", depth=1))
    if not rows:
        lines.append(Line("There is no such row recorded.", depth=1))
    elif matches.of != "every" and len(rows) > 1:
        lines.append(Line("Several rows are of that day, so all of them have to.", depth=1))
    change: tuple[str, ...] = ()
    for row in rows:
        day = day_of(table, row)
        dated = f", {weekday_in_words(day)}" if day else ""
        lines.append(Line(f"Row {row.get('row')}{dated}:"))
        lines += _answers(table, matches.satisfies, row)
        change += _change(row_in_words(table, row), matches.satisfies, row)
    read = (*matches.where, *matches.satisfies)
    columns = tuple(column for test in read for column in (test.column, test.other) if column)
    return Working(tuple(lines), (_look(matches, matches.rows, rows, columns),), change=change)


def _answers(table: str, tests: Tests, cells: Row) -> list[Line]:
    return [
        answered(
            answer(holds(test, cells)),
            f"{test_in_words(test)} (here: {cell_for_test(table, test, cells)})",
            depth=1,
        )
        for test in tests
    ]


def _change(which: str, tests: Tests, cells: Row) -> tuple[str, ...]:
    return tuple(f"In {which}: {test_in_words(test)}." for test in tests if not holds(test, cells))


def _picked(records: Records, matches: Matches, selection: Selection) -> list[Row]:
    """The rows judged; with latest and first, all rows of that day."""
    chosen: list[tuple[Row, Truth]] = [(row, all_hold(selection.tests, row)) for row in records.rows(selection.table)]
    sure = [row for row, truth in chosen if truth]
    if matches.of == "every":
        return sure
    days = [day for row in sure if (day := day_of(selection.table, row))]
    if not days:
        return []
    day = max(days) if matches.of == "latest" else min(days)
    return [row for row in sure if day_of(selection.table, row) == day and all_hold(matches.where, row) is not False]


def _look(matches: Matches, selection: Selection, picked: list[Row], columns: tuple[str, ...]) -> Look:
    if matches.of == "every":
        return Look("The rows judged", selection, counts, columns)
    numbers = {id(row) for row in picked}

    def weigh(row: Row) -> tuple[Weight, str]:
        if id(row) in numbers:
            return "counts", f"the {matches.of}"
        if day_of(selection.table, row) is None:
            return "may count", "it has no date"
        return "not counted", f"not the {matches.of}"

    return Look(f"The {matches.of} of these is judged", selection, weigh, columns)
