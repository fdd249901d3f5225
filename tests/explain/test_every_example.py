"""Every example of every rule is explained, and the clock tells the dates that were judged."""

from datetime import date

import pytest

from omi_rules.explain import judgement as given_shapes
from omi_rules.explain.layout import WIDTH, Explanation
from omi_rules.explain.narrative import explain_case
from omi_rules.explain.words import weekday_in_words
from omi_rules.rulebook.model import OUTCOMES
from tests.explain.judgements import (
    CaseJudgement,
    Judged,
    judged_by_reference,
    judgement_of,
    judgement_of_example,
    rulebook,
)
from tests.random_exports import random_export
from tests.reference import LeftOut, TooManyWays

HEADINGS = [
    "Rule",
    "Outcome",
    "Population",
    "Clock",
    "Evidence",
    "Conclusions that rest on it",
    "What to do now",
]
CASES = 40


def explain_one(judgement: CaseJudgement, rule: str) -> Explanation:
    (explanation,) = explain_case(judgement, [rule])
    return explanation


def due_date_told(explanation: Explanation) -> str | None:
    """What the clock says at its own level; the clocks of single events stand one step to the right."""
    clock = next(section for section in explanation.sections if section.heading == "Clock")
    told = [
        line.text.removeprefix("Due: ").rstrip(".")
        for line in clock.lines
        if line.text[:5] == "Due: " and not line.depth
    ]
    assert len(told) <= 1, f"several due dates are told: {told}"
    return told[0] if told else None


def complaints(explanation: Explanation, judged: given_shapes.Judged) -> list[str]:
    """What is wrong with an explanation."""
    found = []
    told = due_date_told(explanation)
    if judged.due_on and told != weekday_in_words(judged.due_on):
        found.append(f"tells {told} as due date, and it is {judged.due_on}")
    if "Note: the outcome was judged" in explanation.text:
        found.append("has other dates than those judged")
    if [section.heading for section in explanation.sections] != HEADINGS:
        found.append("has other headings")
    found += [f"is too wide: {line}" for line in explanation.text.splitlines() if len(line) > WIDTH]
    found += [f"{section.heading} is empty" for section in explanation.sections if not section.lines]
    return found


@pytest.mark.parametrize("rule", [rule.id for rule in rulebook().case_rules])
def test_every_example_tells_the_due_date_that_was_judged(rule: str) -> None:
    spec = rulebook().rules[rule]
    for example in spec.examples:
        judgement = judgement_of_example(spec, example)
        judged = judgement.outcomes[rule]
        assert complaints(explain_one(judgement, rule), judged) == [], f"line {example.line}: {example.name}"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_kind_of_outcome_is_explained_for_every_rule(outcome: str) -> None:
    for rule in rulebook().case_rules:
        example = rule.examples[0]
        given = judgement_of_example(rule, example)
        judgement = CaseJudgement(
            given.case, given.tables, {rule.id: Judged(outcome, reason="It is so.")}, given.as_at, rulebook()
        )
        explanation = explain_one(judgement, rule.id)
        assert complaints(explanation, judgement.outcomes[rule.id]) == []
        assert f"\n  {outcome.replace('_', ' ').capitalize()}. It is so.\n" in explanation.text


@pytest.mark.parametrize("seed", [1, 27])  # 27 lies at the end of the calendar
def test_random_cases_are_told_the_dates_that_were_judged(seed: int) -> None:
    export = random_export(seed, CASES, 0)
    compared = 0
    for record in export.records:
        for rule in rulebook().case_rules:
            try:
                judged = judged_by_reference(rule, record, export.as_at, export.missing_tables)
            except (LeftOut, TooManyWays):
                continue
            judgement = judgement_of(record, export.as_at, {rule.id: judged}, export.missing_tables)
            assert complaints(explain_one(judgement, rule.id), judged) == [], f"{rule.id}: {record}"
            compared += judged.due_on is not None
    assert compared > CASES


def test_dates_that_differ_are_told_as_judged() -> None:
    rule = rulebook().rules["roh-screening-at-start"]
    given = judgement_of_example(rule, rule.examples[0])
    judged = Judged("late", date(2006, 1, 2), date(2006, 1, 3), 1)
    judgement = CaseJudgement(given.case, given.tables, {rule.id: judged}, given.as_at, rulebook())

    text = explain_one(judgement, rule.id).text

    assert "Note: the outcome was judged with the due date Mon 2 January 2006." in text
    assert "Note: the outcome was judged as done on 3 January 2006." in text
