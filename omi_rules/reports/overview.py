"""The summary of a report as plain values: what was checked, what was not, and what came of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from omi_rules.reports.audience import Audience
from omi_rules.reports.words import count, listed
from omi_rules.rulebook.model import INSUFFICIENT
from omi_rules.rulebook.questions import Criteria

Summary = Mapping[str, Any]

#: The conclusion that is told of before anything else.
ALERT = "public-protection-alert"
#: How many alerts are listed; the others are a link away.
MOST_ALERTS = 25
_MOST_COLUMNS = 6


def describe_run(summary: Summary) -> dict[str, Any]:
    """What was checked, and the counts of what was decided."""
    outcomes = [rule["outcomes"] for rule in summary["rules"]]

    def total(*words: str) -> int:
        return sum(each[word] for each in outcomes for word in words)

    return {
        "rules": len(summary["rules"]),
        "cases": summary["cases"],
        "findings": summary["findings"],
        "decided": total("met", *INSUFFICIENT),
        "sufficient": total("met"),
        "due": total("due"),
        "unknown": total("unknown"),
        "rows_in": sum(table["rows_in"] for table in summary["tables"]),
        "used": sum(table["used"] for table in summary["tables"]),
        "rejected": sum(table["rejected"] for table in summary["tables"]),
        "left_out": sum(table["left_out"] for table in summary["tables"]),
        "filters": list(_filters(summary)),
        "staff": summary.get("staff"),
    }


def _filters(summary: Summary) -> Iterator[str]:
    """What the run was narrowed to; cases and officers are counted, since a report may not name them."""
    for name, chosen in (summary.get("filters") or {}).items():
        if chosen:
            told = str(len(chosen)) if name in ("cases", "officers") else listed(map(str, chosen), "or")
            yield f"{name}: {told}"


def list_gaps(summary: Summary) -> list[tuple[str, str]]:
    """What was not checked, or not decided: a heading and a sentence each."""
    gaps: list[tuple[str, str]] = []
    failed = [rule["title"] for rule in summary["rules"] if rule["outcomes"].get("error")]
    if failed:
        gaps.append((f"{count(len(failed), 'rule')} could not run", f"{listed(failed)}."))
    unknown = sum(rule["outcomes"]["unknown"] for rule in summary["rules"])
    if unknown:
        gaps.append((f"{count(unknown, 'answer')} could not be given", _would_decide(summary)))
    for table in summary["missing_tables"]:
        costs = summary.get("missing_costs", {}).get(table, [])
        told = (
            f"{count(len(costs), 'rule')} could not be decided without it."
            if costs
            else "No rule of the run needed it."
        )
        gaps.append((f"The table {table} is not in the export", told))
    if rejected := {table["table"]: table["rejected"] for table in summary["tables"] if table["rejected"]}:
        tables = listed(f"{number:,} of {table}" for table, number in rejected.items())
        gaps.append(
            (
                f"{count(sum(rejected.values()), 'row')} rejected",
                f"{tables}. The file rejects.csv of the run says why, row by row.",
            )
        )
    if summary.get("cases_left_out"):
        told = f"{count(summary['cases_left_out'], 'case')} sentenced after the day"
        gaps.append((told, "They are left out: nothing could be due yet."))
    if summary["assumed"]:
        told = f"{count(len(summary['assumed']), 'limit')} assumed"
        gaps.append((told, "No source gives a number for them; the rulebook assumes one, and says why."))
    return gaps


def tell_waivers(summary: Summary) -> list[tuple[str, str]]:
    """What is waived, and which waivers are over: a heading and a sentence each."""
    waivers = summary.get("waivers")
    if not waivers:
        return []
    told: list[tuple[str, str]] = []
    if in_force := waivers["in_force"]:
        finding = count(in_force, "finding is", "findings are")
        told.append(("Waived", f"{finding} waived for a time, and counted here all the same."))
    if spent := waivers["expired"] + waivers["lapsed"] + waivers["unused"]:
        over = "covers nothing any more, and has" if spent == 1 else "cover nothing any more, and have"
        told.append(("Waivers that are over", f"{count(spent, 'waiver')} {over} to be ended."))
    return told


def _would_decide(summary: Summary) -> str:
    answers: dict[str, int] = {}
    for rule in summary["rules"]:
        for entry in rule.get("undecided_by") or ():
            answers[entry["column"]] = answers.get(entry["column"], 0) + entry["cases"]
    ordered = sorted(answers, key=lambda column: (-answers[column], column))
    if not ordered:
        return "They count for nobody and against nobody."
    shown = [
        f"{column.replace('_', ' ').replace('.', ': ')} ({answers[column]:,})" for column in ordered[:_MOST_COLUMNS]
    ]
    more = f", and {len(ordered) - len(shown)} more" if len(ordered) > len(shown) else ""
    return f"They count for nobody and against nobody. What would decide most: {', '.join(shown)}{more}."


def describe_recommendations(summary: Summary, criteria: Criteria, previous: Summary | None) -> list[Mapping[str, Any]]:
    """The recommendations: words, findings, change, and how many of their questions the rules of the run decide."""
    words = criteria.recommendations.words if criteria.recommendations else ("",) * 8
    now, before = findings_by_recommendation(summary), findings_by_recommendation(previous)
    seeing = {rule["rule"] for rule in summary["rules"] if not _is_blind(rule)}
    rows: list[Mapping[str, Any]] = []
    for number, says in enumerate(words, 1):
        by_rule, asked = _seen_by_rules(criteria, number, seeing)
        found = now.get(number, (0, 0, 0))
        rows.append(
            {
                "number": number,
                "says": says[:1].upper() + says[1:],
                "breaches": found[0],
                "cases": found[1],
                "members": found[2],
                "change": found[0] - before.get(number, (0, 0, 0))[0] if previous else None,
                "before": before.get(number, (0, 0, 0))[0] if previous else None,
                "by_rule": by_rule,
                "asked": asked,
            }
        )
    return rows


def findings_by_recommendation(summary: Summary | None) -> dict[int, tuple[int, int, int]]:
    """Findings, the cases that they are in, and the members of staff that they are about."""
    if summary is None:
        return {}
    found = {each["recommendation"]: (each["breaches"], each["cases"], 0) for each in summary["recommendations"]}
    for each in (summary.get("staff") or {}).get("recommendations", ()):
        number = each["recommendation"]
        breaches, cases, _ = found.get(number, (0, 0, 0))
        found[number] = (breaches + each["breaches"], cases, each["members"])
    return found


def _seen_by_rules(criteria: Criteria, number: int, seeing: Collection[str]) -> tuple[int, int]:
    """How many of a recommendation's questions one of the rules that are `seeing` decides, and how many there are,
    points about the area too."""
    rules = [each.rule for each in criteria.questions.values() if number in each.recommendations]
    for criterion in criteria.criteria.values():
        rules += [point.rule for point in criterion.points if number in point.recommendations]
    return sum(rule in seeing for rule in rules), len(rules)


def _is_blind(rule: Mapping[str, Any]) -> bool:
    """Whether a rule had somebody to decide about and decided nobody, as where its table is not there."""
    outcomes = rule["outcomes"]
    decided = sum(outcomes[word] for word in ("met", "due", *INSUFFICIENT))
    return not decided and outcomes["unknown"] + outcomes["error"] > 0


def describe_alerts(alerts: Sequence[Mapping[str, Any]], audience: Audience, summary: Summary) -> dict[str, Any]:
    """The cases of an alert, or where cases are not shown their number in each division; and what may hide others."""
    told: dict[str, Any] = {"count": len(alerts), "listed": [], "divisions": [], "unseen": _unseen_alerts(summary)}
    if audience.cases:
        return {**told, "listed": alerts[:MOST_ALERTS]}
    divisions: dict[str | None, int] = {}
    for alert in alerts:
        divisions[alert["division"]] = divisions.get(alert["division"], 0) + 1
    ordered = sorted(divisions.items(), key=lambda item: (-item[1], item[0] or ""))
    return {**told, "divisions": ordered}


def _unseen_alerts(summary: Summary) -> str | None:
    """Why there may be alerts that the run does not show."""
    filters = summary.get("filters") or {}
    if any(filters.get(name) for name in ("rules", "criteria", "recommendations")):
        return "The run shows a part of the rules: an alert that rests on others is not among them."
    if blind := sum(_is_blind(rule) for rule in summary["rules"] if rule["criterion"] != "staff"):
        told = count(blind, "rule has", "rules have")
        return f"But {told} decided nobody: an alert that would rest on {'it' if blind == 1 else 'them'} cannot show."
    return None


def describe_causes(causes: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The causes by how many cases they explain; the alert sums others up, and has no cause of its own."""
    found = [cause for cause in causes if cause["flag"] != ALERT]
    most = max((cause["cases"] for cause in found), default=1)
    return [{**cause, "share": 100 * cause["cases"] / most} for cause in found]


def group_criteria(score: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The sections of the scores, each with its criteria."""
    if score is None:
        return []
    return [
        {**section, "criteria": [one for one in score["criteria"] if one["section"] == section["id"]]}
        for section in score["sections"]
    ]
