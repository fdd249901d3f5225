"""The tables of the contract as the export schemas state them: columns, types, codes, and what an empty cell means."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from omi_rules.resources import schemas_folder

Type = Literal["text", "date", "boolean", "integer", "number", "code"]
#: unknown: an empty cell leaves the answer open. not-happened: it has not happened. decides: rules ask whether it is
#: recorded. none-set: nothing special was set for this case.
Empty = Literal["unknown", "not-happened", "decides", "none-set"]


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    type: Type
    codes: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    required: bool = False
    own_date: bool = False
    plan: bool = False
    empty: Empty = "unknown"
    description: str = ""


@dataclass(frozen=True)
class Table:
    """One table of the export; `columns` starts with the key."""

    name: str
    key: str
    unique: bool
    columns: tuple[Column, ...]
    description: str

    @property
    def own_date(self) -> str | None:
        """The column that says when a row happened, if the table has one."""
        return next((column.name for column in self.columns if column.own_date), None)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def has(self, name: str) -> bool:
        """Whether the table has a column of that name."""
        return any(column.name == name for column in self.columns)


def _read_column(name: str, spec: Mapping[str, Any], required: bool) -> Column:
    kinds = spec.get("type", "string")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    codes = tuple(code for code in spec.get("enum", ()) if code is not None)
    type_: Type
    if codes:
        type_ = "code"
    elif spec.get("format") == "date":
        type_ = "date"
    elif "boolean" in kinds:
        type_ = "boolean"
    elif "integer" in kinds:
        type_ = "integer"
    elif "number" in kinds:
        type_ = "number"
    else:
        type_ = "text"
    return Column(
        name=name,
        type=type_,
        codes=codes,
        minimum=spec.get("minimum"),
        maximum=spec.get("maximum"),
        required=required,
        own_date=bool(spec.get("x-own-date")),
        plan=bool(spec.get("x-plan")),
        empty=spec.get("x-null", "unknown"),
        description=spec.get("description", ""),
    )


def _read_table(schema: Mapping[str, Any]) -> Table:
    required = set(schema["required"])
    columns = tuple(_read_column(name, spec, name in required) for name, spec in schema["properties"].items())
    return Table(schema["title"], schema["x-key"], schema["x-unique"], columns, schema["description"])


@cache
def load_tables() -> Mapping[str, Table]:
    """Every table of the contract by name: `cases` first, then the others in alphabetical order."""
    paths = sorted((schemas_folder() / "export").glob("*.schema.json"))
    tables = [_read_table(json.loads(path.read_text(encoding="utf-8"))) for path in paths]
    tables.sort(key=lambda table: (table.name != "cases", table.name))
    return {table.name: table for table in tables}
