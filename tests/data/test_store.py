"""Plain rows as a table of the working store."""

from datetime import date

import pytest

from omi_rules.data.store import create_from_rows, open_store

ROWS = [(1, 'quotes " and \\ and é', date(2006, 11, 30).isoformat(), True), (2, None, None, False), (3, "", None, None)]
TYPES = {"number": "INTEGER", "words": "VARCHAR", "day": "DATE", "flag": "BOOLEAN"}


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], []], ids=len)
def test_rows_arrive_as_they_are(rows: list[tuple[object, ...]]) -> None:
    with open_store() as store:
        create_from_rows(store, "kept_rows", TYPES, rows)

        found = store.execute("SELECT number, words, day::VARCHAR, flag FROM kept_rows ORDER BY number").fetchall()

    assert found == rows
