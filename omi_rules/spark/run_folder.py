"""Writes the run folder of the contract from the results in Spark, a file by one task; the driver only renames.

Executors must see the folder under the same path as the driver.
"""

import json
import shutil
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omi_rules.reports.findings import FLAT_HEADER
from omi_rules.reports.folder import new_run_folder
from omi_rules.spark.failures import saying_what_failed
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
    "rejects.csv": ("rejects", "flat", ",".join(TABLES["rejects"])),
    "staff_findings.jsonl": ("staff_findings", "line", ""),
}


def write_run(run: SparkRun, summary: Mapping[str, Any], output: Path) -> None:
    """Write the folder: it is there whole, or not at all."""
    about_staff = "staff" not in summary["missing_tables"]
    # inside, a broken connection to Java would pass for a disk that cannot be written
    with new_run_folder(output) as scratch, saying_what_failed():
        parts = scratch / "parts"
        for name in _TABLES:
            if about_staff or not name.startswith("staff_"):
                # in one partition, and so in one file; Spark puts by what its memory does not hold
                rows = run.of_file(name).repartition(1).sortWithinPartitions("key", "place")
                rows.select(f"{name}.*").write.parquet(str(parts / name))
                _settle(parts / name, scratch / f"{name}.parquet")
        names = [name for name in _TEXTS if about_staff or not name.startswith("staff_")]
        lines = reduce(
            lambda one, other: one.unionAll(other), [_lines(run, number, name) for number, name in enumerate(names)]
        )
        # sorted by the file first, as writing by file would else sort the lines again
        ordered = lines.repartitionById(len(names), "number").sortWithinPartitions("file", "key", "place")
        ordered.select("file", "text").write.partitionBy("file").text(str(parts / "texts"))
        for name in names:
            _settle(parts / "texts" / f"file={name}", scratch / name)
        shutil.rmtree(parts)
        text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
        (scratch / "run.json").write_text(text, encoding="utf-8")


def _lines(run: SparkRun, number: int, name: str) -> "DataFrame":
    """The lines of a file, each with the number and the name of the file; its header stands before all cases."""
    from pyspark.sql import functions

    rows_of, column, header = _TEXTS[name]
    file = [functions.lit(number).alias("number"), functions.lit(name).alias("file")]
    lines = run.of_file(rows_of).select(*file, "key", "place", functions.col(column).alias("text"))
    if not header:
        return lines
    first = [functions.lit(""), functions.lit(-1).cast("long"), functions.lit(header)]
    return lines.unionAll(run.results.sparkSession.range(1).select(*file, *first))


def _settle(part: Path, file: Path) -> None:
    """Put the one part of a file in its place; of a file without rows there may be none."""
    written = sorted(part.glob("part-*"))
    if written:
        written[0].rename(file)
    else:
        file.touch()
