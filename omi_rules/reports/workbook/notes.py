"""The sheet of notes: what the words mean, how the workbook was made, and what is assumed."""

from collections.abc import Iterator, Mapping
from typing import Any

from omi_rules.reports.audience import Audience
from omi_rules.reports.words import english_date
from omi_rules.reports.workbook.table import Book, Column, Content

NOTES = "Notes"
_WORDS = (
    ("Met", "The standard is met."),
    ("Late", "Done, after the due date."),
    ("Missing", "The due date has passed, and it is not done."),
    ("Not met", "A standard without a date is not met."),
    ("Due", "Not done yet, and still in time: the due date itself is in time."),
    ("Unknown", "What would decide it is not recorded. It counts for nobody and against nobody."),
    ("Conclusion", "What several outcomes of one case point to, with its cause and what to do."),
)


def write_notes(book: Book, summary: Mapping[str, Any], audience: Audience, pseudonymous: bool) -> None:
    """Write the sheet."""
    content = Content(NOTES, "what the words mean, and what is assumed")
    says = "What the words mean, how this workbook was made, and what is assumed."
    table = book.add_table(content, says, [Column("About", 34), Column("Note", 100)], ("note", "notes"))
    for name, says in (*_WORDS, *_made(summary, audience, pseudonymous), *_assumed(summary)):
        table.add([name, says], {0: book.formats.strong})
    table.close()


def _made(summary: Mapping[str, Any], audience: Audience, pseudonymous: bool) -> Iterator[tuple[str, str]]:
    book, program, calendar = summary["rulebook"], summary["program"], summary["calendar"]
    yield "Program", f"{program['name']} {program['version']}"
    yield "Rulebook", f"{book['name']} {book['version']}, {book['hash'][:12]}"
    yield "Export", summary["export"]["fingerprint"][:12]
    known = f"{english_date(calendar['first'])} to {english_date(calendar['last'])}"
    yield "Bank holidays", f"Those of England and Wales are known from {known}."
    yield (
        "Texts of the export",
        "What steers how a text is shown is ?, and what is too long for a cell ends in ….",
    )
    for sentence in summary["notes"]:
        yield "Note", sentence
    if pseudonymous:
        yield (
            "Case references",
            "They are keyed pseudonyms: the same key gives the same case the same one. Dates and teams are as they "
            "are, and who knows the cases may still know one.",
        )
    if not audience.cases:
        yield "Names", "No case and no officer is in this file, in no form."
    elif not audience.officers:
        yield "Names", "No officer is in this file, in no form."


def _assumed(summary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for value in summary["assumed"]:
        yield "Assumed: no source gives it", value["title"]
