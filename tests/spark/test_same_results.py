"""Spark gives what one machine gives: the same outcomes, findings, conclusions, rejects and counts."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow
import pytest
from pyarrow import parquet

from omi_rules.data.means import Means
from omi_rules.demo.area import write_area
from omi_rules.problems import ExportError
from omi_rules.spark import check
from tests.data.exports import AS_AT, with_times, write_parquet
from tests.reports.runs import Kept, keep, run_only
from tests.sizes import THOROUGH
from tests.spark.exports import DIRTY, assert_same, keep_on_spark, run_on_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: A setting of Spark that a run changes for itself alone.
BATCH = "spark.sql.inMemoryColumnarStorage.batchSize"
#: All in one part, and more parts than hold a case; tests/spark/test_lost_workers.py has some in between.
SHARDS = (1, 3, 8) if THOROUGH else (1, 8)


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The odd rows, in Parquet."""
    folder = write_parquet(DIRTY, tmp_path_factory.mktemp("dirty") / "export")
    (folder / "export.yaml").write_text(f"as_at: {AS_AT}\narea: Here\nsource: a test\n", encoding="utf-8")
    (folder / "notes.txt").touch()
    return folder


@pytest.fixture(scope="module")
def dirty_run(dirty: Path, rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What one machine makes of them."""
    return keep(dirty, tmp_path_factory.mktemp("runs") / "dirty", rules=rules)


@pytest.mark.parametrize("shards", SHARDS)
def test_number_of_shards_changes_nothing(
    session: "SparkSession", dirty: Path, dirty_run: Kept, rules: Path, tmp_path: Path, shards: int
) -> None:
    assert dirty_run.table("rejects")
    assert dirty_run.summary["identical"]
    assert dirty_run.summary["cases_left_out"]

    assert_same(keep_on_spark(session, dirty, tmp_path / "run", shards, rules=rules), dirty_run)


def test_whole_rulebook_and_members_of_staff_give_the_same(session: "SparkSession", tmp_path: Path) -> None:
    write_area(tmp_path / "csv", 60, threads=1)
    export = tmp_path / "export"
    export.mkdir()
    for file in sorted((tmp_path / "csv").glob("*.csv")):
        duckdb.sql(f"COPY (FROM read_csv('{file}', all_varchar = true)) TO '{export}/{file.stem}.parquet'")
    one = keep(export, tmp_path / "one", as_at=date(2006, 11, 30), fail_on="critical")
    assert one.summary["staff"]
    assert one.summary["exit_code"] == 1

    kept = keep_on_spark(session, export, tmp_path / "run", 2, as_at=date(2006, 11, 30), fail_on="critical")

    assert_same(kept, one)
    assert kept.folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in kept.folder.iterdir()} == {0o600}
    assert {entry.name for entry in tmp_path.iterdir()} == {"csv", "export", "one", "run"}


def test_rows_keep_their_numbers_in_a_table_of_many_files(
    session: "SparkSession", dirty: Path, dirty_run: Kept, rules: Path, tmp_path: Path
) -> None:
    export = tmp_path / "export"
    export.mkdir()
    for file in dirty.glob("*.parquet"):
        rows = parquet.read_table(file)
        (export / file.name).mkdir()
        (export / file.name / "_SUCCESS").touch()
        for place, first in enumerate(range(0, rows.num_rows, 5)):
            parquet.write_table(rows.slice(first, 5), export / file.name / f"part-{place:05}.parquet")

    kept = keep_on_spark(session, export, tmp_path / "run", 3, rules=rules, as_at=AS_AT)

    assert kept.bytes()["rejects.csv"] == dirty_run.bytes()["rejects.csv"]
    assert kept.summary["tables"] == dirty_run.summary["tables"]


def test_mapping_file_is_heeded(session: "SparkSession", rules: Path, tmp_path: Path) -> None:
    tables = {
        "people": {
            "ref": ["1", "2"],
            "order_type": ["CO", "community_order"],
            "sentence_date": ["09/01/2006", "31/02/2006"],
            "ethnicity": ["W1", None],
        }
    }
    export = tmp_path / "export"
    export.mkdir()
    for name, columns in tables.items():
        parquet.write_table(pyarrow.table(columns), export / f"{name}.parquet")
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        "date_format: '%d/%m/%Y'\ntables:\n  cases:\n    name: people\n    columns: {case_id: ref}\n"
        "    codes: {order_type: {CO: community_order}}\n    empty_means_no: [ppo]\n  home_visits:\n    name: visits\n",
        encoding="utf-8",
    )
    given = {"rules": rules, "as_at": AS_AT, "means": Means(mapping=mapping)}
    one = keep(export, tmp_path / "one", **given)
    assert one.summary["cases"] == 1
    assert sum("reads home_visits from visits" in warning for warning in one.summary["warnings"]) == 1
    assert sum("empty cell of cases.ppo means no" in warning for warning in one.summary["warnings"]) == 1

    assert_same(keep_on_spark(session, export, tmp_path / "run", 2, **given), one)


def test_frames_give_frames(session: "SparkSession", dirty: Path, dirty_run: Kept, rules: Path) -> None:
    tables = {file.stem: session.read.parquet(str(file)) for file in dirty.glob("*.parquet")}
    settings = session.conf.getAll

    with check(tables, as_at=AS_AT, rules=rules, shards=2) as run:
        outcomes = sorted((row.case_id, row.rule, row.outcome, row.due_on) for row in run.outcomes.collect())
        findings = run.findings.count()
        reasons = sorted(row.reason for row in run.rejects.collect())
        level = run.results.storageLevel

    assert (level.useDisk, level.useMemory) == (True, False)
    assert session.conf.getAll == {**settings, BATCH: session.conf.get(BATCH)}
    assert session.conf.get(BATCH) == "10000"
    assert outcomes == [(row["case_id"], row["rule"], row["outcome"], row["due_on"]) for row in dirty_run.outcomes()]
    assert findings == run.summary["findings"] == len(dirty_run.lines("findings"))
    assert reasons == sorted(row["reason"] for row in dirty_run.table("rejects"))


@pytest.mark.parametrize(
    ("rows", "times"),
    [(DIRTY["cases"][7:8], False), (DIRTY["cases"][:1], True), ([], False)],
    ids=["all rejected", "times", "none"],
)
def test_export_without_a_case_left_is_refused_in_the_same_words(
    session: "SparkSession", rules: Path, tmp_path: Path, rows: list[dict[str, str]], times: bool
) -> None:
    export = write_parquet({"cases": rows or DIRTY["cases"]}, tmp_path / "export")
    if not rows:
        parquet.write_table(parquet.read_table(export / "cases.parquet").slice(0, 0), export / "cases.parquet")
    if times:
        with_times(export / "cases.parquet", "sentence_date", pyarrow.timestamp("us"))
    with pytest.raises(ExportError) as one:
        run_only(export, rules=rules, as_at=AS_AT)

    with pytest.raises(ExportError) as other:
        run_on_spark(session, export, rules=rules, as_at=AS_AT)

    assert str(other.value) == str(one.value)
