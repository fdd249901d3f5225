"""Findings, the judgements on rules; and risks, which is what was concluded of cases."""

from collections.abc import Iterator, Mapping
from typing import Any

from omi_rules.reports.oscal.evidence import Evidence
from omi_rules.reports.oscal.properties import prop
from omi_rules.reports.words import count
from omi_rules.rulebook.model import INSUFFICIENT


def list_findings(evidence: Evidence) -> Iterator[dict[str, Any]]:
    """A finding for every rule on which there is a judgement: someone broke it, or all who were judged met it."""
    for rule in evidence.summary["rules"]:
        if status := status_of(rule["outcomes"]):
            yield {
                "uuid": evidence.identify("judged", rule["rule"]),
                "title": rule["title"],
                "description": _describe(rule),
                "props": list(_rate(rule)),
                "target": {"type": "objective-id", "target-id": rule["rule"], "status": status},
                "related-observations": evidence.related(rule["rule"], is_conclusion=False),
            }


def status_of(outcomes: Mapping[str, int]) -> dict[str, str] | None:
    """What OSCAL calls the judgement; None where neither of its two words would be true."""
    if any(outcomes[outcome] for outcome in INSUFFICIENT):
        return {"state": "not-satisfied", "reason": "fail"}
    if outcomes["met"] and not outcomes["unknown"] and not outcomes["error"]:
        return {"state": "satisfied", "reason": "pass"}
    return None


def _describe(rule: Mapping[str, Any]) -> str:
    outcomes = rule["outcomes"]
    broken = sum(outcomes[outcome] for outcome in INSUFFICIENT)
    noun, nouns = ("member of staff", "members of staff") if rule["criterion"] == "staff" else ("case", "cases")
    told = f"Met in {count(outcomes['met'], noun, nouns)}, not met in {broken:,}."
    if outcomes["unknown"]:
        told += f" In {outcomes['unknown']:,} more it could not be decided."
    if rule["assumed"]:
        told += f" It rests on assumed values: {', '.join(rule['assumed'])}."
    return told


def _rate(rule: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The rate of those decided, and what it would be if all the undecided were not met, or met."""
    for name in ("rate", "rate_low", "rate_high"):
        if rule[name] is not None:
            yield prop(name.replace("_", "-"), str(rule[name]))
    yield prop("severity", rule["severity"])


def list_risks(evidence: Evidence) -> Iterator[dict[str, Any]]:
    """A risk for every conclusion that was drawn of a case."""
    for drawn in evidence.conclusions():
        flag = drawn["flag"]
        risk = {
            "uuid": evidence.identify("risk", flag),
            "title": drawn["title"],
            "description": f"Concluded of {count(drawn['cases'], 'case')}. What to do: {drawn['action'] or 'see why.'}",
            "statement": drawn["cause"] or drawn["title"],
            "props": [prop("conclusion", flag), prop("severity", drawn["severity"])],
            "status": "open",
        }
        related = evidence.related(flag, is_conclusion=True)
        yield {**risk, "related-observations": related} if related else risk
