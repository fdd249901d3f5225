"""A slow and obvious reading of what a store should hold after some nights, finding by finding, in plain Python.

It reads what each run itself said of each case and rule, and the exports as they were written.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.reports.runs import Kept

#: The day columns, and what each rule and conclusion of the small rulebook reads.
DAYS = {"risk_management_plans": "completed_on", "appointments": "scheduled_on"}
READS = {
    "contact-frequency": {"appointments"},
    "ethnicity-recorded": set[str](),
    "risk-management-plan-on-time": {"risk_management_plans"},
    "rmp-standard-headings": {"risk_management_plans"},
    "plan-falls-short": {"risk_management_plans"},
    "tell-somebody": {"risk_management_plans"},
}
#: The rules that a conclusion rests on.
RESTS = {
    "plan-falls-short": ("rmp-standard-headings", "risk-management-plan-on-time"),
    "tell-somebody": ("rmp-standard-headings", "risk-management-plan-on-time", "ethnicity-recorded"),
}
INSUFFICIENT = ("late", "missing", "not_met")
_RANK = {"missing": 2, "not_met": 1}
State = tuple[str, date | None, date | None]


@dataclass
class Interval:
    """One state of one rule in one case."""

    case: str
    rule: str
    state: State
    began: str
    first_run: int
    last_run: int | None = None
    ended: str | None = None
    ended_run: int | None = None


@dataclass
class Memory:
    """What has been found so far, night by night."""

    run: int = 0
    #: the day of the run before
    as_at: date = date.min
    intervals: list[Interval] = field(default_factory=list)
    ended_on: dict[str, Any] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    days: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    #: cases and rules whose answer was open when a record vanished, and still is
    endangered: set[tuple[str, str]] = field(default_factory=set)

    def add(self, folder: Path, night: Mapping[str, Any], as_at: date) -> None:
        """Remember one run, kept in a folder, of one export."""
        self.run += 1
        said = {(row["case_id"], row["rule"]): row for row in Kept(folder).outcomes()}
        flags = {(row["case_id"], row["flag"]) for row in Kept(folder).lines("conclusions")}
        here = {case for case, _ in said}
        rejected = {row["case_id"] for row in night["cases"]} - here
        vanished = self._vanished(night, here, as_at)
        levels = {row["case_id"]: row["roh_level"] for row in night["cases"]}
        for one in [one for one in self.intervals if one.ended_run is None]:
            self._follow(one, here, rejected, said, flags, vanished, levels)
        known = {(one.case, one.rule) for one in self.intervals if one.ended_run is None}
        for case, rule in sorted({*said, *flags} - known):
            state = _state(case, rule, said, flags)
            if state:
                lost = self._is_lost(case, rule, said, vanished)
                self._begin(case, rule, state, self._why_new(case, lost))
        struck = {
            (case, rule) for case, table in vanished for rule in READS if table in READS[rule] and rule not in RESTS
        }
        self.endangered = {
            (case, rule)
            for case, rule in self.endangered | struck
            if case in rejected or (case in here and said[case, rule]["outcome"] in ("due", "unknown"))
        }
        self.ended_on |= {row["case_id"]: row["end_date"] for row in night["cases"] if row["case_id"] in here}
        self.as_at = as_at
        self.gone = {case for case in self.ended_on if case not in here and case not in rejected}

    def _why_new(self, case: str, lost: bool) -> str:
        if self.run == 1:
            return "first"
        if case in self.gone:
            return "case_back"
        return "vanished" if lost else "new"

    def _is_lost(
        self, case: str, rule: str, said: Mapping[tuple[str, str], Any], vanished: set[tuple[str, str]]
    ) -> bool:
        """Whether a finding comes of a record that vanished, tonight or while the answer was open."""
        if any((case, table) in vanished for table in READS[rule]) or (case, rule) in self.endangered:
            return True
        return any(
            (case, name) in self.endangered and said[case, name]["outcome"] in INSUFFICIENT
            for name in RESTS.get(rule, ())
        )

    def _follow(
        self,
        one: Interval,
        here: set[str],
        rejected: set[str],
        said: Mapping[tuple[str, str], Any],
        flags: set[tuple[str, str]],
        vanished: set[tuple[str, str]],
        levels: Mapping[str, Any],
    ) -> None:
        case, rule = one.case, one.rule
        now = _state(case, rule, said, flags) if case in here else None
        lost = now is not None and self._is_lost(case, rule, said, vanished)
        if now == one.state:
            return
        if now:
            ended, began = _turned(one.state, now, lost, self.as_at)
            self._end(one, ended)
            self._begin(case, rule, now, began)
            return
        why = self._why_gone(case, rule, here, rejected, said, levels)
        if why == "undecided" and one.state[0] == "unknown":
            return
        self._end(one, why)
        if why == "undecided":
            self._begin(case, rule, ("unknown", one.state[1], None), "undecided")

    def _why_gone(
        self,
        case: str,
        rule: str,
        here: set[str],
        rejected: set[str],
        said: Mapping[tuple[str, str], Any],
        levels: Mapping[str, Any],
    ) -> str:
        if case in rejected:
            return "undecided"
        if case not in here:
            return "case_ended" if self.ended_on[case] else "case_gone"
        if rule not in RESTS:
            outcome = said[case, rule]["outcome"]
            return {"unknown": "undecided", "met": "put_right", "due": "due_again"}.get(outcome, outcome)
        outcomes = {name: said[case, name]["outcome"] for name in RESTS[rule]}
        if _may_follow(rule, outcomes, levels[case]):
            return "undecided"
        return "put_right" if "met" in outcomes.values() else "not_applicable"

    def _begin(self, case: str, rule: str, state: State, began: str) -> None:
        self.intervals.append(Interval(case, rule, state, began, self.run))

    def _end(self, one: Interval, ended: str) -> None:
        one.last_run, one.ended, one.ended_run = self.run - 1, ended, self.run

    def _vanished(self, night: Mapping[str, Any], here: set[str], as_at: date) -> set[tuple[str, str]]:
        """The cases and tables with a day less than before; a rejected row, or a table not there, proves nothing."""
        found = set()
        for table, column in DAYS.items():
            for case in here if table in night else ():
                rows = [row[column] for row in night[table] if row["case_id"] == case]
                if "2006-13-10" in rows:
                    continue
                days = Counter(day for day in rows if day and day <= as_at.isoformat())
                if self.days.get((case, table), Counter()) - days and case not in self.gone:
                    found.add((case, table))
                self.days[case, table] = days
        return found

    def rows(self) -> list[tuple[Any, ...]]:
        """The intervals as `nights.intervals` reads them from a store."""
        return sorted(
            (
                (one.case, one.rule, *one.state, one.began, one.first_run, one.last_run, one.ended, one.ended_run)
                for one in self.intervals
            ),
            key=str,
        )


def _state(case: str, rule: str, said: Mapping[tuple[str, str], Any], flags: set[tuple[str, str]]) -> State | None:
    if rule in RESTS:
        return ("", None, None) if (case, rule) in flags else None
    row = said[case, rule]
    return (row["outcome"], row["due_on"], row["done_on"]) if row["outcome"] in INSUFFICIENT else None


def _may_follow(flag: str, outcomes: Mapping[str, str], level: str | None) -> bool:
    """Whether the flag would follow if what is not recorded were as bad as can be."""
    headings = outcomes["rmp-standard-headings"] in ("not_met", "unknown") and level in ("high", "very_high", None)
    short = headings or outcomes["risk-management-plan-on-time"] in ("late", "missing", "unknown")
    return short and (flag == "plan-falls-short" or outcomes["ethnicity-recorded"] in ("not_met", "unknown"))


def _turned(before: State, now: State, lost: bool, last_night: date) -> tuple[str, str]:
    """How a state of a case and rule ended, and how the next one began."""
    if before[1] and now[1] and before[1] != now[1]:
        return "other_duty", "vanished" if lost else "new" if now[1] >= last_night else "other_duty"
    if before[0] == "unknown":
        return "decided", "seen_again"
    if (before[0], now[0]) == ("missing", "late"):
        return "done_late", "done_late"
    if _RANK.get(now[0], 0) > _RANK.get(before[0], 0):
        return "replaced", "vanished" if lost else "worse"
    return "replaced", "changed"
