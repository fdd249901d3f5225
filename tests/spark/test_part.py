"""What one part does, without Spark: its faults are everyone's, and tell no values."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow
import pytest

from omi_rules.rulebook.load import load_rulebook
from omi_rules.spark import SparkRun, run
from omi_rules.spark.part import Job, PartFault, PartRefused, judge_part
from omi_rules.spark.travel import TravellingCell, TravellingTable
from tests.data.exports import AS_AT
from tests.reports.runs import write_rulebook

COLUMNS = ("case_id", "order_type", "sentence_date", "ethnicity")


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The small rulebook on the table of cases, whose cells travel as text."""
    rulebook = load_rulebook(write_rulebook(tmp_path_factory.mktemp("rules")))
    cells = {name: TravellingCell("texts", place, place, "text", "VARCHAR") for place, name in enumerate(COLUMNS, 1)}
    return Job(rulebook, (TravellingTable("cases", 0, "cases.parquet", cells, ()),), AS_AT)


def arriving(*rows: tuple[str, ...]) -> Iterator[pyarrow.RecordBatch]:
    """Rows as Spark hands them over."""
    many = len(rows)
    yield pyarrow.RecordBatch.from_pydict(
        {
            "shard": [0] * many,
            "table_number": [0] * many,
            "row": list(range(1, many + 1)),
            "texts": [list(row) for row in rows],
            "dates": pyarrow.array([[]] * many, pyarrow.list_(pyarrow.date32())),
            "booleans": pyarrow.array([[]] * many, pyarrow.list_(pyarrow.bool_())),
            "numbers": pyarrow.array([[]] * many, pyarrow.list_(pyarrow.float64())),
        }
    )


CASES = (("1", "community_order", "2006-01-09", "W1"), ("2", "community_order", "2006-01-10", ""))


def test_rule_that_failed_in_another_part_gives_error_here(job: Job) -> None:
    fault = "ethnicity-recorded.yaml: the rule could not be run (X)"

    batches = list(judge_part(replace(job, faults={"ethnicity-recorded": fault}), arriving(*CASES)))

    counts = json.loads(batches[0].column("line")[0].as_py())
    outcomes = [row for batch in batches for row in batch.column("outcomes").to_pylist() if row]
    assert counts["faults"] == {"ethnicity-recorded": fault}
    assert {row["outcome"] for row in outcomes if row["rule"] == "ethnicity-recorded"} == {"error"}
    assert "error" not in {row["outcome"] for row in outcomes if row["rule"] != "ethnicity-recorded"}
    assert len(outcomes) == 8


def test_fault_of_one_part_is_told_to_all_parts(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    class Results:
        def unpersist(self) -> None:
            told.append("freed")

    def judged(given: Job, *_: object) -> SparkRun:
        told.append(dict(given.faults))
        return SparkRun({}, Results(), {"ethnicity-recorded": "because"})  # type: ignore[arg-type]

    monkeypatch.setattr(run, "_run", judged)

    run.run_job(job, {}, 2)

    assert told == [{}, "freed", {"ethnicity-recorded": "because"}]


def test_row_keeps_its_number_in_the_export(job: Job) -> None:
    bad = ("3", "community_order", "2006-02-30", "W1")

    batches = list(judge_part(job, arriving(*CASES, bad)))

    rejects = [row for batch in batches for row in batch.column("rejects").to_pylist() if row]
    assert [(row["file"], row["row"], row["column"]) for row in rejects] == [("cases.parquet", 3, "sentence_date")]


def test_worker_of_another_version_judges_nothing(job: Job) -> None:
    with pytest.raises(PartFault, match=r"on a worker, and 0\.0\.0 on the driver"):
        list(judge_part(replace(job, version="0.0.0"), arriving(*CASES)))


def test_fault_of_a_part_says_where_and_no_value(job: Job) -> None:
    def broken() -> Iterator[pyarrow.RecordBatch]:
        yield from arriving(*CASES)
        raise ValueError("Smith")

    with pytest.raises(PartFault) as fault:
        list(judge_part(job, broken()))

    assert str(fault.value).startswith("ValueError at omi_rules/spark/")
    assert fault.value.__cause__ is None
    assert fault.value.__suppress_context__


def test_part_that_outgrows_its_memory_is_no_fault_of_the_program(job: Job) -> None:
    with pytest.raises(PartRefused, match=r"the memory is not enough: give `memory` more"):
        list(judge_part(replace(job, memory="1MB"), arriving(*CASES)))


def test_what_a_part_spills_lies_where_spark_clears(tmp_path: Path, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_LOCAL_DIRS", f"{tmp_path},elsewhere")

    parts = judge_part(job, arriving(*CASES))
    next(parts)

    assert [entry.name.startswith("omi-rules-") for entry in tmp_path.iterdir()] == [True]
    list(parts)
    assert list(tmp_path.iterdir()) == []
