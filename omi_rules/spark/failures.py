"""Says what failed in Spark in a sentence without values; Spark's own messages hold lines of code and more."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from omi_rules.problems import OmiError

_PART = re.compile(r"PartFault: (.+)")


def is_of_spark(error: Exception) -> bool:
    """Whether Spark, or its bridge to Java, raised this."""
    return type(error).__module__.partition(".")[0] in ("pyspark", "py4j")


@contextmanager
def saying_what_failed() -> Iterator[None]:
    """Whatever Spark raises in the block becomes an OmiError; our own faults stay what they are."""
    try:
        yield
    except Exception as error:
        if not is_of_spark(error):
            raise
        fault = _PART.search(str(error))
        what = type(error).__name__
        if fault:
            what = f"a part of the cases could not be judged ({fault[1].strip().rstrip('.')})"
        raise OmiError(
            f"Spark could not finish the run: {what}. Nothing was written. Do all machines of the cluster see the "
            "export and the output under the same paths, with this version of omi-rules installed? A part that ran out "
            "of memory needs more --shards, or executors with more memory. The logs of the executors say more."
        ) from None
