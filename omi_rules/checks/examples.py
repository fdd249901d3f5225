"""Run the rules' own examples: each becomes a case of a small export, read and judged like any other.

Examples of one as-at date share an export, with only the tables that their rules read: reading a table costs far more
than a few cases in it. A table that one example lacks must be one that the others of its export do not need.
"""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from omi_rules.checks.run import judge
from omi_rules.checks.sayings import days_late_sql
from omi_rules.data.export import Export, read_export
from omi_rules.data.store import Store, open_store
from omi_rules.rulebook.model import Example, Rule, Rulebook
from omi_rules.rulebook.usage import tables_read
from omi_rules.shapes import Table, load_tables

S = TypeVar("S")
T = TypeVar("T")

#: What a rule gives for an example: its outcome, and the dates where it has any.
Got = Mapping[str, Any]

_FAULT: Got = {"outcome": "error"}


@dataclass(frozen=True)
class NumberedExample:
    """An example of a rule, which is the case `name` of its export."""

    rule: Rule
    number: int

    @property
    def example(self) -> Example:
        """What the rule file says."""
        return self.rule.examples[self.number]

    @property
    def name(self) -> str:
        """The id of its case."""
        return f"{self.rule.id}#{self.number}"

    def passes(self, got: Got) -> bool:
        """Whether that is the outcome, and are the dates, that the example states."""
        return all(got.get(word) == value for word, value in self.example.expect.items())


@dataclass(frozen=True)
class ExampleResult:
    """What an example expects, and what the engine gives."""

    rule: str
    name: str
    line: int
    passed: bool
    expected: Mapping[str, Any]
    got: Got


@dataclass
class Batch:
    """Examples that share an export: of one as-at date, some tables needed and others not there."""

    as_at: date
    needed: set[str] = field(default_factory=set)
    lacking: set[str] = field(default_factory=set)
    examples: list[NumberedExample] = field(default_factory=list)


def run_rule_examples(rulebook: Rulebook, rule_ids: Iterable[str] | None = None) -> list[ExampleResult]:
    """The results of the examples of these rules (or all), in the order of the rules and their examples."""
    wanted = [rulebook.rules[name] for name in rule_ids] if rule_ids is not None else list(rulebook.case_rules)

    def run(batch: Batch) -> list[tuple[NumberedExample, Got]]:
        rules = list({one.rule.id: one.rule for one in batch.examples}.values())
        with read_batch(rulebook, batch) as examples:
            judged = examples.judge(rulebook, rules)
        return [(one, judged[one.rule.id].get(one.name, _FAULT)) for one in batch.examples]

    found = {
        one.name: (one, got) for results in side_by_side(run, make_batches(rulebook, wanted)) for one, got in results
    }
    return [
        _result(*found[NumberedExample(rule, number).name]) for rule in wanted for number in range(len(rule.examples))
    ]


def _result(one: NumberedExample, got: Got) -> ExampleResult:
    example = one.example
    return ExampleResult(one.rule.id, example.name, example.line, one.passes(got), example.expect, got)


def make_batches(rulebook: Rulebook, rules: Iterable[Rule], also: Iterable[str] = ()) -> list[Batch]:
    """The examples of these rules in as few exports as they fit in, the largest first.

    `also` are tables that every example needs beside those that its rule reads.
    """
    batches: dict[date, list[Batch]] = {}
    for rule in rules:
        read = {*tables_read(rule, rulebook), *also}
        for number, example in enumerate(rule.examples):
            lacking = read & set(example.missing_tables)
            needed = read - lacking
            days = batches.setdefault(example.as_at or rulebook.example_case["as_at"], [])
            fitting = next((batch for batch in days if not (batch.needed & lacking or batch.lacking & needed)), None)
            if fitting is None:
                fitting = Batch(example.as_at or rulebook.example_case["as_at"])
                days.append(fitting)
            fitting.needed |= needed
            fitting.lacking |= lacking
            fitting.examples.append(NumberedExample(rule, number))
    return sorted((batch for days in batches.values() for batch in days), key=lambda batch: -len(batch.examples))


def side_by_side(work: Callable[[S], T], items: Iterable[S]) -> list[T]:
    """Do work that has stores of its own on as many items at a time as there are processors; in the order given."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        waiting = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in waiting]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@dataclass(frozen=True)
class ReadBatch:
    """A batch whose export is in a store, to be judged by any rules, as often as is asked."""

    store: Store
    export: Export
    examples: Sequence[NumberedExample]

    def judge(self, rulebook: Rulebook, rules: Sequence[Rule]) -> dict[str, dict[str, Got]]:
        """What each rule, by its id, gives for each case of the batch."""
        self.store.execute("DROP TABLE IF EXISTS judged")
        judged = judge(self.store, self.export, rulebook, rules)
        late = days_late_sql(f"DATE '{self.export.as_at.isoformat()}'")
        rows = self.store.execute(
            f"SELECT case_id, rule_no, outcome::VARCHAR, due_on, done_on, {late} FROM judged JOIN cases USING (case_no)"
        ).fetchall()
        found: dict[str, dict[str, Got]] = {rule.id: {} for rule in rules}
        for case_id, number, *values in rows:
            words = ("outcome", "due_on", "done_on", "days_late")
            found[judged.rules[number].id][case_id] = dict(zip(words, values, strict=True))
        return found


@contextmanager
def read_batch(rulebook: Rulebook, batch: Batch) -> Iterator[ReadBatch]:
    """Write the batch's export and read it."""
    with TemporaryDirectory(prefix="omi-rules-") as folder, open_store(threads=1) as store:
        _write_export(Path(folder), rulebook, batch)
        export = read_export(store, Path(folder), as_at=batch.as_at)
        yield ReadBatch(store, export, batch.examples)


def _write_export(folder: Path, rulebook: Rulebook, batch: Batch) -> None:
    for table in load_tables().values():
        if table.name not in batch.needed:
            continue
        rows = [{**row, "case_id": one.name} for one in batch.examples for row in _rows(rulebook, one.example, table)]
        # a column that is not there is an empty one, and costs nothing to read
        filled = {name for row in rows for name, value in row.items() if value is not None}
        header = [column.name for column in table.columns if column.name in {*filled, "case_id"}]
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows([_text(row.get(name)) for name in header] for row in rows)


def _rows(rulebook: Rulebook, example: Example, table: Table) -> list[Mapping[str, Any]]:
    """The rows of one example: the example case's, but for what it states; a lost row holds a day there never was."""
    base = rulebook.example_case
    if table.name == "cases":
        return [{**base["case"], **example.case}]
    rows = list(example.tables.get(table.name, base.get(table.name, ())))
    spoilt = next((column.name for column in table.columns if column.type == "date"), None)
    bad = {spoilt: "2006-02-30"} if spoilt else {table.columns[-1].name: "perhaps"}
    return rows + [bad] * example.lost.get(table.name, 0)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
