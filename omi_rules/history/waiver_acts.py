"""Giving a waiver and ending one: checked against the latest run of the store, entered for good, chained by hashes."""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from omi_rules.history.chain import Verified, line_of, unpack
from omi_rules.history.database import plain_faults
from omi_rules.history.known import contents_in
from omi_rules.history.place import Place
from omi_rules.history.runs import list_runs
from omi_rules.history.tables import findings, rulebooks, rules, runs, subjects, waiver_acts, waivers
from omi_rules.history.waivers import latest_act, load_waivers, settled
from omi_rules.history.writer import hold_store
from omi_rules.problems import UsageError, nearest
from omi_rules.reports.words import listed

#: No waiver lasts longer than a year from the run that it is given on. Assumed: no source gives a number.
LONGEST = timedelta(days=365)
_NO_RUN = "the store has no run yet: `omi-rules check EXPORT --store FILE` records one."


@dataclass(frozen=True)
class OpenFinding:
    """A finding as the latest run has it, with what its export and rulebook were."""

    subject_id: int
    rule_id: int
    case_id: str
    rule: str
    outcome: str
    due_on: date | None
    done_on: date | None
    severity: int
    run: int
    as_at: date
    fingerprint: str
    rulebook: str
    content: str


@dataclass(frozen=True)
class Given:
    """What somebody says about a waiver."""

    until: date
    reason: str
    approved_by: str
    entered_by: str | None


@contextmanager
def change_waivers(place: Place) -> Iterator[Connection]:
    """The store for this process alone, all or nothing; UsageError where there is no store."""
    if place.path is not None and not place.path.is_file():
        raise UsageError(_NO_RUN)
    with hold_store(place) as engine, plain_faults(place), engine.begin() as connection:
        yield connection


def find_open(connection: Connection, rule: str, case_id: str, due_on: date | None) -> OpenFinding:
    """The finding of a rule in a case that the latest run has open, due on that day if it has one.

    UsageError if there is none, or a waiver of it is in force already.
    """
    latest = list_runs(connection)[-1]
    of_run = f"the latest run, number {latest.number}, as at {latest.as_at.isoformat()},"
    rule_id = _find_rule(connection, rule)
    if ("rule", rule) in latest.failed:
        raise UsageError(f"{rule} could not run in the latest run: correct it, and check the export again first.")
    case = subjects.c.about == "case"
    subject_id = connection.execute(select(subjects.c.id).where(case, subjects.c.name == case_id)).scalar()
    if subject_id is None:
        raise UsageError(f"the store has no case {case_id}. Check the reference and its spelling.")
    open_ = connection.execute(
        select(findings, rules.c.name.label("rule"))
        .join(rules, rules.c.id == findings.c.rule_id)
        .where(findings.c.subject_id == subject_id, findings.c.ended_run.is_(None), rules.c.part == "rule")
        .order_by(rules.c.name)
    ).mappings()
    by_rule = {row["rule"]: row for row in open_}
    found = by_rule.get(rule)
    if found is None:
        others = f" It has findings of {listed(by_rule)}." if by_rule else " It has no finding there."
        raise UsageError(f"{of_run} has no finding of {rule} in case {case_id}.{others}")
    if found["outcome"] == "unknown":
        raise UsageError(f"{of_run} could not decide {rule} in case {case_id}: there is nothing to waive.")
    _check_duty(found["due_on"], due_on)
    _check_uncovered(connection, subject_id, rule_id, latest.as_at)
    run = connection.execute(
        select(runs.c.fingerprint, runs.c.rulebook_id, rulebooks.c.hash)
        .join(rulebooks, rulebooks.c.id == runs.c.rulebook_id)
        .where(runs.c.number == latest.number)
    ).one()
    return OpenFinding(
        **{name: found[name] for name in ("subject_id", "rule_id", "outcome", "due_on", "done_on", "severity")},
        case_id=case_id,
        rule=rule,
        run=latest.number,
        as_at=latest.as_at,
        fingerprint=run.fingerprint,
        rulebook=run.hash,
        content=contents_in(connection, run.rulebook_id)["rule", rule],
    )


def _find_rule(connection: Connection, name: str) -> int:
    known = {row.name: row for row in connection.execute(select(rules).order_by(rules.c.part))}
    if name not in known:
        named = (rule.name for rule in known.values() if rule.part == "rule" and rule.about == "case")
        raise UsageError(f"the store knows no rule {name}{nearest(name, named)}")
    rule = known[name]
    if rule.part == "conclusion":
        names_it = f"`omi-rules explain EXPORT CASE {name}` names it"
        raise UsageError(f"{name} is a conclusion: waive what it rests on; {names_it}.")
    if rule.about != "case":
        raise UsageError(f"{name} is about members of staff: only findings about cases can be waived.")
    return int(rule.id)


def _check_duty(open_due_on: date | None, due_on: date | None) -> None:
    if open_due_on == due_on:
        return
    if open_due_on is None:
        raise UsageError("the finding is of no dated duty: leave out --due.")
    said = "" if due_on is None else f", and not on {due_on.isoformat()}"
    open_ = open_due_on.isoformat()
    raise UsageError(f"the duty that is open was due on {open_}{said}: add --due {open_} if you mean that one.")


def _check_uncovered(connection: Connection, subject_id: int, rule_id: int, as_at: date) -> None:
    for waiver in load_waivers(connection):
        if (waiver.subject_id, waiver.rule_id) == (subject_id, rule_id) and settled(waiver, as_at) is None:
            raise UsageError(
                f"waiver {waiver.id} covers this finding already, until {waiver.until.isoformat()}. To give another, "
                f"end it first: `omi-rules waive expire {waiver.id} --reason TEXT`"
            )


def check_until(until: date, as_at: date) -> None:
    """UsageError unless a waiver on a run of that day would do something, and not for ever."""
    if until <= as_at:
        raise UsageError(
            f"--until is not after {as_at.isoformat()}, the day of the latest run: the waiver would cover nothing."
        )
    if until > as_at + LONGEST:
        raise UsageError(
            f"--until is too late: no waiver lasts more than a year. Take {(as_at + LONGEST).isoformat()} or an "
            "earlier day, and decide again then."
        )


def give(connection: Connection, finding: OpenFinding, record: str, rows_until: date | None, said: Given) -> int:
    """Enter a waiver; gives its number."""
    id_ = int(connection.execute(select(func.coalesce(func.max(waivers.c.id), 0) + 1)).scalar_one())
    kept = ("subject_id", "rule_id", "outcome", "due_on", "done_on", "severity", "run", "content")
    row = {name: getattr(finding, name) for name in kept}
    row |= {"id": id_, "record": record, "rows_until": rows_until, "until": said.until, "approved_by": said.approved_by}
    connection.execute(waivers.insert().values(**row))
    _enter(connection, id_, "given", said.reason, said.entered_by)
    return id_


def end(connection: Connection, id_: int, reason: str, entered_by: str | None) -> None:
    """End a waiver for good; UsageError if it is not there or has been ended."""
    known = {waiver.id: waiver for waiver in load_waivers(connection)}
    if id_ not in known:
        there = f": it has 1 to {max(known)}" if known else ""
        raise UsageError(f"the store has no waiver {id_}{there}. `omi-rules waive list` lists them.")
    if known[id_].ended:
        raise UsageError(f"waiver {id_} has been ended already.")
    if known[id_].replaced:
        raise UsageError(f"waiver {id_} is over: another was given for the finding since.")
    _enter(connection, id_, "ended", reason, entered_by)


def _enter(connection: Connection, id_: int, act: str, reason: str, entered_by: str | None) -> None:
    number, before = latest_act(connection)
    row = {
        "number": number + 1,
        "waiver_id": id_,
        "act": act,
        "entered_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "entered_by": entered_by,
        "reason": reason,
    }
    row["hash"] = _hash_of(row, _lines(connection)[id_], before)
    connection.execute(waiver_acts.insert().values(**row))


def _hash_of(act: Any, waiver: str, before: str) -> str:
    parts = (act[name] for name in ("number", "waiver_id", "act", "entered_at", "entered_by", "reason"))
    return hashlib.sha256(line_of(before, *parts, waiver).encode()).hexdigest()


def _lines(connection: Connection) -> dict[int, str]:
    """Every waiver as a line of text, by id: whose it is and of which rule by name."""
    chosen = (
        select(waivers, subjects.c.about, subjects.c.name.label("case_id"), rules.c.part, rules.c.name.label("rule"))
        .join(subjects, subjects.c.id == waivers.c.subject_id, isouter=True)
        .join(rules, rules.c.id == waivers.c.rule_id, isouter=True)
    )
    covered = (
        *("id", "about", "case_id", "part", "rule", "outcome", "due_on", "done_on", "severity", "run", "content"),
        *("record", "rows_until", "until", "approved_by"),
    )
    rows = connection.execute(chosen).mappings()
    return {row["id"]: line_of(*(row[name] for name in covered)) for row in rows}


def verify_waivers(connection: Connection) -> Verified:
    """Work the chain of what people did to waivers out again from the first on."""
    try:
        return _verify_acts(connection)
    except (ValueError, SQLAlchemyError):
        return Verified(0, "", ("what was done to waivers cannot be read: put back a copy of the store.",))


def _verify_acts(connection: Connection) -> Verified:
    lines, before, number = _lines(connection), "", 0
    given: set[int] = set()
    hashes = {""}
    faults: list[str] = []
    for act in connection.execute(select(waiver_acts).order_by(waiver_acts.c.number)).mappings():
        number += 1
        if act["number"] != number:
            faults.append(f"an act on waivers is missing before number {act['number']}.")
            number = act["number"]
        if act["waiver_id"] not in lines:
            faults.append(f"waiver {act['waiver_id']} is missing.")
        elif _hash_of(act, lines[act["waiver_id"]], before) != act["hash"]:
            earlier = ", or what was entered before it" if before else ""
            faults.append(f"waiver {act['waiver_id']} was altered after it was {act['act']}{earlier}.")
        given |= {act["waiver_id"]} if act["act"] == "given" else set()
        before = act["hash"]
        hashes.add(before)
    faults += [f"waiver {id_} was added, and nobody gave it." for id_ in sorted(lines.keys() - given)]
    kept = connection.execute(select(runs.c.number, runs.c.manifest).order_by(runs.c.number))
    unknown = [run for run, manifest in kept if _chain_in(manifest) not in hashes]
    faults += [f"waivers that run {run} knew were altered or taken out after it." for run in unknown[:1]]
    return Verified(number, before, tuple(dict.fromkeys(faults)))


def _chain_in(manifest: bytes) -> str:
    """The hash of the latest act that a run knew; a manifest that cannot be read is a fault of its run."""
    try:
        told = unpack(manifest).get("waivers")
    except (ValueError, zlib.error):
        return ""
    return str(told["chain"]) if told else ""
