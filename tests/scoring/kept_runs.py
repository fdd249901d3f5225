"""Run folders written by hand, with findings as `omi-rules check --output` keeps them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.reports.summaries import OUTCOMES

#: The rules of the folders, with the recommendations that rest on them.
RULES: Mapping[str, tuple[int, ...]] = {
    "roh-screening-at-start": (1,),
    "plan-review-with-risk-review": (1, 4),
    "annual-appraisal": (8,),
}


def finding(rule: str, case_id: str, **changes: Any) -> dict[str, Any]:
    """An insufficient outcome."""
    return {
        "case_id": case_id,
        "rule": rule,
        "outcome": "missing",
        "severity": "high",
        "recommendations": list(RULES[rule]),
        "causes": [],
        "action": f"Put {rule} right.",
        **changes,
    }


def conclusion(cause: str, case_id: str, recommendations: Sequence[int], **changes: Any) -> dict[str, Any]:
    """What follows from findings."""
    return {
        **finding("roh-screening-at-start", case_id),
        "rule": "a-flag",
        "outcome": None,
        "recommendations": list(recommendations),
        "causes": [cause],
        "action": f"Against: {cause}",
        **changes,
    }


def write_run(
    folder: Path,
    findings: Sequence[Mapping[str, Any]],
    staff: Sequence[Mapping[str, Any]] | None = (),
    *,
    as_at: str = "2006-11-30",
    cases: int = 10,
    unknown: Mapping[str, int] = {},
    failed: Sequence[str] = (),
    **changes: Any,
) -> Path:
    """Write a run; `staff` None is a run of an export without staff."""
    folder.mkdir(parents=True)
    for name in ("outcomes.parquet", "cases.parquet", "measures.parquet"):
        (folder / name).touch()
    for name, rows in (("findings.jsonl", findings), ("staff_findings.jsonl", staff)):
        if rows is not None:
            (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    rules = [
        {
            "rule": rule,
            "severity": "high",
            "recommendations": list(numbers),
            "outcomes": {
                **dict.fromkeys(OUTCOMES, 0),
                "unknown": unknown.get(rule, 0),
                "error": cases if rule in failed else 0,
            },
        }
        for rule, numbers in RULES.items()
        if rule != "annual-appraisal" or staff is not None
    ]
    told = {"recommendations": _counted(findings)}
    summary = {
        "program": {"name": "omi-rules"},
        "rulebook": {"hash": "abc"},
        "as_at": as_at,
        "area": "Anywhere",
        "cases": cases,
        "rules": rules,
        "filters": {},
        "staff": None if staff is None else {"recommendations": _counted(staff)},
        **told,
        **changes,
    }
    (folder / "run.json").write_text(json.dumps(summary), "utf-8")
    return folder


def _counted(findings: Sequence[Mapping[str, Any]]) -> list[dict[str, int]]:
    outcomes = [row for row in findings if row["outcome"] and row["severity"] != "informational"]
    return [
        {"recommendation": number, "breaches": sum(number in row["recommendations"] for row in outcomes)}
        for number in range(1, 9)
    ]
