"""What must hold of any records: time never makes late work timely, and less evidence never proves more."""

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import OUTCOMES, Count, Deadline, PerEvent, ReviewChain, Rulebook
from tests.judging import Judged, judge_records
from tests.metamorphic import (
    ASK_WHETHER_RECORDED,
    PROVED_BY,
    crowded,
    ends_between,
    mixed,
    with_less,
    with_nulls,
)
from tests.random_exports import RandomExport, random_export

CASES = 60
INSUFFICIENT = ("late", "missing", "not_met")
#: The seed of records in which rows of one day would change answers, if one of them came first.
ROWS_OF_ONE_DAY = 3


@cache
def rulebook() -> Rulebook:
    return load_rulebook()


def judged(export: RandomExport, records: list[dict[str, Any]], as_at: date) -> Judged:
    # one case that is always in the run: an export without a case is refused
    anchor = {"case_id": "A", "order_type": "community_order", "sentence_date": date(1999, 1, 4)}
    # that many are judged as few are is asked of exports like these in tests/test_three_readings.py
    return judge_records([*records, {"case": anchor}], as_at, rulebook(), export.missing_tables, both_ways=False)


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
    still = {record["case"]["case_id"] for record in records if not ends_between(record, export.as_at, days)}
    # nor is it the same duty if a level of Risk of Harm that was recorded since gives it another due date
    wrong = {
        key: (before[key], after[key])
        for key in before
        if key[0] in still and before[key][0] == "late" and after[key][0] == "met" and before[key][1] == after[key][1]
    }
    assert wrong == {}


@given(st.integers(0, 10_000))
@settings(max_examples=3)
def test_less_evidence_never_turns_insufficient_into_met(seed: int) -> None:
    """Evidence of what was done. What starts a duty is no evidence: without it there may be no duty."""
    export, records = case_records(seed)
    rng = Random(seed)
    fewer = [with_less(record, rng) for record in records]

    before, after = judged(export, records, export.as_at), judged(export, fewer, export.as_at)

    wrong = {
        key: (before[key], after[key])
        for key in before
        if key[1] in PROVED_BY and before[key][0] in INSUFFICIENT and after[key][0] == "met"
    }
    assert wrong == {}


def test_empty_cells_only_ever_make_an_outcome_unknown() -> None:
    export, records = case_records(1)
    rng = Random(1)
    emptied = [with_nulls(record, export.as_at, rng, 0.05) for record in records]

    before, after = judged(export, records, export.as_at), judged(export, emptied, export.as_at)

    moved = {key: (before[key][0], after[key][0]) for key in before if before[key][0] != after[key][0]}
    wrong = {
        key: (was, is_)
        for key, (was, is_) in moved.items()
        if key[1] not in ASK_WHETHER_RECORDED and is_ != "unknown" and not {was, is_} <= set(INSUFFICIENT)
    }
    assert before.keys() == after.keys()
    assert moved
    assert wrong == {}


def test_parts_of_an_export_are_judged_as_the_whole_is() -> None:
    export, records = case_records(2)
    apart = judged(export, records[::2], export.as_at) | judged(export, records[1::2], export.as_at)

    assert apart == judged(export, records, export.as_at)


@pytest.mark.parametrize("rule", sorted(PROVED_BY))
def test_rule_is_proved_by_the_table_named(rule: str) -> None:
    require = rulebook().rules[rule].require
    if isinstance(require, Deadline):
        proofs = set(require.done)
    else:
        assert isinstance(require, Count | ReviewChain)
        proofs = {require.rows if isinstance(require, Count) else require.reviews}

    assert {selection.table for selection in proofs} == {PROVED_BY[rule]}


def certain(key: tuple[str, str], answer: tuple[Any, ...]) -> tuple[Any, ...]:
    """What no order of rows may change. Of events due on one day the rulebook tells the first in the file,
    and so the day on which that one was done."""
    outcome, due_on, *_ = answer
    return (outcome, due_on) if isinstance(rulebook().rules[key[1]].require, PerEvent) else answer


def test_order_of_rows_changes_no_answer() -> None:
    rng = Random(ROWS_OF_ONE_DAY)
    export = random_export(ROWS_OF_ONE_DAY, 250, 20)
    records = [crowded(record, rng) for record in export.records]
    others = []
    for record in records:
        subject, key = ("staff", "staff_id") if "staff" in record else ("case", "case_id")
        other = mixed(record, rng)
        others.append({**other, subject: {**other[subject], key: f"X{other[subject][key]}"}})

    found = judge_records(rng.sample(records + others, 2 * len(records)), export.as_at, rulebook())

    as_they_were = {key: answer for key, answer in found.items() if key[0][0] != "X"}
    as_mixed = {(name[1:], rule): answer for (name, rule), answer in found.items() if name[0] == "X"}
    moved = {
        key: (answer, as_mixed[key])
        for key, answer in as_they_were.items()
        if certain(key, answer) != certain(key, as_mixed[key])
    }
    assert moved == {}
    assert {answer[0] for answer in as_they_were.values()} == set(OUTCOMES) - {"error"}
    assert {rule for _, rule in as_they_were} == set(rulebook().rules)
