"""A look at a store that changes nothing in it: whether it is sound, and its latest run."""

from dataclasses import dataclass
from datetime import UTC, datetime

from omi_rules.history.database import damaged, faults_in_pages, read_store
from omi_rules.history.place import Place
from omi_rules.history.runs import KeptRun, list_runs
from omi_rules.problems import OutputError


@dataclass(frozen=True)
class Latest:
    """The latest run of a store, of how many, and how long ago it was recorded; less than nothing where the clock of
    this machine was set back."""

    run: KeptRun
    count: int
    hours_ago: float


def find_latest(place: Place, now: datetime | None = None) -> Latest:
    """The latest run of a sound store.

    UsageError where there is no store, no run, or a version that the next check upgrades; OutputError where the store
    is damaged. Neither makes nor upgrades a store."""
    with read_store(place) as connection:
        if faults_in_pages(connection, thorough=False):
            raise OutputError(damaged(place))
        runs = list_runs(connection)
    elapsed = (now or datetime.now(UTC)) - datetime.fromisoformat(runs[-1].recorded_at)
    return Latest(runs[-1], len(runs), elapsed.total_seconds() / 3600)
