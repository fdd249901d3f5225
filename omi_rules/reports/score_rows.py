"""Scores as the rows of one CSV table: a line a question, criterion, section, thread and target."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omi_rules.reports.cells import csv_text

Score = Mapping[str, Any]

COLUMNS = (
    *("kind", "id", "title", "decided_by", "sufficient", "insufficient", "undecided", "percent"),
    *("interval_low", "interval_high", "range_low", "range_high", "conclusion", "target", "note"),
)


def score_csv(score: Score) -> str:
    """The table as text; a cell that a spreadsheet would run as a formula is neutralised."""
    return csv_text(COLUMNS, _rows(score))


def _rows(score: Score) -> Iterator[Mapping[str, Any]]:
    for question in score["questions"]:
        yield {
            "kind": "question",
            "title": question["asks"],
            "note": question["left_out"] or ("fewer than 10 relevant cases" if question["few"] else None),
            **_taken(question, COLUMNS[3:12], "id"),
        }
    for criterion in score["criteria"]:
        yield _averaged("criterion", criterion) | {"conclusion": criterion["conclusion"]}
    for section in score["sections"]:
        yield _averaged("section", section)
    yield _averaged("thread", {"id": "thread", **score["thread"]})


def _averaged(kind: str, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind,
        "percent": one["score"],
        "note": one["withheld"] and f"withheld: {one['withheld']}",
        **_taken(one, COLUMNS[8:12], "id", "title"),
    }


def _taken(one: Mapping[str, Any], names: Sequence[str], *more: str) -> dict[str, Any]:
    return {name: one[name] for name in (*more, *names)}
