"""The records of one case, and tests of them in three values: True, False, or None for not recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from omi_rules.calendar.working_days import bank_holidays
from omi_rules.explain.judgement import CaseJudgement, Row
from omi_rules.rulebook.model import Rulebook, Selection, Test, Tests
from omi_rules.shapes import load_tables

Truth = bool | None


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
    # the days that a test of a date may name, beside the cells that it looks at
    days = {"as_at": judgement.as_at, "sentence_date": judgement.case.get("sentence_date")}
    return Records(
        case={**judgement.case, "as_at": judgement.as_at},
        tables={name: [{**row, **days} for row in rows] for name, rows in judgement.tables.items()},
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


def holds(test: Test, cells: Mapping[str, Any]) -> Truth:
    """Whether a test of one column holds; None if the cell is empty and does not answer by itself."""
    value = cells.get(test.column)
    if test.decided_by_null:
        return (value is not None) == (test.operator == "recorded")
    if value is None:
        return None
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
        case "on_or_before":
            return bool(value <= cells[test.other])
        case _:
            return value in bank_holidays()


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
