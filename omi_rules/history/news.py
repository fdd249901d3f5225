"""What there is to tell of a run: its changes since the run that people were last told of."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from omi_rules.history.chain import unpack
from omi_rules.history.choice import Choice
from omi_rules.history.diff import Difference, find_changes, vanished_by_team
from omi_rules.history.runs import KeptRun, find_run, list_runs
from omi_rules.history.tables import notified, rulebooks, runs, subjects
from omi_rules.problems import UsageError


@dataclass(frozen=True)
class News:
    """A run beside the one that people were last told of; for the first run of a store that is a run 0 of nothing.

    `vanished` are rows and cases by team and table, `teams` all that ever held a case of the store.
    """

    difference: Difference
    vanished: Mapping[str | None, Mapping[str, tuple[int, int]]]
    area: str
    rulebook_hash: str
    teams: frozenset[str]

    @property
    def run(self) -> KeptRun:
        """The run that is told of."""
        return self.difference.after

    @property
    def since(self) -> KeptRun:
        """The run that it is set beside."""
        return self.difference.before

    @property
    def is_first(self) -> bool:
        """Whether there is no run before it: then nothing can have changed."""
        return self.since.number == 0


def read_news(connection: Connection, name: str) -> News:
    """The news of a run, by its name in the store or the folder that it was kept in."""
    kept = list_runs(connection)
    run = _find(connection, kept, name)
    since = _told_before(connection, kept, run)
    manifest, book = connection.execute(
        select(runs.c.manifest, rulebooks.c.hash)
        .join(rulebooks, rulebooks.c.id == runs.c.rulebook_id)
        .where(runs.c.number == run.number)
    ).one()
    return News(
        difference=find_changes(connection, kept, since, run, Choice()),
        vanished=vanished_by_team(connection, since.number, run.number),
        area=unpack(manifest)["area"],
        rulebook_hash=book,
        teams=frozenset(connection.execute(select(subjects.c.team).distinct()).scalars()) - {None},
    )


def _find(connection: Connection, kept: Sequence[KeptRun], name: str) -> KeptRun:
    if name.startswith("@") or (name.isascii() and name.isdigit()) or not Path(name).is_dir():
        try:
            return find_run(kept, name)
        except UsageError as error:
            if name.startswith("@") or name[:1].isdigit():
                raise
            raise UsageError(f"there is no folder {name}, and {error}") from None
    folder = Path(name)
    summary = _read_manifest(folder)
    if summary["filters"]:
        raise UsageError(f"{folder} is a run of a part only, and the store keeps whole runs: name one of those.")
    same = (
        select(func.max(runs.c.number))
        .join(rulebooks, rulebooks.c.id == runs.c.rulebook_id)
        .where(
            runs.c.fingerprint == summary["fingerprint"],
            runs.c.as_at == summary["as_at"],
            rulebooks.c.hash == summary["rulebook"],
        )
    )
    number = connection.execute(same).scalar_one()
    if number is None:
        raise UsageError(
            f"the store does not have the run in {folder}: `omi-rules check EXPORT --store FILE` records a run, and "
            "`omi-rules history list` says which there are."
        )
    return find_run(kept, str(number))


def _read_manifest(folder: Path) -> dict[str, Any]:
    """What of run.json tells the run from others."""
    try:
        summary = json.loads((folder / "run.json").read_bytes())
        return {
            "fingerprint": summary["export"]["fingerprint"],
            "as_at": date.fromisoformat(summary["as_at"]),
            "rulebook": summary["rulebook"]["hash"],
            "filters": summary["filters"],
        }
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(f"{folder} is no run: make one with `omi-rules check EXPORT --output {folder}`.") from None


def _told_before(connection: Connection, kept: Sequence[KeptRun], run: KeptRun) -> KeptRun:
    """The run that people were told of before this one, else the last one of an earlier day.

    So a night whose messages were never asked for is told of with the next, and an afternoon's run tells only what
    the morning's did not.
    """
    since = connection.execute(select(notified.c.since).where(notified.c.run == run.number)).scalar()
    if since is None:
        since = connection.execute(select(func.max(notified.c.run)).where(notified.c.run < run.number)).scalar()
    if since is None:
        since = max((one.number for one in kept if one.number < run.number and one.as_at < run.as_at), default=0)
    if since:
        return find_run(kept, str(since))
    return replace(run, number=0, cases=0, failed=(), hash="")
