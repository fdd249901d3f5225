"""Whatever cannot be decided says what would decide it: a column to fill in, rows that were lost, or the calendar."""

import tempfile
from pathlib import Path

import duckdb
import pytest

from omi_rules.pipeline import Settings, check
from tests.judging import write_export
from tests.random_exports import random_export


@pytest.mark.parametrize("seed", [1, 2])
def test_every_unknown_names_what_would_decide_it(seed: int) -> None:
    export = random_export(seed, cases=200, staff=40)
    with tempfile.TemporaryDirectory() as scratch:
        records, run = Path(scratch, "export"), Path(scratch, "run")
        records.mkdir()
        write_export(records, export.records, export.missing_tables)
        check(records, run, Settings(as_at=export.as_at))
        for name in ("outcomes", "staff_outcomes"):
            unknown = duckdb.sql(
                f"SELECT rule, reason FROM '{run / name}.parquet' WHERE outcome = 'unknown'"
            ).fetchall()
            assert unknown
            assert {rule for rule, reason in unknown if "something that the rule reads" in reason} == set()
