"""The calendar as a table, and dates reckoned from a trigger in SQL."""

from collections.abc import Iterable
from datetime import date

from duckdb import DuckDBPyConnection

from omi_rules.calendar.working_days import FIRST_DAY, LAST_DAY, bank_holidays
from omi_rules.checks.conditions import date_sql


def create_calendar(store: DuckDBPyConnection, offsets: Iterable[int]) -> None:
    """Create `calendar(day, plus_<n>, …)`: the n-th working day after each day, NULL where that lies outside."""
    wanted = sorted(set(offsets))
    holidays = ", ".join(f"({date_sql(day)})" for day in bank_holidays())
    store.execute(f"""CREATE TABLE IF NOT EXISTS calendar_days AS
        SELECT day::DATE AS day, count(*) FILTER (works) OVER (ORDER BY day) AS until, works
        FROM (SELECT day, isodow(day) < 6 AND day::DATE NOT IN (SELECT * FROM (VALUES {holidays})) AS works
              FROM generate_series({date_sql(FIRST_DAY)}, {date_sql(LAST_DAY)}, INTERVAL 1 DAY) t(day))""")
    joins = " ".join(f"LEFT JOIN calendar_days p{n} ON p{n}.works AND p{n}.until = d.until + {n}" for n in wanted if n)
    columns = "".join(f", {f'p{n}.day' if n else 'd.day'} AS plus_{n}" for n in wanted)
    store.execute(f"CREATE OR REPLACE TABLE calendar AS SELECT d.day{columns} FROM calendar_days d {joins}")


def later_sql(trigger: str, unit: str, amount: int, calendar: str) -> str:
    """The date some days, weeks or working days after a trigger; `calendar` is the row of its day."""
    if unit == "working_days":
        return f"{calendar}.plus_{amount}"
    return f"{trigger} + {amount * 7 if unit == 'weeks' else amount}"


def days_sql(days: Iterable[date]) -> str:
    """Days as an SQL list."""
    return "[" + ", ".join(date_sql(day) for day in days) + "]"
