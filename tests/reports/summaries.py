"""A small run's summary, as run.json has it."""

from typing import Any

OUTCOMES = ("met", "late", "missing", "not_met", "due", "unknown", "excluded", "not_applicable", "error")


def rule(name: str = "contact-frequency", **changes: Any) -> dict[str, Any]:
    counts = dict.fromkeys(OUTCOMES, 0) | {"met": 3, "not_met": 1, "unknown": 4}
    return {
        "rule": name,
        "title": "Enough appointments in the first 16 weeks",
        "criterion": "2.4",
        "severity": "medium",
        "recommendations": [],
        "assumed": ["contact-minimum"],
        "outcomes": counts,
        "rate": 0.75,
        "rate_low": 0.375,
        "rate_high": 0.875,
        "undecided_by": [{"column": "cases.tier", "cases": 4}],
    } | changes


def finding(**changes: Any) -> dict[str, Any]:
    return {
        "case_id": "C1",
        "rule": "roh-screening-at-start",
        "outcome": "missing",
        "due_on": "2006-09-25",
        "done_on": None,
        "days_late": 66,
        "severity": "critical",
        "reason": "There is no screening.",
        "action": "Complete the screening today.",
        "team": "Wirral",
        "officer": "OM1",
    } | changes


def summary(**changes: Any) -> dict[str, Any]:
    return {
        "program": {"name": "omi-rules", "version": "0.1.0"},
        "rulebook": {"name": "omi-merseyside", "version": "2006.1", "hash": "0" * 64},
        "as_at": "2006-11-30",
        "as_at_from": "export.yaml",
        "area": "Merseyside",
        "source": "",
        "export": {"form": "csv", "fingerprint": "0" * 64, "newest_record": "2006-11-29"},
        "calendar": {"first": "1995-01-01", "last": "2035-12-31"},
        "cases": 8,
        "cases_left_out": 2,
        "tables": [
            {"table": "cases", "file": "cases.csv", "rows_in": 10, "used": 8, "left_out": 2, "rejected": 0},
            {"table": "appointments", "file": "x", "rows_in": 50, "used": 47, "left_out": 0, "rejected": 3},
        ],
        "missing_tables": ["home_visits"],
        "missing_costs": {"home_visits": ["high-roh-home-visit-on-time"]},
        "unread": ["cases.surname"],
        "identical": {},
        "rules": [rule()],
        "recommendations": [{"recommendation": 1, "breaches": 5, "cases": 4}],
        "findings": 1200,
        "conclusions": [],
        "assumed": [
            {
                "value": "contact-minimum",
                "title": "Smallest number of appointments",
                "rules": ["contact-frequency"],
            }
        ],
        "evaluator": "durable-rules",
        "notes": [],
        "warnings": [],
        "filters": {},
        "exit_code": 0,
        "exit_because": "nothing at or above --fail-on never",
    } | changes
