"""How the rows of an export's tables travel to the parts: all tables in one frame, a row of it a row of a table.

Its cells lie in four lists, by type: a text, a date or a truth value arrives as it is, so that each is judged as it
would be from a file. The part lays the rows out in tables again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Literal

from omi_rules.data.conversions import SPACES
from omi_rules.data.csv_text import find_columns
from omi_rules.data.mapping import Mapping as ExportMapping
from omi_rules.data.mapping import TableMapping
from omi_rules.data.sources import HOLDS_TIMES, Cell, Source, quote_name
from omi_rules.data.store import Store
from omi_rules.shapes import Column, Table, load_tables

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column as FrameColumn
    from pyspark.sql import DataFrame
    from pyspark.sql.types import DataType

#: A frame may give the numbers of its rows in a column of this name, which no table of the contract has.
ROW = "row"

#: The lists of a travelling row, and the type of their cells: in Spark, and in the working store.
LISTS = {
    "texts": ("string", "VARCHAR"),
    "dates": ("date", "DATE"),
    "booleans": ("boolean", "BOOLEAN"),
    "numbers": ("double", "DOUBLE"),
}


@dataclass(frozen=True)
class TravellingCell:
    """Where a column's cells travel: in which list, at which place from 1; and from which column of the frame."""

    list: str
    place: int
    source: int
    form: Literal["text", "date", "boolean", "unreadable"]
    store_type: str
    note: str = ""


@dataclass(frozen=True)
class TravellingTable:
    """One table on its way: its number among those that travel, what messages call it, and its columns."""

    name: str
    number: int
    file: str
    cells: Mapping[str, TravellingCell]
    unread: tuple[str, ...]

    @property
    def arrived(self) -> str:
        """The table that its rows are laid out in, as SQL."""
        return quote_name(f"arrived_{self.name}")


def describe(frame: "DataFrame", table: Table, number: int, file: str, mapping: TableMapping) -> TravellingTable:
    """How a frame travels; ExportError if it has not the columns of its table."""
    names = [name.strip() for name in frame.columns]
    places = find_columns(table, names, file, mapping)
    taken = dict.fromkeys(LISTS, 0)
    cells = {}
    for name, source in places.items():
        column, type_ = table.column(name), frame.schema.fields[source].dataType
        list_, form, store_type = _way(column, type_)
        taken[list_] += 1
        holds_times = column.type == "date" and type_.typeName().startswith("timestamp")
        note = HOLDS_TIMES if holds_times else ""
        cells[name] = TravellingCell(list_, taken[list_], source, form, store_type, note)
    read = set(places.values())
    unread = [f"{table.name}.{name}" for place, name in enumerate(names) if name and place not in read and name != ROW]
    return TravellingTable(table.name, number, file, cells, tuple(unread))


def _way(column: Column, type_: "DataType") -> tuple[str, Literal["text", "date", "boolean", "unreadable"], str]:
    """The list that cells of this type travel in, what they are judged as, and their type in the working store."""
    kind = type_.typeName()
    if kind == "date" and column.type == "date":
        return "dates", "date", "DATE"
    if kind == "boolean" and column.type == "boolean":
        return "booleans", "boolean", "BOOLEAN"
    if kind in ("float", "double"):
        return "numbers", "text", kind.upper()
    is_odd = kind.startswith(("array", "map", "struct", "binary", "variant"))
    return "texts", "unreadable" if is_odd else "text", "VARCHAR"


def gather(frames: Mapping[str, "DataFrame"], travelling: Iterable[TravellingTable], shards: int) -> "DataFrame":
    """All rows in one frame. The rows of a case are in one shard, and so are all rows about staff, who are few."""
    return reduce(
        lambda one, other: one.unionAll(other), [_send(frames[table.name], table, shards) for table in travelling]
    )


def _send(frame: "DataFrame", table: TravellingTable, shards: int) -> "DataFrame":
    from pyspark.sql import functions

    number = functions.col(ROW).cast("long") if ROW in frame.columns else functions.monotonically_increasing_id() + 1
    # by place: two names that differ in capitals alone are one to Spark
    columns = frame.withColumn("number of the row", number).toDF(
        *(f"c{place}" for place in range(len(frame.columns))), ROW
    )
    key = load_tables()[table.name].key
    text = functions.btrim(functions.col(f"c{table.cells[key].source}").cast("string"), functions.lit(SPACES))
    shard = functions.coalesce(
        functions.pmod(functions.xxhash64(text), functions.lit(shards)).cast("int"), functions.lit(0)
    )
    lists = [_pack(table, name).alias(name) for name in LISTS]
    return columns.select(
        (shard if key == "case_id" else functions.lit(0)).alias("shard"),
        functions.lit(table.number).alias("table_number"),
        functions.col(ROW),
        *lists,
    )


def _pack(table: TravellingTable, list_: str) -> "FrameColumn":
    from pyspark.sql import functions

    type_ = LISTS[list_][0]
    cells = [functions.col(f"c{cell.source}").cast(type_) for cell in table.cells.values() if cell.list == list_]
    return functions.array(*cells).cast(f"array<{type_}>")


def lay_out(store: Store, travelling: Iterable[TravellingTable], batches: "Iterable[pa.RecordBatch]") -> None:
    """Lay the rows that have arrived out in tables, one for each that travels."""
    import pyarrow as pa
    import pyarrow.compute

    tables = {table.number: table for table in travelling}
    for table in tables.values():
        columns = "".join(f", {quote_name(name)} {cell.store_type}" for name, cell in table.cells.items())
        store.execute(f'CREATE TABLE {table.arrived} ("{ROW}" BIGINT{columns})')
    for batch in batches:
        store.register("arrived", pa.Table.from_batches([batch]))
        for number in pyarrow.compute.unique(batch.column("table_number")).to_pylist():
            table = tables[number]
            cells = "".join(f", {cell.list}[{cell.place}]" for cell in table.cells.values())
            store.execute(
                f'INSERT INTO {table.arrived} SELECT "{ROW}"{cells} FROM arrived WHERE table_number = {number}'
            )
        store.unregister("arrived")


def clear(store: Store, travelling: Iterable[TravellingTable]) -> None:
    """Drop the tables laid out, once they have been read."""
    for table in travelling:
        store.execute(f"DROP TABLE {table.arrived}")


def sources(travelling: Iterable[TravellingTable]) -> dict[str, Source]:
    """The tables laid out, as an export is read from: in order of their rows, which keep the numbers they came with."""
    return {table.name: _source(table) for table in travelling}


def _source(table: TravellingTable) -> Source:
    cells = {}
    for name, cell in table.cells.items():
        sql = quote_name(name) if cell.list != "numbers" else f"{quote_name(name)}::VARCHAR"
        cells[name] = Cell(sql, cell.form, cell.note)
    relation = f'(SELECT * FROM {table.arrived} ORDER BY "{ROW}")'
    return Source(table.name, table.file, relation, cells, unsafe_text=True, number=f'"{ROW}"')


def describe_all(
    frames: Mapping[str, "DataFrame"], files: Mapping[str, str], mapping: ExportMapping
) -> tuple[TravellingTable, ...]:
    """How all frames travel, by the contract's names of their tables, in its order."""
    return tuple(
        describe(frames[name], table, number, files.get(name, name), mapping.of(name))
        for number, (name, table) in enumerate(load_tables().items())
        if name in frames
    )
