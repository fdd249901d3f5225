"""Where the processor time of a check goes: to each stage, to each rule, and to each pass over a table.

A check runs in this process with one thread, and every statement is timed by the thread that runs it. What a statement
is for is read from its text. The plain part of a rule judges the cases that leave nothing open, the open part the
others, or all if they are few; a pass gathers from a table what all rules together ask of it.

    python benchmarks/by_rule.py omi-demo/export --write
"""

import argparse
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from omi_rules.data.means import Means
from omi_rules.pipeline import Settings, check
from omi_rules.rulebook.load import load_rulebook

RESULTS = Path(__file__).with_name("results") / "by_rule.md"
JUDGES = re.compile(
    r"INSERT INTO judged SELECT case_no, (\d+), outcome, due_on, done_on, arm, undecided "
    r"FROM \((SELECT \* REPLACE \(CASE)?"
)
PASSES = re.compile(r"CREATE OR REPLACE TABLE (\w+_(?:facts|open)) AS ")
ENTERS = re.compile(r"SET search_path = ")


@dataclass
class Cost:
    """Seconds of processor for the plain part and the open part of something."""

    plain: float = 0.0
    open: float = 0.0

    @property
    def both(self) -> float:
        return self.plain + self.open


@dataclass
class Costs:
    """What each statement cost, by what it is for."""

    rules: dict[int, Cost] = field(default_factory=lambda: defaultdict(Cost))
    passes: dict[str, Cost] = field(default_factory=lambda: defaultdict(Cost))
    rest: float = 0.0
    cases: int = 0
    #: processor time of the process when a stage began, in the words of the command line
    stages: list[tuple[str, float]] = field(default_factory=list)
    #: the connections that see the cases with doubts alone
    entered: set[int] = field(default_factory=set)

    def enter_stage(self, words: str) -> None:
        self.stages.append((words, time.process_time()))

    def add(self, connection: int, statement: str, seconds: float) -> None:
        if ENTERS.match(statement):
            self.entered.add(connection)
        if rule := JUDGES.match(statement):
            cost = self.rules[int(rule[1])]
            if rule[2]:
                cost.plain += seconds
            else:
                cost.open += seconds
        elif made := PASSES.match(statement):
            cost = self.passes[made[1]]
            if connection in self.entered:
                cost.open += seconds
            else:
                cost.plain += seconds
        else:
            self.rest += seconds


def measure(export: Path, settings: Settings) -> tuple[Costs, float]:
    """The costs of the statements of a check, and the processor time of all of it."""
    costs = Costs()
    execute = duckdb.DuckDBPyConnection.execute
    cursor = duckdb.DuckDBPyConnection.cursor

    def timed(self: Any, statement: Any, *rest: Any, **named: Any) -> Any:
        begun = time.thread_time()
        try:
            return execute(self, statement, *rest, **named)
        finally:
            costs.add(id(self), str(statement), time.thread_time() - begun)

    def opened(self: Any) -> Any:
        new = cursor(self)
        # it may lie where another lay that is gone
        costs.entered.discard(id(new))
        return new

    duckdb.DuckDBPyConnection.execute = timed  # type: ignore[method-assign]
    duckdb.DuckDBPyConnection.cursor = opened  # type: ignore[method-assign]
    begun = time.process_time()
    costs.enter_stage("starting")
    try:
        with tempfile.TemporaryDirectory() as folder:
            run = check(export, Path(folder) / "run", settings, progress=costs.enter_stage)
            costs.cases = sum(table["used"] for table in run.summary["tables"] if table["table"] == "cases")
            costs.enter_stage("")
    finally:
        duckdb.DuckDBPyConnection.execute = execute  # type: ignore[method-assign]
        duckdb.DuckDBPyConnection.cursor = cursor  # type: ignore[method-assign]
    return costs, time.process_time() - begun


def table(costs: Costs, rules: list[str], total: float) -> Iterator[str]:
    """The lines of a report in Markdown, the dearest first."""
    yield f"Processor time of one check with one thread: {total:.2f} s."
    yield from ("", "| stage | s |", "| --- | ---: |")
    for (words, begun), (_, ended) in pairwise(costs.stages):
        yield f"| {words} | {ended - begun:.2f} |"
    for head, found in (
        ("rule", {rules[number]: cost for number, cost in costs.rules.items()}),
        ("pass", dict(costs.passes)),
    ):
        yield from ("", f"| {head} | plain, s | open, s | both, s |", "| --- | ---: | ---: | ---: |")
        for name, cost in sorted(found.items(), key=lambda item: (-item[1].both, item[0])):
            yield f"| {name} | {cost.plain:.3f} | {cost.open:.3f} | {cost.both:.3f} |"
        sums = [sum(getattr(cost, part) for cost in found.values()) for part in ("plain", "open", "both")]
        yield f"| all {len(found)} | {' | '.join(f'{seconds:.3f}' for seconds in sums)} |"
    said = sum(cost.both for cost in (*costs.rules.values(), *costs.passes.values()))
    yield from ("", f"Other statements (reading, frames, conclusions, findings, files): {costs.rest:.2f} s;")
    yield f"the program around them: {total - said - costs.rest:.2f} s."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("--rules", type=Path, help="another rulebook")
    parser.add_argument("--as-at", type=date.fromisoformat, help="the day, if the export states none")
    parser.add_argument("--write", action="store_true", help=f"also write the table to {RESULTS.name}")
    asked = parser.parse_args()
    settings = Settings(rules=asked.rules, as_at=asked.as_at, means=Means(threads=1))
    rules = [rule.id for rule in load_rulebook(asked.rules).case_rules]
    costs, total = measure(asked.export, settings)
    told = "\n".join(table(costs, rules, total)) + "\n"
    print(told)
    if asked.write:
        from check import describe_machine

        head = f"# Where the time of a check goes\n\n{costs.cases:,} cases. Machine: {describe_machine()}.\n\n"
        RESULTS.write_text(head + told, encoding="utf-8")


if __name__ == "__main__":
    main()
