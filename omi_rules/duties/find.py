"""The open duties of an export: overdue on the as-at date, or due within some days of it.

What is overdue, and what is due, the outcomes of the rules say. The next review of a chain that is in time so far, or
the next event of a case whose worst event hides it, is in no outcome: it shows when the same records are judged as at
the day after the last one asked for, as if nothing more were done until then.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from omi_rules.checks.record import Behind, digest_records
from omi_rules.checks.run import judge
from omi_rules.data.choosing import show_cases
from omi_rules.data.export import Export
from omi_rules.data.means import Means
from omi_rules.data.store import Store, create_from
from omi_rules.rulebook.model import SEVERITIES, PerEvent, ReviewChain, Rule, Rulebook

State = Literal["overdue", "due"]


@dataclass(frozen=True)
class Waived:
    """A duty that somebody answers for until the end of a day, as long as the digest of the record is that one."""

    behind: Behind
    due_on: date | None
    record: str
    until: date


@dataclass(frozen=True)
class Wanted:
    """Which duties, and how the export is read; an empty list asks for all. `waived` are missed duties."""

    until: Callable[[date], date]
    as_at: date | None = None
    teams: Sequence[str] = ()
    divisions: Sequence[str] = ()
    officers: Sequence[str] = ()
    cases: Sequence[str] = ()
    means: Means = field(default_factory=Means)
    waived: Sequence[Waived] = ()


@dataclass(frozen=True)
class Duty:
    """One open duty of a case; `days` are the calendar days since it was due, negative where that lies ahead.

    Both are None where it is certain that the day has passed, and not which day it was. A duty waived until a day is
    open all the same."""

    case_id: str
    rule: str
    title: str
    severity: str
    state: State
    due_on: date | None
    days: int | None
    action: str
    recommendations: tuple[int, ...]
    division: str | None
    team: str | None
    officer: str | None
    waived_until: date | None = None


@dataclass(frozen=True)
class WorkList:
    """The open duties, critical ones first, then by the day they are due; and how many could not be told.

    `ended` counts what is missing in cases that have ended: nobody can do it any more. `undated` counts what is
    still in time, for how long the records do not tell."""

    as_at: date
    until: date
    area: str
    duties: tuple[Duty, ...]
    ended: int
    unknown: int
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    undated: int = 0


def find_duties(
    export: Path, rulebook: Rulebook, rules: Sequence[Rule], wanted: Wanted, progress: Callable[[str], None]
) -> WorkList:
    """The open duties by these rules, the informational ones left out."""
    chosen = [rule for rule in rules if rule.severity != "informational" and not rule.about_staff]
    with wanted.means.open_store() as store:
        progress("reading the export")
        read = wanted.means.read_export(store, export, wanted.as_at)
        until = wanted.until(read.as_at)
        show_cases(store, teams=wanted.teams, divisions=wanted.divisions, officers=wanted.officers, cases=wanted.cases)
        progress("judging")
        faults = _judge(store, read, rulebook, chosen, "now")
        ended = _set_ended_apart(store, read.as_at)
        unknown = _count_open(store, "outcome = 'unknown'")
        undated = _count_open(store, "outcome = 'due' AND due_on IS NULL")
        waived = _waived(store, rulebook, wanted.waived, read.as_at)
        progress("looking ahead")
        ahead = [rule for rule in chosen if isinstance(rule.require, ReviewChain | PerEvent)]
        faults += _judge(store, replace(read, as_at=until + timedelta(days=1)), rulebook, ahead, "ahead")
        duties = _duties(store, chosen, read.as_at, until, waived)
        return WorkList(
            read.as_at,
            until,
            read.area or "",
            duties,
            ended,
            unknown,
            tuple(dict.fromkeys(faults)),
            tuple(read.warnings),
            undated,
        )


def _judge(store: Store, read: Export, rulebook: Rulebook, rules: Sequence[Rule], name: str) -> list[str]:
    """Create `open_<name>`: case_no, rule, outcome and due_on of what is not done; and give the faults."""
    store.execute("DROP TABLE IF EXISTS judged")
    judged = judge(store, read, rulebook, rules)
    numbers = [{"rule_no": number, "rule": rule.id} for number, rule in enumerate(rules)]
    create_from(store, "numbers", {"rule_no": "SMALLINT", "rule": "VARCHAR"}, numbers)
    store.execute(f"""CREATE OR REPLACE TABLE open_{name} AS
        SELECT case_no, rule, outcome::VARCHAR AS outcome, due_on
        FROM judged JOIN numbers USING (rule_no) SEMI JOIN shown_cases USING (case_no)
        WHERE outcome IN ('missing', 'due', 'unknown')""")
    return list(judged.faults.values())


def _set_ended_apart(store: Store, as_at: date) -> int:
    """Take what belongs to cases that have ended out of `open_now`; how many duties were missing there."""
    ended = "case_no IN (SELECT case_no FROM cases WHERE end_date <= $as_at)"
    counted = f"SELECT count(*) FROM open_now WHERE outcome = 'missing' AND {ended}"
    row = store.execute(counted, {"as_at": as_at}).fetchone()
    store.execute(f"DELETE FROM open_now WHERE {ended}", {"as_at": as_at})
    return int(row[0]) if row else 0


def _count_open(store: Store, test: str) -> int:
    row = store.execute(f"SELECT count(*) FROM open_now WHERE {test}").fetchone()
    return int(row[0]) if row else 0


def _waived(
    store: Store, rulebook: Rulebook, waived: Sequence[Waived], as_at: date
) -> Mapping[tuple[str, str, date | None], date]:
    """The day that each waiver in force covers to the end, by case, rule and the day the duty was due."""
    kept = [one for one in waived if as_at <= one.until]
    digests = digest_records(store, rulebook, [one.behind for one in kept])
    return {
        (one.behind.case_id, one.behind.rule, one.due_on): one.until
        for one in kept
        if digests.get(one.behind.number) == one.record
    }


def _duties(
    store: Store,
    rules: Sequence[Rule],
    as_at: date,
    until: date,
    waived: Mapping[tuple[str, str, date | None], date],
) -> tuple[Duty, ...]:
    words = [{"rule": rule.id, "severity": SEVERITIES.index(rule.severity)} for rule in rules]
    create_from(store, "urgency", {"rule": "VARCHAR", "severity": "TINYINT"}, words)
    rows = store.execute(
        """SELECT c.case_id, o.rule, o.state, o.due_on, c.division, c.team, c.offender_manager
        FROM (
            SELECT case_no, rule, due_on, if(outcome = 'missing', 'overdue', 'due') AS state FROM open_now
            WHERE outcome = 'missing' OR (outcome = 'due' AND due_on <= $until)
            UNION
            SELECT case_no, rule, due_on, 'due' FROM open_ahead
            WHERE outcome = 'missing' AND due_on BETWEEN $as_at AND $until
        ) o JOIN (FROM cases WHERE end_date IS NULL OR end_date > $as_at) c USING (case_no) JOIN urgency u USING (rule)
        ORDER BY u.severity, o.due_on NULLS LAST, c.case_id, o.rule""",
        {"as_at": as_at, "until": until},
    ).fetchall()
    by_id = {rule.id: rule for rule in rules}
    return tuple(
        Duty(
            case_id=case_id,
            rule=rule,
            title=by_id[rule].title,
            severity=by_id[rule].severity,
            state=state,
            due_on=due_on,
            days=(as_at - due_on).days if due_on else None,
            action=by_id[rule].to_do,
            recommendations=tuple(by_id[rule].recommendations),
            division=division,
            team=team,
            officer=officer,
            waived_until=waived.get((case_id, rule, due_on)) if state == "overdue" else None,
        )
        for case_id, rule, state, due_on, division, team, officer in rows
    )
