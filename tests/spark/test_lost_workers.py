"""A worker that dies in the middle of a run loses nothing: what it had found, and what it was at, is found again."""

import subprocess
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.cli.running import PROGRAM, environment
from tests.data.exports import AS_AT
from tests.reports.runs import Kept, keep
from tests.spark.conftest import LIGHT, java
from tests.spark.exports import assert_same, keep_on_spark
from tests.spark.living import Killer, executor_at_work, worker_at_work

#: Two executors in processes of their own, with a core and a gibibyte each.
CLUSTER = "local-cluster[2,1,1024]"
JAVA = "spark.driver.defaultJavaOptions"
#: One more than there are cores: when a worker dies, one part is being judged beside its own, and one waits.
PARTS = 3


@pytest.fixture(scope="module")
def dirty_run(dirty: Path, rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What one machine makes of them."""
    return keep(dirty, tmp_path_factory.mktemp("runs") / "dirty", rules=rules, as_at=AS_AT)


def test_killed_python_worker_loses_nothing(
    session: SparkSession, dirty: Path, dirty_run: Kept, rules: Path, tmp_path: Path
) -> None:
    with Killer(lambda: worker_at_work(java())) as killer:
        kept = keep_on_spark(session, dirty, tmp_path / "run", PARTS, rules=rules, as_at=AS_AT)

    assert killer.killed
    assert_same(kept, dirty_run)


def test_killed_executor_of_a_cluster_loses_nothing_and_leaves_nothing(
    dirty: Path, dirty_run: Kept, rules: Path, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    light = {**LIGHT, "spark.executor.memory": "512m", "spark.executor.defaultJavaOptions": LIGHT[JAVA]}
    given = " ".join(f"--conf '{name}={value}'" for name, value in light.items())
    asked = ["check", dirty, "--rules", rules, "--as-at", AS_AT, "--output", tmp_path / "run"]
    with (
        subprocess.Popen(
            [*PROGRAM, *map(str, asked), "--engine", "spark", "--master", CLUSTER, "--shards", str(PARTS)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=environment({"TMPDIR": str(scratch), "PYSPARK_SUBMIT_ARGS": f"{given} pyspark-shell"}),
        ) as program,
        Killer(lambda: executor_at_work(program.pid)) as killer,
    ):
        said, faults = program.communicate()

    assert (program.returncode, faults) == (0, b"")
    assert killer.killed
    assert b"Results: " in said
    assert_same(Kept(tmp_path / "run"), dirty_run)
    assert {entry.name for entry in tmp_path.iterdir()} == {"run", "scratch"}
    assert list(scratch.iterdir()) == []
