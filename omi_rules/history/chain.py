"""The chain of hashes over the runs of a store: each covers the run, what it changed, and the hash before it.

Whoever alters a run, or a finding, breaks the chain there. Whoever can rewrite the whole store can rewrite the whole
chain: the latest hash, noted elsewhere, shows that too.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from omi_rules.history.database import faults_in_pages
from omi_rules.history.tables import (
    alarms,
    findings,
    records,
    rulebook_rules,
    rulebooks,
    rules,
    runs,
    subjects,
    waiver_ends,
)

#: What the hash of a run covers besides what it changed, as plain text.
_COVERED = ("number", "recorded_at", "as_at", "rulebook", "program", "fingerprint", "cases", "exit_code", "failed")


def canonical(document: Mapping[str, Any]) -> bytes:
    """A document as the one JSON text that it has, whatever order its keys come in."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def pack(manifest: bytes) -> bytes:
    """A manifest as it is kept: compressed, the same bytes for the same text."""
    return zlib.compress(manifest, 9)


def unpack(kept: bytes) -> dict[str, Any]:
    """The run.json of a run as it was kept."""
    document: dict[str, Any] = json.loads(zlib.decompress(kept))
    return document


def line_of(*parts: object) -> str:
    """One change as a line of text: a finding that began or ended, or a row that vanished."""
    return json.dumps([None if part is None else str(part) for part in parts], ensure_ascii=False)


def digest_of(lines: Iterable[str]) -> str:
    """The digest of what a run changed, in whatever order it is told."""
    digest = hashlib.sha256()
    for line in sorted(lines):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def hash_of(run: Mapping[str, Any], before: str) -> str:
    """The hash of a run after that of the run before; `run` has the names of the table, and `rulebook` its hash."""
    manifest = hashlib.sha256(run["manifest"]).hexdigest()
    parts = [before, *(str(run[name]) for name in _COVERED), manifest, run["changes"]]
    return hashlib.sha256(line_of(*parts).encode()).hexdigest()


@dataclass(frozen=True)
class Verified:
    """How many runs there are, the latest hash, and a sentence for whatever is not as it was recorded."""

    count: int
    hash: str
    faults: tuple[str, ...]


def verify(connection: Connection) -> Verified:
    """Work the chain out again from the first run on, and look at what it does not cover."""
    beside = tuple(_faults_beside(connection))
    try:
        chain = _verify_runs(connection)
    except (ValueError, SQLAlchemyError):
        return Verified(0, "", (*beside, "what the runs changed cannot be read: put back a copy of the store."))
    return Verified(chain.count, chain.hash, (*beside, *chain.faults))


def _faults_beside(connection: Connection) -> Iterator[str]:
    if faults_in_pages(connection, thorough=True):
        yield "the file of the store is damaged: put back a copy of it."
    try:
        for days in connection.execute(select(records.c.days)).scalars():
            json.loads(days)
    except (ValueError, TypeError, SQLAlchemyError):
        yield "the days of the cases' records cannot be read: put back a copy of the store."
    held = select(rulebook_rules.c.rulebook_id)
    if connection.execute(select(rulebooks.c.id).where(rulebooks.c.id.not_in(held))).first():
        yield "what the rules of a rulebook were is missing: put back a copy of the store."


def _verify_runs(connection: Connection) -> Verified:
    lines = _lines_by_run(connection)
    kept = connection.execute(
        select(runs, rulebooks.c.hash.label("rulebook"))
        .join(rulebooks, rulebooks.c.id == runs.c.rulebook_id, isouter=True)
        .order_by(runs.c.number)
    ).mappings()
    before, number = "", 0
    faults: list[str] = []
    for row in kept:
        run: dict[str, Any] = {str(name): value for name, value in row.items()}
        if run["number"] != number + 1:
            faults.append(_missing(number + 1, run["number"] - 1))
        faults += _faults_of(run, before, lines.pop(run["number"], []))
        before, number = run["hash"], run["number"]
    faults += [f"findings name run {other}, which the store does not have." for other in sorted(lines)]
    return Verified(number, before, tuple(faults))


def _faults_of(run: Mapping[str, Any], before: str, lines: list[str]) -> Iterator[str]:
    number = run["number"]
    if digest_of(lines) != run["changes"]:
        yield f"the findings that began or ended in run {number}, or waivers that did, were altered after it."
    if hash_of(run, before) != run["hash"]:
        others = f", or the run before it was, with its hash: run {number} does not follow from it" if before else ""
        yield f"run {number} was altered after it was recorded{others}."


def _missing(first: int, last: int) -> str:
    return f"run {first} is missing." if first == last else f"runs {first} to {last} are missing."


def _lines_by_run(connection: Connection) -> dict[int, list[str]]:
    """What each run changed, told as it was when the run was recorded."""
    found: dict[int, list[str]] = {}
    named = (subjects.c.about, subjects.c.name, rules.c.part, rules.c.name)
    chosen = (
        select(*named, *findings.c["outcome", "due_on", "done_on", "severity", "began", "first_run"])
        .add_columns(*findings.c["last_run", "ended", "ended_run"])
        .join_from(findings, subjects, subjects.c.id == findings.c.subject_id, isouter=True)
        .join(rules, rules.c.id == findings.c.rule_id, isouter=True)
    )
    for row in connection.execute(chosen):
        about, name, part, rule, outcome, due_on, done_on, severity, began, first, last, ended, ended_run = row
        found.setdefault(first, []).append(
            line_of("began", about, name, part, rule, outcome, due_on, done_on, severity, began)
        )
        if ended_run is not None:
            found.setdefault(ended_run, []).append(
                line_of("ended", about, name, part, rule, outcome, due_on, last, ended)
            )
    vanished = select(alarms.c.run, subjects.c.about, subjects.c.name, alarms.c.table_name, alarms.c.rows).join(
        subjects, subjects.c.id == alarms.c.subject_id, isouter=True
    )
    for run, about, name, table, rows in connection.execute(vanished):
        found.setdefault(run, []).append(line_of("vanished", about, name, table, rows))
    for waiver, run, how, because in connection.execute(select(waiver_ends)):
        found.setdefault(run, []).append(line_of("waiver", waiver, how, because))
    return found
