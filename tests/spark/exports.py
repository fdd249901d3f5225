"""An export with every sort of odd row, and what the two engines make of it."""

from pathlib import Path
from typing import Any

from pyarrow import parquet

from omi_rules.pipeline import Run, Settings
from omi_rules.spark.engine import check_on_spark
from tests.data.exports import CASE, Tables
from tests.reports.runs import SMALL, Kept

#: Rows of the small export, and: one reference in two rows, once with spaces around it; a case that nobody names;
#: a row that is there twice; an enormous number; a day that is none. Two tables are not there at all.
DIRTY: Tables = {
    **SMALL,
    "cases": [
        *SMALL["cases"],
        {"case_id": " 0900\u2003", **CASE, "tier": "2"},
        {"case_id": None, **CASE},
        {"case_id": "1000", **CASE, "custody_months": "99999999999"},
    ],
    "risk_management_plans": [
        *SMALL["risk_management_plans"],
        {"case_id": "0900", "completed_on": "2006-01-10", "kind": "initial"},
        {"case_id": None, "completed_on": "2006-01-10", "kind": "initial"},
        {"case_id": "0400 ", "completed_on": "2006-01-11", "kind": "initial", "standard_headings": True},
    ],
    "appointments": [
        *SMALL["appointments"],
        {"case_id": "0100", "scheduled_on": "2006-01-10", "kind": "office", "outcome": "attended", "hours": 0.5},
        {"case_id": "0100", "scheduled_on": "2006-01-10", "kind": "office", "outcome": "attended", "hours": 0.5},
        {"case_id": "0200", "scheduled_on": "2006-05-10", "kind": "office", "outcome": "attended", "hours": 0.0001},
    ],
}

#: The files of a run that are the same to the last byte, whichever engine writes them.
TEXTS = ("run.json", "findings.jsonl", "findings.csv", "conclusions.jsonl", "rejects.csv", "staff_findings.jsonl")


def keep_on_spark(session: Any, export: Path, folder: Path, shards: int | None = None, **settings: Any) -> Kept:
    """Check an export on Spark into a folder."""
    check_on_spark(session, export, folder, Settings(**settings), shards)
    return Kept(folder)


def assert_same(kept: Kept, one: Kept) -> None:
    """Every file of the one run says what that of the other does."""
    files, others = kept.bytes(), one.bytes()
    assert files.keys() == others.keys()
    for name in files:
        if name in TEXTS:
            assert files[name].decode() == others[name].decode(), name
        else:
            table, other = (parquet.read_table(run.folder / name) for run in (kept, one))
            assert table.to_pylist() == other.to_pylist(), name
            assert [str(field.type) for field in table.schema] == [str(field.type) for field in other.schema], name


def run_on_spark(session: Any, export: Path, **settings: Any) -> Run:
    """Check an export on Spark and keep nothing."""
    return check_on_spark(session, export, None, Settings(**settings), 2)
