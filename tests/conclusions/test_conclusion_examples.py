from collections.abc import Sequence

import pytest

from omi_rules.conclusions import examples as examples_module
from omi_rules.conclusions.examples import run_examples
from omi_rules.conclusions.facts import Component
from omi_rules.conclusions.plain import Derived
from omi_rules.conclusions.reason import Reasoner
from omi_rules.rulebook.model import ConclusionExample, Fact
from tests.conclusions.making import clue, conclude, flag, rule, rulebook_of


def _example(expect: bool, *facts: Fact, line: int = 7) -> ConclusionExample:
    return ConclusionExample("the example", facts, expect, line)


def test_right_examples_give_no_problem() -> None:
    looked = conclude(
        "looked-at-plan-only",
        [rule("plan-review", "late", "missing"), clue("exempted", False)],
        examples=(
            _example(True, rule("plan-review", "late")),
            _example(True, rule("plan-review", "late", "missing"), clue("exempted", False)),
            _example(False, rule("plan-review", "met")),
            _example(False, rule("plan-review", "late"), clue("exempted")),
        ),
    )
    chained = conclude(
        "misunderstood",
        [flag("looked-at-plan-only"), clue("reviewed-by-pso")],
        examples=(
            _example(True, flag("looked-at-plan-only"), clue("reviewed-by-pso")),
            _example(True, rule("plan-review", "late"), clue("reviewed-by-pso")),
            _example(False, clue("reviewed-by-pso")),
            _example(False, flag("looked-at-plan-only")),
        ),
    )
    assert run_examples(rulebook_of(looked, chained)) == []


def test_wrong_examples_are_problems_with_their_line() -> None:
    made = conclude(
        "a",
        [rule("r", "late"), clue("k")],
        examples=(
            _example(True, rule("r", "late"), line=11),
            _example(False, rule("r", "late"), clue("k"), line=12),
            _example(True, rule("r", "met", "late"), clue("k"), line=13),
        ),
    )
    assert [str(problem) for problem in run_examples(rulebook_of(made))] == [
        "conclusions/a.yaml:11  examples[0]: the example: a does not follow, but expect says otherwise",
        "conclusions/a.yaml:12  examples[1]: the example: a follows, but expect says otherwise",
        "conclusions/a.yaml:13  examples[2]: the example: a does not follow, but expect says otherwise",
    ]


def test_flags_that_say_nothing_are_problems() -> None:
    made = conclude(
        "appraisal-lapsed",
        [clue("k")],
        examples=(_example(False, flag("appraisal-laps")), _example(True, flag("appraisal-lapsed"))),
    )
    assert [problem.sentence for problem in run_examples(rulebook_of(made))] == [
        "the example: no conclusion has the flag appraisal-laps; did you mean appraisal-lapsed?",
        "the example: it states the flag that it is about; take it out",
    ]


def test_evaluators_that_disagree_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    class Contrary(Reasoner):
        def reason(self, component: Component, masks: Sequence[int]) -> list[tuple[Derived, ...]]:
            return [(Derived(f"not-{component.conclusions[0].flag}", ()),) for _ in masks]

    monkeypatch.setattr(examples_module, "Reasoner", Contrary)
    made = conclude("a", [clue("k")], examples=(_example(True, clue("k")),))
    (problem,) = run_examples(rulebook_of(made))
    assert "disagree" in problem.sentence


def test_rulebook_without_conclusions_has_no_problem() -> None:
    assert run_examples(rulebook_of()) == []
