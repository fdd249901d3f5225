"""The rules of one form against the reference, on small random exports.

The gate leaves it out: tests/test_three_readings.py asks the same of all rules together, and of many more cases.
benchmarks/mutation.py asks it after every change of a kind, which that would be too slow for.
"""

from dataclasses import replace

import pytest

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


@pytest.mark.parametrize("seed", [0, 4, 27])  # 27 lies at the end of the calendar
@pytest.mark.parametrize("form", sorted({form_of(rule) for rule in rulebook().rules.values()}))
def test_rules_are_judged_as_the_reference_judges_them(form: str, seed: int) -> None:
    rules = {name: rule for name, rule in rulebook().rules.items() if form_of(rule) == form}

    assert disagreements(random_export(seed, CASES, STAFF), replace(rulebook(), rules=rules))[1] == []
