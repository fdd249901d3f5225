"""One Spark session on this machine for the tests of a process; starting one takes longer than most of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omi_rules.spark.session import open_session
from tests.data.exports import write_parquet
from tests.reports.runs import write_rulebook
from tests.spark.exports import DIRTY

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Where Java is not installed the tests that need it are left out, and the run says so; the gate installs it first.
collect_ignore = (
    []
    if shutil.which("java")
    else ["test_lost_java.py", "test_lost_workers.py", "test_same_results.py", "test_session.py"]
)

#: Code that runs for seconds is not worth compiling well; nor are a few rows worth sharing out.
LIGHT = {
    "spark.driver.defaultJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "1",
}


@pytest.fixture(scope="session")
def session() -> "Iterator[SparkSession]":
    """Spark with two cores of this machine."""
    with open_session("local[2,4]", LIGHT) as opened:
        yield opened


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small rulebook."""
    return write_rulebook(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The odd rows, in Parquet."""
    return write_parquet(DIRTY, tmp_path_factory.mktemp("dirty") / "export")


def java() -> int:
    """The Java process of the driver."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    assert gateway is not None
    return int(gateway.proc.pid)
