"""The report of time per rule still knows the statements of every rule and pass."""

import runpy
from pathlib import Path

import pytest

from omi_rules.checks import run
from omi_rules.demo.area import write_area
from omi_rules.pipeline import Settings
from omi_rules.rulebook.load import load_rulebook
from tests.cli.running import TOP


def test_time_is_told_of_every_rule_and_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "FEW_CASES", 0)
    write_area(tmp_path, 60, threads=1)
    report = runpy.run_path(str(TOP / "benchmarks" / "by_rule.py"), run_name="by_rule")
    rules = [rule.id for rule in load_rulebook().case_rules]

    costs, total = report["measure"](tmp_path, Settings(threads=1))
    lines = list(report["table"](costs, rules, total))

    assert sorted(costs.rules) == list(range(len(rules)))
    assert {"appointments_facts", "appointments_open"} <= set(costs.passes)
    assert sum(line.startswith(f"| {rule} |") for rule in rules for line in lines) == len(rules)
    assert all(sum(getattr(cost, part) for cost in costs.rules.values()) > 0 for part in ("plain", "open"))
    assert sum(cost.open for cost in costs.passes.values()) > 0
    assert [words for words, _ in costs.stages][1:-1] == [
        *("reading the export", "applying the rules", "drawing conclusions", "writing the run")
    ]
    said = sum(cost.both for cost in (*costs.rules.values(), *costs.passes.values())) + costs.rest
    assert said <= total
