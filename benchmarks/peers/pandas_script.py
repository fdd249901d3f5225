"""Twenty duties by vectorised pandas.

python benchmarks/peers/pandas_script.py EXPORT OUTPUT.csv --as-at 2006-11-30
"""

from pathlib import Path

import numpy as np
import pandas as pd
from arguments import parse_arguments
from frame_outcomes import all_readings, settle, write_outcomes
from frames import TABLES, read_table, stand_cases, stand_rows


def read_tables(export: Path, as_at: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Every table that the rules ask for, as it stood."""
    cases = stand_cases(read_table(export, "cases"), as_at)
    return {"cases": cases} | {table: stand_rows(read_table(export, table), table, cases, as_at) for table in TABLES}


def outcomes_of(readings: pd.DataFrame, as_at: pd.Timestamp) -> np.ndarray:
    """One precedence for every duty; every comparison with an empty date is false, and stands where that is right."""
    form, due, done = readings.form, readings.due, readings.done
    rows, chain = form == "rows", form == "chain"
    clock = ~rows & ~chain
    choices = [
        (form == "outside", "not_applicable"),
        (form == "excluded", "excluded"),
        (form == "undated", "unknown"),
        (rows & readings.fails, "not_met"),
        (rows & readings.waits, "due"),
        (rows & readings.holds, "met"),
        (rows, "not_applicable"),
        (chain & readings.overdue, "missing"),
        (chain & readings.late, "late"),
        (chain & readings.in_time, "met"),
        (chain & readings.ended, "not_applicable"),
        (chain, "due"),
        (clock & done.notna() & ((form != "deadline") | (done <= due)), "met"),
        (clock & (readings.end < due), "not_applicable"),
        (clock & done.notna(), "late"),
        (clock & (as_at <= due), "due"),
        (form == "count", "not_met"),
    ]
    return np.select([condition for condition, _ in choices], [outcome for _, outcome in choices], "missing")


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
