"""The sheet of one case: its questions by criterion, the records' answers with their evidence, and room for others."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from omi_rules.assess.casework import EVERY_CASE, Casework, Item
from omi_rules.assess.columns import (
    ANSWER,
    ANSWERS,
    COLUMNS,
    COMMENT,
    CORRECTION,
    DONE,
    DUE,
    EVIDENCE,
    KEY,
    NUMBER,
    OUTCOME,
    QUESTION,
    Column,
    case_sheet,
    row_key,
)
from omi_rules.assess.formats import Formats
from omi_rules.reports.row_heights import row_height
from omi_rules.reports.words import english_date
from omi_rules.reports.workbook.text import cell_text
from omi_rules.rulebook.model import INSUFFICIENT
from omi_rules.rulebook.questions import Criteria

#: The row of the headings, and the first row below them as a spreadsheet counts.
_HEAD = 4
ROOM_FOR_SORTING = _HEAD + 2
_OUTSIDE = ("not_applicable", "excluded")
_PLACES = {column: place for place, column in enumerate(COLUMNS)}


def write_case(sheet: Any, formats: Formats, work: Casework, criteria: Criteria) -> int:
    """Write the sheet, and give its last row."""
    for column, place in _PLACES.items():
        sheet.set_column(place, place, column.width, None, {"hidden": column is KEY})
        sheet.write_string(_HEAD, place, column.heading, formats.head)
    sheet.set_row(_HEAD, 32)
    row = _HEAD
    for told, items in _sections(work, criteria):
        row += 1
        _write_section(sheet, formats, row, told)
        for item in items:
            row += 1
            _write_item(sheet, formats, row, work.case.number, item)
    _write_top(sheet, formats, work, row)
    _guide(sheet, formats, row)
    _lay_out(sheet, row)
    return row


def _sections(work: Casework, criteria: Criteria) -> Iterator[tuple[str, list[Item]]]:
    """Each criterion with what is asked; at the end what the records say is outside."""
    outside = [item for item in work.items if item.found and item.found.outcome in _OUTSIDE]
    for criterion in criteria.criteria.values():
        items = [item for item in work.items if item.question.criterion == criterion.id and item not in outside]
        if items:
            yield f"{criterion.id}  {criterion.title}", items
    if outside:
        yield "By the records, these do not apply to the case", outside


def _write_section(sheet: Any, formats: Formats, row: int, told: str) -> None:
    sheet.set_row(row, row_height(("", 1)))
    for place in range(len(COLUMNS)):
        sheet.write_blank(row, place, None, formats.section)
    sheet.write_string(row, 0, told, formats.section)


def _write_item(sheet: Any, formats: Formats, row: int, number: int, item: Item) -> None:
    question = item.question
    words = formats.summary if question.is_summary else formats.locked

    def write(column: Column, text: str, form: Any) -> None:
        if text:
            sheet.write_string(row, _PLACES[column], text, form)
        else:
            sheet.write_blank(row, _PLACES[column], None, form)

    evidence = _evidence(item)
    sheet.set_row(row, row_height((question.asks, QUESTION.width), (evidence, EVIDENCE.width)))
    write(NUMBER, question.id, words)
    write(QUESTION, question.asks, words)
    write(KEY, row_key(number, question.id), formats.locked)
    write(COMMENT, "", formats.comment)
    if item.found is None:
        write(OUTCOME, "", formats.empty)
        write(EVIDENCE, evidence, formats.evidence)
        write(DUE, "", formats.empty)
        write(DONE, "", formats.empty)
        write(ANSWER, "", formats.answer)
        write(CORRECTION, "", formats.empty)
        return
    fell_short = item.found.outcome in INSUFFICIENT
    write(OUTCOME, item.found.outcome.replace("_", " "), formats.fallen_short if fell_short else formats.locked)
    write(EVIDENCE, evidence, formats.evidence)
    for column, day in ((DUE, item.found.due_on), (DONE, item.found.done_on)):
        if day:
            sheet.write_datetime(row, _PLACES[column], datetime.combine(day, time()), formats.date)
        else:
            write(column, "", formats.empty)
    write(ANSWER, "", formats.empty)
    write(CORRECTION, "", formats.answer)


def _evidence(item: Item) -> str:
    """What stands beside a question. Of what does not apply there is nothing to show."""
    if item.found is None:
        return _about(item)
    return "" if item.found.outcome == "not_applicable" else item.found.reason


def _about(item: Item) -> str:
    """Which cases a question is about, and what to do if the records do not say whether this is one."""
    about = item.question.about
    told = f"{about[:1].upper()}{about[1:]}"
    if about == EVERY_CASE:
        return ""
    return f"{told}." if item.certain else f"{told} only: if this is none, choose not applicable."


def _write_top(sheet: Any, formats: Formats, work: Casework, last: int) -> None:
    """Whose case it is, how far it has come, and the way back."""
    case = work.case
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, cell_text(f"{case_sheet(case.number)}: {case.case_id[:100]}"), formats.title)
    held = [case.division, case.team, f"offender manager {case.offender_manager}" if case.offender_manager else None]
    facts = [
        f"{case.order_type.replace('_', ' ').capitalize()} since {english_date(case.start_date)}",
        f"tier {case.tier}" if case.tier else "tier not recorded",
        f"{case.roh_level.replace('_', ' ')} Risk of Harm" if case.roh_level else "Risk of Harm not recorded",
        *(text[:100] for text in held if text),
    ]
    sheet.write_string(1, 0, cell_text(", ".join(facts)), formats.quiet)
    answers = _range(ANSWER, last)
    asked = len(work.to_judge)
    sheet.write_formula(
        2, 0, f'="Answered: "&COUNTA({answers})&" of {asked}"', formats.strong_line, f"Answered: 0 of {asked}"
    )
    sheet.write_url(2, _PLACES[EVIDENCE], "internal:'Progress'!A1", formats.way_back, "Back to Progress")


def _range(column: Column, last: int) -> str:
    from xlsxwriter.utility import xl_range

    return str(xl_range(_HEAD + 1, _PLACES[column], last, _PLACES[column]))


def _guide(sheet: Any, formats: Formats, last: int) -> None:
    """Lists to choose from, and colours that say where something is still wanted."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    def cell(column: Column) -> str:
        return f"${xl_rowcol_to_cell(_HEAD + 1, _PLACES[column])}"

    chosen = {
        "validate": "list",
        "source": list(ANSWERS),
        "error_title": "Not one of the answers",
        "error_message": "Choose an answer from the list, or leave the cell empty.",
    }
    for column in (ANSWER, CORRECTION):
        sheet.data_validation(_range(column, last), chosen)
    unanswered = f'=AND({cell(KEY)}<>"",{cell(OUTCOME)}="",{cell(ANSWER)}="")'
    no_reason = f'=AND({cell(CORRECTION)}<>"",{cell(COMMENT)}="")'
    for column, criteria, form in ((ANSWER, unanswered, formats.unanswered), (COMMENT, no_reason, formats.wanted)):
        sheet.conditional_format(_range(column, last), {"type": "formula", "criteria": criteria, "format": form})


def _lay_out(sheet: Any, last: int) -> None:
    sheet.freeze_panes(_HEAD + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD)
    sheet.print_area(0, 0, last, len(COLUMNS) - 1)
    sheet.set_footer("&L&A&RPage &P of &N")
    sheet.hide_gridlines(2)
    protect(sheet)


def protect(sheet: Any) -> None:
    """Lock every cell that is not to be filled in, without a password: it keeps slips away, and nobody out."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
