"""Checking the area gives back what was put in: for every rule the share of cases that `shares.csv` says."""

import json
import math
from collections.abc import Mapping
from typing import Any

import pytest
from click.testing import CliRunner

from omi_rules.cli.main import main
from omi_rules.demo.chance import Share, load_shares
from omi_rules.rulebook.load import load_rulebook

CASES = 3_000
#: So many standard errors either way: one rule in sixteen thousand by chance, and the draws never change.
ERRORS = 4


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The rules of the run on the area, by id, as `run.json` gives them."""
    folder = tmp_path_factory.mktemp("demo")
    result = CliRunner().invoke(main, ["demo", "--cases", str(CASES), "--output", str(folder)])
    assert result.exit_code == 0, result.output
    run = json.loads((folder / "run" / "run.json").read_text(encoding="utf-8"))
    return {rule["rule"]: rule for rule in run["rules"]}


def decided(outcomes: Mapping[str, int]) -> int:
    return sum(outcomes[word] for word in ("met", "late", "missing", "not_met"))


#: The area is made for the whole rulebook to come; what the rulebook has no rule for yet, no run can give back.
IN_THE_RULEBOOK = [share for share in load_shares().values() if share.rule in load_rulebook().rules]


@pytest.mark.parametrize("share", IN_THE_RULEBOOK, ids=lambda share: share.rule)
def test_share_of_the_rule_comes_back(rules: Mapping[str, Any], share: Share) -> None:
    outcomes = rules[share.rule]["outcomes"]
    cases = decided(outcomes)
    assert cases > 0
    error = math.sqrt(share.sufficient * (1 - share.sufficient) / cases)
    assert outcomes["met"] / cases == pytest.approx(share.sufficient, abs=ERRORS * error + 1e-9)


def test_every_rule_of_the_run_has_a_share(rules: Mapping[str, Any]) -> None:
    assert set(rules) <= set(load_shares())


def test_nothing_was_rejected_and_no_rule_failed(rules: Mapping[str, Any]) -> None:
    assert {rule: row["outcomes"]["error"] for rule, row in rules.items() if row["outcomes"]["error"]} == {}


def test_few_answers_are_unknown(rules: Mapping[str, Any]) -> None:
    for rule, row in rules.items():
        assert row["outcomes"]["unknown"] <= 0.08 * max(1, sum(row["outcomes"].values())), rule


def test_area_shows_each_outcome_that_is_no_fault(rules: Mapping[str, Any]) -> None:
    seen = {word for row in rules.values() for word, cases in row["outcomes"].items() if cases}
    assert seen == {"met", "late", "missing", "not_met", "due", "unknown", "excluded", "not_applicable"}
