"""The records of one case, and tests of them in three values: True, False, or None for not recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from omi_rules.calendar.working_days import add_working_days, bank_holidays
from omi_rules.explain.judgement import CaseJudgement, Row
from omi_rules.rulebook.model import Rulebook, Selection, Test, Tests
from omi_rules.shapes import load_tables

Truth = bool | None
_AS_AT = "as_at"


@dataclass(frozen=True)
class Records:
    """What is known of the case; `lost` counts its rejected rows, `left_out` those after the as-at date."""

    case: Mapping[str, Any]
    tables: Mapping[str, Sequence[Row]]
    missing: frozenset[str]
    lost: Mapping[str, int]
    left_out: Mapping[str, int]
    as_at: date
    rulebook: Rulebook

    @property
    def start(self) -> date:
        """Release for a licence, else sentence."""
        day: date = self.case["start_date"]
        return day

    @property
    def end(self) -> date | None:
        """When supervision ended."""
        return self.case.get("end_date")

    def rows(self, table: str) -> list[Row]:
        """The rows of a table in the order of the file."""
        return sorted(self.tables.get(table, ()), key=lambda row: row.get("row") or 0)

    def dated(self, selection: Selection) -> list[tuple[date, Row]]:
        """The rows surely selected that have a date, each with its day, in an order that no file sets."""
        table = selection.table
        sure = [row for row in self.rows(table) if all_hold(selection.tests, row)]
        return [(day, row) for row in sorted(sure, key=partial(place, table)) if (day := day_of(table, row))]

    def is_open(self, table: str) -> bool:
        """Whether there may be rows that are not known: without the table, or with rows of it rejected."""
        return table in self.missing or self.lost.get(table, 0) > 0

    def any_row(self, selection: Selection) -> Truth:
        """Whether the selection has a row."""
        truths = [all_hold(selection.tests, row) for row in self.rows(selection.table)]
        if True in truths:
            return True
        return None if None in truths or self.is_open(selection.table) else False


def records_of(judgement: CaseJudgement) -> Records:
    """The records that a judgement carries."""
    counts = judgement.export.accounting
    # a test may hold a date of a row against one of its case, or against the as-at date; no names clash
    days = {name: day for name, day in judgement.case.items() if day is None or isinstance(day, date)}
    days[_AS_AT] = judgement.as_at
    return Records(
        case={**judgement.case, **days},
        tables={name: [{**days, **row} for row in rows] for name, rows in judgement.tables.items()},
        missing=judgement.export.missing,
        lost={count.table: count.rejected for count in counts if count.table != "cases"},
        left_out={count.table: count.left_out for count in counts},
        as_at=judgement.as_at,
        rulebook=judgement.rulebook,
    )


def own_date(table: str) -> str | None:
    """The column that says when a row of the table happened."""
    return load_tables()[table].own_date


def day_of(table: str, row: Row) -> date | None:
    """When a row happened; None if that is not recorded, or the table has no such column."""
    column = own_date(table)
    return row.get(column) if column else None


def place(table: str, row: Row) -> tuple[Any, ...]:
    """Where a row stands among others: by its day, then cell by cell as the columns stand in the contract, empty last.

    Rows that are alike in all of that stand as they do in the file.
    """
    cells = (row.get(column.name) for column in load_tables()[table].columns)
    return (day_of(table, row) or date.max, *((cell is None, cell) for cell in cells), row.get("row") or 0)


def holds(test: Test, cells: Mapping[str, Any]) -> Truth:
    """Whether a test of one column holds; None if the cell is empty and does not answer by itself."""
    value = cells.get(test.column)
    if test.decided_by_null:
        return (value is not None) == (test.operator == "recorded")
    if value is None:
        return False if test.other and _has_not_happened(test.column) else None
    match test.operator:
        case "in":
            return str(value) in test.values
        case "not_in":
            return str(value) not in test.values
        case "is":
            return bool(value) is test.flag
        case "at_least":
            return bool(value >= test.number)
        case "at_most":
            return bool(value <= test.number)
        case "on_bank_holiday":
            return value in bank_holidays()
        case "longer_ago_than":
            due = add_working_days(value, test.number)
            return None if due is None else bool(due < cells[_AS_AT])
        case _:
            return _stands(test, value, cells.get(test.other))


def _stands(test: Test, day: date, other: date | None) -> Truth:
    """How a date stands to another; one that is empty has not happened, and comes after every day."""
    if other is None or day == other:
        return test.operator in (("on_or_before", "before") if other is None else ("on_or_before", "on_or_after"))
    return (day < other) is (test.operator in ("on_or_before", "before"))


def _has_not_happened(column: str) -> bool:
    """Whether an empty date of this name says that it has not happened; it then is on no side of another date."""
    return any(
        table.has(column) and table.column(column).type == "date" and table.column(column).empty != "unknown"
        for table in load_tables().values()
    )


def every(truths: Iterable[Truth]) -> Truth:
    """True if all are, False if one is not, else None."""
    seen = set(truths)
    return False if False in seen else None if None in seen else True


def all_hold(tests: Tests, cells: Mapping[str, Any]) -> Truth:
    """Whether every test holds."""
    return every(holds(test, cells) for test in tests)


def answer(truth: Truth) -> str:
    """Yes, no or not recorded."""
    return "not recorded" if truth is None else "yes" if truth else "no"
