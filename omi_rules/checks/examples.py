"""Run the rules' own examples: each becomes a case of a small export, read and judged like any other."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from omi_rules.checks.run import Judged, judge
from omi_rules.checks.sayings import days_late_sql
from omi_rules.checks.staff import judge_staff, staff_store
from omi_rules.data.export import read_export
from omi_rules.data.store import Store, open_store
from omi_rules.rulebook.model import Example, Rule, Rulebook
from omi_rules.shapes import Table, load_tables

#: Examples of one as-at date that lack the same tables are judged together.
_Batch = tuple[date, tuple[str, ...]]


@dataclass(frozen=True)
class ExampleResult:
    """What an example expects, and what the engine gives."""

    rule: str
    name: str
    line: int
    passed: bool
    expected: Mapping[str, Any]
    got: Mapping[str, Any]


def run_rule_examples(rulebook: Rulebook, rule_ids: Iterable[str] | None = None) -> list[ExampleResult]:
    """The results of the examples of these rules (or all), in the order of the rules and their examples."""
    wanted = [rulebook.rules[name] for name in rule_ids] if rule_ids is not None else list(rulebook.rules.values())
    batches: dict[_Batch, list[tuple[Rule, int, Example]]] = {}
    for rule in wanted:
        for number, example in enumerate(rule.examples):
            as_at = example.as_at or rulebook.example_case["as_at"]
            key = (as_at, tuple(sorted(example.missing_tables)))
            batches.setdefault(key, []).append((rule, number, example))
    found: dict[tuple[str, int], ExampleResult] = {}
    for (as_at, missing), examples in batches.items():
        judged = _judge(rulebook, as_at, missing, examples)
        for rule, number, example in examples:
            got = judged.get((f"{rule.id}#{number}", rule.id), {"outcome": "error"})
            passed = all(got.get(word) == value for word, value in example.expect.items())
            found[rule.id, number] = ExampleResult(rule.id, example.name, example.line, passed, example.expect, got)
    return [found[rule.id, number] for rule in wanted for number in range(len(rule.examples))]


def _judge(
    rulebook: Rulebook, as_at: date, missing: Sequence[str], examples: Sequence[tuple[Rule, int, Example]]
) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    asked = {rule.id: rule for rule, _, _ in examples}
    rules = [rule for rule in asked.values() if not rule.about_staff]
    staff_rules = [rule for rule in asked.values() if rule.about_staff]
    with TemporaryDirectory(prefix="omi-rules-") as folder, open_store() as store:
        _write_export(Path(folder), rulebook, missing, examples)
        export = read_export(store, Path(folder), as_at=as_at)
        found = _found(store, "case_id", judge(store, export, rulebook, rules), as_at)
        if staff_rules:
            with staff_store(store) as staff:
                judged = judge_staff(staff, export, rulebook, staff_rules)
                found |= _found(staff, "staff_id", judged, as_at)
    return found


def _found(store: Store, key: str, judged: Judged, as_at: date) -> dict[tuple[str, str], Mapping[str, Any]]:
    late = days_late_sql(f"DATE '{as_at.isoformat()}'")
    rows = store.execute(
        f"SELECT {key}, rule_no, outcome::VARCHAR, due_on, done_on, {late} FROM judged JOIN cases USING (case_no)"
    ).fetchall()
    return {
        (name, judged.rules[number].id): dict(zip(("outcome", "due_on", "done_on", "days_late"), values, strict=True))
        for name, number, *values in rows
    }


def _write_export(
    folder: Path, rulebook: Rulebook, missing: Sequence[str], examples: Sequence[tuple[Rule, int, Example]]
) -> None:
    for table in load_tables().values():
        if table.name in missing:
            continue
        header = [column.name for column in table.columns]
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            for rule, number, example in _in_table(examples, table):
                for row in _rows(rulebook, example, table):
                    cells = {**row, table.key: f"{rule.id}#{number}"}
                    writer.writerow([_text(cells.get(name)) for name in header])


def _in_table(examples: Sequence[tuple[Rule, int, Example]], table: Table) -> Iterable[tuple[Rule, int, Example]]:
    """The examples that have rows in a table. An export needs a case, even if it is about staff."""
    about_staff = table.key == "staff_id"
    ours = [example for example in examples if example[0].about_staff is about_staff]
    return ours if ours or table.name != "cases" else examples[:1]


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
