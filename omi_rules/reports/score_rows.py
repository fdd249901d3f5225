"""Scores as the rows of one CSV table: a line a question, criterion, section, thread, group's question and more."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omi_rules.data.cells import csv_text

Score = Mapping[str, Any]

COLUMNS = (
    *("kind", "id", "title", "decided_by", "sufficient", "insufficient", "undecided", "percent"),
    *(
        "interval_low",
        "interval_high",
        "range_low",
        "range_high",
        "conclusion",
        "published",
        "dimension",
        "group",
        "note",
    ),
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
        row = _averaged("criterion", criterion) | {"conclusion": criterion["conclusion"]}
        yield row | ({} if row["note"] else {"note": f"rests on {criterion['rests_on']}"})
    for section in score["sections"]:
        yield _averaged("section", section)
    yield _averaged("thread", {"id": "thread", **score["thread"]})
    for target in score["targets"]:
        yield _target(target)
    for criterion in score.get("leadership", ()):
        yield _leadership(criterion)
    for step in score.get("plan", {}).get("recommendations", ()):
        yield _plan_step(step)
    for entry in score.get("groups", ()):
        for group in entry["groups"]:
            yield from _group_rows(entry["dimension"], group)
    for entry in score.get("reconciled", ()):
        yield _reconciled(entry)
    line = score["line"]
    yield {
        "kind": "line of priority",
        "percent": line["percent"],
        "note": f"{'assumed: ' if line['assumed'] else ''}{line['because']}",
    }
    for sentence in (*score["says"], *score["warnings"]):
        yield {"kind": "to know before use", "note": sentence}


def _averaged(kind: str, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind,
        "percent": one["score"],
        "note": one["withheld"] and f"withheld: {one['withheld']}",
        **_taken(one, COLUMNS[8:12], "id", "title"),
    }


def _taken(one: Mapping[str, Any], names: Sequence[str], *more: str) -> dict[str, Any]:
    return {name: one[name] for name in (*more, *names)}


def _target(target: Mapping[str, Any]) -> Mapping[str, Any]:
    """A target's figure is in its own unit, which the note names."""
    numerator, denominator = target["numerator"], target["denominator"]
    counted = target["unit"] == "percent" and numerator is not None
    period = target["period"]["printed"] if target["period"] else None
    told = [
        target["unit"].replace("_", " "),
        f"target {target['target']:g}",
        period,
        target["result"],
        target["without"],
    ]
    return {
        "kind": "target",
        "decided_by": target["source"],
        "sufficient": numerator if counted else None,
        "insufficient": denominator - numerator if counted else None,
        "percent": target["figure"],
        "conclusion": target["light"],
        "published": target["published"]["area"],
        "note": ", ".join(filter(None, told)),
        **_taken(target, (*COLUMNS[8:12], "undecided"), "id", "title"),
    }


def _leadership(criterion: Mapping[str, Any]) -> Mapping[str, Any]:
    """A criterion of section 4: its points that are strengths, those to improve, and its level."""
    return {
        "kind": "leadership",
        "decided_by": "assessor",
        "sufficient": criterion["strengths"],
        "insufficient": criterion["areas_for_improvement"],
        "undecided": criterion["unanswered"],
        "conclusion": criterion["level"],
        "note": f"points not looked at: {criterion['not_looked_at']}",
        **_taken(criterion, ("id", "title")),
    }


def _plan_step(step: Mapping[str, Any]) -> Mapping[str, Any]:
    then, now = ("not judged" if step[name] is None else step[name] for name in ("planned_findings", "findings"))
    items = f"{step['open']} items open, {step['closed']} closed, {step['overdue']} overdue"
    return {
        "kind": "recommendation of the plan",
        "id": step["recommendation"],
        "note": "; ".join([f"findings when planned {then}, now {now}", items, *step["notes"]]),
    }


def _group_rows(dimension: str, group: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    place = {"dimension": dimension, "group": " / ".join(name or "not recorded" for name in group["path"])}
    for question in group["questions"]:
        relevant, sufficient = question["relevant"], question["sufficient"]
        hidden = question["suppressed"]
        differs = question["difference"]
        yield {
            "kind": "group's question",
            "insufficient": None if relevant is None else relevant - sufficient,
            "note": "hidden" if hidden else differs and f"{differs} than the rest",
            **place,
            **_taken(question, COLUMNS[7:10], "id", "sufficient"),
        }
    for criterion in group["criteria"]:
        yield {
            "kind": "group's criterion",
            "id": criterion["id"],
            "percent": criterion["score"],
            "conclusion": criterion["light"] or "no light",
            **place,
            **_taken(criterion, COLUMNS[8:10]),
        }


def _reconciled(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    published, computed = entry["published"], entry["computed"]
    sufficient, relevant = computed["sufficient"], computed["relevant"]
    return {
        "kind": f"published {entry['of']}",
        "id": entry["id"],
        "title": entry["title"],
        "sufficient": sufficient,
        "insufficient": None if sufficient is None or relevant is None else relevant - sufficient,
        "undecided": computed["undecided"],
        "percent": computed["percent"],
        "published": published["percent"],
        "note": f"published by {published['by']}",
    }
