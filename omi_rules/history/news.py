"""What there is to tell of a run: its changes since the run that was last told of, way by way."""

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
from omi_rules.history.tables import rulebooks, runs, subjects, told
from omi_rules.problems import UsageError


@dataclass(frozen=True)
class News:
    """A run beside the one that some ways last told of; where they never told of any that is a run 0 of nothing.

    `vanished` are rows and cases by team and table, `teams` all that ever held a case of the store.
    """

    ways: tuple[str, ...]

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
        """Whether these ways never told of a run: then all that stands is news, and nothing can have changed."""
        return self.since.number == 0


def read_news(connection: Connection, name: str, ways: Sequence[str]) -> list[News]:
    """The news of a run, by its name in the store or the folder that it was kept in; one for the ways that set it
    beside the same run."""
    kept = list_runs(connection)
    run = _find(connection, kept, name)
    beside: dict[int, list[str]] = {}
    for way in ways:
        beside.setdefault(_told_before(connection, kept, run, way), []).append(way)
    return [_compare(connection, kept, run, since, sharing) for since, sharing in beside.items()]


def _compare(connection: Connection, kept: Sequence[KeptRun], run: KeptRun, number: int, ways: Sequence[str]) -> News:
    nothing = replace(run, number=0, cases=0, failed=(), hash="")
    since = find_run(kept, str(number)) if number else nothing
    manifest, book = connection.execute(
        select(runs.c.manifest, rulebooks.c.hash)
        .join(rulebooks, rulebooks.c.id == runs.c.rulebook_id)
        .where(runs.c.number == run.number)
    ).one()
    return News(
        ways=tuple(ways),
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


def _told_before(connection: Connection, kept: Sequence[KeptRun], run: KeptRun, way: str) -> int:
    """The number of the run that a way told of before this one; 0 where it never told of any.

    So a night that was not told of is told of with the next, and an afternoon's run tells only what the morning's
    did not. A run before all that were told of is set beside the last one of an earlier day.
    """
    told_by_way = connection.execute(select(told.c.run, told.c.since).where(told.c.way == way))
    since: dict[int, int] = {row.run: row.since for row in told_by_way}
    if run.number in since:
        return since[run.number]
    if since and min(since) > run.number:
        return max((one.number for one in kept if one.number < run.number and one.as_at < run.as_at), default=0)
    return max((number for number in since if number < run.number), default=0)
