"""Rows of `cases` or `staff` that share an id are rejected, all of them, and shown as they were written."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from omi_rules.data.export import Limits, read_rows
from omi_rules.data.mapping import Mapping, load_mapping
from omi_rules.data.sources import Cell, Source
from omi_rules.problems import ExportError
from tests.data import exports

ROWS: list[dict[str, Any]] = [
    {"case_id": "A", "order_type": "LICENCE", "sentence_date": "2006-01-09", "release_date": "2006-02-01"}
    | {"end_date": "2006-12-15", "tier": "03", "ppo": "Y", "team": "x"},
    {"case_id": "B", "order_type": "licence", "sentence_date": "2006-01-09", "release_date": "2006-02-01"}
    | {"end_date": None, "tier": "3", "ppo": "no", "team": None},
    {"case_id": " A", "order_type": "Community_order", "sentence_date": "2006-01-09", "release_date": "2006-02-01"}
    | {"end_date": "2006-12-16", "tier": "3", "ppo": "true", "team": "x "},
]
SHARED = [(1, ROWS[0]), (3, ROWS[2])]


def rejects(store: duckdb.DuckDBPyConnection) -> list[tuple[int, dict[str, Any]]]:
    """The number of each rejected row, and those of its cells that the file has."""
    assert store.execute('SELECT DISTINCT "column", reason FROM rejects').fetchall() == [
        ("case_id", "is in more than one row")
    ]
    found = store.execute('SELECT "row", record FROM rejects').fetchall()
    return [
        (row, {name: cell for name, cell in json.loads(record).items() if name in ROWS[0]}) for row, record in found
    ]


@pytest.mark.parametrize("form", ["csv", "carefully", "parquet", "jsonl", "json"])
def test_rows_that_share_an_id_are_shown_as_they_were_written(form: str, tmp_path: Path) -> None:
    mapping, tables = Mapping(), {"cases": ROWS}
    if form in ("csv", "carefully"):
        exports.write_csv(tables, tmp_path)
        mapping = Mapping(encoding="latin-1") if form == "carefully" else mapping
    elif form == "parquet":
        exports.write_parquet(tables, tmp_path)
    else:
        exports.write_records(tables, tmp_path, form)
    export, store = exports.read(tmp_path, mapping=mapping)
    assert exports.counts(export)["cases"] == (3, 1, 0, 2)
    assert rejects(store) == SHARED
    assert store.execute('SELECT case_id, "row" FROM cases').fetchall() == [("B", 2)]


def test_plain_rows_that_share_an_id_keep_what_was_not_yet_known(tmp_path: Path) -> None:
    rows = [{"case_id": "A", **exports.CASE, "end_date": f"2006-12-1{day}"} for day in (5, 6)]
    exports.write_csv({"cases": [*rows, {"case_id": "B", **exports.CASE, "end_date": None}]}, tmp_path)
    _, store = exports.read(tmp_path)
    records = [json.loads(record) for (record,) in store.execute("SELECT record FROM rejects").fetchall()]
    assert [record["end_date"] for record in records] == ["2006-12-15", "2006-12-16"]


def test_rows_of_a_part_that_share_an_id_keep_their_numbers_and_cells() -> None:
    store = duckdb.connect()
    columns = list(ROWS[0])
    store.execute(f"CREATE TABLE arrived (number BIGINT, {' VARCHAR, '.join(columns)} VARCHAR)")
    for number, row in enumerate(ROWS, 1):
        store.execute(f"INSERT INTO arrived VALUES (?{', ?' * len(row)})", [number, *row.values()])
    source = Source("cases", "cases.parquet", "arrived", {name: Cell(name) for name in columns}, number="number")
    read_rows(store, {"cases": source}, as_at=exports.AS_AT, mapping=Mapping(), limits=Limits())
    assert rejects(store) == SHARED


def test_dates_in_a_format_of_rows_that_share_an_id_are_not_called_wrong(tmp_path: Path) -> None:
    path = tmp_path / "local.yaml"
    path.write_text("date_format: '%d/%m/%Y'", encoding="utf-8")
    case = {"case_id": "A", "order_type": "community_order", "sentence_date": "9/01/2006"}
    staff = {"staff_id": "S1", "grade": "PO", "employed_on": "01/02/2001"}
    folder = exports.write_csv({"cases": [case, {**case, "case_id": "B"}], "staff": [staff, staff]}, tmp_path / "one")
    _, store = exports.read(folder, mapping=load_mapping(path))
    found = store.execute('SELECT "column", reason, record FROM rejects').fetchall()
    assert [(column, reason) for column, reason, _ in found] == [("staff_id", "is in more than one row")] * 2
    assert {json.loads(record)["employed_on"] for *_, record in found} == {"01/02/2001"}
    folder = exports.write_csv({"cases": [case, case]}, tmp_path / "other")
    with pytest.raises(ExportError, match=r"cases\.csv row 1: case_id is in more than one row \(and 1 more\)"):
        exports.read(folder, mapping=load_mapping(path), as_at=date(2006, 11, 30))
