"""Writes exports for tests: the same records in each of the four forms, and what a reading of them left in
the store."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
from pyarrow import parquet

from omi_rules.data.export import Export, read_export
from omi_rules.shapes import load_tables

Rows = Sequence[Mapping[str, Any]]
Tables = Mapping[str, Rows]

AS_AT = date(2006, 11, 30)
CASE = {"order_type": "community_order", "sentence_date": "2006-01-09"}

TABLES: Tables = {
    "cases": [
        {
            "case_id": "0012",
            "order_type": "licence",
            "sentence_date": "2005-03-01",
            "release_date": "2006-02-01",
        }
        | {"tier": 4, "ppo": True, "roh_level": "very_high", "ethnicity": "W1", "team": "Bootle, north"},
        {"case_id": "0007", **CASE, "release_date": "never", "end_date": "2007-01-05", "disability": False},
        {"case_id": "0100", **CASE, "sentence_date": "2006-12-01"},
        {"case_id": "0200", **CASE, "tier": 5},
        {"case_id": "0300", **CASE, "sentence_date": "2006-11-30", "custody_months": 0},
    ],
    "appointments": [
        {"case_id": "0007", "scheduled_on": "2006-02-01", "kind": "office", "outcome": "attended"},
        {"case_id": "0012", "scheduled_on": "2006-02-03", "kind": "unpaid_work", "hours": 7.5},
        {"case_id": "0007", "scheduled_on": "2006-02-01", "kind": "office", "outcome": "attended"},
        {"case_id": "0007", "scheduled_on": "2006-12-01", "kind": "office"},
        {"case_id": "0100", "scheduled_on": "2006-02-01", "kind": "office"},
        {"case_id": "0200", "scheduled_on": "2006-02-01", "kind": "office"},
        {"case_id": "0012", "scheduled_on": "2006-02-30", "kind": "office"},
        {"case_id": "0012", "scheduled_on": None, "kind": None},
    ],
    "requirements": [
        {"case_id": "0012", "kind": "curfew", "planned_start_on": "2007-01-01", "started_on": "2007-01-02"},
        {"case_id": "0012", "kind": "curfew", "completed_on": "2006-11-30", "singleton_placement": False},
    ],
    "documents": [{"case_id": "0007", "kind": "été", "held": True}],
    "staff": [{"staff_id": "S1", "grade": "spo", "employed_on": "2001-01-01", "left_on": "2007-01-01"}],
    "supervisions": [
        {"staff_id": "S1", "held_on": "2006-05-05"},
        {"staff_id": "S1", "held_on": "2007-05-05"},
    ],
}


def columns_of(rows: Rows) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def write_cell(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def write_csv(tables: Tables, folder: Path, quoting: int = csv.QUOTE_MINIMAL, end: str = "\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=quoting, lineterminator=end)
            columns = columns_of(rows)
            writer.writerow(columns)
            writer.writerows([write_cell(row.get(column)) for column in columns] for row in rows)
    return folder


def write_parquet(tables: Tables, folder: Path) -> Path:
    """Every column with the type that fits it, and text where a value does not fit."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        table = load_tables()[name]
        columns = {
            column: fit_column(table.column(column).type, [row.get(column) for row in rows])
            for column in columns_of(rows)
        }
        parquet.write_table(pyarrow.table(columns), folder / f"{name}.parquet")
    return folder


def with_times(file: Path, column: str, type_: pyarrow.DataType) -> None:
    """Make a column of dates one of times, as pandas writes it."""
    table = parquet.read_table(file)
    place = table.schema.get_field_index(column)
    parquet.write_table(table.set_column(place, column, table.column(column).cast(type_)), file)


def fit_column(type_: str, values: Sequence[Any]) -> pyarrow.Array:
    types = {"boolean": pyarrow.bool_(), "integer": pyarrow.int32(), "number": pyarrow.float64()}
    if type_ == "code":
        return pyarrow.array(values, pyarrow.string()).dictionary_encode()
    try:
        if type_ == "date":
            return pyarrow.array([value and date.fromisoformat(value) for value in values], pyarrow.date32())
        if type_ in types:
            return pyarrow.array(values, types[type_])
    except (ValueError, TypeError, pyarrow.ArrowException):
        pass
    return pyarrow.array([None if value is None else write_cell(value) for value in values], pyarrow.string())


def write_records(tables: Tables, folder: Path, form: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for parent, key, file in (("cases", "case_id", "area"), ("staff", "staff_id", "staff")):
        records = []
        for row in tables.get(parent, ()):
            record = dict(row)
            for name, rows in tables.items():
                if name != parent and load_tables()[name].key == key:
                    record[name] = [
                        {column: value for column, value in inner.items() if column != key}
                        for inner in rows
                        if inner[key] == row[key]
                    ]
            records.append(record)
        if parent in tables:
            text = json.dumps(records) if form == "json" else "\n".join(map(json.dumps, records))
            (folder / f"{file}.{form}").write_text(text, encoding="utf-8")
    return folder


def dump(store: duckdb.DuckDBPyConnection, *, rows: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a reading left in the store; without the row numbers if they are not to be compared."""
    names = [*load_tables(), "lost", "lost_staff"]
    found = {}
    for name in names:
        hidden = "" if rows or name.startswith("lost") else 'EXCLUDE ("row")'
        found[name] = store.execute(f"SELECT * {hidden} FROM {name} ORDER BY ALL").fetchall()
    found["rejects"] = store.execute(
        'SELECT table_name, "row", "column", reason FROM rejects ORDER BY ALL'
        if rows
        else 'SELECT table_name, "column", reason FROM rejects ORDER BY ALL'
    ).fetchall()
    return found


def read(path: Path, **options: Any) -> tuple[Export, duckdb.DuckDBPyConnection]:
    store = duckdb.connect()
    options.setdefault("as_at", AS_AT)
    return read_export(store, path, **options), store


def counts(export: Export) -> dict[str, tuple[int, int, int, int]]:
    return {c.table: (c.rows_in, c.used, c.left_out, c.rejected) for c in export.accounting}
