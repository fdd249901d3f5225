"""The program's own rulebook is read without its examples where they are known to be right, and only there."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from omi_rules.pipeline import Settings, judge_case
from omi_rules.problems import RulebookError
from omi_rules.resources import rules_folder, schemas_folder
from omi_rules.rulebook.load import load_rulebook, load_to_judge
from omi_rules.rulebook.own import READ_WHOLE

RULE = "checks/1.5/initial-plan-on-time.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program's own rulebook elsewhere, to be changed."""
    shutil.copytree(schemas_folder(), tmp_path / "schemas")
    return Path(shutil.copytree(rules_folder(), tmp_path / "rules"))


def test_hash_is_that_of_the_rulebook_as_it_is() -> None:
    now = load_rulebook().hash

    assert now == READ_WHOLE, f"the rulebook has changed: write its hash, {now}, into omi_rules/rulebook/own.py"


def test_own_rulebook_lacks_examples_and_nothing_else() -> None:
    whole = load_rulebook(rules_folder())

    judging = load_to_judge(rules_folder())

    assert judging == replace(whole, rules={name: replace(rule, examples=()) for name, rule in whole.rules.items()})
    assert all(rule.examples for rule in whole.rules.values())


def test_rulebook_of_any_other_state_is_read_whole(copy: Path) -> None:
    with (copy / RULE).open("a", encoding="utf-8") as file:
        file.write("\n# a remark\n")

    assert load_to_judge(copy) == load_rulebook(copy)
    assert load_to_judge(copy).rules["initial-plan-on-time"].examples


def test_fault_in_an_example_stops_a_check(copy: Path) -> None:
    text = (copy / RULE).read_text("utf-8")
    (copy / RULE).write_text(text.replace("expect: met", "expect: mett", 1), encoding="utf-8")

    with pytest.raises(RulebookError) as told:
        load_to_judge(copy)

    assert [(problem.file, problem.path) for problem in told.value.problems] == [(RULE, "examples[28].expect")]


def test_check_loads_no_examples(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("case_id,order_type,sentence_date\nC1,community_order,2006-01-03\n", "utf-8")

    book = judge_case(tmp_path, "C1", Settings(as_at=date(2006, 11, 30))).rulebook

    assert not any(rule.examples for rule in book.rules.values())
