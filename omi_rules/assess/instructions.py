"""The first sheet of a workbook: how to go about it, on one page."""

from collections.abc import Mapping, Sequence
from typing import Any

from omi_rules.assess.formats import Formats
from omi_rules.assess.sample_file import Sample
from omi_rules.reports.row_heights import row_height
from omi_rules.reports.words import count, english_date
from omi_rules.reports.workbook.text import cell_text

#: The columns of such a sheet: a margin, names, and what is said of them.
WIDTHS = (3, 20, 88)
_ANSWERS = (
    ("excellent", "The work goes beyond what is expected."),
    ("sufficient", "The work does what is expected."),
    ("insufficient", "Some of what is expected is not there."),
    ("poor", "Little or nothing of what is expected is there."),
    ("not applicable", "The question is not about this case. It then counts for nothing."),
    ("not evidenced", "The file shows nothing either way. It counts as insufficient."),
)
_STEPS = (
    (
        "1",
        "Begin with Progress. It lists your cases; a name leads to its sheet, and the bars show how far you have come.",
    ),
    (
        "2",
        "On a case's sheet, answer every yellow cell in the column Answer from the list. Comment where it helps "
        "whoever reads the answer later. The last question of each criterion asks for your judgement of all of it.",
    ),
    (
        "3",
        "Where there is something under “By the records”, the records have answered. If they are wrong, for instance "
        "because work was done and not recorded, choose what is right in the column Correction and give the reason "
        "beside it: without a reason it is not taken. Otherwise leave it empty. What the records say is kept, and both "
        "are reported.",
    ),
    (
        "4",
        "Leave a cell empty only if you have not answered yet. You can stop, send the workbook back, and go on later: "
        "answers that were taken once are not lost.",
    ),
    (
        "5",
        "Assess the case as it stood on the day named above. Discuss it with other assessors only when all are done.",
    ),
)
_RECORDS = (
    ("met", "Done, and in time where there is a time for it."),
    ("late", "Done after the due date."),
    ("missing", "Not done, and the due date has passed."),
    ("not met", "A standard without a date is not met."),
    ("due", "Not done yet, and still in time."),
    ("unknown", "What would decide it is not recorded."),
)
_CARE = (
    "Only the cells to fill in can be changed. There is no password: Review, Unprotect Sheet opens the others, but "
    "there should be no need to. You may widen columns and rows, and once opened even sort rows and move columns: each "
    "row carries a hidden key by which it is read. The workbook holds case records: keep it where you keep those."
)


def write_instructions(sheet: Any, formats: Formats, sample: Sample, assessor: str, cases: int) -> None:
    """Write the sheet."""
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 1, "Case assessment", formats.title)
    facts = {
        "Assessor": assessor,
        "Area": sample.area,
        "Cases": count(cases, "case"),
        "As at": english_date(sample.as_at),
        "Sample": sample.id,
    }
    row = write_facts(sheet, formats, facts)
    row = write_part(sheet, formats, row + 1, "How to go about it", _STEPS)
    row = write_part(sheet, formats, row + 1, "The answers", _ANSWERS)
    row = write_part(sheet, formats, row + 1, "What the records say", _RECORDS)
    write_part(sheet, formats, row + 1, "About this workbook", (("", _CARE),))
    lay_out(sheet)


def lay_out(sheet: Any) -> None:
    """Make it a page that is printed upright, and that nobody changes by mistake."""
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def write_facts(sheet: Any, formats: Formats, facts: Mapping[str, str]) -> int:
    """Write what is known below the title, where it is, and give the row after it."""
    row = 2
    for name, text in facts.items():
        if text:
            sheet.write_string(row, 1, name, formats.strong)
            sheet.write_string(row, 2, cell_text(text[:200]), formats.text)
            row += 1
    return row


def write_part(sheet: Any, formats: Formats, row: int, heading: str, lines: Sequence[tuple[str, str]]) -> int:
    """Write a heading and its lines, and give the row after them."""
    sheet.write_string(row, 1, heading, formats.heading)
    for name, text in lines:
        row += 1
        sheet.set_row(row, row_height((text, WIDTHS[2])))
        sheet.write_string(row, 1, name, formats.strong)
        sheet.write_string(row, 2, text, formats.text)
    return row + 1
