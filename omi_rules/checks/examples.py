"""Run the rules' own examples: each becomes a case of a small export, read and judged like any other.

Reading an export costs far more than a few cases in it. So examples share one, with only the tables that their rules
read, and it is looked at on one as-at date after another. A table that one example lacks must be one that the others
of its export do not need. Members of staff are few, and have an export for each as-at date.
"""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from omi_rules.checks.run import Judged, judge
from omi_rules.checks.sayings import days_late_sql
from omi_rules.checks.staff import judge_staff, staff_store
from omi_rules.data.export import Export, read_export
from omi_rules.data.rewind import Rewinding, put_by
from omi_rules.data.store import Store, open_store
from omi_rules.rulebook.model import Example, Rule, Rulebook
from omi_rules.rulebook.usage import tables_read
from omi_rules.shapes import Table, load_tables
from omi_rules.temporary import temporary_folder

S = TypeVar("S")
T = TypeVar("T")

#: What a rule gives for an example: its outcome, and the dates where it has any.
Got = Mapping[str, Any]

_AT_ONCE = os.cpu_count() or 1
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
    """Examples that share an export, by their as-at date: some tables are needed in it, others must not be there."""

    about_staff: bool = False
    needed: set[str] = field(default_factory=set)
    lacking: set[str] = field(default_factory=set)
    days: dict[date, list[NumberedExample]] = field(default_factory=dict)

    def fits(self, rule: Rule, as_at: date, needed: set[str], lacking: set[str]) -> bool:
        """Whether an example of a rule that needs and lacks these tables can be in it."""
        if self.about_staff is not rule.about_staff or (rule.about_staff and as_at not in self.days):
            return False
        return not (self.needed & lacking or self.lacking & needed)

    def halve(self, parts: int) -> list["Batch"]:
        """Its as-at dates shared out over so many batches of about the same weight."""
        halves = [Batch(self.about_staff, self.needed, self.lacking) for _ in range(parts)]
        for day, examples in sorted(self.days.items(), key=lambda item: -_weight(item[1])):
            lightest = min(halves, key=lambda half: sum(map(_weight, half.days.values())))
            lightest.days[day] = examples
        return [half for half in halves if half.days]


def _weight(examples: Iterable[NumberedExample]) -> int:
    """How much work a day is: that of laying out the tables, and of each rule to be judged."""
    return 5 + len({one.rule.id for one in examples})


def run_rule_examples(rulebook: Rulebook, rule_ids: Iterable[str] | None = None) -> list[ExampleResult]:
    """The results of the examples of these rules (or all), in the order of the rules and their examples."""
    wanted = [rulebook.rules[name] for name in rule_ids] if rule_ids is not None else list(rulebook.rules.values())
    batches = [half for batch in make_batches(rulebook, wanted) for half in batch.halve(_AT_ONCE)]

    def run(batch: Batch) -> list[tuple[NumberedExample, Got]]:
        found = []
        with read_batch(rulebook, batch) as days:
            for day in days:
                rules = list({one.rule.id: one.rule for one in day.examples}.values())
                judged = day.judge(rulebook, rules)
                found += [(one, judged[one.rule.id][one.name]) for one in day.examples]
        return found

    found = {one.name: (one, got) for results in side_by_side(run, batches) for one, got in results}
    return [
        _result(*found[NumberedExample(rule, number).name]) for rule in wanted for number in range(len(rule.examples))
    ]


def _result(one: NumberedExample, got: Got) -> ExampleResult:
    example = one.example
    return ExampleResult(one.rule.id, example.name, example.line, one.passes(got), example.expect, got)


def make_batches(rulebook: Rulebook, rules: Iterable[Rule]) -> list[Batch]:
    """The examples of these rules in as few exports as they fit in, the largest first."""
    batches: list[Batch] = []
    for rule in rules:
        read = tables_read(rule, rulebook)
        for number, example in enumerate(rule.examples):
            lacking = read & set(example.missing_tables)
            needed = set(read - lacking)
            as_at = example.as_at or rulebook.example_case["as_at"]
            batch = next((batch for batch in batches if batch.fits(rule, as_at, needed, set(lacking))), None)
            if batch is None:
                batch = Batch(rule.about_staff)
                batches.append(batch)
            batch.needed |= needed
            batch.lacking |= lacking
            batch.days.setdefault(as_at, []).append(NumberedExample(rule, number))
    return sorted(batches, key=lambda batch: -sum(map(len, batch.days.values())))


def side_by_side(work: Callable[[S], T], items: Iterable[S]) -> list[T]:
    """Do work that has stores of its own on as many items at a time as there are processors; in the order given."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in waiting]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@dataclass(frozen=True)
class Day:
    """The examples of one as-at date, laid out in a store to be judged by any rules, as often as is asked."""

    store: Store
    export: Export
    examples: Sequence[NumberedExample]

    def judge(self, rulebook: Rulebook, rules: Sequence[Rule]) -> dict[str, dict[str, Got]]:
        """What each rule, by its id, gives for each case."""
        if rules[0].about_staff:
            with staff_store(self.store) as staff:
                return self._found(staff, "staff_id", judge_staff(staff, self.export, rulebook, rules))
        self.store.execute("DROP TABLE IF EXISTS judged")
        return self._found(self.store, "case_id", judge(self.store, self.export, rulebook, rules))

    def _found(self, store: Store, key: str, judged: Judged) -> dict[str, dict[str, Got]]:
        late = days_late_sql(f"DATE '{self.export.as_at.isoformat()}'")
        rows = store.execute(
            f"SELECT {key}, rule_no, outcome::VARCHAR, due_on, done_on, {late} FROM judged JOIN cases USING (case_no)"
        ).fetchall()
        # a case that is not there at all, being sentenced later, is a fault of its example
        found: dict[str, dict[str, Got]] = {
            rule.id: {one.name: _FAULT for one in self.examples} for rule in judged.rules
        }
        for name, number, *values in rows:
            words = ("outcome", "due_on", "done_on", "days_late")
            found[judged.rules[number].id][name] = dict(zip(words, values, strict=True))
        return found


@contextmanager
def read_batch(rulebook: Rulebook, batch: Batch) -> Iterator[Iterator[Day]]:
    """Write the batch's export and read it; gives its days, those with most examples first, one at a time."""
    as_at = {one.name: day for day, examples in batch.days.items() for one in examples}
    with open_store(threads=1) as store:
        with temporary_folder() as folder:
            _write_export(Path(folder), rulebook, batch)
            export = read_export(store, Path(folder), as_at=max(batch.days))
        if batch.about_staff:
            yield iter([Day(store, export, examples) for examples in batch.days.values()])
        else:
            yield _lay_out_days(rulebook, put_by(store, export, as_at), batch)


def _lay_out_days(rulebook: Rulebook, whole: Rewinding, batch: Batch) -> Iterator[Day]:
    for day, examples in sorted(batch.days.items(), key=lambda item: -len(item[1])):
        read = {table for one in examples for table in tables_read(one.rule, rulebook)}
        yield Day(whole.store, whole.lay_out(day, read), examples)


def _write_export(folder: Path, rulebook: Rulebook, batch: Batch) -> None:
    examples = [one for day in batch.days.values() for one in day]
    key = "staff_id" if batch.about_staff else "case_id"
    for table in load_tables().values():
        if table.name not in batch.needed and table.name != "cases":
            continue
        # an export has at least one case, even if it is about staff
        about = examples if table.key == key else examples[:1]
        rows = [{**row, table.key: one.name} for one in about for row in _rows(rulebook, one.example, table)]
        # a column that is not there is an empty one, and costs nothing to read
        filled = {name for row in rows for name, value in row.items() if value is not None}
        header = [column.name for column in table.columns if column.name in {*filled, table.key}]
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows([_text(row.get(name)) for name in header] for row in rows)


def _rows(rulebook: Rulebook, example: Example, table: Table) -> list[Mapping[str, Any]]:
    """The rows of one example: the example case's, but for what it states; a lost row holds a day there never was."""
    base = rulebook.example_case
    if table.unique:
        return [{**base["staff" if table.name == "staff" else "case"], **example.case}]
    rows = list(example.tables.get(table.name, base.get(table.name, ())))
    spoilt = next((column.name for column in table.columns if column.type == "date"), None)
    bad = {spoilt: "2006-02-30"} if spoilt else {table.columns[-1].name: "perhaps"}
    return rows + [bad] * example.lost.get(table.name, 0)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
