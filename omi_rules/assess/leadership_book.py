"""Writes the workbook of section 4: how to go about it, a summary, a sheet a criterion, and the national targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO

from omi_rules.assess.columns import MARKS_SHEET, Column
from omi_rules.assess.formats import Formats
from omi_rules.assess.instructions import WIDTHS, lay_out, write_facts, write_part
from omi_rules.assess.leadership_columns import (
    COLUMNS,
    EVIDENCE,
    FINDING,
    KEY,
    LAYOUT,
    MARKS,
    NUMBER,
    POINT,
    RECORDS,
    level_key,
)
from omi_rules.assess.sheet import protect
from omi_rules.assess.targets_sheet import TARGETS, write_targets
from omi_rules.reports.row_heights import row_height
from omi_rules.reports.words import english_date
from omi_rules.rulebook.questions import Criterion
from omi_rules.scoring.leadership import FINDINGS, IMPROVEMENT, NOT_LOOKED_AT, STRENGTH

SUMMARY = "Summary"
_HEAD = 4
_PLACES = {column: place for place, column in enumerate(COLUMNS)}
#: As many rows as a criterion's sheet can come to have, for formulas that look for a key.
_ROWS = 60

_STEPS = (
    ("1", "Begin with Summary. It lists the criteria; a number leads to its sheet, and the bars show how far you are."),
    (
        "2",
        "On a criterion's sheet, choose a finding for every point in a yellow cell: a strength, an area for "
        "improvement, or not looked at. Write down the evidence beside it: documents, meetings, who was interviewed. A "
        "red cell still waits for evidence.",
    ),
    (
        "3",
        "Where there is something under “By the records”, a run of the rules has a figure. It informs the finding, and "
        "does not decide it. The figures of the national targets stand on a sheet of their own, after 4.2.",
    ),
    ("4", "At the end of each sheet, choose the level of the criterion, and say why."),
    (
        "5",
        "Leave a cell empty only if you have not answered yet. You can import the workbook, and go on later: what was "
        "taken once is not lost.",
    ),
)
_LEVELS = (
    (
        "four levels",
        "Well met, satisfactorily met, partly met, not met. The report assigns one on the performance across the "
        "points of a criterion, and does not print how: the level is your judgement, and nothing works it out.",
    ),
)
_CARE = (
    "Only the cells to fill in can be changed. There is no password: Review, Unprotect Sheet opens the others, but "
    "there should be no need to. Each row carries a hidden key by which it is read again."
)


@dataclass(frozen=True)
class LeadershipContents:
    """What the workbook is made from; `by_records` is what the run says, by the id of the point that it is evidence
    of, and `targets` are as score.json holds them."""

    area: str
    as_at: str
    rulebook_hash: str
    criteria: Sequence[Criterion]
    by_records: Mapping[str, str]
    targets: Sequence[Mapping[str, Any]]
    versions: Mapping[str, str]


def write_book(target: BinaryIO, contents: LeadershipContents) -> None:
    """Write the workbook; the same contents give the same bytes."""
    import xlsxwriter

    settings = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(target, settings) as book:
        day = datetime.combine(date.fromisoformat(contents.as_at), time())
        book.set_properties({"title": "Leadership and strategic management", "created": day})
        formats = Formats(book)
        _write_instructions(book.add_worksheet("Read me first"), formats, contents)
        summary = book.add_worksheet(SUMMARY)
        resting = [criterion for criterion in contents.criteria if any(point.targets for point in criterion.points)]
        for criterion in contents.criteria:
            _write_criterion(book.add_worksheet(criterion.id), formats, criterion, contents)
            if criterion in resting[:1]:
                write_targets(book.add_worksheet(TARGETS), formats, contents.targets)
        _write_summary(summary, formats, contents)
        _write_marks(book.add_worksheet(MARKS_SHEET), contents)
        summary.activate()
        book.worksheets()[0].activate()


def _write_instructions(sheet: Any, formats: Formats, contents: LeadershipContents) -> None:
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 1, "Section 4: leadership and strategic management", formats.title)
    facts = {"Area": contents.area, "As at": english_date(contents.as_at), "Criteria": str(len(contents.criteria))}
    row = write_facts(sheet, formats, facts)
    row = write_part(sheet, formats, row + 1, "How to go about it", _STEPS)
    row = write_part(sheet, formats, row + 1, "The levels", _LEVELS)
    write_part(sheet, formats, row + 1, "About this workbook", (("", _CARE),))
    lay_out(sheet)


def _write_summary(sheet: Any, formats: Formats, contents: LeadershipContents) -> None:
    """The level of each criterion and how many points are what, in formulas on the criteria's sheets."""
    headings = ("No.", "Criterion", "Level", "Strengths", "To improve", "Not looked at", "Open", "Done")
    for place, width in enumerate((8, 44, 20, 12, 12, 14, 9, 24)):
        sheet.set_column(place, place, width)
        form = formats.head if place < 3 else formats.centred_head if place == 7 else formats.number_head
        sheet.write_string(3, place, headings[place], form)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "Summary", formats.title)
    sheet.write_string(1, 0, "A number in the first column leads to its sheet.", formats.quiet)
    for row, criterion in enumerate(contents.criteria, 4):
        id_, points = criterion.id, len(criterion.points)
        findings, keys = (f"'{id_}'!${letter}$1:${letter}${_ROWS}" for letter in (_letter(FINDING), _letter(KEY)))
        sheet.set_row(row, 20)
        sheet.write_url(row, 0, f"internal:'{id_}'!A1", formats.link, id_)
        sheet.write_string(row, 1, criterion.title, formats.locked)
        sheet.write_formula(
            row, 2, f'=IFERROR(INDEX({findings},MATCH("{level_key(id_)}",{keys},0))&"","")', formats.summary, ""
        )
        for place, finding in enumerate((STRENGTH, IMPROVEMENT, NOT_LOOKED_AT), 3):
            sheet.write_formula(row, place, f'=COUNTIF({findings},"{finding}")', formats.number, 0)
        sheet.write_formula(row, 6, f"={points}-SUM(D{row + 1}:F{row + 1})", formats.number, points)
        sheet.write_formula(row, 7, f"=1-G{row + 1}/{points}", formats.share, 0)
    bar = {"type": "data_bar", "bar_solid": True, "bar_color": "#9BC2A5", "min_type": "num", "max_type": "num"}
    last = 3 + len(contents.criteria)
    sheet.conditional_format(4, 7, last, 7, {**bar, "min_value": 0, "max_value": 1})
    sheet.freeze_panes(4, 1)
    _print_wide(sheet)


def _write_criterion(sheet: Any, formats: Formats, criterion: Criterion, contents: LeadershipContents) -> None:
    for column, place in _PLACES.items():
        sheet.set_column(place, place, column.width, None, {"hidden": column is KEY})
        sheet.write_string(_HEAD, place, column.heading, formats.head)
    sheet.set_row(_HEAD, 24)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, f"{criterion.id}  {criterion.title}", formats.title)
    width = sum(column.width for column in COLUMNS if column is not KEY)
    sheet.merge_range(1, 0, 1, _PLACES[EVIDENCE], criterion.describes, formats.text)
    sheet.set_row(1, row_height((criterion.describes, width)))
    row = _HEAD
    for point in criterion.points:
        row += 1
        records = contents.by_records.get(point.id, "")
        texts = {NUMBER: point.id, POINT: point.asks, RECORDS: records, KEY: point.id}
        sheet.set_row(row, max(row_height((point.asks, POINT.width), (records, RECORDS.width)), 36))
        _write_row(sheet, formats, row, texts, formats.locked)
        if point.targets:
            sheet.write_url(row, _PLACES[RECORDS], f"internal:'{TARGETS}'!A1", formats.link, f"See {TARGETS}")
    first, last = _HEAD + 1, row
    level = last + 2
    for place in range(len(COLUMNS)):
        sheet.write_blank(level - 1, place, None, formats.section)
    sheet.write_string(level - 1, 0, "The level", formats.section)
    asks = "On all of these points, how well is the criterion met?"
    sheet.set_row(level, 40)
    _write_row(
        sheet, formats, level, {NUMBER: criterion.id, POINT: asks, KEY: level_key(criterion.id)}, formats.summary
    )
    _write_top(sheet, formats, first, last)
    _guide(sheet, formats, criterion, first, last, level)
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.repeat_rows(_HEAD)
    sheet.print_area(0, 0, level, len(COLUMNS) - 1)
    _print_wide(sheet)


def _write_row(sheet: Any, formats: Formats, row: int, texts: dict[Column, str], words: Any) -> None:
    for column, form in ((NUMBER, words), (POINT, words), (RECORDS, formats.evidence), (KEY, formats.locked)):
        text = texts.get(column, "")
        if text:
            sheet.write_string(row, _PLACES[column], text, form)
        else:
            sheet.write_blank(row, _PLACES[column], None, formats.empty)
    sheet.write_blank(row, _PLACES[FINDING], None, formats.answer)
    sheet.write_blank(row, _PLACES[EVIDENCE], None, formats.comment)


def _write_top(sheet: Any, formats: Formats, first: int, last: int) -> None:
    answered = f"{_letter(FINDING)}{first + 1}:{_letter(FINDING)}{last + 1}"
    told = f" of {last - first + 1}"
    sheet.write_formula(2, 0, f'="Answered: "&COUNTA({answered})&"{told}"', formats.strong_line, f"Answered: 0{told}")
    sheet.write_url(2, _PLACES[RECORDS], f"internal:'{SUMMARY}'!A1", formats.way_back, "Back to Summary")


def _guide(sheet: Any, formats: Formats, criterion: Criterion, first: int, last: int, level: int) -> None:
    """Lists to choose from, and colours that say where something is still wanted."""
    finding, evidence = _PLACES[FINDING], _PLACES[EVIDENCE]
    for from_row, to_row, source in ((first, last, FINDINGS), (level, level, criterion.levels)):
        sheet.data_validation(
            from_row,
            finding,
            to_row,
            finding,
            {
                "validate": "list",
                "source": list(source),
                "error_title": "Not in the list",
                "error_message": "Choose from the list, or leave the cell empty.",
            },
        )
        chosen = f"${_letter(FINDING)}{from_row + 1}"
        beside = f"${_letter(EVIDENCE)}{from_row + 1}"
        empty = {"type": "formula", "criteria": f'={chosen}=""', "format": formats.unanswered}
        without = f'=AND({chosen}<>"",{chosen}<>"{NOT_LOOKED_AT}",{beside}="")'
        wanted = {"type": "formula", "criteria": without, "format": formats.wanted}
        sheet.conditional_format(from_row, finding, to_row, finding, empty)
        sheet.conditional_format(from_row, evidence, to_row, evidence, wanted)


def _print_wide(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RPage &P of &N")
    sheet.hide_gridlines(2)
    protect(sheet)


def _letter(column: Column) -> str:
    return "ABCDEFGH"[_PLACES[column]]


def _write_marks(sheet: Any, contents: LeadershipContents) -> None:
    """What the workbook is, for reading it again; a spreadsheet does not offer to show this sheet."""
    settings = {"layout": LAYOUT, "area": contents.area, "as_at": contents.as_at, "rulebook": contents.rulebook_hash}
    columns = {
        "setting": list(settings),
        "value": list(settings.values()),
        "point": list(contents.versions),
        "version": list(contents.versions.values()),
    }
    for place, heading in enumerate(MARKS):
        sheet.write_string(0, place, heading)
        for row, value in enumerate(columns[heading], 1):
            sheet.write_string(row, place, value)
    sheet.very_hidden()
    protect(sheet)
