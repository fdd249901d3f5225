"""One example of a rule as days in order: when it started, what was done, when it was due, how it stood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from omi_rules.authoring.rule_words import amount_words
from omi_rules.calendar.working_days import add_working_days, holidays_between
from omi_rules.explain.words import code_in_words, coded, name_in_words, outcome_in_words
from omi_rules.reports.words import count, listed
from omi_rules.rulebook.model import Arm, Count, Example, PerEvent, ReviewChain, Rule, Rulebook, Value
from omi_rules.rulebook.usage import columns_read, selections_read, values_used
from omi_rules.shapes import load_tables

#: The outcomes that show most, the one first that shows a date missed.
_TELLING = ("late", "not_met", "missing", "met", "due")
#: Of more rows of one table than this, the first and the last are told.
_FEW = 5

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Happening:
    """A day and what happened on it; None is a day that is not recorded."""

    day: date | None
    text: str


def example_to_show(rule: Rule) -> Example:
    """The example that shows most: of a date missed, with both dates, and of few rows; else the first."""

    def rank(example: Example) -> tuple[int, int, int]:
        outcome = example.expect["outcome"]
        place = _TELLING.index(outcome) if outcome in _TELLING else len(_TELLING)
        dates = sum(example.expect.get(word) is not None for word in ("due_on", "done_on"))
        return place, -dates, sum(map(len, example.tables.values())) > _FEW

    readable = [example for example in rule.examples if not example.lost and not example.missing_tables]
    return min(readable or rule.examples, key=rank)


def timeline(rule: Rule, example: Example, book: Rulebook) -> list[Happening]:
    """The days of the example in order, what is undated last."""
    rows = list(_rows(rule, example, book))
    days = [*_subject_days(rule, example, book), *(Happening(day, text) for day, text, _ in rows)]
    due_on, done_on = (example.expect.get(word) for word in ("due_on", "done_on"))
    as_at = example.as_at or book.example_case["as_at"]
    marked = [_mark_done(happening, done_on, example) for happening in days]
    if due_on:
        marked.append(Happening(due_on, f"due{_counted(rule, days, due_on, book)}"))
    marked.append(Happening(as_at, f"as at this day: {_outcome(example)}"))
    return sorted(marked, key=lambda one: one.day or date.max)


def stated_in_words(rule: Rule, example: Example, book: Rulebook) -> str:
    """The cells of the case, or of the member of staff, that the rule asks about, and that are no dates."""
    table = load_tables()["staff" if rule.about_staff else "cases"]
    asked = {test.column for name, test in columns_read(rule) if name == table.name}
    for name in values_used(rule):
        asked |= {test.column for arm in book.values[name].arms for test in arm.tests}
    cells = _subject(rule, example, book)
    told = [
        f"{name_in_words(column.name)} {coded(table.name, column.name, cells.get(column.name))}"
        for column in table.columns
        if column.name in asked and column.type != "date" and column.name != "order_type"
    ]
    kind = [f"a {code_in_words(str(cells['order_type']))}"] if cells.get("order_type") else []
    return listed([*kind, *told])


def _subject(rule: Rule, example: Example, book: Rulebook) -> Row:
    return {**book.example_case.get("staff" if rule.about_staff else "case", {}), **example.case}


def _subject_days(rule: Rule, example: Example, book: Rulebook) -> Iterator[Happening]:
    """The dates of the case itself, or of the member of staff."""
    cells = _subject(rule, example, book)
    if rule.about_staff:
        starts, others = "employed_on", {"left_on": "left"}
    else:
        licence = cells.get("order_type") == "licence"
        starts = "release_date" if licence else "sentence_date"
        others = {"sentence_date": "sentence"} if licence else {}
        others |= {"resentenced_date": "new sentence", "end_date": "supervision ended"}
    yield Happening(cells.get(starts), f"start ({name_in_words(starts).removesuffix(' date')})")
    yield from (Happening(cells[name], text) for name, text in others.items() if cells.get(name))


def _rows(rule: Rule, example: Example, book: Rulebook) -> Iterator[tuple[date | None, str, str]]:
    """The rows of the tables that the rule reads: the day, what it is, and the table."""
    tables = dict.fromkeys(selection.table for selection in selections_read(rule))
    if isinstance(rule.require, PerEvent) and isinstance(rule.require.event, str):
        tables |= dict.fromkeys(("appointments", "breaches"))
    for used in values_used(rule):
        tables |= dict.fromkeys(rows.table for arm in book.values[used].arms for rows in arm.any_row)
    # what is stated matters, though the rule asks for it by another way: a case that became high Risk of Harm
    tables |= dict.fromkeys(example.tables)
    for name in tables:
        table = load_tables()[name]
        given: Sequence[Row] = example.tables.get(name, book.example_case.get(name, ()))
        dated = [(_own_day(row, table.own_date), row) for row in given]
        rows = sorted(dated, key=lambda one: one[0] or date.max)
        left_out = rows[1:-1] if len(rows) > _FEW else []
        for place, (day, row) in enumerate(rows):
            if left_out and 0 < place < len(rows) - 1:
                if place == 1:
                    yield day, f"{name_in_words(name)}: {len(left_out)} more follow, the first on this day", name
                continue
            yield day, _row_in_words(name, row), name


def _own_day(row: Row, own_date: str | None) -> date | None:
    """The day of a row: its own date, or of a table without one the first that it has."""
    if own_date:
        return row.get(own_date)
    return next((cell for cell in row.values() if isinstance(cell, date)), None)


def _row_in_words(name: str, row: Row) -> str:
    table = load_tables()[name]
    shown = [column.name for column in table.columns if row.get(column.name) is not None]
    cells = [
        f"{name_in_words(column)} {coded(name, column, row[column])}"
        for column in shown
        if column not in (table.key, table.own_date)
    ]
    return ": ".join(filter(None, [name_in_words(name), ", ".join(cells)]))


def _mark_done(happening: Happening, done_on: date | None, example: Example) -> Happening:
    if done_on is None or happening.day != done_on or happening.text.startswith("start"):
        return happening
    late = example.expect.get("days_late")
    return Happening(happening.day, f"{happening.text}: done, {count(late, 'day') + ' late' if late else 'in time'}")


def _outcome(example: Example) -> str:
    outcome, late = example.expect["outcome"], example.expect.get("days_late")
    overdue = f", {count(late, 'day')} overdue" if outcome == "missing" and late else ""
    return outcome_in_words(outcome) + overdue


def _counted(rule: Rule, days: Sequence[Happening], due_on: date, book: Rulebook) -> str:
    """How the due day follows from an earlier one, found by trying the amounts of the limit from each."""
    limit = _limit_of(rule)
    if limit is None or limit not in book.values:
        return ""
    value = book.values[limit]
    # the last interval of a chain counts from the latest review, a window of a count is its last day
    earlier = sorted((one for one in days if one.day and one.day <= due_on), key=lambda one: one.day or due_on)
    for happening in reversed(earlier) if isinstance(rule.require, ReviewChain | PerEvent) else earlier:
        assert happening.day is not None
        for arm in value.arms:
            if _add(happening.day, arm, value, whole=isinstance(rule.require, Count)) == due_on:
                passed = _passed(happening.day, due_on, value)
                return f" ({amount_words(arm, value)} from {happening.day.isoformat()}{passed})"
    return ""


def _limit_of(rule: Rule) -> str | None:
    require = rule.require
    if isinstance(require, PerEvent):
        return require.deadline.limit
    if isinstance(require, Count):
        return require.within_first
    return getattr(require, "limit", None) or getattr(require, "every", None)


def _add(day: date, arm: Arm, value: Value, *, whole: bool) -> date | None:
    if value.unit == "working_days":
        return add_working_days(day, arm.amount)
    days = arm.amount * (7 if value.unit == "weeks" else 1)
    return day + timedelta(days - 1 if whole else days)


def _passed(after: date, until: date, value: Value) -> str:
    """The bank holidays that a count of working days passes over."""
    names = [name for _, name in holidays_between(after, until)] if value.unit == "working_days" else []
    return f"; {listed(names)} not counted" if names else ""
