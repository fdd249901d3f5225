"""The calendar as a table, and dates reckoned from a trigger in SQL."""

from collections.abc import Iterable
from datetime import date

from duckdb import DuckDBPyConnection

from omi_rules.calendar.working_days import FIRST_DAY, LAST_DAY, bank_holidays
from omi_rules.checks.conditions import date_sql


def create_calendar(store: DuckDBPyConnection, offsets: Iterable[int]) -> None:
    """Create `calendar(day, until, plus_<n>, …)`: how many working days there were by the end of each day, and the n-th
    working day after it, NULL where that lies outside."""
    # one text of all days is read far quicker than as many literals
    holidays = f"'[{','.join(day.isoformat() for day in bank_holidays())}]'::DATE[]"
    columns = "".join(f", {f'working[until + {n}]' if n else 'day'} AS plus_{n}" for n in sorted(set(offsets)))
    store.execute(f"""CREATE OR REPLACE TABLE calendar AS
        WITH days AS (
            SELECT d.day, isodow(d.day) < 6 AND h.day IS NULL AS works
            FROM (SELECT {date_sql(FIRST_DAY)} + range::INTEGER AS day
                  FROM range({(LAST_DAY - FIRST_DAY).days + 1})) d
            LEFT JOIN (SELECT unnest({holidays}) AS day) h ON h.day = d.day
        ), counted AS (
            SELECT *, sum(works::INTEGER) OVER (ORDER BY day ROWS UNBOUNDED PRECEDING)::BIGINT AS until FROM days
        )
        SELECT day, until{columns} FROM counted, (SELECT list(day ORDER BY day) AS working FROM days WHERE works)""")


def later_sql(trigger: str, unit: str, amount: int, calendar: str) -> str:
    """The date some days, weeks or working days after a trigger; `calendar` is the row of its day."""
    if unit == "working_days":
        return f"{calendar}.plus_{amount}"
    return f"{trigger} + {amount * 7 if unit == 'weeks' else amount}"


def days_sql(days: Iterable[date]) -> str:
    """Days as an SQL list."""
    return "[" + ", ".join(date_sql(day) for day in days) + "]"
