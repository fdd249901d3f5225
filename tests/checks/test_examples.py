"""How examples share exports, and that each is judged as if it were alone."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from omi_rules.checks.examples import NumberedExample, make_batches, read_batch, run_rule_examples
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import Example, Rule, Rulebook

BOOK = load_rulebook()
HEADINGS = BOOK.rules["rmp-standard-headings"]
VISIT = BOOK.rules["high-roh-home-visit-on-time"]


def with_examples(rule: Rule, *examples: Example) -> Rule:
    return replace(rule, examples=examples)


def book_of(*rules: Rule) -> Rulebook:
    return replace(BOOK, rules={rule.id: rule for rule in rules})


def example(**stated: Any) -> Example:
    return Example("one of them", {"outcome": "met"}, **stated)


def test_examples_of_many_days_share_one_export() -> None:
    rule = with_examples(HEADINGS, example(), example(as_at=date(2007, 3, 1)), example(as_at=date(2006, 12, 1)))

    (batch,) = make_batches(BOOK, [rule])

    assert {day: len(examples) for day, examples in batch.days.items()} == {
        BOOK.example_case["as_at"]: 1,
        date(2007, 3, 1): 1,
        date(2006, 12, 1): 1,
    }
    assert batch.needed == {"cases", "roh_assessments", "risk_management_plans"}


def test_table_that_one_rule_lacks_may_be_missing_beside_a_rule_that_does_not_read_it() -> None:
    lacking = with_examples(HEADINGS, example(missing_tables=("risk_management_plans",)))
    visit = with_examples(VISIT, example())

    assert len(make_batches(BOOK, [lacking, visit])) == 1
    assert len(make_batches(BOOK, [lacking, visit, with_examples(replace(HEADINGS, id="other"), example())])) == 2


def test_table_that_the_rule_does_not_read_may_be_missing_and_given() -> None:
    rule = with_examples(HEADINGS, example(), example(missing_tables=("documents",)))

    (batch,) = make_batches(BOOK, [rule])

    assert batch.lacking == set()


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_batch_is_shared_out_whole(parts: int) -> None:
    whole = make_batches(BOOK, BOOK.case_rules)[0]

    halves = whole.halve(parts)

    assert len(halves) == parts
    assert {day for half in halves for day in half.days} == set(whole.days)
    assert sum(len(half.days) for half in halves) == len(whole.days)


def test_example_is_judged_on_its_own_day_and_its_own_rows() -> None:
    plan = {"completed_on": date(2006, 12, 19), "standard_headings": True}
    rule = with_examples(
        HEADINGS,
        example(tables={"risk_management_plans": (plan,)}),
        example(tables={"risk_management_plans": (plan,)}, as_at=date(2006, 12, 18)),
        example(tables={"risk_management_plans": ({**plan, "standard_headings": False},)}),
        example(tables={"risk_management_plans": ()}, lost={"risk_management_plans": 1}),
        example(missing_tables=("risk_management_plans",)),
    )

    results = run_rule_examples(book_of(rule))

    assert [result.got["outcome"] for result in results] == ["met", "not_applicable", "not_met", "unknown", "unknown"]
    assert [result.passed for result in results] == [True, False, False, False, False]


def test_results_come_in_the_order_asked_for() -> None:
    book = book_of(with_examples(HEADINGS, example()), with_examples(VISIT, example(), example()))

    results = run_rule_examples(book, [VISIT.id, HEADINGS.id])

    assert [result.rule for result in results] == [VISIT.id, VISIT.id, HEADINGS.id]


def test_day_can_be_judged_by_one_rulebook_after_another() -> None:
    rule = with_examples(HEADINGS, example())
    turned = replace(rule, id="turned", require=BOOK.rules["ethnicity-recorded"].require)

    with read_batch(BOOK, make_batches(BOOK, [rule])[0]) as days:
        (day,) = days
        first = day.judge(BOOK, [rule])
        second = day.judge(BOOK, [turned, rule])

    name = NumberedExample(rule, 0).name
    assert first[rule.id][name] == second[rule.id][name] == second["turned"][name]


def test_rows_set_apart_on_one_day_are_not_read_on_the_next() -> None:
    """The first rule sets Risk of Harm rows apart; the second asks only whether the case was high at its start."""
    kind_open = {"completed_on": date(2006, 12, 1), "kind": None, "level": "high"}
    level_open = {"completed_on": date(2006, 9, 13), "kind": "review", "level": None}
    first = with_examples(
        BOOK.rules["roh-first-review-on-time"], example(), example(tables={"roh_assessments": (kind_open,)})
    )
    callouts = {"domestic_abuse": True, "roh_level": "high"}
    second = with_examples(
        BOOK.rules["police-callouts-checked"],
        example(case=callouts, tables={"roh_assessments": (level_open,)}, as_at=date(2006, 9, 18)),
    )

    with read_batch(BOOK, make_batches(BOOK, [first, second])[0]) as days:
        judged = [day.judge(BOOK, list({one.rule.id: one.rule for one in day.examples}.values())) for day in days]

    assert judged[1][second.id][NumberedExample(second, 0).name]["outcome"] == "unknown"
