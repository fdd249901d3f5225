"""A page of a terminal: a title, where it stands, and headings with their paragraphs."""

from collections.abc import Iterator, Sequence

from omi_rules.reports.terminal import Paint
from omi_rules.reports.words import folded

#: A heading and its paragraphs; empty paragraphs are left out, and a section without any with them.
Section = tuple[str, Sequence[str]]


def page(title: str, stands: str, sections: Sequence[Section], paint: Paint) -> Iterator[str]:
    """The lines of a page."""
    yield from (paint("heading", line) for line in folded(title))
    yield from folded(stands)
    for heading, paragraphs in sections:
        told = [paragraph for paragraph in paragraphs if paragraph]
        if told:
            yield from ("", paint("heading", heading))
        for paragraph in told:
            yield from folded(paragraph, "  ")
