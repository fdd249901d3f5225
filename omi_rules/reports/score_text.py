"""Scores on the page of a terminal: criteria, sections, the Risk of Harm thread, and with -v every question."""

from collections.abc import Mapping, Sequence
from typing import Any

from omi_rules.reports.columns import align
from omi_rules.reports.leadership_text import show_leadership
from omi_rules.reports.target_text import show_targets
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import count, english_date, folded, listed, whole

Score = Mapping[str, Any]

_CONCLUSIONS = {
    "good": "good",
    "priority for improvement": "priority",
    "urgent priority for improvement": "urgent",
}


def show_score(score: Score, *, verbose: bool = False, paint: Paint = paint_plain) -> list[str]:
    """The lines of the scores, at most 80 columns."""
    parts = [
        ("", _opening(score)),
        ("Warnings", [line for sentence in score["warnings"] for line in folded(sentence, "  ", "- ")]),
        ("Scores", _scores(score)),
        ("", _resting_on_questions(score)),
        ("Withheld", _withheld(score)),
        ("Questions", _questions(score) if verbose else _told_of_questions(score)),
        ("National targets", show_targets(score["targets"], verbose=verbose)),
        ("Section 4", show_leadership(score.get("leadership", ()), verbose=verbose)),
    ]
    lines: list[str] = []
    for heading, body in parts:
        if body:
            lines += ["", paint("alarm" if heading == "Warnings" else "heading", heading)] if heading else []
            lines += body
    return lines


def _opening(score: Score) -> list[str]:
    area = f"{score['area']}, as" if score.get("area") else "As"
    line = score["line"]
    assumed = " (assumed)" if line["assumed"] else ""
    return [
        *folded(
            f"{area} at {english_date(score['as_at'])}. {count(score['cases'], 'case')}: {score['basis']}.", "  ", ""
        ),
        *folded(f"Line of priority for improvement: {line['percent']}%{assumed}.", "  ", ""),
        *(text for sentence in score["says"] for text in folded(sentence, "  ", "")),
    ]


def _scores(score: Score) -> list[str]:
    by_section: dict[str, list[Mapping[str, Any]]] = {}
    for criterion in score["criteria"]:
        by_section.setdefault(criterion["section"], []).append(criterion)
    rows = []
    for section in score["sections"]:
        rows.append([section["id"], section["title"], *_figures(section), "", ""])
        rows += [
            [
                criterion["id"],
                criterion["title"],
                *_figures(criterion),
                _automatic(criterion["automatic"]),
                _conclude(criterion),
            ]
            for criterion in by_section.get(section["id"], ())
        ]
    thread = score["thread"]
    rows.append(["", thread["title"], *_figures(thread), "", ""])
    explained = (
        "Score: the average of the questions' shares of sufficient cases. 95%: as far as chance may move it. Range: "
        "if everything unknown were insufficient, or sufficient. By rule: how many of the questions rules decide, "
        "and their average alone. Conclusion: good, a priority or an urgent priority for improvement; "
        "* below the line."
    )
    header = ["", "Criterion", "Score", "95%", "Range", "By rule", "Conclusion"]
    return [*folded(explained), *align(header, rows, right=(2, 3, 4, 5), giving=1)]


def _figures(one: Mapping[str, Any]) -> list[str]:
    if one["score"] is None:
        return ["-", "", ""]
    known = one["range_low"] == one["range_high"]
    return [f"{one['rounded']}%", _span(one, "interval"), "" if known else _span(one, "range")]


def _automatic(automatic: Mapping[str, Any]) -> str:
    share = "" if automatic["percent"] is None else f" {whole(automatic['percent'])}"
    return f"{automatic['questions']}/{automatic['of']}{share}"


def _span(one: Mapping[str, Any], name: str) -> str:
    low, high = one[f"{name}_low"], one[f"{name}_high"]
    return "" if low is None else f"{low:.0f}-{high:.0f}"


def _conclude(criterion: Mapping[str, Any]) -> str:
    if criterion["conclusion"] is None:
        return "withheld"
    return _CONCLUSIONS[criterion["conclusion"]] + (" *" if criterion["below_line"] else "")


def _resting_on_questions(score: Score) -> list[str]:
    """Which scores go without their summary question."""
    scored = [criterion for criterion in score["criteria"] if criterion["score"] is not None]
    alone = [criterion["id"] for criterion in scored if criterion["summary_percent"] is None]
    if not alone:
        return []
    which = "every score rests" if len(alone) == len(scored) else f"the scores of {listed(alone)} rest"
    return folded(f"Without answers to the summary question, {which} on the individual questions alone.", "  ", "")


def _withheld(score: Score) -> list[str]:
    parts = [*score["criteria"], *score["sections"], {"id": score["thread"]["title"], **score["thread"]}]
    lines = [
        line for one in parts if one["withheld"] for line in folded(f"{one['id']}: {one['withheld']}.", "  ", "- ")
    ]
    if not lines:
        return []
    return [*folded("A score that rests on too little is not guessed."), *lines]


def _told_of_questions(score: Score) -> list[str]:
    questions = score["questions"]
    counted = [question for question in questions if question["counts"]]
    few = [question["id"] for question in counted if question["few"]]
    reasons: dict[str, list[str]] = {}
    for question in questions:
        if question["left_out"]:
            reason = "undecided in most cases" if question["left_out"].startswith("it is") else question["left_out"]
            reasons.setdefault(reason, []).append(question["id"])
    lines = folded(f"{len(counted)} of {count(len(questions), 'question')} count.", "  ", "")
    if few:
        lines += folded(f"Fewer than 10 relevant cases, so read with care: {listed(few)}.", "  ", "- ")
    for reason in sorted(reasons):
        ids = reasons[reason]
        named = f": {listed(ids)}" if len(ids) <= _MOST_NAMED else ""
        lines += folded(f"Left out, {reason}: {count(len(ids), 'question')}{named}.", "  ", "- ")
    corrected = [question["id"] for question in questions if question["corrected"]]
    if corrected:
        lines += folded(f"Corrected by assessors in some cases: {listed(corrected)}.", "  ", "- ")
    return [*lines, "-v lists every question; --show-working shows the arithmetic."]


_MOST_NAMED = 24


def _questions(score: Score) -> list[str]:
    rows: list[Sequence[str]] = []
    for question in score["questions"]:
        relevant = question["relevant"]
        rows.append(
            [
                question["id"],
                question["asks"],
                "rule" if question["rule"] else "assessor",
                f"{question['sufficient']:,}/{relevant:,}" + ("!" if question["few"] else ""),
                whole(question["percent"]),
                _span(question, "interval"),
                f"{question['undecided']:,}",
            ]
        )
    header = ["", "Question", "Decided", "n/N", "Share", "95%", "Undecided"]
    lines = align(header, rows, right=(3, 4, 5, 6), giving=1)
    lines += folded("! fewer than 10 relevant cases: read with care.")
    left = [question for question in score["questions"] if question["left_out"]]
    for question in left:
        lines += folded(f"{question['id']} is left out: {question['left_out']}.", "  ", "- ")
    for question in score["questions"]:
        if question["corrected"]:
            machine = question["machine"]
            told = (
                f"{question['id']}: assessors corrected {count(question['corrected'], 'case')}; the rule alone found "
            )
            relevant = machine["sufficient"] + machine["insufficient"]
            found = f"{machine['sufficient']:,}/{relevant:,}, {whole(machine['percent'])}"
            lines += folded(f"{told}{found}.", "  ", "- ")
    return lines
