"""Says what failed in Spark in a sentence without values; Spark's own messages hold lines of code and more."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from omi_rules.problems import OmiError, UsageError

_PART = re.compile(r"Part(Fault|Refused): (.+)")
#: Seconds that Java may take to end once it has given a run up, as it does when its memory is not enough.
_ENDING = 2


def is_of_spark(error: Exception) -> bool:
    """Whether Spark, or its bridge to Java, raised this; the bridge lets through how a connection broke off."""
    return type(error).__module__.partition(".")[0] in ("pyspark", "py4j") or isinstance(
        error, ConnectionError | EOFError
    )


def java_has_ended(patience: float = 0) -> bool:
    """Whether the Java process that this program started has ended, or does so within `patience` seconds."""
    from pyspark import SparkContext

    process = getattr(SparkContext._gateway, "proc", None)
    if process is None:  # none was started, or spark-submit did that
        return False
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    return process.returncode is not None


@contextmanager
def saying_what_failed() -> Iterator[None]:
    """Whatever Spark raises in the block becomes an OmiError; our own faults stay what they are.

    A part that met a fault is a fault of the program; all else is UsageError, as its remedy is a setting.
    """
    try:
        yield
    except OmiError:
        raise
    except Exception as error:
        # a bridge whose other end has gone raises all sorts of things
        if not is_of_spark(error) and not java_has_ended():
            raise
        raise _say(error) from None


def _say(error: Exception) -> OmiError:
    part = _PART.search(str(error))
    if part:
        sort, message = part[1], part[2].strip().rstrip(".")
        if sort == "Refused":
            return UsageError(
                f"in a part of the cases {message}; or share them out among more --shards. Nothing was written."
            )
        return OmiError(_sentence(f"a part of the cases could not be judged ({message})"))
    if java_has_ended(_ENDING):
        return UsageError(
            "Spark could not finish the run: its Java process ended before the run did, for want of memory or because "
            "it was killed. Nothing was written. Give it more memory, for example with SPARK_DRIVER_MEMORY=8g in the "
            "environment, and see that the machine has as much to spare."
        )
    return UsageError(_sentence(type(error).__name__))


def _sentence(what: str) -> str:
    return (
        f"Spark could not finish the run: {what}. Nothing was written. Do all machines of the cluster see the "
        "export and the output under the same paths, with this version of omi-rules installed? A part that ran out "
        "of memory needs more --shards, or executors with more memory. The logs of the executors say more."
    )


@contextmanager
def letting_go() -> Iterator[None]:
    """For what only frees something in Spark: without Java nothing is left to free, and what failed first counts."""
    try:
        yield
    except Exception as error:
        if not is_of_spark(error) and not java_has_ended():
            raise
