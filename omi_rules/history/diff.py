"""What changed between two runs: every finding told apart by how it came, went, or stayed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from omi_rules.history.choice import Choice, chosen_findings, conditions
from omi_rules.history.runs import KeptRun
from omi_rules.history.tables import alarms, findings, rules, subjects

#: Every sort of change, with what it means. Only `new` and `worse` are failures of the time between.
CHANGES: Mapping[str, str] = {
    "new": "insufficient now, and was not before",
    "worse": "the same duty, in a worse state than before",
    "vanished": "found because a record vanished from the export",
    "rule_changed_new": "found because the rule or its values changed",
    "first": "found by the first run that could judge the rule",
    "case_back": "found in a case that is back in the export",
    "seen_again": "undecidable before, and still insufficient",
    "still": "as before",
    "changed": "the same duty, otherwise recorded",
    "undecided": "not seen: no longer decidable, and kept open",
    "put_right": "the standard is met now",
    "done_late": "done at last, after its day: late instead of missing",
    "other_duty": "another duty of the rule counts now",
    "due_again": "due again, and still in time",
    "excluded": "taken out for a recorded reason",
    "not_applicable": "the rule is no longer about the case",
    "case_ended": "supervision ended, and the case left the export",
    "case_gone": "the case is no longer in the export",
    "rule_changed_gone": "gone because the rule or its values changed",
}
_RANK = {"missing": 2, "not_met": 1}
#: The store's own words, where a change has another.
_CAME = {"rule_changed": "rule_changed_new"}
_GONE = {"rule_changed": "rule_changed_gone"}


@dataclass(frozen=True)
class Change:
    """One finding that is not as it was. `since` is the day of the run that first saw this state of it."""

    change: str
    about: str
    name: str
    rule: str
    part: str
    outcome: str
    due_on: date | None
    done_on: date | None
    severity: int
    since: date
    division: str | None
    team: str | None
    officer: str | None


@dataclass(frozen=True)
class Difference:
    """Two runs, how many findings changed in each way, which ones, and the rows that vanished by table."""

    before: KeptRun
    after: KeptRun
    counts: Mapping[str, int]
    changes: Sequence[Change]
    vanished: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class _State:
    """One interval of `findings`, with whose it is."""

    key: tuple[int, int]
    outcome: str
    due_on: date | None
    done_on: date | None
    severity: int
    began: str
    first_run: int
    ended: str | None
    ended_run: int | None
    whose: tuple[Any, ...]

    def holds_in(self, run: int) -> bool:
        """Whether the finding was in this state in a run."""
        return self.first_run <= run and (self.ended_run is None or self.ended_run > run)

    def is_same_duty(self, other: "_State") -> bool:
        """Whether both are about one duty; a day that cannot be told any more makes no other one of it."""
        return self.due_on == other.due_on or self.due_on is None or other.due_on is None


def find_changes(
    connection: Connection, kept: Sequence[KeptRun], before: KeptRun, after: KeptRun, choice: Choice
) -> Difference:
    """The findings of one run beside those of an earlier one."""
    tests = conditions(connection, choice)
    steady = select(func.count()).select_from(findings.join(subjects, subjects.c.id == findings.c.subject_id))
    lasting = and_(
        findings.c.first_run <= before.number,
        or_(findings.c.ended_run.is_(None), findings.c.ended_run > after.number),
    )
    still = connection.execute(steady.where(lasting, findings.c.outcome != "unknown", *tests)).scalar_one()
    unseen = connection.execute(steady.where(lasting, findings.c.outcome == "unknown", *tests)).scalar_one()
    days = {run.number: run.as_at for run in kept}
    changes = [
        change
        for states in _moving(connection, before.number, after.number, tests).values()
        for change in _compare(states, before.number, after.number, days)
    ]
    changes.sort(key=lambda one: (list(CHANGES).index(one.change), one.severity, one.name, one.rule))
    counts = dict.fromkeys(CHANGES, 0)
    for change in changes:
        counts[change.change] += 1
    counts["still"] += still
    counts["undecided"] += unseen
    return Difference(before, after, counts, changes, _vanished(connection, before.number, after.number, choice))


def _moving(
    connection: Connection, before: int, after: int, tests: Sequence[Any]
) -> dict[tuple[int, int], list[_State]]:
    """The states of every case and rule that are not the same in both runs, in order of time."""
    whose = (*subjects.c["about", "name"], rules.c.name, rules.c.part, *subjects.c["division", "team", "officer"])
    moving = chosen_findings(
        *findings.c["subject_id", "rule_id", "outcome", "due_on", "done_on", "severity", "began", "first_run"],
        *findings.c["ended", "ended_run"],
        *whose,
    ).where(
        or_(
            and_(findings.c.first_run > before, findings.c.first_run <= after),
            and_(findings.c.ended_run > before, findings.c.ended_run <= after),
        ),
        *tests,
    )
    found: dict[tuple[int, int], list[_State]] = {}
    for row in connection.execute(moving.order_by(findings.c.first_run, findings.c.id)):
        outcome, due_on, done_on, severity, began, first_run, ended, ended_run = row[2:10]
        state = _State(
            (row[0], row[1]), outcome, due_on, done_on, severity, began, first_run, ended, ended_run, tuple(row[10:])
        )
        found.setdefault(state.key, []).append(state)
    return found


def _compare(states: Sequence[_State], before: int, after: int, days: Mapping[int, date]) -> list[Change]:
    """What changed in one case and rule; two duties of it are two findings."""
    old = next((state for state in states if state.holds_in(before)), None)
    new = next((state for state in states if state.holds_in(after)), None)
    changes = []
    if old and new and new.is_same_duty(old):
        between = {state.began for state in states if state.is_same_duty(new) and state.first_run > before}
        return [_change(_in_both(old, new, between), new, days)]
    came = _came(states, new, before) if new else ""
    if old:
        went = _went(states, old, after)
        if not went == came == "other_duty":  # one change, of the duty that counts now
            changes.append(_change(went, old, days))
    if new:
        changes.append(_change(came, new, days))
    return changes


def _came(states: Sequence[_State], new: _State, before: int) -> str:
    """How a duty that was not there in the earlier run came."""
    first = next(state for state in states if state.is_same_duty(new) and state.first_run > before)
    return "undecided" if new.outcome == "unknown" else _CAME.get(first.began, first.began)


def _went(states: Sequence[_State], old: _State, after: int) -> str:
    """How a duty that is not there any more in the later run went."""
    last = [state for state in states if state.is_same_duty(old) and (state.ended_run or after + 1) <= after][-1]
    return _GONE.get(str(last.ended), str(last.ended))


def _in_both(old: _State, new: _State, between: set[str]) -> str:
    """What became of a duty that is insufficient in both runs; `between` is how its states since then began.

    What a night said of itself stands: it knew which records had vanished, and whether the rule was another."""
    if new.outcome == "unknown":
        return "undecided"
    if "rule_changed" in between:
        return "rule_changed_new"
    if old.outcome == "missing" and new.outcome == "late":
        return "done_late"
    if _RANK.get(new.outcome, 0) > _RANK.get(old.outcome, 0) or new.severity < old.severity:
        return next((began for began in ("vanished", "worse") if began in between), "seen_again")
    return "seen_again" if old.outcome == "unknown" else "changed"


def _change(how: str, state: _State, days: Mapping[int, date]) -> Change:
    about, name, rule, part, division, team, officer = state.whose
    return Change(
        change=how,
        about=about,
        name=name,
        rule=rule,
        part=part,
        outcome=state.outcome,
        due_on=state.due_on,
        done_on=state.done_on,
        severity=state.severity,
        since=days[state.first_run],
        division=division,
        team=team,
        officer=officer,
    )


def _vanished(connection: Connection, before: int, after: int, choice: Choice) -> dict[str, tuple[int, int]]:
    """Rows that vanished between the runs, and in how many cases, by table; a choice of rules leaves none out."""
    whose = Choice(choice.teams, choice.divisions, choice.officers)
    counted = (
        select(alarms.c.table_name, func.sum(alarms.c.rows), func.count(alarms.c.subject_id.distinct()))
        .join(subjects, subjects.c.id == alarms.c.subject_id)
        .where(alarms.c.run > before, alarms.c.run <= after, *conditions(connection, whose))
        .group_by(alarms.c.table_name)
        .order_by(alarms.c.table_name)
    )
    return {table: (int(rows), int(cases)) for table, rows, cases in connection.execute(counted)}


def vanished_by_team(connection: Connection, before: int, after: int) -> dict[str | None, dict[str, tuple[int, int]]]:
    """Rows that vanished from cases between two runs, and from how many cases, by team and table."""
    counted = (
        select(
            subjects.c.team, alarms.c.table_name, func.sum(alarms.c.rows), func.count(alarms.c.subject_id.distinct())
        )
        .join(subjects, subjects.c.id == alarms.c.subject_id)
        .where(alarms.c.run > before, alarms.c.run <= after, subjects.c.about == "case")
        .group_by(subjects.c.team, alarms.c.table_name)
        .order_by(alarms.c.table_name)
    )
    found: dict[str | None, dict[str, tuple[int, int]]] = {}
    for team, table, rows, cases in connection.execute(counted):
        found.setdefault(team, {})[table] = (int(rows), int(cases))
    return found
