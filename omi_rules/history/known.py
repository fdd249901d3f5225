"""What the store knew before tonight's run, brought beside today's records: schema `history` of the working store."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, String, cast, func, select

from omi_rules.data.store import Store, create_from_rows
from omi_rules.history.tables import endangered, findings, records, rulebook_rules, rulebooks, rules, runs, subjects

SCHEMA = "history"
RuleName = tuple[str, str]


@dataclass(frozen=True)
class Known:
    """The latest run and its rulebook; `last_judged` is the latest run that judged a rule, by part and name.

    `contents` are the digests of the latest run's rules, `rulebooks` the ids of all rulebooks by hash.
    """

    number: int
    as_at: date | None
    hash: str
    manifest: bytes
    rulebooks: Mapping[str, int]
    rule_ids: Mapping[RuleName, int]
    contents: Mapping[RuleName, str]
    last_judged: Mapping[RuleName, int]
    next_subject: int
    next_finding: int


def load_known(connection: Connection, store: Store) -> Known:
    """Read what is known; creates `kept_subjects`, `kept_findings`, `kept_days` and `kept_endangered`."""
    store.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    _load_rows(connection, store)
    latest = connection.execute(select(runs).order_by(runs.c.number.desc()).limit(1)).mappings().first()
    ids = {(part, name): id_ for part, name, id_ in connection.execute(select(rules.c.part, rules.c.name, rules.c.id))}
    books = {row[0]: row[1] for row in connection.execute(select(rulebooks.c.hash, rulebooks.c.id))}
    return Known(
        number=latest["number"] if latest else 0,
        as_at=latest["as_at"] if latest else None,
        hash=latest["hash"] if latest else "",
        manifest=latest["manifest"] if latest else b"",
        rulebooks=books,
        rule_ids=ids,
        contents=contents_in(connection, latest["rulebook_id"]) if latest else {},
        last_judged=_last_judged(connection),
        next_subject=_next(connection, subjects.c.id),
        next_finding=_next(connection, findings.c.id),
    )


def contents_in(connection: Connection, rulebook_id: int) -> dict[RuleName, str]:
    """The digest of every rule of a rulebook, by part and name."""
    chosen = (
        select(rules.c.part, rules.c.name, rulebook_rules.c.content)
        .join(rules, rules.c.id == rulebook_rules.c.rule_id)
        .where(rulebook_rules.c.rulebook_id == rulebook_id)
    )
    return {(part, name): content for part, name, content in connection.execute(chosen)}


def _next(connection: Connection, column: Any) -> int:
    return int(connection.execute(select(func.coalesce(func.max(column), 0) + 1)).scalar_one())


def _load_rows(connection: Connection, store: Store) -> None:
    kept = select(
        subjects.c.id, subjects.c.about, subjects.c.name, subjects.c.division, subjects.c.team, subjects.c.officer
    ).add_columns(cast(subjects.c.ended_on, String), subjects.c.gone)
    types = {"subject_id": "INTEGER", "about": "VARCHAR", "name": "VARCHAR", "division": "VARCHAR", "team": "VARCHAR"}
    types |= {"officer": "VARCHAR", "ended_on": "DATE", "gone": "BOOLEAN"}
    create_from_rows(store, f"{SCHEMA}.kept_subjects", types, connection.execute(kept).all())
    chosen = select(findings.c.id, findings.c.subject_id, findings.c.rule_id, findings.c.outcome).add_columns(
        cast(findings.c.due_on, String), cast(findings.c.done_on, String), findings.c.severity
    )
    types = {"finding_id": "INTEGER", "subject_id": "INTEGER", "rule_id": "INTEGER", "outcome": "VARCHAR"}
    types |= {"due_on": "DATE", "done_on": "DATE", "severity": "TINYINT"}
    still_open = chosen.where(findings.c.ended_run.is_(None))
    create_from_rows(store, f"{SCHEMA}.kept_findings", types, connection.execute(still_open).all())
    types = {"subject_id": "INTEGER", "days": "VARCHAR"}
    days = select(records.c.subject_id, records.c.days)
    create_from_rows(store, f"{SCHEMA}.kept_days", types, connection.execute(days).all())
    types = {"subject_id": "INTEGER", "rule_id": "INTEGER"}
    open_ = select(endangered.c.subject_id, endangered.c.rule_id)
    create_from_rows(store, f"{SCHEMA}.kept_endangered", types, connection.execute(open_).all())


def _last_judged(connection: Connection) -> dict[RuleName, int]:
    """A run that could not run a rule has not judged it, nor a conclusion that may rest on it."""
    books: dict[int, list[RuleName]] = {}
    in_books = select(rulebook_rules.c.rulebook_id, rules.c.part, rules.c.name).join(
        rules, rules.c.id == rulebook_rules.c.rule_id
    )
    for rulebook_id, part, name in connection.execute(in_books):
        books.setdefault(rulebook_id, []).append((part, name))
    found: dict[RuleName, int] = {}
    for number, rulebook_id, failed in connection.execute(
        select(runs.c.number, runs.c.rulebook_id, runs.c.failed).order_by(runs.c.number)
    ):
        held = {tuple(name) for name in json.loads(failed)}
        found |= {name: number for name in books.get(rulebook_id, ()) if name not in held}
    return found
