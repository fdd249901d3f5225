"""Tests of columns, and the rows of a table that pass them."""

from dataclasses import dataclass
from typing import Literal

DateOperator = Literal["on_or_before", "on_or_after", "before", "after"]
Operator = Literal[
    "in",
    "not_in",
    "is",
    "recorded",
    "not_recorded",
    "at_least",
    "at_most",
    "on_bank_holiday",
    "on_or_before",
    "on_or_after",
    "before",
    "after",
    "longer_ago_than",
]
#: Operators that hold a date against another date of the row or of its case.
DATE_OPERATORS: tuple[DateOperator, ...] = ("on_or_before", "on_or_after", "before", "after")


@dataclass(frozen=True)
class Test:
    """A test of one column: codes for in and not_in, `flag` for is, `number` for at_least and at_most.

    `other` is the column that a date is held against; `value` the named value that is the bound, where one is.
    """

    column: str
    operator: Operator
    values: tuple[str, ...] = ()
    flag: bool = False
    number: int = 0
    other: str = ""
    value: str = ""

    @property
    def decided_by_null(self) -> bool:
        """Whether an empty cell answers the test."""
        return self.operator in ("recorded", "not_recorded")


Tests = tuple[Test, ...]


@dataclass(frozen=True)
class Selection:
    """The rows of a table that pass every test."""

    table: str
    tests: Tests = ()
