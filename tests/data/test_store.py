"""The working store: plain rows as a table of it, and how its statements are planned."""

from datetime import date
from pathlib import Path

import pytest

from omi_rules.data import reading
from omi_rules.data.export import read_export
from omi_rules.data.store import create_from_rows, open_store
from tests.data.exports import AS_AT, CASE, write_csv

ROWS = [(1, 'quotes " and \\ and é', date(2006, 11, 30).isoformat(), True), (2, None, None, False), (3, "", None, None)]
TYPES = {"number": "INTEGER", "words": "VARCHAR", "day": "DATE", "flag": "BOOLEAN"}


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], []], ids=len)
def test_rows_arrive_as_they_are(rows: list[tuple[object, ...]]) -> None:
    with open_store() as store:
        create_from_rows(store, "kept_rows", TYPES, rows)

        found = store.execute("SELECT number, words, day::VARCHAR, flag FROM kept_rows ORDER BY number").fetchall()

    assert found == rows


@pytest.mark.parametrize(("cases", "is_in_haste"), [(2, True), (3, False)])
def test_rows_of_few_cases_are_planned_in_haste(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cases: int, is_in_haste: bool
) -> None:
    monkeypatch.setattr(reading, "_FEW_CASES", 2)
    write_csv({"cases": [{"case_id": str(number), **CASE} for number in range(cases)]}, tmp_path)

    with open_store() as store, store.cursor() as another:
        read_export(store, tmp_path, as_at=AS_AT)
        found = another.execute("SELECT current_setting('disabled_optimizers')").fetchall()

    assert ("join_order" in found[0][0]) == is_in_haste
