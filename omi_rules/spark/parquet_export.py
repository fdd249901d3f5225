"""A folder of Parquet as frames: each table a file, or a folder of files as Spark writes one.

Every machine of the cluster must see the folder under one path. Only the footers of the files are read on the driver.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from omi_rules.data import fingerprint
from omi_rules.data.bytes_scan import digest_file
from omi_rules.data.layout import DataFile, find_layout, list_files
from omi_rules.data.mapping import Mapping as ExportMapping
from omi_rules.data.settings import Settings, read_settings
from omi_rules.problems import ExportError
from omi_rules.spark.travel import ROW

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame, SparkSession


@dataclass(frozen=True)
class ParquetExport:
    """The tables of an export, by the contract's names; `files` is what messages call them."""

    frames: "Mapping[str, DataFrame]"
    files: Mapping[str, str]
    settings: Settings
    fingerprint: str
    unread: tuple[str, ...]


def open_export(session: "SparkSession", path: Path, mapping: ExportMapping) -> ParquetExport:
    """The export at `path`; ExportError if it is none, or holds tables in another form."""
    if not path.exists():
        raise ExportError(f"there is no export at {path}: give a folder of Parquet")
    if not path.is_dir():
        raise _other_form(path.name)
    layout = find_layout(path, mapping, path.name, in_parts=True)
    for file in layout.tables.values():
        if file.form != "parquet":
            raise _other_form(file.name)
    if layout.records:
        raise _other_form(layout.records.name)
    parts = {name: _parts(file) for name, file in layout.tables.items()}
    frames = {name: _frame(session, file, parts[name]) for name, file in layout.tables.items()}
    every_part = [part for each in parts.values() for part in each]
    digests = dict(zip(every_part, _digest(session, every_part), strict=True))
    for name, file in layout.tables.items():
        if file.path.is_dir():
            digests[file.path] = fingerprint.combine(parts[name], digests)
    return ParquetExport(
        frames,
        {name: file.name for name, file in layout.tables.items()},
        read_settings(layout.settings),
        fingerprint.combine(layout.files, digests),
        layout.unread,
    )


def _other_form(name: str) -> ExportError:
    return ExportError(
        f"{name} is no Parquet, and --engine spark reads a folder of Parquet alone: leave out --engine, or export "
        "the tables as Parquet"
    )


def _parts(file: DataFile) -> list[Path]:
    """The files of a table, in order of their names; those that Spark hides are none of them."""
    if file.path.is_file():
        return [file.path]
    parts = [part for part in list_files(file.path, file.name) if not part.name.startswith(("_", "."))]
    for part in parts:
        if not part.is_file() or part.suffix.lower() != ".parquet":
            raise ExportError(f"{file.name} holds {part.name}, which is no file of Parquet: take it away")
    if not parts:
        raise ExportError(f"{file.name} is an empty folder: export the table again, or remove it")
    return parts


def _frame(session: "SparkSession", file: DataFile, parts: Sequence[Path]) -> "DataFrame":
    """The table, with the numbers of its rows: they count on from file to file."""
    from pyarrow import ArrowException, parquet
    from pyspark.sql import functions

    footers: list[tuple[int, pa.Schema]] = []
    for part in parts:
        try:
            with parquet.ParquetFile(part) as opened:
                footers.append((opened.metadata.num_rows, opened.schema_arrow))
        except (ArrowException, OSError):
            raise ExportError(f"{file.name} cannot be read as Parquet: export it again") from None
        if not footers[-1][1].equals(footers[0][1]):
            raise ExportError(
                f"{file.name}: the columns of {part.name} are not those of the other files: export it again"
            )
    # the files are named one by one: Spark would take names such as year=2006 for columns
    frame = session.read.option("recursiveFileLookup", "true").parquet(str(file.path))
    first = _first_rows(parts, [rows for rows, _ in footers])
    return frame.select("*", (functions.col("_metadata.row_index") + first).alias(ROW))


def _first_rows(parts: Sequence[Path], counts: Sequence[int]) -> "Column":
    """The number of the first row of the file that a row is in."""
    from pyspark.sql import functions

    if len(parts) == 1:
        return functions.lit(1)
    before = [1 + sum(counts[:place]) for place in range(len(parts))]
    names = functions.array(*(functions.lit(part.name) for part in parts))
    firsts = functions.array(*(functions.lit(first) for first in before))
    return functions.element_at(functions.map_from_arrays(names, firsts), functions.col("_metadata.file_name"))


def _digest(session: "SparkSession", parts: Sequence[Path]) -> list[str]:
    """The digests of files, each made where there is a worker at hand."""
    paths = session.sparkContext.parallelize([str(part) for part in parts], len(parts))
    digests: list[str] = paths.map(lambda path: digest_file(Path(path))).collect()
    return digests
