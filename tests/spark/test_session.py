"""What a user reads who lacks a part of Spark, asks for what it cannot do, or listens at its doors."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omi_rules.data.gates import Gates
from omi_rules.data.means import Means
from omi_rules.pipeline import Filters, Settings
from omi_rules.problems import ExportError, UsageError
from omi_rules.spark import check
from omi_rules.spark import session as sessions
from omi_rules.spark.engine import refuse_what_spark_cannot
from omi_rules.spark.parquet_export import open_export
from tests.cli.running import run
from tests.data.exports import AS_AT, TABLES, write_csv, write_parquet
from tests.spark.conftest import java
from tests.spark.living import descendants

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LISTENING, LOOPBACK = "0A", ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")


def test_library_that_is_lacking_is_named_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "find_spec", lambda name: None if name == "pyspark" else name)

    ran = run("check", write_parquet(TABLES, tmp_path / "export"), "--engine", "spark")

    assert ran.code == 2
    assert ran.err == "omi-rules: --engine spark needs pyspark: install it with `pip install omi-rules[spark]`.\n"


@pytest.mark.parametrize("home", [None, "nowhere"])
def test_java_that_is_lacking_is_named_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str | None
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if home:
        monkeypatch.setenv("JAVA_HOME", str(tmp_path / home))

    ran = run("check", write_parquet(TABLES, tmp_path / "export"), "--engine", "spark")

    assert ran.code == 2
    assert "needs Java 17 or newer: install it" in ran.err


@pytest.mark.parametrize("option", [["--master", "local[2]"], ["--shards", "3"]])
def test_options_of_spark_ask_for_its_engine(tmp_path: Path, option: list[str]) -> None:
    ran = run("check", write_parquet(TABLES, tmp_path / "export"), *option)

    assert ran.code == 2
    assert f"{option[0]} is for --engine spark" in ran.err


@pytest.mark.parametrize(
    ("settings", "option"),
    [
        (Settings(filters=Filters(teams=("Wirral",))), "--team"),
        (Settings(filters=Filters(cases=("1",))), "--case"),
        (Settings(store="omi-rules.db"), "--store"),
        (Settings(means=Means(threads=2)), "the setting threads"),
        (Settings(gates=Gates(max_age=3)), "--max-age"),
    ],
)
def test_what_needs_all_cases_in_one_place_is_refused(settings: Settings, option: str) -> None:
    with pytest.raises(UsageError, match=option):
        refuse_what_spark_cannot(settings)


def test_rules_may_be_chosen() -> None:
    refuse_what_spark_cannot(Settings(filters=Filters(rules=("contact-frequency",), recommendations=(1,))))


def test_other_forms_of_export_are_refused(session: "SparkSession", tmp_path: Path) -> None:
    from omi_rules.data.mapping import Mapping

    with pytest.raises(ExportError, match=r"cases.csv is no Parquet"):
        open_export(session, write_csv({"cases": TABLES["cases"]}, tmp_path / "csv"), Mapping())
    with pytest.raises(ExportError, match="there is no export"):
        open_export(session, tmp_path / "nowhere", Mapping())


def test_frames_that_are_no_export_are_refused(session: "SparkSession") -> None:
    nothing = session.range(1)

    with pytest.raises(UsageError, match="there is no table appointment; did you mean appointments"):
        check({"appointment": nothing}, as_at=AS_AT)
    with pytest.raises(ExportError, match="no table cases"):
        check({"appointments": nothing}, as_at=AS_AT)
    with pytest.raises(ExportError, match="cases has no column case_id"):
        check({"cases": nothing}, as_at=AS_AT)


@pytest.mark.parametrize(
    ("gibibytes", "cores", "heap"),
    [(1, 2, 1024), (4, 2, 1024), (7, 2, 1792), (8, 2, 2048), (64, 2, 2048), (64, 1, 1536), (64, 64, 16384)],
)
def test_java_has_memory_for_its_cores_and_leaves_most_to_the_tasks(gibibytes: int, cores: int, heap: int) -> None:
    assert sessions.heap_of(gibibytes * 1024**3, cores) == heap


@pytest.mark.usefixtures("session")
def test_spark_listens_on_loopback_alone() -> None:
    processes = [java(), *descendants(java())]
    sockets = {
        link.readlink().name[8:-1]
        for pid in processes
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if link.is_symlink() and link.readlink().name.startswith("socket:[")
    }
    listening = [
        cells[1].partition(":")[0]
        for file in ("tcp", "tcp6")
        for cells in map(str.split, Path(f"/proc/net/{file}").read_text().splitlines()[1:])
        if cells[3] == LISTENING and cells[9] in sockets
    ]

    assert listening
    assert [address for address in listening if address not in LOOPBACK] == []
