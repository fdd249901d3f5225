"""Tests of a rule file, of the cells of a row or of the case, and the rows that a selection takes."""

from datetime import date
from functools import cache
from typing import Any, Protocol

from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import Rulebook, Selection, Test, Tests
from omi_rules.shapes import load_tables
from tests.reference.days import bank_holidays
from tests.reference.limits import OutsideCalendar, working
from tests.reference.world import Row, World


class Cells(Protocol):
    """A row, or the case: cells by column, and whether anything is recorded."""

    @property
    def world(self) -> World: ...

    def __getitem__(self, column: str) -> Any: ...

    def recorded(self, column: str) -> bool: ...


class CaseCells:
    """The case's own cells."""

    def __init__(self, w: World) -> None:
        self.world = w

    def __getitem__(self, column: str) -> Any:
        return self.world.case(column)

    def recorded(self, column: str) -> bool:
        return self.world.case_recorded(column)


@cache
def _rulebook() -> Rulebook:
    return load_rulebook()


def holds(test: Test, cells: Cells) -> bool:
    """Whether a test of one column holds."""
    if test.operator in ("recorded", "not_recorded"):
        return cells.recorded(test.column) == (test.operator == "recorded")
    value = cells[test.column]
    if test.operator in ("in", "not_in"):
        return (str(value) in test.values) == (test.operator == "in")
    if test.operator == "is":
        return value is test.flag
    if test.operator == "on_bank_holiday":
        return value in bank_holidays()
    if test.operator == "longer_ago_than":
        return _is_longer_ago(value, test.value, cells)
    if test.other:
        return value is not None and _stands(test, value, _other_date(test.other, cells))
    assert isinstance(value, int)
    return value >= test.number if test.operator == "at_least" else value <= test.number


def _stands(test: Test, day: date, other: date | None) -> bool:
    """What has not happened yet comes after every day."""
    if other is None:
        return test.operator in ("on_or_before", "before")
    if day == other:
        return test.operator.startswith("on_or")
    return (day < other) == test.operator.endswith("before")


def _other_date(column: str, cells: Cells) -> date | None:
    if column in ("start_date", "as_at"):
        return cells.world.start if column == "start_date" else cells.world.as_at
    if isinstance(cells, Row) and load_tables()[cells.table].has(column):
        return cells[column]  # type: ignore[no-any-return]
    return cells.world.case(column)  # type: ignore[no-any-return]


def _is_longer_ago(day: date, value: str, cells: Cells) -> bool:
    """Outside the calendar both are possible."""
    try:
        return cells.world.as_at > working(_rulebook().values[value].arms[0].amount).after(cells.world, day)
    except OutsideCalendar:
        assert isinstance(cells, Row)
        return cells.world.either(cells.key, "longer ago")


def all_hold(tests: Tests, cells: Cells) -> bool:
    """Whether every test holds."""
    return all(holds(test, cells) for test in tests)


def rows_of(w: World, selection: Selection) -> list[Row]:
    """The rows that a selection takes."""
    return w.rows(selection.table, lambda row: all_hold(selection.tests, row))
