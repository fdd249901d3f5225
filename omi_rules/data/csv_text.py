"""CSV files: the header, the fast way to their rows, and when that way can be trusted."""

import csv
from collections import Counter
from collections.abc import Mapping as MappingOf
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from omi_rules.data.bytes_scan import Scan
from omi_rules.data.mapping import TableMapping
from omi_rules.data.sources import Cell, Source, quote_text
from omi_rules.data.text_rows import is_broken
from omi_rules.problems import ExportError, UsageError, nearest
from omi_rules.shapes import Table

_HEADER_BYTES = 1 << 20
_ZIP = b"PK\x03\x04"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Header:
    """The first row of a CSV file. `places` gives the place of each contract column that the file has;
    `plain` says that it is one line, the first, ending in `line_ending`."""

    names: tuple[str, ...]
    places: MappingOf[str, int]
    plain: bool
    line_ending: str


def refuse_utf_16(path: Path) -> None:
    """Refuse a file that starts as UTF-16 does."""
    with path.open("rb") as file:
        if file.read(2) in _UTF_16:
            raise ExportError(
                f"{path.name} is UTF-16: save it as UTF-8, or name its encoding in a mapping file (--map)"
            )


def _refuse_workbook(start: bytes, name: str) -> None:
    """Refuse what is no text at all but a workbook, renamed: no encoding would help."""
    if start.startswith(_ZIP):
        raise ExportError(f"{name} is a workbook or a zip, not text: open it, and save the sheet as CSV (UTF-8)")


def read_header(path: Path, table: Table, encoding: str, mapping: TableMapping) -> Header:
    """The header of a CSV file; ExportError if there is none to rely on."""
    if encoding == "utf-8":
        refuse_utf_16(path)
    with path.open("rb") as file:
        first = file.readline(_HEADER_BYTES)
    _refuse_workbook(first, path.name)
    names = _first_row(path, encoding)
    places = find_columns(table, names, path.name, mapping)
    line = first.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").rstrip("\r\n")
    ending = "\r\n" if first.endswith(b"\r\n") else "\n"
    plain = encoding == "utf-8" and len(names) > 1 and "\r" not in line and line.strip() != ""
    if plain:
        plain = [name.strip() for name in next(csv.reader([line]), [])] == names
    return Header(tuple(names), places, plain, ending)


def _first_row(path: Path, encoding: str) -> list[str]:
    """The trimmed cells of the first row that is not blank."""
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    remedy = "save it as UTF-8, or name its encoding in a mapping file (--map)"
    try:
        with path.open(encoding=codec, errors="surrogateescape", newline="") as file:
            lines = iter(lambda: file.readline(_HEADER_BYTES), "")
            for row in csv.reader(lines, strict=True):
                if len(row) > 1 or (row and row[0].strip()):
                    if any("\0" in name or is_broken(name) for name in row):
                        raise ExportError(f"{path.name} has a header that is no {encoding.upper()}: {remedy}")
                    return [name.strip() for name in row]
    except UnicodeError:
        raise ExportError(f"{path.name} is no {encoding.upper()}: {remedy}") from None
    except csv.Error:
        raise ExportError(f"{path.name} has a header that cannot be read: look for a stray quotation mark") from None
    raise ExportError(f"{path.name} is empty: give it a header row, or take it out of the export")


def find_columns(table: Table, names: list[str], file: str, mapping: TableMapping) -> dict[str, int]:
    """The place of each contract column among the names of a table; an empty name is no column."""
    twice = next((name for name, count in Counter(names).items() if name and count > 1), None)
    if twice:
        # the places, not the name: where a header is missing, these are cells
        places_of = [str(place) for place, name in enumerate(names, 1) if name == twice]
        raise ExportError(
            f"{file} has the same name twice in its header, in columns {' and '.join(places_of)}: "
            "rename or remove one of them"
        )
    places: dict[str, int] = {}
    for column in table.columns:
        local = mapping.local_of(column.name)
        if local is None:
            continue
        if local in names:
            places[column.name] = names.index(local)
        elif column.name in mapping.columns:
            raise UsageError(
                f"the mapping file reads {table.name}.{column.name} from {local}, "
                f"but {file} has no such column{nearest(local, names)}"
            )
    if table.key not in places:
        wanted = mapping.local_of(table.key) or table.key
        near = nearest(wanted, names)
        hint = f"{near} Rename it in the file, or name it in a mapping file (--map)" if near else _delimiter_hint(names)
        raise ExportError(f"{file} has no column {wanted}, so its rows belong to no {_owner(table)}{hint}")
    return places


def _owner(table: Table) -> str:
    return "case" if table.key == "case_id" else "member of staff"


def _delimiter_hint(names: list[str]) -> str:
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        return ": separate the columns with commas"
    return ": add it, or name the column that holds it in a mapping file (--map)"


def unread_columns(table: Table, header: Header) -> list[str]:
    """The names of the columns that are not read."""
    read = set(header.places.values())
    return [f"{table.name}.{name}" for place, name in enumerate(header.names) if name and place not in read]


def fast_source(table: Table, path: Path, header: Header, cell_bytes: int) -> Source:
    """The rows as DuckDB's own reader gives them: quickly, and to be trusted only if `Scan.vouches_for`
    them."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header.names)))
    # `new_line` is left to DuckDB: told of CRLF in strict mode, 2.0 finds no rows at all
    relation = (
        f"read_csv({quote_text(literal_path(path))}, auto_detect=false, header=true, "
        "delim=',', quote='\"', escape='\"', "
        f"columns={{{columns}}}, max_line_size={cell_bytes}, strict_mode=true, null_padding=false, "
        f"ignore_errors=false, nullstr='', hive_partitioning=false, compression='none')"
    )
    return Source(table.name, path.name, relation, {name: Cell(f"c{place}") for name, place in header.places.items()})


def literal_path(path: Path) -> str:
    """A path that DuckDB takes as it stands, not as a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path.absolute()))


def is_trusted(store: DuckDBPyConnection, raw: str, header: Header, scan: "Future[Scan]") -> bool:
    """Whether the rows read the fast way into `raw` are the rows of the file."""
    row = store.execute(f"SELECT count(*) FROM {raw}").fetchone()
    return row is not None and scan.result().vouches_for(row[0], len(header.names), header.line_ending)


#: What DuckDB raises for a file that it does not like; anything else is no matter of the file.
CSV_ERRORS = (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.NotImplementedException)
