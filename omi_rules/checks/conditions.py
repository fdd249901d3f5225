"""Tests of columns as SQL, read twice: what surely holds, and what may hold once the empty cells are filled.

Where a column has no empty cell in this export both readings are one, and cost nothing extra.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from omi_rules.calendar.working_days import FIRST_DAY, LAST_DAY, bank_holidays
from omi_rules.checks.date_tests import age_holds, dates_hold, is_date_test
from omi_rules.rulebook.model import Test
from omi_rules.shapes import load_tables


def text_sql(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def date_sql(day: date) -> str:
    """A day as an SQL literal."""
    return f"DATE '{day.isoformat()}'"


@dataclass(frozen=True)
class Condition:
    """SQL for `surely holds` and `may hold`; `doubts` are the columns whose empty cells stand between them."""

    sure: str
    maybe: str
    doubts: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether both readings are the same."""
        return self.sure == self.maybe


ALWAYS = Condition("TRUE", "TRUE")


def both(conditions: Iterable[Condition]) -> Condition:
    """All of the conditions together."""
    parts = [condition for condition in conditions if condition != ALWAYS]
    if not parts:
        return ALWAYS
    doubts = tuple(dict.fromkeys(doubt for part in parts for doubt in part.doubts))
    return Condition(
        " AND ".join(f"({part.sure})" for part in parts),
        " AND ".join(f"({part.maybe})" for part in parts),
        doubts,
    )


def _holds_sql(test: Test, column: str) -> str:
    codes = ", ".join(text_sql(code) for code in test.values)
    match test.operator:
        case "in":
            return f"{column} IN ({codes})"
        case "not_in":
            return f"{column} NOT IN ({codes})"
        case "is":
            return f"{column}" if test.flag else f"NOT {column}"
        case "at_least":
            return f"{column} >= {test.number}"
        case "at_most":
            return f"{column} <= {test.number}"
        case "recorded":
            return f"{column} IS NOT NULL"
        case "not_recorded":
            return f"{column} IS NULL"
        case "on_bank_holiday":
            return _bank_holiday_sql(column)
        case _:
            raise ValueError(f"{test.operator} is read with the dates at hand, not by itself")


def _bank_holiday_sql(day: str) -> str:
    """A bit a day of the calendar: a list of the days would become a join over every row of the table."""
    return (
        f"CASE WHEN {day} BETWEEN {date_sql(FIRST_DAY)} AND {date_sql(LAST_DAY)} "
        f"THEN get_bit('{_holiday_bits()}'::BIT, ({day} - {date_sql(FIRST_DAY)})::INTEGER) = 1 "
        f"WHEN {day} IS NOT NULL THEN FALSE END"
    )


@cache
def _holiday_bits() -> str:
    bits = ["0"] * ((LAST_DAY - FIRST_DAY).days + 1)
    for day in bank_holidays():
        bits[(day - FIRST_DAY).days] = "1"
    return "".join(bits)


@dataclass(frozen=True)
class Conditions:
    """Compiles tests for one export: `nulls` are its columns with an empty cell.

    `working_days` are the named values that say how long ago a day is. `asked` gathers the columns with open cells that
    a rule's SQL was made to heed, each with the condition on a row `r` under which it matters.
    """

    nulls: frozenset[tuple[str, str]]
    as_at: date = date.max
    working_days: Mapping[str, int] = field(default_factory=dict)
    asked: set[tuple[str, str, str]] = field(default_factory=set, compare=False)

    def open(self, table: str, column: str, among: str = "TRUE") -> bool:
        """Whether some empty cell of the column leaves answers open, in rows `r` of which `among` is true."""
        is_open = (table, column) in self.nulls and load_tables()[table].column(column).empty == "unknown"
        if is_open:
            self.asked.add((table, column, among))
        return is_open

    def test(self, table: str, test: Test, alias: str) -> Condition:
        """One test of a column of the rows called `alias`; a date of their cases is read from `c`."""
        if is_date_test(test):
            if load_tables()["cases"].has(test.other):
                self.open("cases", test.other)
            return self._heeded(table, Condition(*dates_hold(test, table, alias, self.nulls, date_sql(self.as_at))))
        if test.operator == "longer_ago_than":
            cell, empty = f"{alias}.{test.column}", (table, test.column) in self.nulls
            sure, maybe = age_holds(cell, self.working_days[test.value], self.as_at, empty)
            return self._heeded(table, Condition(sure, maybe, (test.column,) if empty else ()))
        holds = _holds_sql(test, f"{alias}.{test.column}")
        if test.decided_by_null or (table, test.column) not in self.nulls:
            return Condition(holds, holds)
        if not self.open(table, test.column):
            holds = f"coalesce({holds}, FALSE)"
            return Condition(holds, holds)
        return Condition(f"coalesce({holds}, FALSE)", f"coalesce({holds}, TRUE)", (test.column,))

    def _heeded(self, table: str, condition: Condition) -> Condition:
        self.asked.update((table, column, "TRUE") for column in condition.doubts)
        return condition

    def tests(self, table: str, tests: Iterable[Test], alias: str) -> Condition:
        """Several tests together."""
        return both(self.test(table, test, alias) for test in tests)


#: The case columns of a world are filled, so no test of them is open.
FILLED = Conditions(frozenset())
