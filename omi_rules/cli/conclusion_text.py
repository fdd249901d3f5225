"""A conclusion on the page of a terminal."""

from collections.abc import Iterator

from omi_rules.cli.page_text import page
from omi_rules.explain.words import fact_in_words, source_in_words
from omi_rules.reports.terminal import paint_colour, paint_plain
from omi_rules.reports.words import listed
from omi_rules.rulebook.model import Conclusion, ConclusionExample, Rulebook


def show_conclusion(conclusion: Conclusion, book: Rulebook, colour: bool) -> list[str]:
    """The lines that `rules show unmanaged-high-risk` prints."""
    numbers = listed(map(str, conclusion.recommendations))
    many = "s" if len(conclusion.recommendations) > 1 else ""
    stands = [
        conclusion.flag,
        "a conclusion",
        conclusion.severity,
        f"recommendation{many} {numbers}" if numbers else "no recommendation",
    ]
    sections = [
        ("Follows from", list(_ways(conclusion, book))),
        ("Cause", [conclusion.cause]),
        ("To do where it follows", [conclusion.action]),
        ("Source", [f"{source_in_words(conclusion.source, book)}."]),
        ("Examples", [_example(one) for one in conclusion.examples]),
    ]
    paint = paint_colour if colour else paint_plain
    return list(page(f"{conclusion.title}.", f"{', '.join(stands)}.", sections, paint))


def _example(example: ConclusionExample) -> str:
    return f"{example.name}: it {'follows' if example.expect else 'does not follow'}."


def _ways(conclusion: Conclusion, book: Rulebook) -> Iterator[str]:
    ways = [[fact_in_words(fact, book) for fact in way] for way in conclusion.ways]
    if len(ways) == 1:
        yield "All of these must hold:"
        yield from (f"- {fact}." for fact in ways[0])
        return
    yield f"Any one of these {len(ways)} combinations is enough:"
    yield from (f"{number}. {'; and '.join(facts)}." for number, facts in enumerate(ways, 1))
