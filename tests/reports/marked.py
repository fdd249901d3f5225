"""An export that holds a mark wherever a cell can hold one, so that it shows where it gets to."""

from collections.abc import Mapping
from typing import Any

from omi_rules.shapes import load_tables
from tests.data.exports import CASE, Tables

MARK = "Mrs Secret"


def marked_tables() -> Tables:
    """Every text cell, every column that is not in the contract, and a bad cell of every column holds the mark."""
    tables = load_tables()
    whole = {
        column.name: f"{MARK} {column.name}"
        for column in tables["cases"].columns
        if column.type == "text" and column.name != "case_id"
    }
    cases: list[Mapping[str, Any]] = [
        {"case_id": f"{MARK} 1", **CASE, "tier": 4, "roh_level": "high", **whole, "surname": MARK}
    ]
    cases += [
        {"case_id": f"{MARK} bad {column.name}", **CASE, column.name: MARK, "surname": MARK}
        for column in tables["cases"].columns
        if column.type != "text" and column.name != "release_date"
    ]
    cases += [{"case_id": f"{MARK} twice", **CASE}] * 2
    filled: dict[str, list[Mapping[str, Any]]] = {"cases": cases}
    for name, table in tables.items():
        if table.key == "case_id" and name != "cases":
            filled[name] = [
                {"case_id": f"{MARK} {number}", column.name: MARK, "address": MARK}
                for column in table.columns[1:]
                for number in (1, 2)
            ]
    return filled
