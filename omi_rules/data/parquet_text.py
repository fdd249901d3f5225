"""Parquet files: columns whose type fits are taken as they are, all others as text, to be judged like a
cell."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from duckdb import DuckDBPyConnection

from omi_rules.data.csv_text import find_columns, literal_path
from omi_rules.data.layout import DataFile
from omi_rules.data.mapping import TableMapping
from omi_rules.data.sources import HOLDS_TIMES, Cell, Source, quote_name, quote_text
from omi_rules.problems import ExportError
from omi_rules.shapes import Column, Table

_NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
)
_TEXTS = ("VARCHAR", *_NUMBERS, "UHUGEINT", "FLOAT", "DOUBLE", "BOOLEAN", "DATE", "UUID")


def parquet_source(
    store: DuckDBPyConnection, table: Table, file: DataFile, mapping: TableMapping
) -> tuple[Source, list[str]]:
    """The rows of a Parquet file, and the names of its columns that are not read."""
    path = quote_text(literal_path(file.path))
    try:
        names = _root_names(store, path)
        described = store.execute(f"DESCRIBE SELECT * FROM read_parquet({path}, hive_partitioning=false)").fetchall()
    except (duckdb.Error, IndexError, RecursionError):
        raise _unreadable(file) from None
    if len(names) != len(described):
        raise _unreadable(file)
    places = find_columns(table, names, file.name, mapping)
    cells = {
        name: _cell(table.column(name), described[place][0], described[place][1]) for name, place in places.items()
    }
    read = set(places.values())
    unread = [f"{table.name}.{name}" for place, name in enumerate(names) if name and place not in read]
    relation = f"read_parquet({path}, hive_partitioning=false)"
    return Source(table.name, file.name, relation, cells, unsafe_text=True), unread


@contextmanager
def blaming_the_file(store: DuckDBPyConnection, file: DataFile) -> Iterator[None]:
    """A fault met while the rows of a file are read is the file's, if they cannot be read by themselves either."""
    try:
        yield
    except duckdb.Error:
        path = quote_text(literal_path(file.path))
        try:
            store.execute(f"SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet({path}, hive_partitioning=false)")
        except duckdb.Error:
            raise _unreadable(file) from None
        raise


def _unreadable(file: DataFile) -> ExportError:
    return ExportError(f"{file.name} cannot be read as Parquet: export it again")


def _root_names(store: DuckDBPyConnection, path: str) -> list[str]:
    """The trimmed names of the columns, as the file spells them (DuckDB tells no capitals apart, and
    renames)."""
    schema = store.execute(f"SELECT name, num_children FROM parquet_schema({path})").fetchall()
    names: list[str] = []
    place = 1
    while place < len(schema):
        names.append(schema[place][0].strip())
        place = _after(schema, place)
    return names


def _after(schema: list[tuple[str, int | None]], place: int) -> int:
    """The place after an element and all that lies inside it."""
    inside = schema[place][1] or 0
    place += 1
    for _ in range(inside):
        place = _after(schema, place)
    return place


def _cell(column: Column, name: str, type_: str) -> Cell:
    sql = quote_name(name)
    if type_ == "DATE" and column.type == "date":
        return Cell(sql, "date")
    if type_ == "BOOLEAN" and column.type == "boolean":
        return Cell(sql, "boolean")
    if column.type == "date" and type_.startswith("TIMESTAMP"):
        return Cell(f"{sql}::VARCHAR", note=HOLDS_TIMES)
    if type_ in _TEXTS or type_.startswith(("DECIMAL", "ENUM", "TIMESTAMP", "TIME")):
        return Cell(sql if type_ == "VARCHAR" else f"{sql}::VARCHAR")
    return Cell(f"{sql}::VARCHAR", "unreadable")
