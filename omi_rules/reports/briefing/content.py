"""What a briefing says of a run: the top of a report in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omi_rules.reports.audience import Audience
from omi_rules.reports.briefing.blocks import Block, Heading, Item, Items, Paragraph, Title
from omi_rules.reports.briefing.scores import tell_scores, tell_targets
from omi_rules.reports.words import count, english_date, name, share

Overview = Mapping[str, Any]

#: How many causes are told; with `whole` all are.
_MOST_CAUSES = 8


def tell(overview: Overview, *, whole: bool = False) -> Iterator[Block]:
    """The blocks of the briefing, in their order; `overview` is what `gather_overview` gives."""
    yield from _opening(overview)
    yield from _alerts(overview)
    yield from _checked(overview)
    yield from _not_checked(overview["gaps"])
    yield from _recommendations(overview)
    if overview["score"]:
        yield from tell_scores(overview["score"], overview["sections"])
        yield from tell_targets(overview["score"]["targets"])
    yield from _causes(overview["causes"], whole)
    yield from _closing(overview)


def _opening(overview: Overview) -> Iterator[Block]:
    summary, audience = overview["summary"], overview["audience"]
    area = name(summary["area"] or None) if summary["area"] else "Probation area"
    yield Title(f"{area}: standards of offender management as at {english_date(summary['as_at'])}")
    book, program = summary["rulebook"], summary["program"]
    hidden = " Case references are pseudonyms." if overview["pseudonymous"] else ""
    yield Paragraph(
        f"Rulebook {book['name']} {book['version']}, {program['name']} {program['version']}. "
        f"Made for {audience.title}.{hidden}"
    )
    if overview["run"]["filters"]:
        yield Paragraph(f"A part of the area: the run was narrowed to {'; '.join(overview['run']['filters'])}.")
    for heading, sentence in overview["waivers"]:
        yield Paragraph(f"{heading}: {sentence}")
    if summary["warnings"]:
        yield Heading("Warnings", alarm=True)
        yield Items([Item(sentence) for sentence in summary["warnings"]])


def _alerts(overview: Overview) -> Iterator[Block]:
    alerts, audience = overview["alerts"], overview["audience"]
    number = alerts["count"]
    yield Heading("Public protection", alarm=bool(number))
    if not number:
        yield Paragraph(
            " ".join(filter(None, ["No public-protection alert follows from the records.", alerts["unseen"]]))
        )
        return
    told = (
        f"{count(number, 'case')} {'needs' if number == 1 else 'need'} attention before anything else: several "
        "safeguards are missing at once."
    )
    if not audience.cases:
        divisions = ", ".join(f"{name(division)} {cases:,}" for division, cases in alerts["divisions"])
        yield Paragraph(f"{told} By division: {divisions}.")
        return
    yield Paragraph(told)
    yield Items([_alert(alert, audience) for alert in alerts["listed"]])
    if number > len(alerts["listed"]):
        yield Paragraph(f"and {number - len(alerts['listed']):,} more, which the page and the workbook list.")


def _alert(alert: Mapping[str, Any], audience: Audience) -> Item:
    officer = f", {name(alert['officer'])}" if audience.officers else ""
    because = " ".join(alert["because"] or ())
    return Item(f"{name(alert['name'])}, held by {name(alert['team'])}{officer}:", because)


def _checked(overview: Overview) -> Iterator[Block]:
    run = overview["run"]
    staff = f" and {count(run['staff']['members'], 'member of staff', 'members of staff')}" if run["staff"] else ""
    sufficient = share(run["sufficient"] / run["decided"] if run["decided"] else None)
    yield Heading("What was checked")
    yield Items(
        [
            Item(f"{count(run['rules'], 'rule')} on {count(run['cases'], 'case')}{staff}."),
            Item(f"{count(run['findings'], 'finding')} about cases, in {run['with_findings']:,} of them."),
            Item(f"{count(run['decided'], 'answer')} decided, {run['sufficient']:,} of them sufficient: {sufficient}."),
            Item(f"{count(run['due'], 'duty', 'duties')} not done yet and still in time."),
            Item(
                f"{count(run['rows_in'], 'row')} read: {run['used']:,} used, {run['left_out']:,} after the day and "
                f"left out, {run['rejected']:,} rejected."
            ),
        ]
    )


def _not_checked(gaps: Sequence[tuple[str, str]]) -> Iterator[Block]:
    yield Heading("What was not")
    if gaps:
        yield Items([Item(f"{heading}.", sentence) for heading, sentence in gaps])
    else:
        yield Paragraph("Everything could be read and decided.")


def _recommendations(overview: Overview) -> Iterator[Block]:
    previous = overview["previous"]
    yield Heading("The eight recommendations")
    yield Paragraph(
        "A finding is an outcome that is not sufficient. “Rules see” says how many of the questions behind a "
        "recommendation rules decided in this run; the others need people, or records and rules that it did not have."
    )
    if previous:
        other = previous["rulebook"]["hash"] != overview["summary"]["rulebook"]["hash"]
        judged = (
            ", which was judged by another state of the rulebook, so that a change may be that of a rule"
            if other
            else ""
        )
        yield Paragraph(f"Change is against the run as at {english_date(previous['as_at'])}{judged}.")
    yield Items([_recommendation(row) for row in overview["recommendations"]], numbered=True)


def _recommendation(row: Mapping[str, Any]) -> Item:
    about = (
        count(row["members"], "member of staff", "members of staff") if row["members"] else count(row["cases"], "case")
    )
    told = f"{count(row['breaches'], 'finding')}, {about}" if row["breaches"] else "No finding"
    seen = (
        f"rules see {share(row['by_rule'] / row['asked'])}, {row['by_rule']} of {count(row['asked'], 'question')}"
        if row["asked"]
        else "no question is about it"
    )
    return Item(f"{row['says'] or 'not in the rulebook'}.", f"{told}{_change(row['change'])}; {seen}.")


def _change(change: int | None) -> str:
    if change is None:
        return ""
    return f", {abs(change):,} {'more' if change > 0 else 'fewer'}" if change else ", no change"


def _causes(causes: Sequence[Mapping[str, Any]], whole: bool) -> Iterator[Block]:
    yield Heading("Causes, the most frequent first")
    if not causes:
        yield Paragraph("Nothing follows from the findings taken together.")
        return
    yield Paragraph("A cause is an inference to be looked into, not a fact that was recorded.")
    shown = causes if whole else causes[:_MOST_CAUSES]
    yield Items(
        [
            Item(str(cause["cause"]), f"{count(cause['cases'], 'case')}, {cause['severity']}. To do: {cause['action']}")
            for cause in shown
        ],
        numbered=True,
    )
    if len(shown) < len(causes):
        yield Paragraph(f"and {count(len(causes) - len(shown), 'cause')} more, which the page and the workbook list.")


def _closing(overview: Overview) -> Iterator[Block]:
    summary = overview["summary"]
    if overview["pseudonymous"]:
        yield Paragraph(
            "Case references are keyed pseudonyms: the same key gives the same case the same one. Dates and teams are "
            "as they are, and who knows the cases may still know one."
        )
    elif overview["audience"].cases and overview["alerts"]["count"]:
        yield Paragraph("This holds personal data: keep it as you keep the records.")
    if summary["notes"]:
        yield Heading("Notes")
        yield Items([Item(sentence) for sentence in summary["notes"]])
    if overview["staff_findings"]:
        told = count(len(overview["staff_findings"]), "finding")
        yield Paragraph(f"{told} about members of staff, which the page and the workbook list.")
