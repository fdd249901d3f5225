"""The rules of one form against their examples and the reference, on small random exports.

The gate leaves it out: tests/test_three_readings.py asks the same of all rules together, and of many more cases.
benchmarks/mutation.py asks it after every change of a kind, which that would be too slow for.
"""

from dataclasses import replace

import pytest

from omi_rules.checks.examples import run_rule_examples
from omi_rules.rulebook.model import Deadline, PerEvent, Rule
from tests.random_exports import random_export
from tests.test_three_readings import disagreements, rulebook

CASES = 60
STAFF = 10


def form_of(rule: Rule) -> str:
    """What a rule requires, told apart as the modules of omi_rules/checks/kinds are."""
    require = rule.require
    if isinstance(require, Deadline) and require.first:
        return "FirstRow"
    if isinstance(require, PerEvent) and require.latest:
        return "LatestEvent"
    if isinstance(require, PerEvent) and (require.deadline.from_failure or isinstance(require.event, str)):
        return "Failure"
    return type(require).__name__


BY_FORM = {
    form: replace(rulebook(), rules={name: rule for name, rule in rulebook().rules.items() if form_of(rule) == form})
    for form in sorted({form_of(rule) for rule in rulebook().rules.values()})
}


@pytest.mark.parametrize("form", BY_FORM)
def test_rules_are_judged_as_their_examples_say(form: str) -> None:
    assert [result for result in run_rule_examples(BY_FORM[form]) if not result.passed] == []


@pytest.mark.parametrize("seed", range(100, 106))
@pytest.mark.parametrize("form", BY_FORM)
def test_rules_are_judged_as_the_reference_judges_them_where_little_is_open(form: str, seed: int) -> None:
    assert disagreements(random_export(seed, 2, 2), BY_FORM[form])[1] == []


@pytest.mark.parametrize("seed", [0, 4, 27])  # 27 lies at the end of the calendar
@pytest.mark.parametrize("form", BY_FORM)
def test_rules_are_judged_as_the_reference_judges_them(form: str, seed: int) -> None:
    assert disagreements(random_export(seed, CASES, STAFF), BY_FORM[form])[1] == []
