"""The front sheet: what matters first, and the way to every other sheet."""

from collections.abc import Mapping, Sequence
from typing import Any

from omi_rules.reports.audience import Audience
from omi_rules.reports.row_heights import row_height
from omi_rules.reports.words import count, english_date, name, share, whole
from omi_rules.reports.workbook.figures import SCORES, TARGETS
from omi_rules.reports.workbook.grid import COLUMNS, Grid
from omi_rules.reports.workbook.lists import CAUSES, FINDINGS
from omi_rules.reports.workbook.table import Content

Overview = Mapping[str, Any]

#: How many causes are told; the others are on their sheet.
_MOST_CAUSES = 3
_LIGHTS = {"met": "green", "near miss": "amber", "missed": "red"}


def write_front(grid: Grid, overview: Overview, duties: Mapping[str, int], contents: Sequence[Content]) -> None:
    """Write the sheet, from top to bottom."""
    _write_opening(grid, overview)
    _write_figures(grid, overview, duties)
    _write_alerts(grid, overview["alerts"], overview["audience"])
    _write_contents(grid, contents)
    grid.new_page()
    _write_recommendations(grid, overview)
    _write_checked(grid, overview)
    if overview["score"]:
        grid.new_page()
        _write_scores(grid, overview["score"], overview["sections"])
        grid.new_page()
        _write_targets(grid, overview["score"]["targets"])
    _write_causes(grid, overview["causes"])


def _write_opening(grid: Grid, overview: Overview) -> None:
    summary, audience = overview["summary"], overview["audience"]
    grid.title(name(summary["area"]) if summary["area"] else "Probation area")
    book = summary["rulebook"]
    hidden = " Case references are pseudonyms." if overview["pseudonymous"] else ""
    grid.sentence(
        f"Standards of offender management. Records as they stood at the end of {english_date(summary['as_at'])}. "
        f"Rulebook {book['name']} {book['version']}. Made for {audience.title}.{hidden}"
    )
    if overview["run"]["filters"]:
        narrowed = "; ".join(overview["run"]["filters"])
        grid.sentence(f"A part of the area: the run was narrowed to {narrowed}.", strong=True)
    for heading, sentence in overview["waivers"]:
        grid.sentence(f"{heading}: {sentence}", strong=True)
    for sentence in summary["warnings"]:
        grid.sentence(f"Warning: {sentence}", strong=True)


def _write_figures(grid: Grid, overview: Overview, duties: Mapping[str, int]) -> None:
    """The few figures to know before any other, large, each above what it is."""
    run = overview["run"]
    alerts = overview["alerts"]["count"]
    figures = (
        (f"{alerts:,}", f"public-protection {'alert' if alerts == 1 else 'alerts'}"),
        (f"{duties['overdue']:,}", f"{'duty' if duties['overdue'] == 1 else 'duties'} overdue in open cases"),
        (f"{duties['due']:,}", f"{'duty' if duties['due'] == 1 else 'duties'} due in open cases"),
        (f"{run['findings']:,}", f"{'finding' if run['findings'] == 1 else 'findings'} about cases"),
        (f"{run['with_findings']:,}", f"of {count(run['cases'], 'case')} with a finding"),
        (
            share(run["sufficient"] / run["decided"] if run["decided"] else None),
            f"of {run['decided']:,} decided answers sufficient",
        ),
    )
    formats = grid.formats
    span = COLUMNS // len(figures)
    grid.row([(span, figure, formats.figure) for figure, _ in figures], height=34)
    grid.row([(span, label, formats.quiet) for _, label in figures], height=row_height(("", 1)) + 6)


def _write_alerts(grid: Grid, alerts: Mapping[str, Any], audience: Audience) -> None:
    number, formats = alerts["count"], grid.formats
    grid.heading("Public protection", alarm=bool(number))
    if not number:
        grid.sentence(
            " ".join(filter(None, ["No public-protection alert follows from the records.", alerts["unseen"]]))
        )
        return
    grid.sentence(
        f"{count(number, 'case')} {'needs' if number == 1 else 'need'} attention before anything else: several "
        "safeguards are missing at once."
    )
    if not audience.cases:
        grid.head([(4, "Division", False), (1, "Cases", True)])
        for division, cases in alerts["divisions"]:
            grid.row([(4, name(division), formats.name), (1, cases, formats.number)])
        return
    officer = [(2, "Officer", False)] if audience.officers else []
    grid.head([(2, "Case", False), (8 - len(officer) * 2, "Because", False), (2, "Team", False), *officer])
    for alert in alerts["listed"]:
        because = " ".join(alert["because"] or ())
        held = [(2, name(alert["team"]), formats.name)]
        held += [(2, name(alert["officer"]), formats.name)] if audience.officers else []
        grid.row(
            [
                (2, name(alert["name"]), formats.name),
                (8 - len(officer) * 2, because, formats.words),
                *held,
            ]
        )
    if number > len(alerts["listed"]):
        grid.sentence(f"and {number - len(alerts['listed']):,} more: filter the conclusions of {FINDINGS}.")


def _write_contents(grid: Grid, contents: Sequence[Content]) -> None:
    formats = grid.formats
    grid.heading("In this workbook")
    for content in contents:
        about = f"{content.about[:1].upper()}{content.about[1:]}"
        cells = [(3, content.sheet, formats.link), (3, content.rows, formats.words), (6, about, formats.words)]
        grid.row(cells, link=content.sheet)


def _write_recommendations(grid: Grid, overview: Overview) -> None:
    previous, formats = overview["previous"], grid.formats
    grid.heading("The eight recommendations")
    told = (
        "A finding is an outcome that is not sufficient. “Rules see” says how many of the questions behind a "
        "recommendation rules decided in this run; the others need people, or records and rules that it did not have."
    )
    if previous:
        other = previous["rulebook"]["hash"] != overview["summary"]["rulebook"]["hash"]
        judged = ", which another state of the rulebook judged: a change may be that of a rule" if other else ""
        told += f" Change is against the run as at {english_date(previous['as_at'])}{judged}."
    grid.sentence(told)
    change = [(1, "Change", True)] if previous else []
    words = 8 - len(change)
    grid.head(
        [
            *((words, "Recommendation", False), (1, "Findings", True), (1, "Cases", True)),
            *change,
            (2, "Rules see", True),
        ]
    )
    for row in overview["recommendations"]:
        about = f"{row['members']:,} staff" if row["members"] else row["cases"]
        seen = (
            f"{share(row['by_rule'] / row['asked'])}, {row['by_rule']} of {row['asked']}"
            if row["asked"]
            else "no question"
        )
        grid.row(
            [
                (words, f"{row['number']}. {row['says']}", formats.words),
                (1, row["breaches"], formats.strong_number),
                (1, about, formats.number),
                *([(1, row["change"], formats.change)] if previous else []),
                (2, seen, formats.number),
            ]
        )


def _write_scores(grid: Grid, score: Mapping[str, Any], sections: Sequence[Mapping[str, Any]]) -> None:
    formats, line = grid.formats, score["line"]
    grid.heading("Scores of sections 1 to 3")
    assumed = " (assumed)" if line["assumed"] else ""
    grid.sentence(
        f"From {count(score['cases'], 'case')}: {score['basis']}. 95%: how far chance may move a score. The line of "
        f"priority for improvement is at {line['percent']}%{assumed}. {' '.join(score['says'])} More: sheet {SCORES}."
    )
    grid.head([(6, "Criterion", False), (1, "Score", True), (1, "95%", True), (4, "Conclusion", False)])
    for section in sections:
        for one in section["criteria"]:
            grid.row(
                [
                    (6, f"{one['id']}  {one['title']}", formats.words),
                    *_figure(one, formats),
                    (4, _conclusion(one), formats.words),
                ]
            )
    thread = score["thread"]
    withheld = f"Withheld: {thread['withheld']}." if thread["score"] is None else ""
    grid.row([(6, thread["title"], formats.strong), *_figure(thread, formats), (4, withheld, formats.words)])


def _figure(one: Mapping[str, Any], formats: Any) -> list[tuple[int, Any, Any]]:
    if one["score"] is None:
        return [(1, "withheld", formats.number), (1, None, formats.number)]
    low, high = one["interval_low"], one["interval_high"]
    interval = None if low is None else f"{round(low)} to {round(high)}"
    return [(1, whole(one["score"]), formats.strong_number), (1, interval, formats.number)]


def _conclusion(one: Mapping[str, Any]) -> str:
    if one["score"] is not None:
        below = ", below the line of priority" if one["below_line"] else ""
        return f"{one['conclusion'][:1].upper()}{one['conclusion'][1:]}{below}"
    automatic = one["automatic"]
    if automatic["percent"] is None:
        return f"Rules decide none of its {automatic['of']} questions"
    return f"Rules alone {whole(automatic['percent'])}, {automatic['questions']} of {automatic['of']} questions"


def _write_targets(grid: Grid, targets: Sequence[Mapping[str, Any]]) -> None:
    told = [target for target in targets if target["figure"] is not None]
    if not told:
        return
    formats = grid.formats
    grid.heading("National targets")
    untold = (
        f" {count(len(targets) - len(told), 'target')} without a figure: sheet {TARGETS}." if told != targets else ""
    )
    grid.sentence(f"Decided on the exact figure; near the published definitions, and not the same.{untold}")
    grid.head([(7, "Target", False), (2, "Figure", True), (1, "Set", True), (2, "Result", False)])
    for target in told:
        result = target["result"] or "not told"
        unit = formats.units[target["unit"]]
        light = formats.lights.get(target["light"], formats.words)
        grid.row(
            [
                (7, target["title"], formats.words),
                (2, target["figure"], unit),
                (1, target["target"], unit),
                (2, f"{result[:1].upper()}{result[1:]}", light),
            ]
        )


def _write_causes(grid: Grid, causes: Sequence[Mapping[str, Any]]) -> None:
    if not causes:
        return
    formats = grid.formats
    grid.heading("Causes, the most frequent first")
    grid.sentence("A cause is an inference to be looked into, not a fact that was recorded.")
    grid.head([(1, "Cases", True), (6, "Cause", False), (5, "What to do", False)])
    for cause in causes[:_MOST_CAUSES]:
        grid.row(
            [
                (1, cause["cases"], formats.strong_number),
                (6, cause["cause"], formats.words),
                (5, cause["action"], formats.words),
            ]
        )
    if len(causes) > _MOST_CAUSES:
        grid.sentence(f"and {len(causes) - _MOST_CAUSES} more: sheet {CAUSES}.")


def _write_checked(grid: Grid, overview: Overview) -> None:
    run, formats = overview["run"], grid.formats
    staff = f" and {count(run['staff']['members'], 'member of staff', 'members of staff')}" if run["staff"] else ""
    grid.heading("What was checked, and what was not")
    grid.sentence(
        f"{count(run['rules'], 'rule')} on {count(run['cases'], 'case')}{staff}: {count(run['decided'], 'answer')} "
        f"decided, {run['sufficient']:,} of them sufficient. {count(run['due'], 'duty', 'duties')} not done yet and "
        f"still in time. {count(run['rows_in'], 'row')} read: {run['used']:,} used, {run['left_out']:,} after the day "
        f"and left out, {run['rejected']:,} rejected."
    )
    for heading, sentence in overview["gaps"]:
        grid.row([(3, heading, formats.strong), (9, sentence, formats.words)])
    if not overview["gaps"]:
        grid.sentence("Everything could be read and decided.")
