"""Explanations of what the engine itself judges, from the export to the text; one example a kind of rule."""

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
