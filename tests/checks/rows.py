"""Small records for the engine, and what one rule says of one of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import Rulebook
from tests.judging import judge_records

Verdict = tuple[str, date | None, date | None]
Rows = list[dict[str, Any]]

UNDATED = None


@cache
def rulebook() -> Rulebook:
    """The program's own rulebook."""
    return load_rulebook()


def order(sentence: date, **columns: Any) -> dict[str, Any]:
    """A community order of medium Risk of Harm, with what differs."""
    case = {
        "case_id": "C1",
        "order_type": "community_order",
        "sentence_date": sentence,
        "tier": 2,
        "roh_level": "medium",
        "ppo": False,
    }
    return {**case, **columns}


def reviews(*days: date | None, kind: str | None = "review") -> Rows:
    """Rows of a kind, completed on these days."""
    return [{"completed_on": day, "kind": kind} for day in days]


def absences(*days: date | None, outcome: str | None = "unacceptable_absence") -> Rows:
    """Appointments on these days, missed unless another outcome is given."""
    return [{"scheduled_on": day, "kind": "office", "outcome": outcome} for day in days]


def breaches(*days: date | None) -> Rows:
    """Breach action instigated on these days."""
    return [{"instigated_on": day} for day in days]


def judge(
    rule: str,
    case: Mapping[str, Any],
    as_at: date,
    missing_tables: Iterable[str] = (),
    lost: Mapping[str, int] | None = None,
    **tables: Rows,
) -> Verdict:
    """Outcome, due_on and done_on of one case by one rule."""
    record = {"case": case, "lost": lost or {}, **tables}
    alone = replace(rulebook(), rules={rule: rulebook().rules[rule]})
    outcome, due_on, done_on, _ = judge_records([record], as_at, alone, missing_tables)["C1", rule]
    return outcome, due_on, done_on
