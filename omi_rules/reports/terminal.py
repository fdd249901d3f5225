"""A run's summary for a manager: plain text of at most 80 columns, whole without colour or drawn lines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from omi_rules.problems import nearest
from omi_rules.reports.columns import align
from omi_rules.reports.words import count, english_date, folded, listed, printable, share

Summary = Mapping[str, Any]
Finding = Mapping[str, Any]
Paint = Callable[[str, str], str]

#: How many columns that would decide something are named; -v names all.
_MOST_COLUMNS = 8
_COLOURS = {"heading": "1", "alarm": "1;31", "plain": ""}


def paint_plain(_style: str, text: str) -> str:
    """Leaves text as it is."""
    return text


def paint_colour(style: str, text: str) -> str:
    """Marks a heading or an alarm for a terminal that has colours."""
    return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if _COLOURS[style] else text


def summarise(
    summary: Summary,
    worst: Sequence[Finding],
    folder: Path | None,
    *,
    verbose: bool = False,
    paint: Paint = paint_plain,
) -> list[str]:
    """The lines of the summary; `folder` is where the run is kept, None if it is not."""
    parts = [
        ("", _opening(summary)),
        ("Warnings", _warnings(summary)),
        ("What was read", _reading(summary, folder, verbose)),
        ("Outcomes of each rule", _outcomes(summary)),
        ("The worst findings", _worst(summary, worst, verbose)),
        ("Findings by recommendation", _recommendations(summary)),
        ("What could not be decided", _undecided(summary, verbose)),
        ("Assumed values", _assumed(summary)),
    ]
    lines: list[str] = []
    for heading, body in parts:
        if not body:
            continue
        if heading:
            lines += ["", paint("alarm" if heading == "Warnings" else "heading", heading)]
        lines += body
    return [*lines, "", *_closing(summary, folder)]


def last_line(summary: Summary) -> list[str]:
    """The exit code and why."""
    because = str(summary["exit_because"]).rstrip(".")
    return folded(f"Exit code {summary['exit_code']}: {because}.", "  ", "")


def _opening(summary: Summary) -> list[str]:
    area = f"{summary['area']}, as" if summary.get("area") else "As"
    book, program = summary["rulebook"], summary["program"]
    return [
        *folded(f"{area} at {english_date(summary['as_at'])}.", "  ", ""),
        *folded(f"Rulebook {book['name']} {book['version']}, {program['name']} {program['version']}.", "  ", ""),
        *(folded(f"Only {_filters(summary)}.", "  ", "") if _filters(summary) else []),
    ]


def _filters(summary: Summary) -> str:
    filters = summary.get("filters") or {}
    return "; ".join(f"{name} {listed(map(str, chosen), 'or')}" for name, chosen in filters.items() if chosen)


def _warnings(summary: Summary) -> list[str]:
    failed = [rule["rule"] for rule in summary["rules"] if rule["outcomes"].get("error")]
    sentences = [*summary["warnings"], *summary["notes"]]
    if failed:
        sentences.insert(0, f"{count(len(failed), 'rule')} could not run: {listed(failed)}.")
    return [line for sentence in sentences for line in folded(sentence, "  ", "- ")]


def _reading(summary: Summary, folder: Path | None, verbose: bool) -> list[str]:
    tables = summary["tables"]
    total = {name: sum(table[name] for table in tables) for name in _ROWS}
    cases = f"{count(summary['cases'], 'case')} judged"
    if summary.get("cases_left_out"):
        cases += f"; {count(summary['cases_left_out'], 'case')} sentenced after that day left out"
    lines = folded(f"{cases}.", "  ", "")
    if staff := summary.get("staff"):
        told = f"{count(staff['members'], 'member of staff', 'members of staff')} judged"
        if staff["left_out"]:
            told += f"; {staff['left_out']:,} employed after that day left out"
        lines += folded(f"{told}.", "  ", "")
    shown = [table for table in tables if verbose or table["used"] < table["rows_in"]]
    rows = [[table["table"], *(f"{table[name]:,}" for name in _ROWS)] for table in shown]
    rows.append(["all tables", *(f"{total[name]:,}" for name in _ROWS)])
    lines += align(["Table", "Rows in", "Used", "Left out", "Rejected"], rows, right=(1, 2, 3, 4))
    if total["rejected"]:
        place = folder / "rejects.csv" if folder else "rejects.csv of a run that is kept (--output)"
        lines += folded(f"Why a row was rejected: see {place}. What was in it counts for nothing.", "  ", "")
    for table in summary["missing_tables"]:
        costs = summary.get("missing_costs", {}).get(table, [])
        effect = f"; {count(len(costs), 'rule')} could not be decided without it: {listed(costs)}" if costs else ""
        lines += folded(f"The table {table} is not in the export{effect}.", "  ", "")
    if summary["unread"]:
        told = count(len(summary["unread"]), "column or file", "columns or files")
        lines += folded(f"Never read: {told}: {listed(map(str, summary['unread']))}.", "  ", "")
        for misspelt in _misspelt(summary):
            lines += folded(misspelt, "  ", "")
    return lines


def _misspelt(summary: Summary) -> Iterator[str]:
    """A hint at each column that nobody read and that is named much like one that would decide something."""
    wanted = {str(entry["column"]) for rule in summary["rules"] for entry in rule.get("undecided_by") or ()}
    for unread in map(str, summary["unread"]):
        table, _, column = unread.partition(".")
        start = "" if table == "cases" else f"{table}."  # as what would decide something is named
        names = [name.removeprefix(start) for name in wanted if name.startswith(start)]
        if hint := nearest(column, [name for name in names if "." not in name]):
            yield f"{unread} is no column that is known{hint} If so, rename it in the export, or map it (--map)."


_ROWS = ("rows_in", "used", "left_out", "rejected")


def _outcomes(summary: Summary) -> list[str]:
    ordered = sorted(summary["rules"], key=lambda rule: (rule["criterion"], rule["rule"]))
    if not ordered:
        return ["No rule was chosen."]
    header, *rows = align(
        ["Rule", "Sufficient", "Share", "Due", "Unknown", "Range"],
        [_outcome_row(rule) for rule in ordered],
        right=(1, 2, 3, 4, 5),
    )
    explained = (
        "Sufficient of all decided cases. Due: not done, and still in time. Unknown: the records do not "
        "say; the range is the share if all of these were met, or none."
    )
    lines = [*folded(explained), header]
    criterion = None
    for rule, row in zip(ordered, rows, strict=True):
        if rule["criterion"] != criterion:
            criterion = rule["criterion"]
            lines.append(f"Criterion {criterion}" if criterion[:1].isdigit() else criterion.capitalize())
        lines.append(row)
    return lines


def _outcome_row(rule: Mapping[str, Any]) -> list[str]:
    outcomes = rule["outcomes"]
    sufficient = outcomes["met"]
    decided = sufficient + outcomes["late"] + outcomes["missing"] + outcomes["not_met"]
    spread = ""
    if outcomes["unknown"] and rule["rate_low"] is not None:
        low, high = share(rule["rate_low"]), share(rule["rate_high"])
        spread = low if low == high else f"{low.rstrip('%')}-{high}"
    return [
        rule["rule"],
        "could not run" if outcomes.get("error") else f"{sufficient:,}/{decided:,}",
        share(rule["rate"]),
        f"{outcomes['due']:,}",
        f"{outcomes['unknown']:,}",
        spread,
    ]


def _worst(summary: Summary, worst: Sequence[Finding], verbose: bool) -> list[str]:
    if not worst:
        return ["No finding."]
    lines = [f"{len(worst):,} of {count(summary['findings'], 'finding')}, the worst first."]
    for number, finding in enumerate(worst, 1):
        first = f"{number:>3}. "
        lines += folded(_name_finding(finding), "     ", first)
        lines += folded(str(finding.get("reason") or ""), "     ") if finding.get("reason") else []
        if verbose and finding.get("action"):
            lines += folded(f"To do: {finding['action']}", "     ")
    lines += folded("`omi-rules explain EXPORT CASE RULE` says why, and what to do.", "  ", "")
    return lines


def _name_finding(finding: Finding) -> str:
    held = ", ".join(str(finding[name]) for name in ("team", "officer") if finding.get(name))
    subject = f"{finding['case_id']} ({held})" if held else str(finding["case_id"])
    outcome = str(finding.get("outcome") or "").replace("_", " ")
    return f"{finding['severity']}: {subject}: {finding['rule']} {outcome}".rstrip()


def _recommendations(summary: Summary) -> list[str]:
    found = {entry["recommendation"]: entry for entry in summary["recommendations"]}
    rows = [[str(number), f"{entry['breaches']:,}", f"{entry['cases']:,}"] for number, entry in sorted(found.items())]
    header = ["Recommendation", "Findings", "Cases"]
    lines = align(header, rows, right=(1, 2)) if rows else []
    for entry in (summary.get("staff") or {}).get("recommendations", ()):
        members = count(entry["members"], "member of staff", "members of staff")
        told = f"{count(entry['breaches'], 'finding')} about {members}, in staff_findings.jsonl"
        lines += folded(f"Recommendation {entry['recommendation']}: {told}.", "  ", "")
    return lines


def _undecided(summary: Summary, verbose: bool) -> list[str]:
    answers: dict[str, int] = {}
    rules: dict[str, set[str]] = {}
    for rule in summary["rules"]:
        for entry in rule.get("undecided_by") or ():
            answers[entry["column"]] = answers.get(entry["column"], 0) + entry["cases"]
            rules.setdefault(entry["column"], set()).add(rule["rule"])
    unknown = sum(rule["outcomes"]["unknown"] for rule in summary["rules"])
    if not unknown:
        return []
    ordered = sorted(answers, key=lambda column: (-answers[column], column))
    shown = ordered if verbose else ordered[:_MOST_COLUMNS]
    rows = [[column, f"{answers[column]:,}", f"{len(rules[column]):,}"] for column in shown]
    told = f"{count(unknown, 'answer')} could not be given. To record these would decide them"
    rejected = any(table["rejected"] for table in summary["tables"])
    lines = folded(f"{told}, or to correct their rejected rows:" if rejected else f"{told}:", "  ", "")
    lines += align(["Column or table", "Answers", "Rules"], rows, right=(1, 2))
    if len(shown) < len(ordered):
        lines.append(f"and {count(len(ordered) - len(shown), 'column')} more: -v names them.")
    return lines


def _assumed(summary: Summary) -> list[str]:
    if not summary["assumed"]:
        return []
    lines = folded("No source gives a number for these; the rulebook assumes one, and says why.", "  ", "")
    for value in summary["assumed"]:
        lines += folded(f"{value['value']}: {', '.join(value['rules'])}", "    ", "- ")
    return lines


def _closing(summary: Summary, folder: Path | None) -> list[str]:
    kept = (
        # a path stays on one line, so that it can be copied
        [f"Results: {printable(str(folder))}"] if folder else ["The results are not kept: --output DIR keeps them."]
    )
    return [*kept, *last_line(summary)]
