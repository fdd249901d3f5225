"""Works out a rule on pairs: each row with its partners in the other tables, near enough or not."""

from datetime import date

from omi_rules.calendar.working_days import working_days_between
from omi_rules.explain.counting import add_amount, count_lines
from omi_rules.explain.judgement import Row
from omi_rules.explain.layout import Line, answered
from omi_rules.explain.records import Records, all_hold, day_of
from omi_rules.explain.values import Choice, choice_lines, choose
from omi_rules.explain.words import (
    amount_in_words,
    day_in_words,
    row_in_words,
    selection_in_words,
    weekday_in_words,
)
from omi_rules.explain.working import Look, Weight, Working, counts
from omi_rules.rulebook.model import Paired, Selection, Unit


def work_out_pairs(records: Records, paired: Paired) -> Working:
    """Every row with its window, its partners, and whether time is left to find them."""
    table = paired.each.table
    rows = [row for row in records.rows(table) if all_hold(paired.each.tests, row)]
    lines = [Line(f"Each row of {selection_in_words(paired.each)} needs a partner among:")]
    lines += [Line(f"{selection_in_words(partner)}.", depth=1) for partner in paired.partners]
    if not rows:
        lines.append(Line("There is no such row recorded, so there is nothing to pair."))
        return Working(tuple(lines), tuple(_looks(paired)))
    change: list[str] = []
    lines += choice_lines(records, _choice(records, paired, rows), "Distance, either side")
    for row in rows:
        day = day_of(table, row)
        if day is None:
            lines.append(Line(f"Row {row.get('row')}: it has no date, so its partners cannot be told."))
            continue
        choice = choose(records, paired.within, day)
        lines.append(Line(f"Row {row.get('row')}, {weekday_in_words(day)}:"))
        lines += count_lines(day, choice.amounts[0], choice.value.unit, depth=1)
        if span := _span(choice, day):
            lines.append(Line(f"Near enough: {span}.", depth=1))
        lines += _partner_lines(records, paired, choice, day)
        change += _wanted(records, paired, choice, day)
        lines += _time_left(records, choice, day)
    return Working(tuple(lines), tuple(_looks(paired)), change=tuple(dict.fromkeys(change)))


def _choice(records: Records, paired: Paired, rows: list[Row]) -> Choice:
    days = [day for row in rows if (day := day_of(paired.each.table, row))]
    return choose(records, paired.within, min(days, default=records.as_at))


def _partners(records: Records, selection: Selection, choice: Choice, day: date) -> list[tuple[date, Row]]:
    """The rows of a selection near enough to the day, by day."""
    found = []
    for row in records.rows(selection.table):
        other = day_of(selection.table, row)
        if other is None or not all_hold(selection.tests, row):
            continue
        until = add_amount(min(day, other), choice.amounts[0], choice.value.unit)
        if until is not None and until >= max(day, other):
            found.append((other, row))
    return sorted(found, key=lambda entry: entry[0])


def _partner_lines(records: Records, paired: Paired, choice: Choice, day: date) -> list[Line]:
    lines = []
    for selection in paired.partners:
        partners = _partners(records, selection, choice, day)
        what = selection_in_words(selection)
        for other, row in partners:
            which = f"{weekday_in_words(other)}, {row_in_words(selection.table, row)}"
            lines.append(answered("partner", f"{what}: {which}, {_apart(day, other, choice)}.", depth=1))
        if not partners:
            lines.append(answered("none", f"{what}: no row near enough.", depth=1))
    return lines


def _apart(day: date, other: date, choice: Choice) -> str:
    if day == other:
        return "the same day"
    first, last = min(day, other), max(day, other)
    number = len(working_days_between(first, last)) if choice.value.unit == "working_days" else (last - first).days
    unit: Unit = "working_days" if choice.value.unit == "working_days" else "days"
    return f"{amount_in_words(number, unit)} {'after it' if other > day else 'before it'}"


def _span(choice: Choice, day: date) -> str:
    """From when to when a partner is near enough; nothing if the calendar does not reach."""
    since = add_amount(day, -choice.amounts[0], choice.value.unit)
    until = add_amount(day, choice.amounts[0], choice.value.unit)
    return f"from {day_in_words(since)} to {day_in_words(until)}" if since and until else ""


def _wanted(records: Records, paired: Paired, choice: Choice, day: date) -> list[str]:
    span = _span(choice, day)
    return [
        f"A row of {selection_in_words(selection)} dated {span}."
        for selection in paired.partners
        if span and not _partners(records, selection, choice, day)
    ]


def _time_left(records: Records, choice: Choice, day: date) -> list[Line]:
    until = add_amount(day, choice.amounts[0], choice.value.unit)
    if until is None:
        return []
    passed = "has passed" if records.as_at > until else "has not passed"
    return [Line(f"The time for it, to {day_in_words(until)}, {passed}.", depth=1)]


def _looks(paired: Paired) -> list[Look]:
    def weigh_partner(selection: Selection) -> Look:
        def weigh(row: Row) -> tuple[Weight, str]:
            dated = day_of(selection.table, row) is not None
            return ("counts", "") if dated else ("may count", "it has no date")

        return Look("Partners", selection, weigh)

    return [Look("Rows that need partners", paired.each, counts), *map(weigh_partner, paired.partners)]
