"""What must hold of any records: time never makes late work timely, and less evidence never proves more."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import Count, Deadline, ReviewChain, Rulebook
from tests.judging import Judged, judge_records
from tests.random_exports import RandomExport, random_export

CASES = 60


@cache
def rulebook() -> Rulebook:
    return load_rulebook()


def judged(export: RandomExport, records: list[dict[str, Any]], as_at: date) -> Judged:
    # one case that is always in the run: an export without a case is refused
    anchor = {"case_id": "A", "order_type": "community_order", "sentence_date": date(1999, 1, 4)}
    return judge_records([*records, {"case": anchor}], as_at, rulebook(), export.missing_tables)


def case_records(seed: int) -> tuple[RandomExport, list[dict[str, Any]]]:
    export = random_export(seed, CASES, 0)
    return export, [dict(record) for record in export.records]


@given(st.integers(0, 10_000), st.sampled_from((1, 7, 40, 200)))
@settings(max_examples=3)
def test_later_as_at_date_never_turns_late_into_met(seed: int, days: int) -> None:
    export, records = case_records(seed)

    before = judged(export, records, export.as_at)
    after = judged(export, records, export.as_at + timedelta(days=days))

    # what is as exported, and not as at a day, may not move either: an end or a new sentence in between is new
    still = {record["case"]["case_id"] for record in records if not _changes(record, export.as_at, days)}
    wrong = {
        key: (before[key], after[key])
        for key in before
        if key[0] in still and before[key][0] == "late" and after[key][0] == "met"
    }
    assert wrong == {}


def _changes(record: Mapping[str, Any], as_at: date, days: int) -> bool:
    """Whether the case's own dates, or rows without a date, could say something else after these days."""
    case = record["case"]
    dates = [case.get("end_date"), case.get("resentenced_date")]
    return any(day and as_at < day <= as_at + timedelta(days=days) for day in dates)


@given(st.integers(0, 10_000))
@settings(max_examples=3)
def test_less_evidence_never_turns_insufficient_into_met(seed: int) -> None:
    """Evidence of what was done. What starts a duty is no evidence: without it there may be no duty."""
    export, records = case_records(seed)
    rng = Random(seed)
    fewer = [_with_less(record, rng) for record in records]

    before, after = judged(export, records, export.as_at), judged(export, fewer, export.as_at)

    wrong = {
        key: (before[key], after[key])
        for key in before
        if key[1] in PROVED_BY and before[key][0] in ("late", "missing", "not_met") and after[key][0] == "met"
    }
    assert wrong == {}


#: Rules that only ask whether something was done, and the table that proves it; nothing else of it matters to them.
PROVED_BY = {
    "contact-frequency": "appointments",
    "high-roh-home-visit-on-time": "home_visits",
    "initial-plan-exists": "sentence_plans",
    "initial-plan-on-time": "sentence_plans",
    "plan-reviewed-every-16-weeks": "sentence_plans",
    "ppo-oasys-on-time": "oasys_assessments",
    "risk-management-plan-on-time": "risk_management_plans",
    "roh-screening-at-start": "roh_screenings",
}


def _with_less(record: Mapping[str, Any], rng: Random) -> dict[str, Any]:
    left = dict(record)
    for table in set(PROVED_BY.values()) & set(record):
        left[table] = [row for row in record[table] if rng.random() < 0.5]
    return left


@pytest.mark.parametrize("rule", sorted(PROVED_BY))
def test_rule_is_proved_by_the_table_named(rule: str) -> None:
    require = rulebook().rules[rule].require
    if isinstance(require, Deadline):
        proofs = set(require.done)
    else:
        assert isinstance(require, Count | ReviewChain)
        proofs = {require.rows if isinstance(require, Count) else require.reviews}

    assert {selection.table for selection in proofs} == {PROVED_BY[rule]}
