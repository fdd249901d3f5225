"""CSV files read row by row in Python: slower, and exact about every row that is not as it should be."""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from omi_rules.data.csv_text import Header
from omi_rules.data.text_rows import Flaw, TextRows, is_broken, mend
from omi_rules.problems import ExportError
from omi_rules.shapes import Table

#: A cell this long is a quotation mark that was never closed.
_LONGEST_CELL = 256 << 20
_SHOWN_LETTERS = 1000
_NOT_READ = "a column that is not read"


def read_carefully(
    store: DuckDBPyConnection, table: Table, path: Path, header: Header, encoding: str, cell_bytes: int
) -> TextRows:
    """The rows of a CSV file as a table of text, each with the flaw that the reader found, if any."""
    columns, places = tuple(header.places), tuple(header.places.values())
    width = len(header.names)
    with TextRows(store, table.name, columns) as rows:
        for row in _rows(path, encoding):
            text = "".join(row)
            sound = len(row) == width and text.isascii() and "\0" not in text and len(text) <= cell_bytes
            flaw = None if sound else _flaw(row, header, encoding, cell_bytes)
            if flaw:
                row += [""] * (width - len(row))
                row = [_shortened(mend(cell), cell_bytes) for cell in row]
            cells: list[str | None] = [row[place] for place in places]
            rows.add(cells, flaw, len(text))
    return rows


def _rows(path: Path, encoding: str) -> Iterator[list[str]]:
    """The data rows, without the header and without blank lines; bytes that are no text stay visible as
    surrogates."""
    csv.field_size_limit(max(csv.field_size_limit(), min(_LONGEST_CELL, sys.maxsize)))
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    header_seen = False
    number = 0
    try:
        with path.open(encoding=codec, errors="surrogateescape", newline="") as file:
            for row in csv.reader(file, strict=True):
                # a line of `""` is a row with one empty cell, not a blank line
                if not row or (len(row) == 1 and not row[0].strip() and (row[0] or not header_seen)):
                    continue
                if header_seen:
                    number += 1
                    yield row
                header_seen = True
    except csv.Error:
        raise ExportError(
            f"{path.name} cannot be told apart into rows after row {number}: look for a quotation mark that "
            "is not closed, or that is not doubled inside a cell"
        ) from None
    except UnicodeError:
        raise ExportError(
            f"{path.name} is no {encoding.upper()} after row {number}: name its encoding in the mapping file (--map)"
        ) from None


def _flaw(row: Sequence[str], header: Header, encoding: str, cell_bytes: int) -> Flaw | None:
    """What is wrong with a row as it stands: its cells are not those of the header, or one is no sound
    text."""
    if len(row) != len(header.names):
        return "", f"the row has {len(row)} cells and the header {len(header.names)}"
    read = {place: name for name, place in header.places.items()}
    for place, cell in enumerate(row):
        column = read.get(place, _NOT_READ)
        if "\0" in cell:
            return column, "holds a NUL"
        if is_broken(cell):
            return column, f"holds bytes that are no {encoding.upper()}"
        if len(cell) > cell_bytes // 4 and len(cell.encode()) > cell_bytes:
            return column, "is longer than a cell may be"
    return None


def _shortened(cell: str, cell_bytes: int) -> str:
    return cell if len(cell) <= cell_bytes // 4 else cell[:_SHOWN_LETTERS] + "…"
