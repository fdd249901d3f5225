"""Scores and national targets in the words of a briefing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omi_rules.reports.briefing.blocks import Bar, Block, Heading, Item, Items, Legend, Paragraph
from omi_rules.reports.target_text import ASSUMED, amount_words
from omi_rules.reports.words import count, whole

Score = Mapping[str, Any]
_RESULTS = {"met": "Met", "near miss": "Near miss", "missed": "Missed", None: "Not told"}


def tell_scores(score: Score, sections: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    """The criteria by section, with the line of priority for improvement, and the Risk of Harm thread."""
    line = score["line"]
    assumed = " (assumed)" if line["assumed"] else ""
    yield Heading("Scores of sections 1 to 3")
    yield Paragraph(f"From {count(score['cases'], 'case')}: {score['basis']}. {' '.join(score['says'])}")
    yield Paragraph(
        "Each score stands with its 95% interval: how far chance may move it. The line of priority for improvement "
        f"is at {line['percent']}%{assumed}."
    )
    yield Legend(
        "A bar of = is a score, one of - the average of the questions that rules decide, where the score is withheld, "
        "and | the line."
    )
    for section in sections:
        yield Heading(f"Section {section['id']}, {section['title']}: {_figure(section)}", inner=True)
        yield Items([_criterion(one, line["percent"]) for one in section["criteria"]])
    yield from _thread(score)
    if score["warnings"]:
        yield Heading("Before using these figures")
        yield Items([Item(sentence) for sentence in score["warnings"]])


def _criterion(one: Mapping[str, Any], line: int) -> Item:
    lead = f"{one['id']} {one['title']}:"
    automatic = one["automatic"]
    if one["score"] is not None:
        return Item(lead, f"{_figure(one)}, {one['conclusion']}", Bar(one["rounded"], line))
    if automatic["percent"] is None:
        return Item(lead, f"withheld; rules decide none of its {automatic['of']} questions", Bar(0, line))
    told = (
        f"withheld; rules alone {whole(automatic['percent'])}, {automatic['questions']} of {automatic['of']} questions"
    )
    return Item(lead, told, Bar(automatic["percent"], line, partial=True))


def _figure(one: Mapping[str, Any]) -> str:
    if one["score"] is None:
        return "withheld"
    return f"{whole(one['score'])}{_interval(one)}"


def _interval(one: Mapping[str, Any]) -> str:
    low, high = one["interval_low"], one["interval_high"]
    return "" if low is None else f" ({round(low)} to {round(high)})"


def _thread(score: Score) -> Iterator[Block]:
    thread = score["thread"]
    yield Heading(thread["title"])
    if thread["score"] is None:
        yield Paragraph(f"Withheld: {thread['withheld']}. A score that rests on too little is not guessed.")
        return
    spread = ""
    if thread["range_low"] != thread["range_high"]:
        spread = (
            " If all that is unknown were insufficient, or sufficient: "
            f"{whole(thread['range_low'])} to {whole(thread['range_high'])}."
        )
    yield Items(
        [
            Item(
                f"{_figure(thread)}, the average of {count(len(thread['counted']), 'question')} about Risk of Harm in "
                f"sections 1 and 2.{spread}",
                "",
                Bar(thread["rounded"], score["line"]["percent"]),
            )
        ]
    )


def tell_targets(targets: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    """The targets that have a figure, by the period that they cover, and which have none."""
    if not targets:
        return
    told = [target for target in targets if target["figure"] is not None]
    yield Heading("National targets")
    assumed = f" {ASSUMED}" if any(target["tolerance_assumed"] for target in targets) else ""
    yield Paragraph(
        "Whether a target is met is decided on the exact figure. The period and the definition of today's figures are "
        f"the program's own: they are near the published ones, not the same.{assumed}"
    )
    for printed in dict.fromkeys(target["period"]["printed"] for target in told):
        yield Heading(f"{printed[:1].upper()}{printed[1:]}", inner=True)
        yield Items([_target(target) for target in told if target["period"]["printed"] == printed])
    untold: dict[str, list[str]] = {}
    for target in targets:
        if target["figure"] is None:
            untold.setdefault(target["without"], []).append(target["title"])
    for reason, titles in untold.items():
        yield Paragraph(f"{count(len(titles), 'target')} without a figure, {reason}: {'; '.join(titles)}.")


def _target(target: Mapping[str, Any]) -> Item:
    unit, published = target["unit"], target["published"]
    aim = f"{'' if target['direction'] == 'at_least' else 'at most '}{amount_words(target['target'], unit)}"
    told = [f"{_RESULTS[target['result']]}: {amount_words(target['figure'], unit, exact=True)}{_counted(target)}"]
    told.append(f"target {aim}")
    told.append(f"published {amount_words(published['area'], unit)} in {published['period']['printed']}")
    if published["national"] is not None:
        told[-1] += f", national {amount_words(published['national'], unit)}"
    if target["result"] is None:
        told.append(target["without"])
    if target["few"]:
        told.append("fewer than 10, so read it with care")
    return Item(f"{target['title']}.", f"{'; '.join(told)}.")


def _counted(target: Mapping[str, Any]) -> str:
    if target["numerator"] is None:
        return ""
    of = "of" if "percent" in target["unit"] else "days over"
    undecided = f", {target['undecided']:,} undecided" if target["undecided"] else ""
    return f" ({target['numerator']:,} {of} {target['denominator']:,}{undecided})"
