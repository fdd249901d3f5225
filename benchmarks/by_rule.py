"""Where the processor time of a check goes: to each rule, to each pass over a table, and to the rest.

A check runs in this process with one thread, and every statement is timed by the thread that runs it. What a statement
is for is read from its text. The plain part of a rule judges the cases that leave nothing open, the open part the
others, or all if they are few; a pass gathers from a table what all rules together ask of it.

    python benchmarks/by_rule.py omi-demo/export
"""

import argparse
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from omi_rules.pipeline import Settings, check
from omi_rules.rulebook.load import load_rulebook

JUDGES = re.compile(r"INSERT INTO judged SELECT case_no, (\d+), outcome, due_on, done_on, arm, (CASE)?")
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
    #: the connections that see the cases with doubts alone
    entered: set[int] = field(default_factory=set)

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
    try:
        check(export, None, settings)
    finally:
        duckdb.DuckDBPyConnection.execute = execute  # type: ignore[method-assign]
        duckdb.DuckDBPyConnection.cursor = cursor  # type: ignore[method-assign]
    return costs, time.process_time() - begun


def table(costs: Costs, rules: list[str], total: float) -> Iterator[str]:
    """The lines of a report in Markdown, the dearest first."""
    yield f"Processor time of one check with one thread: {total:.2f} s."
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
    yield from ("", f"Other statements (reading, frames, conclusions, findings): {costs.rest:.2f} s;")
    yield f"the program around them: {total - said - costs.rest:.2f} s."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("--rules", type=Path, help="another rulebook")
    parser.add_argument("--as-at", type=date.fromisoformat, help="the day, if the export states none")
    asked = parser.parse_args()
    settings = Settings(rules=asked.rules, as_at=asked.as_at, threads=1)
    rules = [rule.id for rule in load_rulebook(asked.rules).case_rules]
    costs, total = measure(asked.export, settings)
    print("\n".join(table(costs, rules, total)))


if __name__ == "__main__":
    main()
