"""One assessor's workbook: how to go about it, how far it has come, and a sheet a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from omi_rules.assess.assignment import Duty
from omi_rules.assess.casework import Casework, question_version
from omi_rules.assess.columns import (
    ANSWER,
    COLUMNS,
    CORRECTION,
    LAYOUT,
    MARKS,
    MARKS_SHEET,
    case_sheet,
    row_key,
)
from omi_rules.assess.formats import Formats
from omi_rules.assess.instructions import write_instructions
from omi_rules.assess.sample_file import Sample
from omi_rules.assess.sheet import ROOM_FOR_SORTING, protect, write_case
from omi_rules.reports.words import count
from omi_rules.reports.workbook.text import cell_text
from omi_rules.rulebook.questions import Criteria

PROGRESS = "Progress"


@dataclass(frozen=True)
class Contents:
    """What a workbook is made from: the assessor's duties and the casework of each case, by number."""

    sample: Sample
    rulebook_hash: str
    criteria: Criteria
    duties: Sequence[Duty]
    casework: Mapping[int, Casework]

    @property
    def works(self) -> list[Casework]:
        """The casework of the assessor's cases, in their order."""
        return [self.casework[duty.case.number] for duty in self.duties]


def write_workbook(path: Path, contents: Contents) -> None:
    """Write the workbook; the same contents give the same bytes."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = datetime.combine(contents.sample.as_at, time())
        book.set_properties({"title": "Case assessment", "created": day})
        formats = Formats(book)
        assessor = contents.duties[0].assessor.name
        write_instructions(book.add_worksheet("Read me first"), formats, contents.sample, assessor, len(contents.works))
        progress = book.add_worksheet(PROGRESS)
        last_rows = [
            write_case(book.add_worksheet(case_sheet(work.case.number)), formats, work, contents.criteria)
            for work in contents.works
        ]
        _write_progress(progress, formats, contents.works, last_rows)
        _write_marks(book.add_worksheet(MARKS_SHEET), contents)
        progress.activate()
        book.worksheets()[0].activate()


def _write_progress(sheet: Any, formats: Formats, works: Sequence[Casework], last_rows: Sequence[int]) -> None:
    """How many questions of each case are answered, in formulas that count on the cases' sheets."""
    headings = ("Case", "Reference", "Division", "Team", "To answer", "Answered", "Left", "Done", "Corrections")
    widths = (10, 18, 26, 30, 11, 11, 9, 24, 12)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "Progress", formats.title)
    sheet.write_string(1, 0, "A name in the first column leads to its case.", formats.quiet)
    head, first = 3, 5
    for place, heading in enumerate(headings):
        form = formats.head if place < 4 else formats.centred_head if heading == "Done" else formats.number_head
        sheet.write_string(head, place, heading, form)
    last = first + len(works) - 1
    sheet.write_string(head + 1, 0, "All", formats.total)
    sheet.write_string(head + 1, 1, count(len(works), "case"), formats.total)
    for place in (2, 3):
        sheet.write_blank(head + 1, place, None, formats.total)
    asked = sum(len(work.to_judge) for work in works)
    for place, letter, value in ((4, "E", asked), (5, "F", 0), (6, "G", asked), (8, "I", 0)):
        sheet.write_formula(
            head + 1, place, f"=SUM({letter}{first + 1}:{letter}{last + 1})", formats.total_number, value
        )
    _write_share(sheet, head + 1, formats.total_share)
    for row, (work, last_row) in enumerate(zip(works, last_rows, strict=True), first):
        name = case_sheet(work.case.number)
        sheet.write_url(row, 0, f"internal:'{name}'!A1", formats.link, name)
        for place, text in enumerate((work.case.case_id, work.case.division, work.case.team), 1):
            sheet.write_string(row, place, shown(text), formats.raw)
        sheet.write_number(row, 4, len(work.to_judge), formats.number)
        sheet.write_formula(row, 5, f"=COUNTA({_column_range(name, ANSWER, last_row)})", formats.number, 0)
        sheet.write_formula(row, 6, f"=E{row + 1}-F{row + 1}", formats.number, len(work.to_judge))
        _write_share(sheet, row, formats.share)
        sheet.write_formula(row, 8, f"=COUNTA({_column_range(name, CORRECTION, last_row)})", formats.number, 0)
    bar = {"type": "data_bar", "bar_solid": True, "bar_color": "#9BC2A5", "min_type": "num", "max_type": "num"}
    sheet.conditional_format(head + 1, 7, last, 7, {**bar, "min_value": 0, "max_value": 1})
    sheet.freeze_panes(head + 2, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.hide_gridlines(2)
    protect(sheet)


def _write_share(sheet: Any, row: int, form: Any) -> None:
    sheet.write_formula(row, 7, f"=IF(E{row + 1}=0,1,F{row + 1}/E{row + 1})", form, 0)


def _column_range(sheet: str, column: Any, last_row: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    letter = xl_col_to_name(COLUMNS.index(column))
    return f"'{sheet}'!{letter}{ROOM_FOR_SORTING}:{letter}{last_row + 1}"


def shown(text: str | None) -> str:
    """A text of the export, at a length that a cell can show."""
    return "" if text is None else cell_text(text if len(text) <= 200 else f"{text[:199]}…")


def _write_marks(sheet: Any, contents: Contents) -> None:
    """What the workbook is, for reading it again; a spreadsheet does not offer to show this sheet."""
    settings = {
        "layout": LAYOUT,
        "sample": contents.sample.id,
        "rulebook": contents.rulebook_hash,
        "assessor": contents.duties[0].assessor.name,
    }
    questions = {item.question.id: item.question for work in contents.works for item in work.items}
    asked = [row_key(work.case.number, item.question.id) for work in contents.works for item in work.items]
    columns: dict[str, Sequence[object]] = {
        "setting": list(settings),
        "value": list(settings.values()),
        "case": [duty.case.number for duty in contents.duties],
        "rating": [duty.rating for duty in contents.duties],
        "question": list(questions),
        "version": [question_version(question) for question in questions.values()],
        "decider": [question.decided_by for question in questions.values()],
        "asked": asked,
    }
    for place, heading in enumerate(MARKS):
        sheet.write_string(0, place, heading)
        for row, value in enumerate(columns[heading], 1):
            sheet.write_string(row, place, str(value))
    sheet.very_hidden()
    protect(sheet)
