"""Whether the last night ran: the store, and its latest run."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from omi_rules.calendar.written import written
from omi_rules.operation.diagnosis import Diagnosis
from omi_rules.operation.places import look_at_store_file
from omi_rules.problems import OutputError, RulebookError, UsageError
from omi_rules.reports.words import count

if TYPE_CHECKING:
    from omi_rules.history.soundness import Latest

#: A run that is older was missed, or refused the export, for two nights.
_OLD_HOURS = 48


def look_at_store(name: str) -> Iterator[Diagnosis]:
    """The store, without changing it: who may read it, whether it is sound, and when it was last written to."""
    from omi_rules.history.place import find_place
    from omi_rules.history.soundness import find_latest

    place = find_place(name)
    if place.path is not None:
        found = list(look_at_store_file(place.path))
        yield from found
        if any(line.state == "broken" for line in found):
            return
    elif find_spec("psycopg") is None:
        words = "the driver for PostgreSQL is not installed"
        yield Diagnosis.broken("Store", words, "python -m pip install 'omi-rules[postgresql]'")
        return
    try:
        latest = find_latest(place)
    except UsageError as error:
        yield Diagnosis.attention("Store", str(error), "")
        return
    yield Diagnosis.fine("Store", f"{place.words} is sound and has {count(latest.count, 'run')}")
    yield judge_latest(latest)


def look_at_messages(config: Path, store: str | None) -> Iterator[Diagnosis]:
    """Whether the settings of [notify] are right, and whether messages wait that could not be sent."""
    from omi_rules.history.database import read_store
    from omi_rules.history.outbox import list_kept
    from omi_rules.history.place import find_place
    from omi_rules.notify.settings import read_settings

    ways = ", ".join(read_settings(config).ways)
    kept = 0
    if store:
        try:
            with read_store(find_place(store)) as connection:
                kept = len(list_kept(connection))
        except (UsageError, OutputError):
            return  # what is wrong with the store is told of the store
    if kept:
        words = f"{count(kept, 'message')} could not be sent, and wait"
        yield Diagnosis.attention("Messages", words, "omi-rules notify --kept says why")
    else:
        yield Diagnosis.fine("Messages", f"by {ways}; none waits")


def judge_latest(latest: "Latest") -> Diagnosis:
    """What the latest run says of the last night."""
    run, hours = latest.run, latest.hours_ago
    ago = f"{count(int(hours / 24), 'day')} ago" if hours > _OLD_HOURS else f"{count(int(hours), 'hour')} ago"
    words = f"run {run.number}, as at {written(run.as_at)}, was recorded {ago} with exit code {run.exit_code}"
    if hours < 0:
        return Diagnosis.attention(
            "Last run", f"run {run.number} was recorded in what is the future by this clock", "set the clock right"
        )
    if hours > _OLD_HOURS:
        return Diagnosis.attention(
            "Last run",
            f"{words}: no night has been recorded since",
            "look at the scheduler and at what the nights said; a night that refused its export records nothing",
        )
    if run.exit_code == RulebookError.exit_code:
        return Diagnosis.attention("Last run", f"{words}: some rules could not run", "omi-rules rules lint")
    return Diagnosis.fine("Last run", words)
