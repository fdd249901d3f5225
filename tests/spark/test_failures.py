"""Whatever goes wrong in Spark is said in a sentence; a fault of the program stays one."""

import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from py4j.protocol import Py4JError, Py4JNetworkError
from pyspark import SparkContext

from omi_rules.problems import ExportError, OmiError, UsageError
from omi_rules.spark.failures import java_has_ended, letting_go, saying_what_failed

BROKEN = [Py4JNetworkError("Smith"), ConnectionRefusedError(111, "Smith"), ConnectionResetError(), EOFError()]


def process(code: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Python in Java's place."""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as started:
        yield started


@pytest.fixture
def java_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Java process of this program has ended."""
    for started in process(""):
        started.wait()
        monkeypatch.setattr(SparkContext, "_gateway", SimpleNamespace(proc=started))


@pytest.fixture
def java_lives(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The Java process of this program waits for its input to end."""
    for started in process("input()"):
        monkeypatch.setattr(SparkContext, "_gateway", SimpleNamespace(proc=started))
        yield
        started.kill()


@pytest.mark.usefixtures("java_gone")
@pytest.mark.parametrize("error", [*BROKEN, AttributeError("Smith")], ids=lambda error: type(error).__name__)
def test_java_that_has_gone_is_named_with_the_remedy(error: Exception) -> None:
    with pytest.raises(UsageError) as told, saying_what_failed():
        raise error

    assert "its Java process ended before the run did" in str(told.value)
    assert "SPARK_DRIVER_MEMORY" in str(told.value)
    assert "Smith" not in str(told.value)


@pytest.mark.usefixtures("java_lives")
@pytest.mark.parametrize("error", BROKEN, ids=lambda error: type(error).__name__)
def test_what_spark_raises_is_said_by_its_sort(error: Exception) -> None:
    with pytest.raises(UsageError) as told, saying_what_failed():
        raise error

    assert f"could not finish the run: {type(error).__name__}. Nothing was written" in str(told.value)
    assert "Smith" not in str(told.value)


def test_part_that_could_not_be_judged_is_a_fault_of_the_program() -> None:
    with pytest.raises(OmiError) as told, saying_what_failed():
        raise Py4JError("... PartFault: KeyError at omi_rules/x.py:1\n  lines of Spark")

    assert told.value.exit_code == 70
    assert "(KeyError at omi_rules/x.py:1). Nothing was written" in str(told.value)


def test_part_that_was_given_too_little_is_told_what_would_do() -> None:
    with pytest.raises(UsageError) as told, saying_what_failed():
        raise Py4JError("... PartRefused: the memory is not enough: give `memory` more.\n  lines of Spark")

    assert told.value.exit_code == 2
    assert str(told.value) == (
        "in a part of the cases the memory is not enough: give `memory` more; "
        "or share them out among more --shards. Nothing was written."
    )


@pytest.mark.usefixtures("java_lives")
def test_our_own_faults_stay_what_they_are() -> None:
    with pytest.raises(KeyError), saying_what_failed():
        raise KeyError
    with pytest.raises(KeyError), letting_go():
        raise KeyError


@pytest.mark.usefixtures("java_gone")
def test_what_was_said_already_stays_when_java_has_gone() -> None:
    with pytest.raises(ExportError, match="no rows"), saying_what_failed():
        raise ExportError("no rows")


@pytest.mark.parametrize("error", BROKEN, ids=lambda error: type(error).__name__)
def test_what_cannot_be_freed_hides_nothing(error: Exception) -> None:
    with letting_go():
        raise error


@pytest.mark.parametrize("gateway", [None, SimpleNamespace(proc=None)], ids=["none", "of spark-submit"])
def test_java_that_somebody_else_started_is_not_looked_after(monkeypatch: pytest.MonkeyPatch, gateway: object) -> None:
    monkeypatch.setattr(SparkContext, "_gateway", gateway)

    assert not java_has_ended()
