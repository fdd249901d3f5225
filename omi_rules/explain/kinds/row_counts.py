"""Works out conditions on rows together: whether there are any, how many values differ, whether a number falls."""

from omi_rules.explain.judgement import Row
from omi_rules.explain.layout import Line, answered
from omi_rules.explain.records import Records, all_hold, answer, day_of
from omi_rules.explain.values import choice_lines, choose
from omi_rules.explain.words import coded, name_in_words, row_in_words, selection_in_words, weekday_in_words
from omi_rules.explain.working import Look, Weight, Working, counts
from omi_rules.rulebook.model import Distinct, Falls, Presence, Selection, Test

_NO_CLOCK = Line("No clock runs: this rule asks what is recorded, not by when.")


def work_out_rows(records: Records, form: Presence | Falls | Distinct) -> Working:
    """The rows that the condition is about, and what they say."""
    if isinstance(form, Presence):
        return _presence(records, form)
    return _falls(records, form) if isinstance(form, Falls) else _distinct(records, form)


def _presence(records: Records, presence: Presence) -> Working:
    wanted = presence.of == "any"
    lines = [_NO_CLOCK, Line("Such a row has to be there:" if wanted else "No such row may be there:")]
    change: list[str] = []
    for selection in presence.selections:
        there = records.any_row(selection)
        words = selection_in_words(selection)
        lines.append(answered(answer(there), f"There is a row of {words}.", depth=1))
        if wanted and not there:
            change.append(f"A row of {words}.")
        elif not wanted and there:
            rows = [row for row in records.rows(selection.table) if all_hold(selection.tests, row)]
            change += [f"{row_in_words(selection.table, row).capitalize()} is there by mistake." for row in rows]
    looks = tuple(Look("Rows asked for", selection, counts) for selection in presence.selections)
    return Working(tuple(lines), looks, change=tuple(change))


def _distinct(records: Records, distinct: Distinct) -> Working:
    table, column = distinct.table, distinct.column
    rows = records.rows(table)
    different = list(dict.fromkeys(coded(table, column, row[column]) for row in rows if row.get(column) is not None))
    empty = sum(row.get(column) is None for row in rows)
    lines = [_NO_CLOCK, *choice_lines(records, choose(records, distinct.at_most, records.start), "At most")]
    lines.append(Line(f"Different values of {name_in_words(column)} in {name_in_words(table)}: {len(different)}."))
    lines += [Line(f"{value}.", depth=1) for value in different]
    if empty:
        lines.append(Line(f"Rows where it is not recorded: {empty}. Each may hold one of these, or another.", depth=1))
    change = (f"Two of these values of {name_in_words(column)} are one and the same.",) if len(different) > 1 else ()
    look = Look("Rows that are counted", Selection(table), counts, (column,))
    return Working(tuple(lines), (look,), change=change)


def _falls(records: Records, falls: Falls) -> Working:
    table, column = falls.table, falls.column
    selection = Selection(table, (Test(column, "recorded"),))
    dated = [
        (day, row)
        for row in records.rows(table)
        if row.get(column) is not None and (day := day_of(table, row)) is not None
    ]
    name = name_in_words(column)
    lines = [_NO_CLOCK, Line(f"Every {name} of the last day has to be below every {name} of the first day.")]
    change: tuple[str, ...] = ()
    days = sorted({day for day, _ in dated})
    edges = {"first": days[0], "last": days[-1]} if days else {}
    for which, edge in edges.items():
        numbers = [str(row[column]) for day, row in dated if day == edge]
        lines.append(Line(f"The {which} day is {weekday_in_words(edge)}, with {', '.join(numbers)}.", depth=1))
    if not days:
        lines.append(Line("None with a date is recorded.", depth=1))
    elif len(days) == 1:
        lines.append(Line("All are of one day, so nothing can have fallen.", depth=1))
        change = (f"A lower {name} of a later day.",)
    else:
        change = (
            f"A {name} of the last day that is below {min(row[column] for day, row in dated if day == days[0])}.",
        )

    def weigh(row: Row) -> tuple[Weight, str]:
        day = day_of(table, row)
        if day is None:
            return "may count", "it has no date"
        which = [word for word, edge in edges.items() if day == edge]
        return ("counts", f"of the {' and '.join(which)} day") if which else ("not counted", "of a day between")

    return Working(tuple(lines), (Look("First and last", selection, weigh, (column,)),), change=change)
