"""Tests that hold a date against another date of its row or case, or against the as-at date.

An empty date that means "it has not happened" is later than every day, and itself satisfies no such test. Any other
empty date is some day up to the as-at date, or for a plan any day at all: a test surely holds if it does on all of
them, and may hold if it does on one.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from omi_rules.calendar.working_days import FIRST_DAY, LAST_DAY, add_working_days
from omi_rules.rulebook.selections import DATE_OPERATORS, Selection, Test
from omi_rules.shapes import Column, load_tables

#: No record is older, and no plan is later.
EARLIEST, LATEST = "DATE '1950-01-01'", "DATE '2099-12-31'"
NEVER = "DATE 'infinity'"
#: The day that the run looks at, as rules name it.
AS_AT = "as_at"
_SIGNS = {"on_or_before": "<=", "before": "<", "on_or_after": ">=", "after": ">"}


def is_date_test(test: Test) -> bool:
    """Whether the test holds a date against another."""
    return test.operator in DATE_OPERATORS


def asks_case(table: str, tests: Iterable[Test]) -> bool:
    """Whether some test of a row reads a date of its case, so that the case has to be at hand as `c`."""
    of_case = (test.other for test in tests if test.other not in ("", AS_AT))
    return table != "cases" and any(not load_tables()[table].has(other) for other in of_case)


def rows_sql(table: str, tests: Iterable[Test]) -> str:
    """The rows of a table as `r`, with their cases as `c` where the tests ask for them."""
    return f"{table} r JOIN cases c USING (case_no)" if asks_case(table, tests) else f"{table} r"


def dates_hold(
    test: Test, table: str, alias: str, nulls: frozenset[tuple[str, str]], as_at: str
) -> tuple[str, str, tuple[str, ...]]:
    """Whether a date test surely holds, whether it may, and the columns whose empty cells stand between."""
    tables = load_tables()
    mine = tables[table].column(test.column)
    own = f"{alias}.{test.column}"
    low, high, doubts = _span(mine, own, (table, test.column) in nulls and mine.empty == "unknown", as_at)
    of_row = table == "cases" or tables[table].has(test.other)
    whose = table if of_row else "cases"
    other = as_at if test.other == AS_AT else f"{alias if of_row else 'c'}.{test.other}"
    first, last = other, other
    if test.other not in ("start_date", AS_AT) and _may_be_empty(whose, test.other, nulls):
        column = tables[whose].column(test.other)
        if column.empty == "unknown":
            first, last, more = _span(column, other, True, as_at)
            doubts += more if of_row else ()
        else:
            first = last = f"coalesce({other}, {NEVER})"
    sign = _SIGNS[test.operator]
    early = test.operator in ("on_or_before", "before")
    sure = f"{high} {sign} {first}" if early else f"{low} {sign} {last}"
    maybe = f"{low} {sign} {last}" if early else f"{high} {sign} {first}"
    if mine.empty != "unknown" and _may_be_empty(table, test.column, nulls):
        sure, maybe = f"coalesce({sure}, FALSE)", f"coalesce({maybe}, FALSE)"
    return sure, maybe, doubts


def _may_be_empty(table: str, column: str, nulls: frozenset[tuple[str, str]]) -> bool:
    """What has not happened stays empty in every world of a case."""
    return (table, column) in nulls or (table == "cases" and load_tables()[table].column(column).empty != "unknown")


def _span(column: Column, cell: str, empty: bool, as_at: str) -> tuple[str, str, tuple[str, ...]]:
    """The earliest and the latest day that a cell may hold."""
    if not empty:
        return cell, cell, ()
    last = LATEST if column.plan else as_at
    return f"coalesce({cell}, {EARLIEST})", f"coalesce({cell}, {last})", (column.name,)


def age_holds(cell: str, working_days: int, as_at: date, empty: bool) -> tuple[str, str]:
    """Whether more than so many working days lie between a day and the as-at date: surely, and perhaps.

    Outside the calendar nobody can say.
    """
    cutoff, last = _cutoff(as_at, working_days), _last_day_that_counts(working_days)
    past = f"{cell} <= DATE '{cutoff.isoformat()}'" if cutoff else "FALSE"
    sure = f"{cell} >= DATE '{FIRST_DAY.isoformat()}' AND {past}"
    maybe = past if cutoff else f"{cell} < DATE '{FIRST_DAY.isoformat()}'"
    if as_at > last:
        maybe = f"({maybe} OR {cell} > DATE '{last.isoformat()}')"
    return (f"coalesce({sure}, FALSE)", f"coalesce({maybe}, TRUE)") if empty else (sure, maybe)


def outside_calendar_sql(cell: str, working_days: int) -> str:
    """Whether the calendar does not reach far enough to say how long ago a day is."""
    last = _last_day_that_counts(working_days)
    return f"({cell} < DATE '{FIRST_DAY.isoformat()}' OR {cell} > DATE '{last.isoformat()}')"


@cache
def _last_day_that_counts(working_days: int) -> date:
    """The last day after which the calendar still has so many working days."""
    day = LAST_DAY
    while add_working_days(day, working_days) is None:
        day -= timedelta(days=1)
    return day


@cache
def _cutoff(as_at: date, working_days: int) -> date | None:
    """The last day more than so many working days before the as-at date; None if the calendar has none."""
    day = min(as_at, _last_day_that_counts(working_days))
    while day >= FIRST_DAY:
        due = add_working_days(day, working_days)
        if due is not None and due < as_at:
            return day
        day -= timedelta(days=1)
    return None


def possible_sql(selection: Selection, case: str, as_at: str) -> str:
    """Whether a row of which nothing is known may be of the selection; `case` has the dates of its case."""
    table = load_tables()[selection.table]
    parts = []
    for test in selection.tests:
        if test.operator in ("on_or_after", "after") and not table.has(test.other) and test.other != AS_AT:
            last = LATEST if table.column(test.column).plan else as_at
            sign = "<=" if test.operator == "on_or_after" else "<"
            parts.append(f"coalesce({case}.{test.other}, {NEVER}) {sign} {last}")
    return " AND ".join(parts) or "TRUE"


def last_possible_sql(selection: Selection, case: str, as_at: str) -> str:
    """The last day on which a row of the selection may stand."""
    days = [as_at]
    for test in _own_date_tests(selection):
        if test.operator in ("on_or_before", "before"):
            day = f"coalesce({case}.{test.other}, {NEVER})"
            days.append(day if test.operator == "on_or_before" else f"{day} - 1")
    return f"least({', '.join(days)})" if len(days) > 1 else days[0]


def first_possible_sql(selection: Selection, case: str) -> str | None:
    """The first day on which a row of the selection may stand, if there is one."""
    days = [
        f"{case}.{test.other}" + (" + 1" if test.operator == "after" else "")
        for test in _own_date_tests(selection)
        if test.operator in ("on_or_after", "after")
    ]
    return f"greatest({', '.join(days)})" if days else None


def _own_date_tests(selection: Selection) -> list[Test]:
    table = load_tables()[selection.table]
    return [
        test
        for test in selection.tests
        if test.column == table.own_date and is_date_test(test) and test.other != AS_AT and not table.has(test.other)
    ]
