"""A run on a Spark cluster: the cases in shards, each judged by one task, and what they counted added up.

Cases never come to the driver, only what was counted of them and the few findings that a summary shows. What the
tasks found stays in Spark: if an executor is lost, Spark runs its shards again, from the rows of the export.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from omi_rules.data.mapping import Mapping as ExportMapping
from omi_rules.data.mapping import load_mapping
from omi_rules.judging import choose_exit
from omi_rules.problems import ExportError, UsageError, nearest
from omi_rules.reports.findings import WORST
from omi_rules.rulebook.load import load_to_judge
from omi_rules.shapes import load_tables
from omi_rules.spark import found
from omi_rules.spark.adding import add_up
from omi_rules.spark.failures import letting_go, saying_what_failed
from omi_rules.spark.part import Job, judge_part
from omi_rules.spark.travel import describe_all, gather

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: No part has more cases than about this: judging so many takes some seconds, and up to 0.8 GB.
_MOST_CASES = 20_000
#: Fewer are not worth a part of their own: preparing the rules takes longer than judging them.
_FEWEST_CASES = 2_000

#: Rows of a batch of what Spark puts by: a hundred batches of findings, the longest rows, are some 20 MB.
_BATCH_SIZE, _BATCH_ROWS = "spark.sql.inMemoryColumnarStorage.batchSize", 200


@dataclass(frozen=True)
class SparkRun:
    """A run whose results lie in Spark. Use it in a `with`, which frees them at the end.

    `summary` is run.json as a mapping, but that an export in frames has no fingerprint. The results are frames, in no
    order; their columns are those of the files of the same names.
    """

    summary: dict[str, Any]
    results: "DataFrame"
    faults: Mapping[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with letting_go():
            self.results.unpersist()

    @property
    def outcomes(self) -> "DataFrame":
        """Every case rule of every case."""
        return self._table("outcomes")

    @property
    def cases(self) -> "DataFrame":
        """What scores ask of a case."""
        return self._table("cases")

    @property
    def measures(self) -> "DataFrame":
        """What national targets ask of a case."""
        return self._table("measures")

    @property
    def rejects(self) -> "DataFrame":
        """The rejected rows, and what is wrong with each."""
        return self._table("rejects")

    @property
    def staff_outcomes(self) -> "DataFrame":
        """Every staff rule of every member of staff."""
        return self._table("staff_outcomes")

    @property
    def findings(self) -> "DataFrame":
        """What is insufficient, and what follows from it."""
        return self._lines("findings", found.FINDING)

    @property
    def conclusions(self) -> "DataFrame":
        """What follows, by case and recommendation."""
        return self._lines("conclusions", found.CONCLUSION)

    @property
    def staff_findings(self) -> "DataFrame":
        """What is insufficient about members of staff."""
        return self._lines("staff_findings", found.STAFF_FINDING)

    def worst(self) -> list[dict[str, Any]]:
        """The findings to look at first, as plain values: alerts, then by severity, what is missing, and how long."""
        from pyspark.sql import functions

        ways = [functions.desc_nulls_last if way.startswith("DESC") else functions.asc for way in WORST.values()]
        order = [way(f"rank_{place}") for place, way in enumerate(ways)]
        ranked = self._table("worst").orderBy(*order, "case_id", "rule").limit(found.MOST_WORST)
        rows = ranked.drop(*(f"rank_{place}" for place in range(len(ways)))).collect()
        return [{name: _plain(value) for name, value in row.asDict().items()} for row in rows]

    def of_file(self, name: str) -> "DataFrame":
        """The rows of one file as the parts send them back: key, place, and a line or a typed row."""
        return self.results.where(f"file = '{name}'")

    def _table(self, name: str) -> "DataFrame":
        return self.of_file(name).select(f"{name}.*")

    def _lines(self, name: str, schema: str) -> "DataFrame":
        from pyspark.sql import functions

        return self.of_file(name).select(functions.from_json("line", schema).alias("found")).select("found.*")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def check(
    tables: "Mapping[str, DataFrame]",
    *,
    as_at: date,
    rules: Path | None = None,
    mapping: Path | None = None,
    shards: int | None = None,
    memory: str | None = None,
) -> SparkRun:
    """Judge an export whose tables are frames of one Spark session, by the contract's names.

    A table that is not among them is not in the export. A column `row` gives the numbers of a frame's rows, which
    rejects.csv names them by; without it they are numbered as Spark has them, with gaps. `rules` is a folder, the
    rulebook of the program if none; `mapping` a mapping file. `shards` is how many tasks share the cases: by default
    as many as the cluster has cores, and none with more than about 20,000 cases. `memory` bounds the working store of
    a task, such as 2GB. UsageError, ExportError and RulebookError say what to do.
    """
    for name in tables:
        if name not in load_tables():
            raise UsageError(f"there is no table {name}{nearest(name, load_tables())}")
    if "cases" not in tables:
        raise ExportError("the export has no table cases: add it")
    read_as = load_mapping(mapping) if mapping else ExportMapping()
    job = Job(load_to_judge(rules), describe_all(tables, {}, read_as), as_at, read_as, memory=memory)
    return run_job(job, tables, shards)


def run_job(job: Job, tables: "Mapping[str, DataFrame]", shards: int | None = None) -> SparkRun:
    """Judge an export in parts. A rule that could not run in one of them gives `error` in all, as on one machine."""
    with saying_what_failed():
        shards = shards or _choose_shards(tables["cases"])
        run = _run(job, tables, shards)
        if run.faults.keys() - job.faults.keys():
            with letting_go():
                run.results.unpersist()
            run = _run(replace(job, faults=run.faults), tables, shards)
        return run


def _choose_shards(cases: "DataFrame") -> int:
    count = cases.count()
    cores = cases.sparkSession.sparkContext.defaultParallelism
    return max(1, ceil(count / _MOST_CASES), min(cores, count // _FEWEST_CASES))


def _run(job: Job, tables: "Mapping[str, DataFrame]", shards: int) -> SparkRun:
    import pyarrow as pa
    from pyspark import StorageLevel

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        arriving = (batch for batch in batches if batch.num_rows)
        first = next(arriving, None)
        if first is not None:  # a shard without a case is no part
            yield from judge_part(job, chain([first], arriving))

    # each shard is a partition of its own, and so nothing has to be sorted to be a part
    rows = gather(tables, job.tables, shards).repartitionById(shards, "shard")
    # on disk: how much memory a task takes must not hang on how many cases there are
    results = rows.mapInArrow(judge, found.schema()).persist(StorageLevel.DISK_ONLY)
    with _put_by_in_small_batches(results.sparkSession):
        counted = [json.loads(row.line) for row in results.where("file = 'counts'").select("line").collect()]
    faults = {rule: because for part in counted for rule, because in part["faults"].items()}
    try:
        return SparkRun(_summarise(job, counted, faults, results), results, faults)
    except BaseException:
        with letting_go():
            results.unpersist()
        raise


@contextmanager
def _put_by_in_small_batches(session: "SparkSession") -> Iterator[None]:
    """Let Spark put frames by in batches of few rows: Java holds on to the last hundred batches that it wrote to disk
    (`spark.serializer.objectStreamReset`), which are some 400 MB for each task as Spark makes them by itself."""
    before = str(session.conf.get(_BATCH_SIZE))
    session.conf.set(_BATCH_SIZE, _BATCH_ROWS)
    try:
        yield
    finally:
        session.conf.set(_BATCH_SIZE, before)


def _summarise(
    job: Job, counted: Sequence[Mapping[str, Any]], faults: Mapping[str, str], results: "DataFrame"
) -> dict[str, Any]:
    """run.json of all parts together, as far as their tables tell."""
    if not counted or not any(_rows_of_cases(part["summary"], "rows_in") for part in counted):
        raise ExportError(f"{_file_of_cases(job)} has no rows: export the cases again")
    summary = add_up([part["summary"] for part in counted])
    if not _rows_of_cases(summary, "used") + _rows_of_cases(summary, "left_out"):
        reason = _main_reason(job, results)
        remedy = job.mapping.remedy_of(reason)
        raise ExportError(f"no case is left, as all rows of {_file_of_cases(job)} are rejected: {reason}; {remedy}")
    code, because = choose_exit(faults, job.fail_on, sum(part["failing"] for part in counted), 0)
    unread = sorted(name for table in job.tables for name in table.unread)
    return {**summary, "unread": unread, "waivers": None, "exit_code": code, "exit_because": because}


def _rows_of_cases(summary: Mapping[str, Any], what: str) -> int:
    return sum(table[what] for table in summary["tables"] if table["table"] == "cases")


def _file_of_cases(job: Job) -> str:
    return next(table.file for table in job.tables if table.name == "cases")


def _main_reason(job: Job, results: "DataFrame") -> str:
    """Why most rows of cases are rejected, with the first of them."""
    from pyspark.sql import functions

    rejects = results.where("file = 'rejects' AND rejects.table = 'cases'").select("rejects.*")
    counted = rejects.groupBy("column", "reason").agg(
        functions.min("row").alias("first"), functions.count("*").alias("rows")
    )
    row = counted.orderBy(functions.desc("rows"), "first").first()
    assert row is not None
    others = f" (and {row.rows - 1} more)" if row.rows > 1 else ""
    return f"{_file_of_cases(job)} row {row.first}: {row.column} {row.reason}{others}"
