"""Tests of columns as SQL, read twice: what surely holds, and what may hold once the empty cells are filled.

Where a column has no empty cell in this export both readings are one, and cost nothing extra.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from omi_rules.calendar.working_days import FIRST_DAY, LAST_DAY, bank_holidays
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


def _holds_sql(test: Test, column: str, as_at: date | None) -> str:
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
        case "on_or_before":
            # a day of the case is that of the row's case, which whoever reads the rows calls `c`
            other = date_sql(as_at) if test.other == "as_at" and as_at else f"c.{test.other}"
            return f"{column} <= {other}"
        case "on_bank_holiday":
            return _bank_holiday_sql(column)


def _bank_holiday_sql(day: str) -> str:
    """A bit a day of the calendar: a list of the days would become a join over every row of the table."""
    return (
        f"CASE WHEN {day} BETWEEN {date_sql(FIRST_DAY)} AND {date_sql(LAST_DAY)} "
        f"THEN get_bit('{_holiday_bits()}'::BIT, ({day} - {date_sql(FIRST_DAY)})::INTEGER) = 1 "
        f"WHEN {day} IS NOT NULL THEN FALSE END"
    )


@cache
def _holiday_bits() -> str:
    length = (LAST_DAY - FIRST_DAY).days + 1
    return "".join("01"[FIRST_DAY + timedelta(number) in bank_holidays()] for number in range(length))


@dataclass(frozen=True)
class Conditions:
    """Compiles tests for one export: `nulls` are its columns with an empty cell."""

    nulls: frozenset[tuple[str, str]]
    as_at: date | None = None

    def open(self, table: str, column: str) -> bool:
        """Whether some empty cell of the column leaves answers open."""
        return (table, column) in self.nulls and load_tables()[table].column(column).empty == "unknown"

    def test(self, table: str, test: Test, alias: str) -> Condition:
        """One test of a column of the rows called `alias`."""
        holds = _holds_sql(test, f"{alias}.{test.column}", self.as_at)
        if test.decided_by_null or (table, test.column) not in self.nulls:
            return Condition(holds, holds)
        if not self.open(table, test.column):
            holds = f"coalesce({holds}, FALSE)"
            return Condition(holds, holds)
        return Condition(f"coalesce({holds}, FALSE)", f"coalesce({holds}, TRUE)", (test.column,))

    def tests(self, table: str, tests: Iterable[Test], alias: str) -> Condition:
        """Several tests together."""
        return both(self.test(table, test, alias) for test in tests)


#: The case columns of a world are filled, so no test of them is open.
FILLED = Conditions(frozenset())
