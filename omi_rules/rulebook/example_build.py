"""Turns the example case, and the examples of rule files, into the model."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from omi_rules.rulebook.model import Example
from omi_rules.shapes import load_tables

Content = Mapping[str, Any]

_EXAMPLE_WORDS = ("name", "as_at", "case", "staff", "lost", "missing_tables", "careless", "expect")


def line_of(text: str) -> str:
    """Text of several lines as one."""
    return " ".join(text.split())


def day_of(text: str) -> date:
    """A date as written in a rule file."""
    return date.fromisoformat(text)


@cache
def _typed_columns(table: str) -> Mapping[str, str]:
    """The columns of a table whose values are more than YAML's: dates and decimal numbers."""
    return {column.name: column.type for column in load_tables()[table].columns if column.type in ("date", "number")}


def _cells(cells: Content, table: str) -> dict[str, Any]:
    typed = _typed_columns(table)
    values = dict(cells)
    for name in typed.keys() & values.keys():
        if values[name] is not None:
            values[name] = day_of(values[name]) if typed[name] == "date" else Decimal(values[name])
    return values


def _rows(tables: Content) -> dict[str, tuple[dict[str, Any], ...]]:
    return {name: tuple(cells for row in rows for cells in _rows_of(row, name)) for name, rows in tables.items()}


def _rows_of(row: Content, table: str) -> list[dict[str, Any]]:
    """The row, or the rows of a run."""
    if "row" not in row:
        return [_cells(row, table)]
    first, own_date = day_of(row["from"]), load_tables()[table].own_date
    days = (first + timedelta(number * row["every_days"]) for number in range(row["times"]))
    return [{**_cells(row["row"], table), str(own_date): day} for day in days]


def build_example(example: Content, line: int) -> Example:
    """One worked example of a rule file, which begins on this line."""
    expect = example["expect"]
    expected = {"outcome": expect} if isinstance(expect, str) else dict(expect)
    for word in ("due_on", "done_on"):
        if expected.get(word):
            expected[word] = day_of(expected[word])
    subject = "staff" if "staff" in example else "case"
    return Example(
        name=line_of(example["name"]),
        expect=expected,
        case=_cells(example.get(subject, {}), "staff" if subject == "staff" else "cases"),
        tables=_rows({name: rows for name, rows in example.items() if name not in _EXAMPLE_WORDS}),
        as_at=day_of(example["as_at"]) if "as_at" in example else None,
        lost=dict(example.get("lost", {})),
        missing_tables=tuple(example.get("missing_tables", ())),
        careless=line_of(example.get("careless", "")),
        line=line,
    )


def build_example_case(content: Content) -> dict[str, Any]:
    """The blameless case: `as_at` a date, `case` and `staff` columns, every other key a table's rows."""
    tables = _rows({name: rows for name, rows in content.items() if name not in ("as_at", "case", "staff")})
    return {
        "as_at": day_of(content["as_at"]),
        "case": _cells(content["case"], "cases"),
        "staff": _cells(content.get("staff", {}), "staff"),
        **tables,
    }
