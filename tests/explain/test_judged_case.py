"""Explanations of what the engine itself judges, from the export to the text; one example a kind of rule."""

from datetime import date
from pathlib import Path

import pytest

from omi_rules.explain.narrative import explain_case
from omi_rules.pipeline import Settings, judge_case
from omi_rules.rulebook.model import INSUFFICIENT
from tests.explain.judgements import day_of_example, record_of, rulebook
from tests.explain.test_every_example import complaints
from tests.judging import write_export

KINDS = {rule.kind: rule for rule in rulebook().case_rules}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_case_judged_by_the_engine_is_explained(kind: str, tmp_path: Path) -> None:
    rule = KINDS[kind]
    example = next(each for each in rule.examples if each.expect["outcome"] in INSUFFICIENT)
    write_export(tmp_path, [record_of(example, rule)], example.missing_tables)
    judgement = judge_case(tmp_path, "C1", Settings(as_at=day_of_example(example)))

    overview, *others = explain_case(judgement)

    assert overview.sections[0].heading.startswith("Insufficient")
    assert rule.id in [each.rule for each in others]
    for explanation in others:
        assert complaints(explanation, judgement.outcomes[explanation.rule]) == []


@pytest.mark.parametrize(
    "name", [*(rule.id for rule in KINDS.values()), "unmanaged-high-risk", "public-protection-alert"]
)
def test_one_rule_or_conclusion_alone_is_explained_as_among_all(name: str, tmp_path: Path) -> None:
    """High Risk of Harm for five months, with a plan reviewed late and nothing else."""
    case = {**rulebook().example_case["case"], "case_id": "C1", "roh_level": "high", "child_safeguarding": True}
    reviews = [
        {"completed_on": date(2006, month, 20), "kind": kind} for month, kind in ((9, "initial"), (12, "review"))
    ]
    write_export(tmp_path, [{"case": case, "sentence_plans": reviews}])
    settings = Settings(as_at=date(2007, 1, 31))

    alone, whole = judge_case(tmp_path, "C1", settings, name), judge_case(tmp_path, "C1", settings)

    assert {conclusion.flag for conclusion, _ in whole.derived} >= {"unmanaged-high-risk", "public-protection-alert"}
    assert len(alone.outcomes) < len(whole.outcomes)
    assert explain_case(alone, [name]) == explain_case(whole, [name])
