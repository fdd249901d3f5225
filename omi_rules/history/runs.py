"""The runs of a store, and how people name them: by number, by day, or as @latest and @previous."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from omi_rules.history.chain import unpack
from omi_rules.history.tables import rulebooks, runs
from omi_rules.problems import UsageError


@dataclass(frozen=True)
class KeptRun:
    """One run: `failed` are the rules and conclusions, by part and name, that it could not judge."""

    number: int
    as_at: date
    recorded_at: str
    cases: int
    exit_code: int
    failed: tuple[tuple[str, str], ...]
    program: str
    rulebook: str
    hash: str


def list_runs(connection: Connection) -> list[KeptRun]:
    """Every run, the first one first; UsageError if there is none."""
    chosen = select(
        runs.c.number, runs.c.as_at, runs.c.recorded_at, runs.c.cases, runs.c.exit_code, runs.c.failed, runs.c.program
    ).add_columns(rulebooks.c.version, runs.c.hash)
    kept = connection.execute(chosen.join(rulebooks, rulebooks.c.id == runs.c.rulebook_id).order_by(runs.c.number))
    found = []
    for number, as_at, recorded_at, cases, exit_code, failed, program, rulebook, digest in kept:
        names = tuple((part, name) for part, name in json.loads(failed))
        found.append(KeptRun(number, as_at, recorded_at, cases, exit_code, names, program, rulebook, digest))
    if not found:
        raise UsageError("the store has no run yet: `omi-rules check EXPORT --store FILE` records one.")
    return found


def read_history(connection: Connection, before: date, days: int) -> list[dict[str, Any]]:
    """The run.json of the last run of each day before one, of so many days at most, the first day first."""
    last = (
        select(func.max(runs.c.number))
        .where(runs.c.as_at < before)
        .group_by(runs.c.as_at)
        .order_by(runs.c.as_at.desc())
        .limit(days)
    )
    chosen = select(runs.c.manifest).where(runs.c.number.in_(last)).order_by(runs.c.as_at)
    return [unpack(manifest) for manifest in connection.execute(chosen).scalars()]


def find_run(kept: Sequence[KeptRun], name: str) -> KeptRun:
    """The run of a name; @previous is the last run of an earlier day than @latest, so that a second run of one night
    does not hide what the night changed."""
    if name == "@latest":
        return kept[-1]
    if name == "@previous":
        earlier = [run for run in kept if run.as_at < kept[-1].as_at]
        if not earlier:
            raise UsageError("the store has no run of an earlier day yet: name runs by number, as in 1 and 2.")
        return earlier[-1]
    if name.isascii() and name.isdigit():
        return _numbered(kept, name.lstrip("0") or "0")
    try:
        day = date.fromisoformat(name)
    except ValueError:
        raise UsageError(
            f"a run is @latest, @previous, a number or a date written YYYY-MM-DD, and not {name}."
        ) from None
    on_day = [run for run in kept if run.as_at == day]
    if not on_day:
        before = [run for run in kept if run.as_at < day]
        nearest = f"; the last before it is run {before[-1].number}, as at {before[-1].as_at}" if before else ""
        raise UsageError(f"the store has no run as at {day}{nearest}.")
    return on_day[-1]


def _numbered(kept: Sequence[KeptRun], number: str) -> KeptRun:
    for run in kept:
        if str(run.number) == number:  # as text: Python takes no number of some thousand digits
            return run
    raise UsageError(f"the store has no run {number}: it has {kept[0].number} to {kept[-1].number}.")
