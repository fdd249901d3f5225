"""What a run tells of itself while it goes on: counts and names, never the value of a cell."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from omi_rules.calendar.today import today
from omi_rules.data.export import Export, TableCount
from omi_rules.data.gates import Gates, check_dropped, check_gates
from omi_rules.data.store import Store
from omi_rules.problems import ExportError

if TYPE_CHECKING:
    from omi_rules.history.recorder import Changes, Recorder


class Tell(Protocol):
    """Is told an event of a run, and what there is to say of it, by name."""

    def __call__(self, event: str, **facts: object) -> None:
        """Take note of an event; schemas/log.schema.json has them all."""


def tell_nobody(event: str, **facts: object) -> None:
    """Let an event pass."""


def tell_rows(tell: Tell, accounting: Iterable[TableCount]) -> None:
    """What became of the rows of each table."""
    for table in accounting:
        counts = {"rows_in": table.rows_in, "used": table.used, "left_out": table.left_out}
        tell("rows", table=table.table, **counts, rejected=table.rejected)


def tell_faults(tell: Tell, faults: Mapping[str, str]) -> None:
    """The rules that could not run, and why."""
    for rule, because in sorted(faults.items()):
        tell("rule_fault", rule=rule, because=because)


def tell_kept(tell: Tell, output: Path | None, changes: "Changes | None") -> None:
    """Where a run is kept, now that it is."""
    if output is not None:
        tell("written", files=len(list(output.iterdir())))
    if changes:
        tell("recorded", number=changes.run, is_new=changes.is_new, hash=changes.hash)


def pass_gates(store: Store, export: Export, recorder: "Recorder | None", gates: Gates, tell: Tell) -> None:
    """Hold the export to its limits, and to what the store knows; ExportError if it is beyond one of them."""
    with telling_gates(gates, tell):
        check_gates(store, export, gates, today())
        if recorder:
            dropped = recorder.meet(store, export)
            check_dropped(dropped.gone, dropped.before, gates)


@contextmanager
def telling_gates(gates: Gates, tell: Tell) -> Iterator[None]:
    """Tell whether the block found the export within its limits."""
    limits = {name: limit if limit is None else str(limit) for name, limit in vars(gates).items()}
    try:
        yield
    except ExportError:
        tell("gates", passed=False, limits=limits)
        raise
    tell("gates", passed=True, limits=limits)
