"""Judgements of one case made by hand, from examples of rules: what an explanation is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from omi_rules.explain.layout import Explanation
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import ClueState, Conclusion, Example, Rule, Rulebook
from omi_rules.shapes import load_tables
from tests.reference import judge
from tests.reference.world import MOST_WAYS, MOST_WAYS_AT_RANDOM, as_they_stood


@dataclass(frozen=True)
class Judged:
    outcome: str
    due_on: date | None = None
    done_on: date | None = None
    days_late: int | None = None
    reason: str = "So it is."
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counted:
    table: str
    left_out: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class Account:
    missing: frozenset[str] = frozenset()
    accounting: tuple[Counted, ...] = ()


@dataclass(frozen=True)
class CaseJudgement:
    case: Mapping[str, Any]
    tables: Mapping[str, list[Mapping[str, Any]]]
    outcomes: Mapping[str, Judged]
    as_at: date
    rulebook: Rulebook
    export: Account = Account()
    derived: tuple[tuple[Conclusion, tuple[tuple[str, str], ...]], ...] = field(default=())
    clues: Mapping[str, ClueState] = field(default_factory=dict)


def section(explanation: Explanation, heading: str) -> str:
    """The lines of a section, not wrapped."""
    return "\n".join(str(line) for each in explanation.sections if each.heading == heading for line in each.lines)


@cache
def rulebook() -> Rulebook:
    return load_rulebook()


def record_of(example: Example, rule: Rule) -> dict[str, Any]:
    """The record that an example of a rule about cases means."""
    base = {name: cells for name, cells in rulebook().example_case.items() if name not in ("as_at", "staff")}
    record = {**base, **example.tables, "lost": example.lost}
    record["case"] = {"case_id": "C1", **base["case"], **example.case}
    return {name: rows for name, rows in record.items() if name not in example.missing_tables}


def day_of_example(example: Example) -> date:
    as_at: date = example.as_at or rulebook().example_case["as_at"]
    return as_at


def judgement_of(
    record: Mapping[str, Any],
    as_at: date,
    outcomes: Mapping[str, Judged],
    missing: frozenset[str] = frozenset(),
    derived: tuple[tuple[Conclusion, tuple[tuple[str, str], ...]], ...] = (),
    clues: Mapping[str, ClueState] | None = None,
) -> CaseJudgement:
    """The record as an explanation is given it, with the outcomes said to be found."""
    stood = as_they_stood(record, "cases", as_at)
    case = dict(stood["cases"])
    case["start_date"] = case["release_date" if case["order_type"] == "licence" else "sentence_date"]
    about_cases = [table for table in load_tables().values() if table.key == "case_id"]
    empty = {table.name: {column.name: None for column in table.columns[1:]} for table in about_cases}
    tables: dict[str, list[Mapping[str, Any]]] = {
        name: [{"row": number, **empty[name], **cells} for number, cells in stood.get(name, ())]
        for name in empty
        if name != "cases" and name not in missing
    }
    lost = tuple(Counted(name, rejected=rows) for name, rows in record.get("lost", {}).items())
    return CaseJudgement(
        {**empty["cases"], **case}, tables, outcomes, as_at, rulebook(), Account(missing, lost), derived, clues or {}
    )


def judged_by_reference(
    rule: Rule,
    record: Mapping[str, Any],
    as_at: date,
    missing: frozenset[str] = frozenset(),
    most_ways: int = MOST_WAYS_AT_RANDOM,
) -> Judged:
    """What the reference reading says, in the shape of the engine."""
    found = judge(rule, rulebook(), record, as_at, missing, most_ways)
    return Judged(found.outcome, found.due_on, found.done_on, found.days_late)


def judgement_of_example(rule: Rule, example: Example) -> CaseJudgement:
    """An example with its outcome by the reference reading."""
    record, as_at = record_of(example, rule), day_of_example(example)
    missing = frozenset(example.missing_tables)
    judged = judged_by_reference(rule, record, as_at, missing, MOST_WAYS)
    return judgement_of(record, as_at, {rule.id: judged}, missing)
