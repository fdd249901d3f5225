"""Who stands on which register as at a day, and what changed since a run.

A case stands on `risk` while its Risk of Harm level is high or very high, on `ppo` while it is marked as a prolific or
other priority offender, and on `mappa` while a MAPPA level is recorded. Cases that have ended stand on none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from omi_rules.data.choosing import show_cases
from omi_rules.data.means import Means
from omi_rules.data.store import Store
from omi_rules.problems import UsageError
from omi_rules.registers.disagreements import Disagreement, find_disagreements

REGISTERS = ("risk", "ppo", "mappa")
#: Whether a case stands on a register; null where that is not recorded.
_STANDS = {
    "risk": "roh_level::VARCHAR IN ('high', 'very_high')",
    "ppo": "ppo",
    # no level is no register: most cases have none
    "mappa": "mappa_level IS NOT NULL",
}


@dataclass(frozen=True)
class Wanted:
    """How the export is read, which cases are wanted, and the run to compare with; an empty list asks for all."""

    as_at: date | None = None
    previous: Path | None = None
    teams: Sequence[str] = ()
    divisions: Sequence[str] = ()
    officers: Sequence[str] = ()
    cases: Sequence[str] = ()
    means: Means = field(default_factory=Means)


@dataclass(frozen=True)
class Entry:
    """A case on at least one register."""

    case_id: str
    registers: tuple[str, ...]
    roh_level: str | None
    mappa_level: int | None
    tier: int | None
    start_date: date
    division: str | None
    team: str | None
    officer: str | None


@dataclass(frozen=True)
class Move:
    """A case that joined or left a register, and why: half a sentence."""

    case_id: str
    register: str
    joined: bool
    why: str
    team: str | None
    officer: str | None


@dataclass(frozen=True)
class Registers:
    """The registers, what moved since `since` (None without a run to compare with), and what disagrees.

    `open` counts cases by register for which it is not recorded whether they stand on it.
    """

    as_at: date
    area: str
    entries: tuple[Entry, ...]
    open: dict[str, int]
    since: date | None
    moves: tuple[Move, ...]
    disagreements: tuple[Disagreement, ...]
    not_compared: tuple[str, ...]
    warnings: tuple[str, ...]


def find_registers(export: Path, wanted: Wanted, progress: Callable[[str], None]) -> Registers:
    """The registers of an export; UsageError where the run to compare with is none."""
    since = read_day(wanted.previous) if wanted.previous else None
    with wanted.means.open_store() as store:
        progress("reading the export")
        read = wanted.means.read_export(store, export, wanted.as_at)
        show_cases(store, teams=wanted.teams, divisions=wanted.divisions, officers=wanted.officers, cases=wanted.cases)
        progress("comparing")
        _create_standing(store, read.as_at)
        disagreements, not_compared = find_disagreements(store, read.missing)
        return Registers(
            as_at=read.as_at,
            area=read.area or "",
            entries=_entries(store),
            open=_count_open(store),
            since=since,
            moves=_moves(store, wanted, wanted.previous, read.as_at) if wanted.previous else (),
            disagreements=disagreements,
            not_compared=not_compared,
            warnings=tuple(read.warnings),
        )


def read_day(folder: Path) -> date:
    """The day as at which a run that was kept judged the records; UsageError if the folder is no such run."""
    from omi_rules.scoring.run_folder import read_run

    return read_run(folder).as_at


def _create_standing(store: Store, as_at: date) -> None:
    """Create `standing`: every case that goes on, with a column a register."""
    stands = ", ".join(f"{test} AS on_{name}" for name, test in _STANDS.items())
    store.execute(
        f"""CREATE OR REPLACE TABLE standing AS SELECT *, {stands} FROM cases
        SEMI JOIN shown_cases USING (case_no) WHERE end_date IS NULL OR end_date > $as_at""",
        {"as_at": as_at},
    )


def _entries(store: Store) -> tuple[Entry, ...]:
    rows = store.execute("""SELECT case_id, on_risk, on_ppo, on_mappa,
            roh_level::VARCHAR, mappa_level, tier, start_date, division, team, offender_manager
        FROM standing WHERE on_risk OR on_ppo OR on_mappa
        ORDER BY coalesce(on_risk, FALSE) DESC, roh_level DESC NULLS LAST, case_id""").fetchall()
    return tuple(
        Entry(row[0], tuple(name for name, on in zip(REGISTERS, row[1:4], strict=True) if on), *row[4:]) for row in rows
    )


def _count_open(store: Store) -> dict[str, int]:
    counted = ", ".join(f"count(*) FILTER (on_{name} IS NULL)" for name in REGISTERS)
    row = store.execute(f"SELECT {counted} FROM standing").fetchone()
    return dict(zip(REGISTERS, row or (0, 0, 0), strict=True))


def _moves(store: Store, wanted: Wanted, previous: Path, as_at: date) -> tuple[Move, ...]:
    _create_before(store, wanted, previous)
    moves: list[Move] = []
    for name in REGISTERS:
        cursor = store.execute(
            f"""SELECT coalesce(c.case_id, b.case_id) AS case_id, coalesce(s.on_{name}, FALSE) AS joined,
                c.case_id IS NULL AS is_gone, b.case_id IS NULL AS is_new, s.case_no IS NOT NULL AS goes_on,
                coalesce(b.on_{name} AND NOT b.asked, FALSE) AS from_elsewhere, c.end_date,
                b.roh_level AS level_before, c.roh_level::VARCHAR AS level,
                b.mappa_level AS mappa_before, c.mappa_level AS mappa,
                coalesce(c.team, b.team) AS team, coalesce(c.offender_manager, b.offender_manager) AS officer
            FROM before b FULL JOIN cases c USING (case_id) LEFT JOIN standing s ON s.case_id = c.case_id
            WHERE coalesce(s.on_{name}, FALSE) <> coalesce(b.on_{name} AND b.asked, FALSE) ORDER BY 1"""
        )
        columns = [column[0] for column in cursor.description or ()]
        for row in cursor.fetchall():
            found = dict(zip(columns, row, strict=True))
            why = _why_joined(name, found) if found["joined"] else _why_left(name, found, as_at)
            moves.append(Move(found["case_id"], name, found["joined"], why, found["team"], found["officer"]))
    return tuple(moves)


def _create_before(store: Store, wanted: Wanted, previous: Path) -> None:
    """Create `before`: the cases of the run to compare with, who stood on what, and whether they were `asked` for."""
    file = previous / "cases.parquet"
    path = str(file).replace("'", "''")
    columns = {row[0] for row in store.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()}
    if "mappa_level" not in columns:
        raise UsageError(f"{file} has no MAPPA levels: it is of an earlier version. Compare with a later run.")
    stands = ", ".join(f"({test}) AND coalesce(end_date > $day, TRUE) AS on_{name}" for name, test in _STANDS.items())
    asked = {
        "team": list(wanted.teams),
        "division": list(wanted.divisions),
        "offender_manager": list(wanted.officers),
        "case_id": list(wanted.cases),
    }
    fits = " AND ".join(f"(len(${name}::VARCHAR[]) = 0 OR list_contains(${name}, {name}))" for name in asked)
    store.execute(
        f"CREATE OR REPLACE TABLE before AS SELECT *, {stands}, coalesce({fits}, FALSE) AS asked "
        f"FROM read_parquet('{path}')",
        {"day": read_day(previous), **asked},
    )


def _why_joined(register: str, found: Mapping[str, Any]) -> str:
    if found["is_new"]:
        return "the case is new"
    if found["from_elsewhere"]:
        return "taken over from another officer or team"
    if register == "risk":
        return f"Risk of Harm from {_words(found['level_before'])} to {_words(found['level'])}"
    return "marked as a PPO" if register == "ppo" else f"MAPPA level {found['mappa']} recorded"


def _why_left(register: str, found: Mapping[str, Any], as_at: date) -> str:
    ended = found["end_date"]
    if found["is_gone"]:
        return "the case is no longer in the export: find out why"
    if ended is not None and ended <= as_at:
        return f"supervision ended on {ended.isoformat()}"
    if not found["goes_on"]:
        return "handed over to another officer or team"
    if register == "risk":
        return f"Risk of Harm now {_words(found['level'])}"
    return (
        "no longer marked as a PPO" if register == "ppo" else f"MAPPA level {found['mappa_before']} no longer recorded"
    )


def _words(level: str | None) -> str:
    return level.replace("_", " ") if level else "not recorded"
