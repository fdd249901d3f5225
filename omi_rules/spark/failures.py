"""Says what failed in Spark in a sentence without values; Spark's own messages hold lines of code and more."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from omi_rules.problems import OmiError

_PART = re.compile(r"PartFault: ([\w .:/-]+)")


@contextmanager
def saying_what_failed() -> Iterator[None]:
    """Whatever Spark raises in the block becomes an OmiError."""
    try:
        yield
    except OmiError:
        raise
    except Exception as error:  # noqa: BLE001 - Spark has many sorts of faults, and one remedy: its logs
        fault = _PART.search(str(error))
        what = f"a part of the cases could not be judged ({fault[1].strip()})" if fault else f"{type(error).__name__}"
        raise OmiError(
            f"Spark could not finish the run: {what}. Nothing was written. The logs of its executors say more; "
            "a part that ran out of memory needs more --shards, or executors with more memory."
        ) from None
