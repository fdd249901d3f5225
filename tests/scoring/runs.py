"""Run folders put together by hand, and answers to score them with."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

OUTCOMES = ("met", "late", "missing", "not_met", "due", "unknown", "excluded", "not_applicable", "error")
#: The file's columns: case_id, rule, outcome.
Outcome = tuple[str, str, str]
Answer = Sequence[str]


def write_run(folder: Path, outcomes: Iterable[Outcome], **summary: Any) -> Path:
    """A run folder with these outcomes; every case named has a row in cases.parquet."""
    folder.mkdir(parents=True)
    rows = [{"case_id": case, "rule": rule, "outcome": outcome} for case, rule, outcome in outcomes]
    columns = [("case_id", pa.string()), ("rule", pa.string()), ("outcome", pa.string())]
    dates = [("due_on", pa.date32()), ("done_on", pa.date32()), ("days_late", pa.int32()), ("reason", pa.string())]
    _write(folder / "outcomes.parquet", rows, pa.schema([*columns, *dates]))
    cases = sorted({row["case_id"] for row in rows})
    _write(folder / "cases.parquet", [{"case_id": case} for case in cases], _CASES)
    _write(folder / "measures.parquet", [], _MEASURES)
    (folder / "run.json").write_text(json.dumps(_summary(rows) | summary), encoding="utf-8")
    return folder


_CASES = pa.schema(
    [
        *((name, pa.string()) for name in ("case_id", "division", "team", "offender_manager", "order_type")),
        ("start_date", pa.date32()),
        ("end_date", pa.date32()),
        ("tier", pa.int32()),
        ("roh_level", pa.string()),
        ("ppo", pa.bool_()),
        ("mappa_level", pa.int32()),
        ("gender", pa.string()),
        ("ethnicity", pa.string()),
    ]
)
_MEASURES = pa.schema(
    [("case_id", pa.string()), ("measure", pa.string()), ("on", pa.date32()), ("amount", pa.float64())]
)


def _write(path: Path, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    full = [{name: row.get(name) for name in schema.names} for row in rows]
    parquet.write_table(pa.Table.from_pylist(full, schema=schema), path)


def _summary(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        outcomes = counts.setdefault(row["rule"], dict.fromkeys(OUTCOMES, 0))
        outcomes[row["outcome"]] += 1
    return {
        "program": {"name": "omi-rules", "version": "0"},
        "rulebook": {"name": "omi-merseyside", "version": "2006.1", "hash": "0" * 64},
        "as_at": date(2006, 11, 30).isoformat(),
        "area": "A made-up area",
        "rules": [{"rule": rule, "outcomes": outcomes} for rule, outcomes in sorted(counts.items())],
    }


def write_answers(folder: Path, answers: Iterable[Answer]) -> Path:
    """A folder with answers.csv: case_id, question, answer and, where given, reason."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case_id", "question", "answer", "reason"])
        writer.writerows([*answer, ""][:4] for answer in answers)
    return folder


def spread(rule: str, **counts: int) -> list[Outcome]:
    """So many cases with each outcome of a rule: C001, C002 and so on, in the order given."""
    outcomes = [outcome for outcome, number in counts.items() for _ in range(number)]
    return [(f"C{number:03}", rule, outcome) for number, outcome in enumerate(outcomes, 1)]


def answer_spread(question: str, **counts: int) -> list[Answer]:
    """The same for the answers to a question."""
    answers = [answer for answer, number in counts.items() for _ in range(number)]
    return [(f"C{number:03}", question, answer) for number, answer in enumerate(answers, 1)]
