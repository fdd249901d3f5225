"""A rule's description on the page of a terminal."""

from collections.abc import Iterator
from typing import Any

from omi_rules.authoring.by_hand import steps
from omi_rules.authoring.rule_words import describe, heading
from omi_rules.authoring.timeline import example_to_show, stated_in_words, timeline
from omi_rules.reports.terminal import Paint, paint_colour, paint_plain
from omi_rules.reports.words import folded
from omi_rules.rulebook.model import Rule, Rulebook

_NO_DAY = "no date"


def show_rule(rule: Rule, book: Rulebook, colour: bool) -> list[str]:
    """The lines that `rules show` prints."""
    paint = paint_colour if colour else paint_plain
    title, stands = heading(rule)
    lines = [paint("heading", line) for line in folded(title)] + folded(stands)
    for name, paragraphs in describe(rule, book):
        if name == "Examples":
            lines += ["", *_by_hand_lines(rule, book, paint), "", *_timeline_lines(rule, book, paint)]
        lines += ["", paint("heading", name)]
        first = "- " if name == "Examples" else "  "
        for paragraph in paragraphs:
            lines += folded(paragraph, "    " if first == "- " else "  ", f"  {first}" if first == "- " else None)
    return lines


def shown_beside(rule: Rule, book: Rulebook) -> dict[str, Any]:
    """For programs, what is shown beside the parts of the rule itself."""
    example = example_to_show(rule)
    return {
        "by_hand": steps(rule, book),
        "timeline": {
            "example": example.name,
            "stated": stated_in_words(rule, example, book),
            "days": [{"day": one.day, "happened": one.text} for one in timeline(rule, example, book)],
        },
    }


def _by_hand_lines(rule: Rule, book: Rulebook, paint: Paint) -> Iterator[str]:
    yield paint("heading", "How an inspector would check it by hand")
    for number, step in enumerate(steps(rule, book), 1):
        yield from folded(step, "     ", f"  {number}. ")


def _timeline_lines(rule: Rule, book: Rulebook, paint: Paint) -> Iterator[str]:
    """One example, a line a day."""
    example = example_to_show(rule)
    yield paint("heading", "One example, day by day")
    yield from folded(f"{example.name[:1].upper()}{example.name[1:]}.", "  ", "  ")
    if stated := stated_in_words(rule, example, book):
        yield from folded(f"{stated[:1].upper()}{stated[1:]}.", "  ", "  ")
    for happening in timeline(rule, example, book):
        day = happening.day.isoformat() if happening.day else _NO_DAY
        yield from folded(happening.text, " " * 14, f"  {day:<10}  ")
