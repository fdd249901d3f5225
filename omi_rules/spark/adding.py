"""Adds up what the parts counted: each has a run.json of its own, and no case or member of staff is in two of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from omi_rules.data.export import warn
from omi_rules.reports.summary import order_undecided, rates
from omi_rules.rulebook.model import SEVERITIES

Summary = Mapping[str, Any]


def add_up(parts: Sequence[Summary]) -> dict[str, Any]:
    """The run.json of all parts together, but for what the driver alone knows: exit code, fingerprint, names unread."""
    first = parts[0]
    newest = max((part["export"]["newest_record"] for part in parts if part["export"]["newest_record"]), default=None)
    identical = _add_counts(part["identical"] for part in parts)
    identical = {table["table"]: identical[table["table"]] for table in first["tables"] if table["table"] in identical}
    day = date.fromisoformat(newest) if newest else None
    return {
        **first,
        "export": {**first["export"], "newest_record": newest},
        **{name: sum(part[name] for part in parts) for name in ("cases", "cases_left_out", "findings")},
        "tables": _add_rows([part["tables"] for part in parts], "table"),
        "missing_costs": _unite(part["missing_costs"] for part in parts),
        "identical": identical,
        "rules": _add_rules([part["rules"] for part in parts]),
        "recommendations": _add_rows([part["recommendations"] for part in parts], "recommendation"),
        "conclusions": _add_flags(part["conclusions"] for part in parts),
        "evaluator": "plain" if any(part["evaluator"] == "plain" for part in parts) else first["evaluator"],
        "notes": list(dict.fromkeys(note for part in parts for note in part["notes"])),
        "warnings": list(warn(identical, date.fromisoformat(first["as_at"]), day)),
    }


def _add_rows(lists: Sequence[Sequence[Summary]], key: str) -> list[dict[str, Any]]:
    """Rows of the same keys in the same order, with their numbers added up."""
    added = []
    for rows in zip(*lists, strict=True):
        numbers = [name for name, value in rows[0].items() if isinstance(value, int) and name != key]
        added.append({**rows[0], **{name: sum(row[name] for row in rows) for name in numbers}})
    return added


def _add_rules(lists: Sequence[Sequence[Summary]]) -> list[dict[str, Any]]:
    """The rules that any part shows: those about staff are in one alone."""
    found: dict[str, list[Summary]] = {}
    for rules in lists:
        for rule in rules:
            found.setdefault(rule["rule"], []).append(rule)
    return [_add_rule(found[rule]) for rule in sorted(found)]


def _add_rule(parts: Sequence[Summary]) -> dict[str, Any]:
    outcomes = {word: sum(part["outcomes"][word] for part in parts) for word in parts[0]["outcomes"]}
    undecided = _add_counts({each["column"]: each["cases"] for each in part["undecided_by"]} for part in parts)
    return {**parts[0], "outcomes": outcomes, **rates(outcomes), "undecided_by": order_undecided(undecided)}


def _add_flags(lists: Iterable[Sequence[Summary]]) -> list[dict[str, Any]]:
    severities: dict[str, str] = {}
    cases: Counter[str] = Counter()
    for flags in lists:
        for each in flags:
            severities[each["flag"]] = each["severity"]
            cases[each["flag"]] += each["cases"]
    ordered = sorted(cases, key=lambda flag: (SEVERITIES.index(severities[flag]), flag))
    return [{"flag": flag, "severity": severities[flag], "cases": cases[flag]} for flag in ordered]


def _add_counts(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    added: Counter[str] = Counter()
    for each in counts:
        added.update(each)
    return dict(added)


def _unite(costs: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    united: dict[str, set[str]] = {}
    for each in costs:
        for table, rules in each.items():
            united.setdefault(table, set()).update(rules)
    return {table: sorted(united[table]) for table in sorted(united)}
