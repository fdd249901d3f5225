"""JSON records: one object a case (or member of staff), its other tables as lists of rows inside.

Numbers keep their spelling, so that 4.0 is no integer here either. A record is read with Python's own JSON reader,
which takes JSON for what it is; the rows then go the way of every other form.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from duckdb import DuckDBPyConnection

from omi_rules.data.csv_text import refuse_utf_16
from omi_rules.data.layout import DataFile
from omi_rules.data.mapping import Mapping, TableMapping
from omi_rules.data.text_rows import Flaw, TextRows, is_broken, mend
from omi_rules.problems import ExportError
from omi_rules.shapes import Table, load_tables

#: One case and all its rows; longer, and the file is no JSON Lines.
_LONGEST_LINE = 256 << 20
_TWICE = "\0twice"


@dataclass
class Records:
    """What the records of one file hold: rows by table, the columns found in each, and the names not read."""

    rows: dict[str, TextRows]
    columns: dict[str, set[str]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


def read_records(store: DuckDBPyConnection, file: DataFile, key: str, mapping: Mapping) -> Records:
    """The rows of a file of records, every table in a table of text. `key` says whether of cases or of staff."""
    if mapping.encoding == "utf-8":
        refuse_utf_16(file.path)
    tables = [table for table in load_tables().values() if table.key == key]
    with ExitStack() as stack:
        rows = {
            table.name: TextRows(store, table.name, [column.name for column in table.columns])
            for table in tables
        }
        for text in rows.values():
            stack.enter_context(text)
        reader = _Reader(tables, Records(rows), mapping)
        for record, flaw in (
            _read_lines(file, mapping) if file.form == "jsonl" else _read_whole(file, mapping)
        ):
            reader.take(record, flaw)
        return reader.found


def _parse(text: str) -> Any:
    return json.loads(
        text, parse_int=str, parse_float=str, parse_constant=_refuse_constant, object_pairs_hook=_take_pairs
    )


def _refuse_constant(_: str) -> None:
    raise ValueError("JSON has no NaN and no Infinity")


def _take_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        found[_TWICE] = True
    return found


def _read_lines(file: DataFile, mapping: Mapping) -> Iterator[tuple[Any, Flaw | None]]:
    with file.path.open("rb") if mapping.encoding == "utf-8" else _decoded(file, mapping) as lines:
        first = True
        while line := lines.readline(_LONGEST_LINE):
            if len(line) >= _LONGEST_LINE:
                raise ExportError(f"{file.name} has a line that is too long: write one case record a line")
            text = line if isinstance(line, str) else line.decode("utf-8", "surrogateescape")
            text = text.removeprefix("\ufeff") if first else text
            first = False
            if text.strip():
                yield _parse_line(text)


def _decoded(file: DataFile, mapping: Mapping) -> Any:
    return file.path.open(encoding=mapping.encoding, errors="surrogateescape", newline="\n")


def _parse_line(text: str) -> tuple[Any, Flaw | None]:
    flaw = ("", "the line holds bytes that are no UTF-8") if is_broken(text) else None
    try:
        return _parse(text), flaw
    except (ValueError, RecursionError):
        return None, flaw or ("", "the line is no JSON object")


def _read_whole(file: DataFile, mapping: Mapping) -> Iterator[tuple[Any, Flaw | None]]:
    codec = "utf-8-sig" if mapping.encoding == "utf-8" else mapping.encoding
    text = file.path.read_text(encoding=codec, errors="surrogateescape")
    broken = is_broken(text)
    try:
        content = _parse(text)
    except (ValueError, RecursionError):
        raise ExportError(f"{file.name} is no JSON: give one case record, or a list of them") from None
    if not isinstance(content, dict | list):
        raise ExportError(f"{file.name} holds no case record: give one case record, or a list of them")
    for record in content if isinstance(content, list) else [content]:
        spoilt = broken and is_broken(json.dumps(record, ensure_ascii=False))
        yield record, ("", "the record holds bytes that are no UTF-8") if spoilt else None


class _Reader:
    """Takes records apart into rows."""

    def __init__(self, tables: Sequence[Table], found: Records, mapping: Mapping) -> None:
        self.found = found
        self._tables = {table.name: table for table in tables}
        self._parent = next(table for table in tables if table.unique)
        self._children = [table for table in tables if not table.unique]
        self._mapping = mapping
        self._places = {table.name: self._find_places(table, mapping.of(table.name)) for table in tables}
        self._lists = {mapping.of(table.name).local_name or table.name: table for table in self._children}

    @staticmethod
    def _find_places(table: Table, mapping: TableMapping) -> dict[str, int]:
        """The place of each local name among the columns of a table."""
        return {
            mapping.columns.get(column.name, column.name): place for place, column in enumerate(table.columns)
        }

    def take(self, record: Any, flaw: Flaw | None) -> None:
        """Add the rows of one record."""
        parent = self._parent.name
        self.found.columns.setdefault(parent, set())
        if not isinstance(record, dict):
            self._add(parent, {}, flaw or ("", "the record is no JSON object"))
            return
        own: dict[str, Any] = {}
        lists: list[tuple[Table, list[Any]]] = []
        for name, value in record.items():
            table = self._lists.get(name.strip())
            if table is None:
                own[name] = value
                continue
            if isinstance(value, list):
                self.found.columns.setdefault(table.name, {table.key})
                lists.append((table, value))
            elif value is not None:
                flaw = flaw or (table.name, "is no list of rows")
        self._add(parent, own, flaw)
        key = self._key_of(own)
        for table, rows in lists:
            for row in rows:
                self._take_row(table, row, key)

    def _key_of(self, own: dict[str, Any]) -> str | None:
        local = self._mapping.of(self._parent.name).columns.get(self._parent.key, self._parent.key)
        value = next((value for name, value in own.items() if name.strip() == local), None)
        return _write_cell(value)[0]

    def _take_row(self, table: Table, row: Any, key: str | None) -> None:
        if not isinstance(row, dict):
            self._add(table.name, {}, ("", "the row is no JSON object"), key)
            return
        local = self._mapping.of(table.name).columns.get(table.key, table.key)
        inner = row.pop(local, None)
        differs = inner is not None and (not isinstance(inner, str) or inner.strip() != (key or "").strip())
        self._add(
            table.name,
            row,
            (table.key, "differs from that of the record around it") if differs else None,
            key,
        )

    def _add(self, table: str, values: dict[str, Any], flaw: Flaw | None, key: str | None = None) -> None:
        places, rows = self._places[table], self.found.rows[table]
        cells: list[str | None] = [None] * len(places)
        found = self.found.columns[table]
        if values.pop(_TWICE, None):
            flaw = flaw or ("", "a name stands twice in the same JSON object")
        seen: set[int] = set()
        for name, value in values.items():
            place = places.get(name.strip())
            if place is None:
                if name.strip():
                    self.found.unread.add(f"{table}.{mend(name.strip())}")
                continue
            column = self._tables[table].columns[place].name
            cells[place], wrong = _write_cell(value)
            if place in seen:
                wrong = "stands twice in the same JSON object"
            if wrong and not flaw:
                flaw = (column, wrong)
            seen.add(place)
            found.add(column)
        if table != self._parent.name:
            cells[0] = mend(key) if key is not None else None
        rows.add(cells, flaw)


def _write_cell(value: Any) -> tuple[str | None, str | None]:
    """A JSON value as the text of a cell, and what is wrong with it as a cell."""
    if isinstance(value, str):
        return (mend(value), "holds half a character") if is_broken(value) else (value, None)
    if value is None or isinstance(value, bool):
        return (None if value is None else str(value).lower()), None
    return None, "holds a list or an object"
