"""Writes the run folder of the contract from the results in Spark, a file by one task; the driver only renames."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omi_rules.reports.findings import FLAT_HEADER
from omi_rules.reports.folder import new_run_folder
from omi_rules.spark.found import TABLES
from omi_rules.spark.run import SparkRun

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_TABLES = ("outcomes", "cases", "measures", "staff_outcomes")
#: The files of text: the rows that they are made of, the column that has their lines, and the first line.
_TEXTS = {
    "findings.jsonl": ("findings", "line", ""),
    "findings.csv": ("findings", "flat", FLAT_HEADER),
    "conclusions.jsonl": ("conclusions", "line", ""),
    "rejects.csv": ("rejects.csv", "flat", ",".join(TABLES["rejects"])),
    "staff_findings.jsonl": ("staff_findings", "line", ""),
}


def write_run(run: SparkRun, summary: Mapping[str, Any], output: Path) -> None:
    """Write the folder: it is there whole, or not at all. Executors must see it under the same path."""
    with new_run_folder(output) as scratch:
        about_staff = "staff" not in summary["missing_tables"]
        for name in _TABLES:
            if about_staff or not name.startswith("staff_"):
                rows = _in_order(run.of_file(name)).select(f"{name}.*")
                rows.write.parquet(str(scratch / f"{name}.parts"))
                _settle(scratch / f"{name}.parts", scratch / f"{name}.parquet")
        for name, (rows_of, column, header) in _TEXTS.items():
            if about_staff or not name.startswith("staff_"):
                rows = _in_order(_headed(run.of_file(rows_of), column, header)).select(column)
                rows.write.text(str(scratch / f"{name}.parts"))
                _settle(scratch / f"{name}.parts", scratch / name)
        text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
        (scratch / "run.json").write_text(text, encoding="utf-8")


def _in_order(rows: "DataFrame") -> "DataFrame":
    """The rows of a file in their order, in one partition; Spark puts by what its memory does not hold."""
    return rows.repartition(1).sortWithinPartitions("key", "place")


def _headed(rows: "DataFrame", column: str, header: str) -> "DataFrame":
    """The rows under a first line, which stands before all cases."""
    from pyspark.sql import functions

    if not header:
        return rows
    first = rows.sparkSession.range(1).select(
        functions.lit("").alias("key"),
        functions.lit(-1).cast("long").alias("place"),
        functions.lit(header).alias(column),
    )
    return rows.select("key", "place", column).unionAll(first)


def _settle(parts: Path, file: Path) -> None:
    """Put the one part of a file in its place; a file without rows may have none."""
    written = [part for part in parts.iterdir() if part.name.startswith("part-")]
    if written:
        written[0].rename(file)
    else:
        file.touch()
    shutil.rmtree(parts)
