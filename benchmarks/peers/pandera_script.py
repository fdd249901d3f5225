"""Twenty duties by pandera: schemas for what is read, and a check for each way not to be met.

    python benchmarks/peers/pandera_script.py EXPORT OUTPUT.csv --as-at 2006-11-30

The frames are those of the pandas script, up to the clocks, chains and rows of every duty. What follows from these is
said by schemas: each has a check for every outcome but met, named for it, and a row that fails a check has its outcome.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from arguments import parse_arguments
from frame_outcomes import all_readings, settle, write_outcomes
from frames import TABLES, read_table, stand_cases, stand_rows
from pandera.errors import SchemaErrors
from table_schemas import SCHEMAS

Test = Callable[[pd.DataFrame], pd.Series]

DAY = pa.Column("datetime64[us]", nullable=True)
DUE = pa.Column("datetime64[us]")
SIGN = pa.Column(bool)
NOT_JUDGED = {"outside": "not_applicable", "excluded": "excluded", "undated": "unknown"}


def read_tables(export: Path, as_at: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Every table that the rules ask for, held to its schema, as it stood."""
    read = {table: SCHEMAS[table].validate(read_table(export, table), lazy=True) for table in ("cases", *TABLES)}
    cases = stand_cases(read.pop("cases"), as_at)
    return {"cases": cases} | {table: stand_rows(rows, table, cases, as_at) for table, rows in read.items()}


def _never(outcome: str, found: Test) -> pa.Check:
    """A check that no row passes for which the outcome is found."""
    return pa.Check(lambda rows: ~found(rows), name=outcome, ignore_na=False)


def reading_schemas(as_at: pd.Timestamp) -> dict[str, pa.DataFrameSchema]:
    """A schema for each form of reading."""

    def ended(rows: pd.DataFrame) -> pd.Series:
        return rows.end < rows.due

    def late(rows: pd.DataFrame) -> pd.Series:
        return rows.done > rows.due

    def undone(rows: pd.DataFrame) -> pd.Series:
        return rows.done.isna() & ~ended(rows)

    def past(rows: pd.DataFrame) -> pd.Series:
        return as_at > rows.due

    clock = {"due": DUE, "done": DAY, "end": DAY}
    waiting = _never("due", lambda rows: undone(rows) & ~past(rows))
    missing = _never("missing", lambda rows: undone(rows) & past(rows))
    outside = _never("not_applicable", lambda rows: rows.done.isna() & ended(rows))
    deadline = [
        _never("not_applicable", lambda rows: (rows.done.isna() | late(rows)) & ended(rows)),
        _never("late", lambda rows: late(rows) & ~ended(rows)),
        missing,
        waiting,
    ]
    count = [outside, _never("not_met", lambda rows: undone(rows) & past(rows)), waiting]
    chain = [
        _never("missing", lambda rows: rows.overdue),
        _never("late", lambda rows: ~rows.overdue & rows.late),
        _never("not_applicable", lambda rows: ~(rows.overdue | rows.late | rows.in_time) & rows.ended),
        _never("due", lambda rows: ~(rows.overdue | rows.late | rows.in_time | rows.ended)),
    ]
    judged = [
        _never("not_met", lambda rows: rows.fails),
        _never("due", lambda rows: ~rows.fails & rows.waits),
        _never("not_applicable", lambda rows: ~(rows.fails | rows.waits | rows.holds)),
    ]
    return {
        "deadline": pa.DataFrameSchema(clock, checks=deadline),
        "exists": pa.DataFrameSchema(clock, checks=[outside, missing, waiting]),
        "count": pa.DataFrameSchema(clock, checks=count),
        "chain": pa.DataFrameSchema(dict.fromkeys(("overdue", "late", "in_time", "ended"), SIGN), checks=chain),
        "rows": pa.DataFrameSchema(dict.fromkeys(("fails", "waits", "holds"), SIGN), checks=judged),
    }


def outcomes_of(readings: pd.DataFrame, as_at: pd.Timestamp) -> pd.Series:
    """The outcome of every reading: met, unless it fails the check of another."""
    outcomes = readings.form.map(NOT_JUDGED).fillna("met")
    for form, schema in reading_schemas(as_at).items():
        rows = readings.loc[readings.form == form, list(schema.columns)]
        try:
            schema.validate(rows, lazy=True)
        except SchemaErrors as errors:
            failed = errors.failure_cases
            assert (failed.schema_context == "DataFrameSchema").all(), "a reading has the wrong shape"
            failed = failed.drop_duplicates("index").set_index("index").check
            outcomes.update(failed)
    return outcomes


def main() -> None:
    """Read, decide, write."""
    options = parse_arguments()
    as_at = pd.Timestamp(options.as_at)
    tables = read_tables(options.export, as_at)
    readings = all_readings(tables, as_at)
    readings["outcome"] = outcomes_of(readings, as_at)
    write_outcomes(settle(readings, tables["cases"]), options.output)


if __name__ == "__main__":
    main()
