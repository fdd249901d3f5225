"""Whom a population surely takes in, and whom it may, where cells are empty and rows are lost."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from omi_rules.checks.membership import membership
from omi_rules.checks.run import make_plan
from omi_rules.data.export import read_export
from omi_rules.rulebook.build import build_population
from omi_rules.rulebook.load import load_rulebook
from tests.data.exports import AS_AT, CASE, write_csv

BOOK = load_rulebook()
ROW = {"case_id": "A", "completed_on": "2006-05-01", "kind": "initial"}
INITIAL = {"any_row": {"sentence_plans": {"kind": ["initial"]}}}
DATED = {"any_row": {"sentence_plans": {"completed_on": "recorded"}}}


def member(folder: Path, population: Any, case: Any, plans: list[Any] | None) -> tuple[bool, bool]:
    """Whether the case A is surely, and may be, in the population."""
    tables = {"cases": [{"case_id": "A", **CASE, **case}, {"case_id": "B", **CASE, "tier": 2, "ppo": False}]}
    if plans is not None:
        tables["sentence_plans"] = [{"case_id": "B", "completed_on": "2006-05-01", "kind": "review"}, *plans]
    with duckdb.connect() as store:
        export = read_export(store, write_csv(tables, folder), as_at=AS_AT)
        holds = membership(make_plan(store, export, BOOK, ()), build_population(population))
        row = store.execute(f"SELECT {holds.sure}, {holds.maybe} FROM cases c WHERE case_id = 'A'").fetchone()
    assert row is not None
    return row[0], row[1]


@pytest.mark.parametrize(
    ("population", "case", "expected"),
    [
        ({"ppo": True}, {"ppo": True}, (True, True)),
        ({"ppo": True}, {"ppo": False}, (False, False)),
        ({"ppo": True}, {"ppo": None}, (False, True)),
        ({"ppo": True, "tier": {"at_least": 3}}, {"ppo": None, "tier": 2}, (False, False)),
        ({"ppo": True, "tier": {"at_least": 3}}, {"ppo": None, "tier": 3}, (False, True)),
        ({"order_type": ["licence"]}, {}, (False, False)),
    ],
)
def test_tests_of_the_case(tmp_path: Path, population: Any, case: Any, expected: tuple[bool, bool]) -> None:
    assert member(tmp_path, population, case, []) == expected


@pytest.mark.parametrize(
    ("population", "plans", "expected"),
    [
        (INITIAL, [ROW], (True, True)),
        (INITIAL, [], (False, False)),
        (INITIAL, [{**ROW, "kind": "review"}], (False, False)),
        (INITIAL, [{**ROW, "kind": None}], (False, True)),
        (INITIAL, [{**ROW, "kind": None}, ROW], (True, True)),
        (INITIAL, [{**ROW, "completed_on": "2006-12-01"}], (False, False)),
        (INITIAL, [{**ROW, "completed_on": "2006-13-01"}], (False, True)),
        (INITIAL, None, (False, True)),
        (DATED, [{**ROW, "completed_on": None}], (False, False)),
    ],
    ids=["row", "none", "another", "no code", "no code and a row", "to come", "lost", "no table", "undated"],
)
def test_rows_of_the_case(tmp_path: Path, population: Any, plans: Any, expected: tuple[bool, bool]) -> None:
    assert member(tmp_path, population, {}, plans) == expected
