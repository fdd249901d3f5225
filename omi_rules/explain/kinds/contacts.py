"""Works out a count: enough rows in the first days from the start."""

from datetime import date, timedelta

from omi_rules.explain.judgement import Row
from omi_rules.explain.layout import Line, numbered
from omi_rules.explain.records import Records, day_of
from omi_rules.explain.values import choice_lines, choose
from omi_rules.explain.words import (
    cells_in_words,
    day_in_words,
    row_in_words,
    selection_in_words,
    weekday_in_words,
)
from omi_rules.explain.working import Look, Weight, Working
from omi_rules.rulebook.model import Count


def work_out_count(records: Records, count: Count) -> Working:
    """The window, the number needed, and the rows counted one by one."""
    table, start = count.rows.table, records.start
    window, needed = choose(records, count.within_first, start), choose(records, count.at_least, start)
    days = window.amounts[0] * (7 if window.value.unit == "weeks" else 1)
    last = start + timedelta(days=days - 1)
    counted = _counted(records, count, last)
    enough = counted[needed.amounts[0] - 1][0] if len(counted) >= needed.amounts[0] else None
    columns = [test.column for test in count.rows.tests]
    lines = [
        *choice_lines(records, window, "Period"),
        Line(f"Days that count: {weekday_in_words(start)} to {weekday_in_words(last)}, both included."),
        *choice_lines(records, needed, "Needed"),
        Line("Counted:"),
    ]
    for number, (day, row) in enumerate(counted, 1):
        what = f"{weekday_in_words(day)}, {row_in_words(table, row)}: {cells_in_words(table, row, columns)}"
        lines.append(numbered(number, what, depth=1))
    lines.append(Line(f"That makes {len(counted)}, of {needed.in_words} needed."))
    if enough and len(needed.amounts) == 1:
        lines.append(Line(f"The number was reached on {day_in_words(enough)}."))
    elif records.end is not None and records.end < last:
        lines.append(Line(f"Supervision ended on {day_in_words(records.end)}, before the period did."))
    lines.append(Line(f"Due: {weekday_in_words(last)}."))
    short = max(needed.amounts) - len(counted)
    more = "1 more row" if short == 1 else f"{short} more rows"
    span = f"from {day_in_words(start)} to {day_in_words(last)}"
    change = (f"{more} of {selection_in_words(count.rows)}, dated {span}.",) if short > 0 else ()
    return Working(tuple(lines), (_look(count, start, last),), last, enough, change)


def _counted(records: Records, count: Count, last: date) -> list[tuple[date, Row]]:
    return [(day, row) for day, row in records.dated(count.rows) if records.start <= day <= last]


def _look(count: Count, start: date, last: date) -> Look:
    def weigh(row: Row) -> tuple[Weight, str]:
        day = day_of(count.rows.table, row)
        if day is None:
            return "may count", "it has no date"
        if day < start:
            return "not counted", f"before {day_in_words(start)}, the start of supervision"
        if day > last:
            return "not counted", f"after {day_in_words(last)}, the last day that counts"
        return "counts", ""

    return Look("Rows to count", count.rows, weigh)
