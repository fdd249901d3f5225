"""run.json: what a run did, counted; held to schemas/run.schema.json."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from omi_rules import __version__
from omi_rules.calendar.working_days import FIRST_DAY, LAST_DAY
from omi_rules.checks.run import Judged
from omi_rules.checks.sayings import doubts_in
from omi_rules.checks.verdict import CALENDAR
from omi_rules.data.export import Export
from omi_rules.data.store import Store
from omi_rules.rulebook.model import INSUFFICIENT, OUTCOMES, SEVERITIES, Rule, Rulebook
from omi_rules.rulebook.usage import values_used


def summarise_run(
    store: Store,
    export: Export,
    rulebook: Rulebook,
    judged: Judged,
    *,
    evaluator: str,
    notes: Sequence[str],
    filters: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Everything but the exit code."""
    shown = {number for (number,) in store.execute("SELECT rule_no FROM shown_rules").fetchall()}
    rules = summarise_rules(store, rulebook, judged, shown)
    counted = store.execute("SELECT count(*) FROM findings").fetchone()
    cases = store.execute("SELECT count(*) FROM shown_cases").fetchone()
    return {
        "program": {"name": "omi-rules", "version": __version__},
        "rulebook": {"name": rulebook.name, "version": rulebook.version, "hash": rulebook.hash},
        "as_at": export.as_at.isoformat(),
        "as_at_from": export.as_at_from,
        "area": export.area or "",
        "source": export.source or "",
        "export": {
            "form": export.form,
            "fingerprint": export.fingerprint,
            "newest_record": export.newest.isoformat() if export.newest else None,
        },
        "calendar": {"first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat()},
        "cases": cases[0] if cases else 0,
        "cases_left_out": export.cases_left_out,
        "tables": [
            {
                "table": table.table,
                "file": table.file,
                "rows_in": table.rows_in,
                "used": table.used,
                "left_out": table.left_out,
                "rejected": table.rejected,
            }
            for table in export.accounting
        ],
        "missing_tables": sorted(export.missing),
        "missing_costs": missing_costs(export, rules),
        "unread": list(export.unread),
        "identical": dict(export.identical),
        "rules": rules,
        "recommendations": count_recommendations(store),
        "findings": counted[0] if counted else 0,
        "conclusions": count_conclusions(store),
        "assumed": assumed_by(rulebook, rules),
        "evaluator": evaluator,
        "notes": list(notes),
        "warnings": list(export.warnings),
        "filters": {name: list(values) for name, values in filters.items() if values},
    }


def summarise_rules(store: Store, rulebook: Rulebook, judged: Judged, shown: set[int]) -> list[dict[str, Any]]:
    """How often each of the rules shown gave each outcome."""
    counts = _outcome_counts(store)
    undecided = _undecided(store, judged)
    return [
        _rule_summary(rulebook, rule, counts.get(number, {}), undecided.get(number, {}))
        for number, rule in enumerate(judged.rules)
        if number in shown
    ]


def _outcome_counts(store: Store) -> Mapping[int, Mapping[str, int]]:
    counts: dict[int, dict[str, int]] = {}
    rows = store.execute("SELECT rule_no, outcome, count(*) FROM judged GROUP BY ALL").fetchall()
    for number, outcome, count in rows:
        counts.setdefault(number, {})[outcome] = count
    return counts


def _undecided(store: Store, judged: Judged) -> Mapping[int, Mapping[str, int]]:
    """How many cases each column would decide, a rule; a case may wait for several."""
    found: dict[int, Counter[str]] = {}
    rows = store.execute(
        "SELECT rule_no, undecided, count(*) FROM judged WHERE outcome = 'unknown' GROUP BY ALL"
    ).fetchall()
    for number, bits, count in rows:
        for label in doubts_in(judged, judged.rules[number], bits):
            found.setdefault(number, Counter())[_column(label)] += count
    return found


def _column(label: str) -> str:
    return "a date within the calendar" if label == CALENDAR else label.removeprefix("cases.")


def _rule_summary(
    rulebook: Rulebook, rule: Rule, outcomes: Mapping[str, int], undecided: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "title": rule.title,
        "criterion": rule.criterion,
        "severity": rule.severity,
        "recommendations": list(rule.recommendations),
        "assumed": [name for name in values_used(rule) if rulebook.values[name].assumed],
        "outcomes": {word: outcomes.get(word, 0) for word in OUTCOMES},
        **rates(outcomes),
        "undecided_by": order_undecided(undecided),
    }


def rates(outcomes: Mapping[str, int]) -> dict[str, float | None]:
    """The share of the sufficient among those judged, and the range that those unknown leave; None of nobody."""
    sufficient = outcomes.get("met", 0)
    judged = sufficient + sum(outcomes.get(word, 0) for word in INSUFFICIENT)
    unknown = outcomes.get("unknown", 0)
    whole = judged + unknown
    return {
        "rate": round(sufficient / judged, 6) if judged else None,
        "rate_low": round(sufficient / whole, 6) if whole else None,
        "rate_high": round((sufficient + unknown) / whole, 6) if whole else None,
    }


def order_undecided(cases: Mapping[str, int]) -> list[dict[str, Any]]:
    """What would decide, and how many cases, of each column: most cases first."""
    ordered = sorted(cases.items(), key=lambda item: (-item[1], item[0]))
    return [{"column": column, "cases": count} for column, count in ordered]


def missing_costs(export: Export, rules: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """By table that is not in the export, the rules of a summary that it left unknown for somebody."""
    costs: dict[str, list[str]] = {}
    for rule in rules:
        for place in rule["undecided_by"]:
            if place["column"] in export.missing:
                costs.setdefault(place["column"], []).append(rule["rule"])
    return {table: sorted(costs[table]) for table in sorted(costs)}


def count_recommendations(store: Store) -> list[dict[str, int]]:
    """The insufficient outcomes of each recommendation, and the cases that they are in."""
    words = ", ".join(f"'{word}'" for word in INSUFFICIENT)
    rows = store.execute(f"""SELECT recommendation, count(*), count(DISTINCT case_no) FROM (
            SELECT case_no, unnest(recommendations) AS recommendation FROM judged JOIN rule_words USING (rule_no)
            WHERE outcome IN ({words}) AND severity < 3)
        GROUP BY recommendation""").fetchall()
    found = {number: (breaches, cases) for number, breaches, cases in rows}
    return [
        {
            "recommendation": number,
            "breaches": found.get(number, (0, 0))[0],
            "cases": found.get(number, (0, 0))[1],
        }
        for number in range(1, 9)
    ]


def count_conclusions(store: Store) -> list[dict[str, Any]]:
    """The flags drawn, the worst first, and in how many cases."""
    rows = store.execute("""SELECT flag, f.severity, count(DISTINCT case_no) FROM derived JOIN flag_words f USING (flag)
        GROUP BY ALL ORDER BY f.severity, flag""").fetchall()
    return [{"flag": flag, "severity": SEVERITIES[severity], "cases": cases} for flag, severity, cases in rows]


def assumed_by(rulebook: Rulebook, rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The assumed values that these rules of a summary rest on, each with the rules that do."""
    used: dict[str, list[str]] = {}
    for rule in rules:
        for name in rule["assumed"]:
            used.setdefault(name, []).append(rule["rule"])
    return [
        {"value": name, "title": rulebook.values[name].title, "rules": rules} for name, rules in sorted(used.items())
    ]
