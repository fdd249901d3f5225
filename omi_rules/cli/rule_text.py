"""A rule's description on the page of a terminal."""

from omi_rules.authoring.rule_words import describe, heading
from omi_rules.reports.terminal import paint_colour, paint_plain
from omi_rules.reports.words import folded
from omi_rules.rulebook.model import Rule, Rulebook


def show_rule(rule: Rule, book: Rulebook, colour: bool) -> list[str]:
    """The lines that `rules show` prints."""
    paint = paint_colour if colour else paint_plain
    title, stands = heading(rule)
    lines = [paint("heading", line) for line in folded(title)] + folded(stands)
    for name, paragraphs in describe(rule, book):
        lines += ["", paint("heading", name)]
        first = "- " if name == "Examples" else "  "
        for paragraph in paragraphs:
            lines += folded(paragraph, "    " if first == "- " else "  ", f"  {first}" if first == "- " else None)
    return lines
