"""The measurements still measure what they say: every rule and pass, and programs that give the same answers."""

import csv
import runpy
import subprocess
from pathlib import Path

import pytest

from omi_rules.checks import run
from omi_rules.data.means import Means
from omi_rules.demo.area import write_area
from omi_rules.pipeline import Settings
from omi_rules.rulebook.load import load_rulebook
from tests.cli.running import TOP


def test_time_is_told_of_every_rule_and_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "FEW_CASES", 0)
    write_area(tmp_path, 60, threads=1)
    report = runpy.run_path(str(TOP / "benchmarks" / "by_rule.py"), run_name="by_rule")
    rules = [rule.id for rule in load_rulebook().case_rules]

    costs, total = report["measure"](tmp_path, Settings(means=Means(threads=1)))
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


def add_two_absences_of_a_day(export: Path) -> None:
    """Every case misses two appointments on one day, after another whose outcome nobody recorded."""
    with (export / "cases.csv").open(encoding="utf-8", newline="") as file:
        cases = [row["case_id"] for row in csv.DictReader(file)]
    missed = (
        "2006-04-18,office,,",
        "2006-05-02,office,unacceptable_absence,",
        "2006-05-02,other,unacceptable_absence,",
    )
    with (export / "appointments.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{case},{appointment}\n" for case in cases for appointment in missed)


def test_plain_programs_decide_as_the_rules_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TOP / "benchmarks"))
    peers = runpy.run_path(str(TOP / "benchmarks" / "peers.py"), run_name="peers")
    export, rules, ours, theirs = (tmp_path / name for name in ("export", "rules", "run", "outcomes.csv"))
    write_area(export, 300, threads=1)
    add_two_absences_of_a_day(export)
    peers["write_rulebook"](rules, peers["TWENTY"])
    subprocess.run(peers["check_command"](export, ours, rules), check=True, capture_output=True)

    for peer in peers["PEERS"]:
        if peer.name in ("plain Python", "plain SQL (DuckDB)"):
            subprocess.run(peer.command(export, theirs), check=True)
            assert peers["differences"](ours, theirs) == []

    changed = theirs.read_text("utf-8").replace(",not_met,", ",met,", 1)
    theirs.write_text(changed, encoding="utf-8")
    assert len(peers["differences"](ours, theirs)) == 1


def test_each_check_is_held_against_the_readings_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TOP / "benchmarks"))
    report = runpy.run_path(str(TOP / "benchmarks" / "check.py"), run_name="check")

    def cost(seconds: float) -> object:
        return report["Cost"](wall=seconds, cpu=2 * seconds, peak=seconds * 1e6)

    # the machine is twice as slow from the second check on: the ratio is two all the same
    checks, readings = [cost(2), cost(4), cost(4)], [cost(1), cost(1), cost(2), cost(2)]
    row = report["table_row"](67, report["Size"](cases=1000, rows=5000, volume=2e6), checks, readings)

    assert row == ("| 67 | 1,000 | 5,000 | 2.0 | 4.00 | 1.50 | 2.00 | 8.00 | 3.00 | 2.00 | 4 | 2 | 2.00 |")
