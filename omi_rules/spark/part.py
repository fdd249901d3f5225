"""What a Python worker of Spark does: judge one part of the cases, whole, as one machine judges all of them."""

import os
import traceback
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from omi_rules import __version__
from omi_rules.checks.staff import staff_store
from omi_rules.conclusions.facts import components
from omi_rules.conclusions.reason import Reasoner
from omi_rules.data.export import Limits, read_rows
from omi_rules.data.mapping import Mapping as ExportMapping
from omi_rules.data.store import open_store
from omi_rules.judging import count_failing, judge_all
from omi_rules.problems import OmiError, UsageError
from omi_rules.reports.choices import Filters
from omi_rules.reports.findings import mark_waived
from omi_rules.rulebook.model import Rulebook
from omi_rules.spark.found import counted, file_rows, rejected_rows, worst_rows
from omi_rules.spark.travel import TravellingTable, clear, lay_out, sources

if TYPE_CHECKING:
    import pyarrow as pa

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Job:
    """What every part is told; the driver's version must be the worker's. `memory` is a part's, such as 2GB.
    `faults` are the rules that could not run in some part."""

    rulebook: Rulebook
    tables: tuple[TravellingTable, ...]
    as_at: date
    mapping: ExportMapping = field(default_factory=ExportMapping)
    filters: Filters = field(default_factory=Filters)
    fail_on: str = "never"
    informational: bool = False
    memory: str | None = None
    with_files: bool = True
    version: str = __version__
    faults: Mapping[str, str] = field(default_factory=dict)


class PartFault(Exception):
    """A part could not be judged. The message has no value of a cell: Spark writes it into its logs."""


class PartRefused(Exception):
    """A part could not be judged with the settings given. The message has no value of a cell, as with `PartFault`."""


def judge_part(job: Job, batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    """The rows of the files of a run about the cases that arrive, and what was counted of them."""
    try:
        yield from _judge(job, batches)
    except UsageError as error:
        raise PartRefused(str(error)) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, its message may hold values
        raise PartFault(_describe(error)) from None


def _judge(job: Job, batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    if job.version != __version__:
        raise PartFault(f"omi-rules is {__version__} on a worker, and {job.version} on the driver")
    groups = components(job.rulebook)
    with (
        open_store(job.memory, threads=1, scratch=_scratch()) as store,
        staff_store(store) as staff,
        ThreadPoolExecutor(1) as beside,
        Reasoner(groups) as reasoner,
    ):
        lay_out(store, job.tables, batches)
        read = read_rows(store, sources(job.tables), as_at=job.as_at, mapping=job.mapping, limits=Limits())
        clear(store, job.tables)
        verdict = judge_all(
            store,
            staff,
            read,
            job.rulebook,
            groups,
            reasoner,
            beside,
            filters=job.filters,
            informational=job.informational,
            faults=job.faults,
        )
        mark_waived(store, ())
        mark_waived(staff, ())
        yield counted(
            {
                "summary": verdict.summary,
                "faults": verdict.faults,
                "failing": count_failing([store, staff], job.fail_on)[0],
                "newest": read.newest.isoformat() if read.newest else None,
            }
        )
        yield from worst_rows(store)
        yield from rejected_rows(store)
        if job.with_files:
            yield from file_rows(store, staff, verdict.cases)


def _scratch() -> str | None:
    """The folder that Spark clears when the run ends, even if this worker is killed."""
    return os.environ.get("SPARK_LOCAL_DIRS", "").partition(",")[0] or None


def _describe(error: Exception) -> str:
    """The sort of a fault and where in the program it arose; or the message, where it is one that holds no value."""
    if isinstance(error, PartFault | OmiError):
        return str(error)
    own = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_PACKAGE)
    ]
    where = f" at omi_rules/{Path(own[-1].filename).relative_to(_PACKAGE).as_posix()}:{own[-1].lineno}" if own else ""
    return f"{type(error).__name__}{where}"
