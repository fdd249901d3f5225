"""JSON records: one object a case (or member of staff), its other tables as lists of rows inside.

Numbers keep their spelling, so that 4.0 is no integer here either. A record is read with Python's own JSON
reader, which takes JSON for what it is; the rows then go the way of every other form.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from omi_rules.data.csv_text import refuse_utf_16
from omi_rules.data.layout import DataFile
from omi_rules.data.mapping import Mapping as MappingFile
from omi_rules.data.mapping import TableMapping
from omi_rules.data.text_rows import Flaw, TextRows, is_broken, mend
from omi_rules.problems import ExportError
from omi_rules.shapes import Table, load_tables

#: One case and all its rows; longer, and the file is no JSON Lines.
_LONGEST_LINE = 256 << 20
_TWICE = "\0twice"
#: Where a row that names another record than the one around it keeps the key of the latter.
AROUND = "around"


@dataclass(frozen=True)
class Records:
    """What the records of one file hold: rows by table, the columns found in each, and the names not read."""

    rows: dict[str, TextRows]
    columns: dict[str, set[str]]
    unread: set[str]


def read_records(store: DuckDBPyConnection, file: DataFile, key: str, mapping: MappingFile) -> Records:
    """The rows of a file of records, every table in a table of text. `key` says whether of cases or of
    staff."""
    if mapping.encoding == "utf-8":
        refuse_utf_16(file.path)
    tables = [table for table in load_tables().values() if table.key == key]
    with ExitStack() as stack:
        rows = {
            table.name: TextRows(store, table.name, [*(column.name for column in table.columns), AROUND])
            for table in tables
        }
        for text in rows.values():
            stack.enter_context(text)
        reader = _Reader(tables, rows, mapping)
        read = _read_lines if file.form == "jsonl" else _read_whole
        for record, flaw in read(file, mapping):
            reader.take(record, flaw)
    found = [shelf for shelf in reader.shelves if shelf.is_found]
    columns = {shelf.table.name: shelf.columns() for shelf in found}
    return Records(rows, columns, set().union(*(shelf.unread() for shelf in found)))


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


def _read_lines(file: DataFile, mapping: MappingFile) -> Iterator[tuple[Any, Flaw | None]]:
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


def _decoded(file: DataFile, mapping: MappingFile) -> Any:
    return file.path.open(encoding=mapping.encoding, errors="surrogateescape", newline="\n")


def _parse_line(text: str) -> tuple[Any, Flaw | None]:
    flaw = ("", "the line holds bytes that are no UTF-8") if is_broken(text) else None
    try:
        return _parse(text), flaw
    except (ValueError, RecursionError):
        return None, flaw or ("", "the line is no JSON object")


def _read_whole(file: DataFile, mapping: MappingFile) -> Iterator[tuple[Any, Flaw | None]]:
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


class _Shelf:
    """Where the rows of one table go, and what names they were seen with."""

    def __init__(self, table: Table, rows: TextRows, mapping: TableMapping) -> None:
        self.table = table
        self.key = mapping.local_of(table.key)
        self.local_name = mapping.local_name or table.name
        self.is_found = table.unique
        self._rows = rows
        self._names: set[str] = set()
        names = (mapping.local_of(column.name) for column in table.columns)
        self._places = {name: place for place, name in enumerate(names) if name is not None}

    def add(self, values: dict[str, Any], flaw: Flaw | None, key: str | None = None) -> None:
        """Add one row; `key` is that of the record around it, if there is one."""
        self.is_found = True
        self._names.update(values)
        cells: list[str | None] = [None] * (len(self.table.columns) + 1)
        letters = 0
        for name, value in values.items():
            place = self._places.get(name)
            if place is None:
                place = self._places.get(name.strip())
                if name == _TWICE or (place is not None and name.strip() in values):
                    flaw = flaw or ("", "a name stands twice in the same JSON object")
                if place is None:
                    continue
            if isinstance(value, str) and value.isascii():
                cells[place] = value
                letters += len(value)
                continue
            cells[place], wrong = _write_cell(value)
            letters += len(cells[place] or "")
            if wrong:
                flaw = flaw or (self.table.columns[place].name, wrong)
        if key is not None:
            written = cells[0]
            if written is None:
                cells[0] = key
            elif written.strip() != key.strip():
                flaw = flaw or (self.table.key, "differs from that of the record around it")
                cells[-1] = key
        self._rows.add(cells, flaw, letters)

    def columns(self) -> set[str]:
        """The contract columns that were seen."""
        places = {self._places.get(name.strip()) for name in self._names}
        return {self.table.columns[place].name for place in places if place is not None} | {self.table.key}

    def unread(self) -> set[str]:
        """The names that are not read."""
        names = {name.strip() for name in self._names if name != _TWICE}
        return {f"{self.table.name}.{mend(name)}" for name in names if name and name not in self._places}


class _Reader:
    """Takes records apart into rows."""

    def __init__(self, tables: Sequence[Table], rows: Mapping[str, TextRows], mapping: MappingFile) -> None:
        shelves = [_Shelf(table, rows[table.name], mapping.of(table.name)) for table in tables]
        self.shelves = shelves
        self._parent = next(shelf for shelf in shelves if shelf.table.unique)
        self._children = {shelf.local_name: shelf for shelf in shelves if not shelf.table.unique}

    def take(self, record: Any, flaw: Flaw | None) -> None:
        """Add the rows of one record."""
        if not isinstance(record, dict):
            self._parent.add({}, flaw or ("", "the record is no JSON object"))
            return
        own: dict[str, Any] = {}
        lists: list[tuple[_Shelf, list[Any]]] = []
        for name, value in record.items():
            shelf = self._children.get(name.strip())
            if shelf is None:
                own[name] = value
            elif isinstance(value, list):
                shelf.is_found = True
                lists.append((shelf, value))
            elif value is not None:
                flaw = flaw or (shelf.table.name, "is no list of rows")
        self._parent.add(own, flaw)
        key = self._key_of(own)
        for shelf, rows in lists:
            for row in rows:
                _take_row(shelf, row, key)

    def _key_of(self, own: dict[str, Any]) -> str:
        """The key of a record, as its cell; empty if it has none."""
        value = next((value for name, value in own.items() if name.strip() == self._parent.key), None)
        return _write_cell(value)[0] or ""


def _take_row(shelf: _Shelf, row: Any, key: str) -> None:
    if not isinstance(row, dict):
        shelf.add({}, ("", "the row is no JSON object"), key)
        return
    shelf.add(row, None, key)


def _write_cell(value: Any) -> tuple[str | None, str | None]:
    """A JSON value as the text of a cell, and what is wrong with it as a cell."""
    if isinstance(value, str):
        return (mend(value), "holds half a character") if is_broken(value) else (value, None)
    if value is None or isinstance(value, bool):
        return (None if value is None else str(value).lower()), None
    return None, "holds a list or an object"
