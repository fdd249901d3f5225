"""Waivers: findings that somebody answers for until a day. They stay findings, and are never counted as met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, select

from omi_rules.checks.record import Behind
from omi_rules.duties.find import Waived
from omi_rules.history.chain import unpack
from omi_rules.history.rule_contents import digests_of
from omi_rules.history.tables import rules, runs, subjects, waiver_acts, waiver_ends, waivers
from omi_rules.rulebook.model import SEVERITIES, Rulebook

Status = Literal["in_force", "undecided", "expired", "lapsed", "unused", "ended", "replaced"]
#: What a waiver can be, with what that means.
STATUSES: Mapping[Status, str] = {
    "in_force": "in force",
    "undecided": "not told: the finding, or the record behind it, could not be read",
    "expired": "its last day is over",
    "lapsed": "the record behind it, or the rule, has changed",
    "unused": "the finding is no longer there",
    "ended": "somebody ended it",
    "replaced": "spent, and another was given for the finding",
}
#: Waivers that cover nothing any more, and that nobody has ended yet: every run names them.
SPENT: tuple[Status, ...] = ("expired", "lapsed", "unused")
#: What is over and dealt with.
_DONE: tuple[Status, ...] = ("ended", "replaced")
#: Why a waiver lapsed or could not be told, beside the store's words for the end of a finding.
BECAUSE: Mapping[str, str] = {
    "record": "the record behind it has changed",
    "rule": "the rule or its values have changed",
    "duty": "another duty of the rule counts now",
    "undecided": "the finding could not be decided",
    "unread": "rows that the rule reads were rejected, or their table is not in the export",
}


@dataclass(frozen=True)
class Act:
    """What somebody did to a waiver, and why; `entered_at` is in UTC."""

    entered_at: str
    entered_by: str | None
    reason: str


@dataclass(frozen=True)
class Waiver:
    """A waiver as it was given, on a finding as a run had it, and how it ended if it did.

    `spent` are the words of the run that found it lapsed or unused for good."""

    id: int
    subject_id: int
    rule_id: int
    case_id: str
    rule: str
    severity: int
    outcome: str
    due_on: date | None
    done_on: date | None
    as_at: date
    content: str
    record: str
    rows_until: date | None
    until: date
    approved_by: str
    given: Act
    ended: Act | None
    spent: tuple[Status, str] | None
    replaced: bool

    @property
    def behind(self) -> Behind:
        """The record that it rests on."""
        return Behind(self.id, self.case_id, self.rule, self.rows_until)

    @property
    def is_critical(self) -> bool:
        """Whether the finding is of a critical rule."""
        return SEVERITIES[self.severity] == "critical"


@dataclass(frozen=True)
class Standing:
    """What a waiver is on a day; `because` is a word that says why, or nothing."""

    waiver: Waiver
    status: Status
    because: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to say or do about it."""
        return self.status in _DONE


def settled(waiver: Waiver, day: date) -> Standing | None:
    """What a waiver is whatever the records say; None if they decide. It is in force to the end of its last day."""
    if waiver.ended:
        return Standing(waiver, "ended")
    if waiver.replaced:
        return Standing(waiver, "replaced")
    if waiver.spent:
        return Standing(waiver, *waiver.spent)
    return Standing(waiver, "expired") if day > waiver.until else None


def load_waivers(connection: Connection) -> tuple[Waiver, ...]:
    """Every waiver that was ever given, the first one first."""
    acts: dict[tuple[int, str], Act] = {}
    for row in connection.execute(select(waiver_acts).order_by(waiver_acts.c.number)).mappings():
        acts[row["waiver_id"], row["act"]] = Act(row["entered_at"], row["entered_by"], row["reason"])
    spent = {row.waiver_id: (row.how, row.because) for row in connection.execute(select(waiver_ends))}
    chosen = (
        select(waivers, subjects.c.name.label("case_id"), rules.c.name.label("rule"), runs.c.as_at)
        .join(subjects, subjects.c.id == waivers.c.subject_id)
        .join(rules, rules.c.id == waivers.c.rule_id)
        .join(runs, runs.c.number == waivers.c.run)
        .order_by(waivers.c.id)
    )
    rows = connection.execute(chosen).mappings().all()
    latest = {(row["subject_id"], row["rule_id"]): row["id"] for row in rows}
    return tuple(
        Waiver(
            **{name: row[name] for name in Waiver.__dataclass_fields__ if name in row},
            given=acts.get((row["id"], "given"), Act("", None, "")),
            ended=acts.get((row["id"], "ended")),
            spent=spent.get(row["id"]),
            replaced=latest[row["subject_id"], row["rule_id"]] != row["id"],
        )
        for row in rows
    )


def latest_act(connection: Connection) -> tuple[int, str]:
    """The number and the hash of what was done last; 0 and nothing if there are no waivers."""
    last = select(waiver_acts.c.number, waiver_acts.c.hash).order_by(waiver_acts.c.number.desc()).limit(1)
    row = connection.execute(last).first()
    return (row.number, row.hash) if row else (0, "")


def waived_duties(connection: Connection, rulebook: Rulebook) -> list[Waived]:
    """The missed duties that are waived as at the latest run, where this rulebook has the rule as it was then."""
    latest = connection.execute(select(runs.c.as_at).order_by(runs.c.number.desc()).limit(1)).scalar()
    alive = [
        waiver
        for waiver in load_waivers(connection)
        if waiver.outcome == "missing" and latest is not None and settled(waiver, latest) is None
    ]
    contents = digests_of(rulebook) if alive else {}
    return [
        Waived(waiver.behind, waiver.due_on, waiver.record, waiver.until)
        for waiver in alive
        if contents.get(("rule", waiver.rule)) == waiver.content
    ]


def standings_at_latest(connection: Connection, kept: Sequence[Waiver]) -> list[Standing]:
    """What every waiver is by the latest run; one that was given after it is in force."""
    row = connection.execute(select(runs.c.as_at, runs.c.manifest).order_by(runs.c.number.desc()).limit(1)).first()
    if row is None:
        return []
    told = unpack(row.manifest).get("waivers") or {"listed": []}
    by_run = {one["waiver"]: one for one in told["listed"]}
    found = []
    for waiver in kept:
        one = by_run.get(waiver.id, {"status": "in_force", "because": ""})
        found.append(settled(waiver, row.as_at) or Standing(waiver, one["status"], one["because"]))
    return found
