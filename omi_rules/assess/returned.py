"""Reads a workbook that came back: by the names of its columns and the keys of its rows, wherever they stand now."""

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omi_rules.assess.columns import ANSWER, ANSWERS, COMMENT, CORRECTION, KEY, LAYOUT, MARKS_SHEET, Column, case_sheet
from omi_rules.problems import ExportError

_KEY = re.compile(r"([1-9][0-9]*):([0-9]\.[0-9]\.[0-9A-Z]+)")
_GIVEN = {words.replace(" ", ""): code for words, code in ANSWERS.items()}
_FIRST = ANSWER, CORRECTION
#: How many rows of a sheet are searched for its headings: they can only have been pushed down.
_HEADINGS_WITHIN = 200


@dataclass(frozen=True)
class Given:
    """An answer of a workbook: to what question about which case, and the cell it stands in."""

    case: int
    question: str
    answer: str
    comment: str
    place: str
    is_correction: bool


@dataclass(frozen=True)
class Complaint:
    """Something wrong in a workbook, by sheet and cell; the value of a cell is never told."""

    file: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.sentence}"


@dataclass
class Returned:
    """What a workbook says: whose it is, the questions it asked of each case, and every answer that can be used.

    `ratings` is 1 or 2 for each case, `judgements` are the questions for assessors, and `unanswered` has the cells of
    those left open, by sheet."""

    file: str
    assessor: str
    sample_id: str
    rulebook_hash: str
    ratings: Mapping[int, int]
    versions: Mapping[str, str]
    judgements: frozenset[str]
    asked: Mapping[int, frozenset[str]]
    answers: list[Given] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    unanswered: dict[str, list[str]] = field(default_factory=dict)

    def complain(self, place: str, sentence: str) -> None:
        """Note something wrong."""
        self.complaints.append(Complaint(self.file, place, sentence))


def read_workbook(path: Path) -> Returned:
    """A workbook read; ExportError if it is none of ours."""
    book = open_workbook(path)
    returned = _read_marks(book, path)
    rows: dict[tuple[int, str], list[_Row]] = {}
    for sheet in book.worksheets:
        if sheet.title != MARKS_SHEET:
            for row in _read_sheet(sheet, returned):
                rows.setdefault((row.case, row.question), []).append(row)
    for case, questions in returned.asked.items():
        _look_for_lost(returned, case, questions, {question for number, question in rows if number == case})
    for (case, question), found in rows.items():
        if question not in returned.asked.get(case, ()):
            returned.complain(found[0].place(KEY), "this row is not of this workbook, and is left out.")
        else:
            _take(returned, found, is_judgement=question in returned.judgements)
    return returned


def open_workbook(path: Path, *, quick: bool = False) -> Any:
    """A file as openpyxl reads it, `quick` to look at the first rows alone; ExportError if it is no workbook."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # of what a spreadsheet adds and openpyxl leaves aside, nothing is read here
            warnings.simplefilter("ignore")
            # of a damaged file openpyxl would leave the handle open
            return load_workbook(io.BytesIO(path.read_bytes()), read_only=quick)
    except OSError as error:
        raise ExportError(f"the workbook {path} cannot be read: {error.strerror or 'it is no workbook'}.") from None
    except Exception:  # noqa: BLE001 - in a damaged file openpyxl may stumble over anything
        raise ExportError(f"{path} is no workbook of the form .xlsx: save it as one.") from None


def _read_marks(book: Any, path: Path) -> Returned:
    try:
        return _understand(read_columns(book, MARKS_SHEET), path.name)
    except (KeyError, ValueError):
        raise ExportError(
            f"{path} is no workbook that `omi-rules assess new` made, or its hidden sheet {MARKS_SHEET} was changed."
        ) from None


def read_columns(book: Any, sheet: str) -> dict[str, list[str]]:
    """The columns of a sheet by the headings in its first row; none if there is no such sheet."""
    found: dict[str, list[str]] = {}
    if sheet in book.sheetnames:
        for column in book[sheet].iter_cols(values_only=True):
            heading, *values = column
            found[str(heading)] = [str(value) for value in values if value is not None]
    return found


def _understand(found: Mapping[str, list[str]], file: str) -> Returned:
    """The marks as `assess new` writes them; KeyError or ValueError if they are not like that."""
    settings = dict(zip(found["setting"], found["value"], strict=True))
    if settings["layout"] != LAYOUT:
        raise ValueError
    asked: dict[int, set[str]] = {int(case): set() for case in found["case"]}
    for key in found["asked"]:
        case, _, question = key.partition(":")
        asked[int(case)].add(question)
    return Returned(
        file=file,
        assessor=settings["assessor"],
        sample_id=settings["sample"],
        rulebook_hash=settings["rulebook"],
        ratings=dict(zip(map(int, found["case"]), map(int, found["rating"]), strict=True)),
        versions=dict(zip(found["question"], found["version"], strict=True)),
        judgements=frozenset(
            question
            for question, decider in zip(found["question"], found["decider"], strict=True)
            if decider == "assessor"
        ),
        asked={case: frozenset(questions) for case, questions in asked.items()},
    )


@dataclass(frozen=True)
class _Row:
    """A row with a key, and the cells of it that are read, by the column's heading."""

    sheet: str
    case: int
    question: str
    cells: Mapping[str, Any]

    def text(self, column: Any) -> str:
        """What stands in a cell, as text."""
        cell = self.cells.get(column.heading)
        return "" if cell is None or cell.value is None else str(cell.value).strip()

    def place(self, column: Any) -> str:
        """The sheet and cell."""
        cell = self.cells.get(column.heading) or self.cells[KEY.heading]
        return f"{self.sheet}, {cell.coordinate}"


def _read_sheet(sheet: Any, returned: Returned) -> Iterator[_Row]:
    """Every row with a key. A sheet without the heading of the keys is none of a case."""
    columns = find_headings(sheet, (ANSWER, CORRECTION, COMMENT, KEY))
    if KEY.heading not in columns:
        return
    lost = [column.heading for column in (ANSWER, CORRECTION, COMMENT) if column.heading not in columns]
    for heading in lost:
        returned.complain(sheet.title, f"there is no column {heading}. Put its heading back.")
    for row in sheet.iter_rows():
        cells = {heading: row[place] for heading, place in columns.items() if place < len(row)}
        key = _KEY.fullmatch(str(cells[KEY.heading].value or "").strip())
        if key:
            yield _Row(sheet.title, int(key[1]), key[2], cells)
        elif any(_code(cells[column.heading].value) for column in _FIRST if column.heading in cells):
            cell = next(cells[column.heading] for column in _FIRST if column.heading in cells)
            returned.complain(f"{sheet.title}, row {cell.row}", "this row has an answer and no key: put the row back.")


def find_headings(sheet: Any, columns: Sequence[Column]) -> dict[str, int]:
    """The places of the headings of these columns, in the row that has that of the keys."""
    wanted = {column.heading.casefold(): column.heading for column in columns}
    for row in sheet.iter_rows(max_row=_HEADINGS_WITHIN, values_only=True):
        found = {
            wanted[text]: place for place, value in enumerate(row) if (text := str(value).strip().casefold()) in wanted
        }
        if KEY.heading in found:
            return found
    return {}


def _look_for_lost(returned: Returned, case: int, asked: frozenset[str], found: set[str]) -> None:
    lost = sorted(asked - found)
    if lost == sorted(asked):
        returned.complain(case_sheet(case), "its sheet is gone, or has lost the column Key. Put it back.")
    elif lost:
        returned.complain(case_sheet(case), f"the rows of {', '.join(lost)} are gone. Put them back.")


def _take(returned: Returned, rows: Sequence[_Row], *, is_judgement: bool) -> None:
    """The answer of a question's row. Where the row stands twice, one that is filled in will do, two must agree."""
    column, other = (ANSWER, CORRECTION) if is_judgement else (CORRECTION, ANSWER)
    given: list[Given] = []
    for row in rows:
        if row.text(other):
            returned.complain(row.place(other), f"this question is answered in the column {column.heading}.")
        text = row.text(column)
        code = _code(text)
        if text and not code:
            returned.complain(row.place(column), "this is not one of the six answers. Choose one from the list.")
        elif code and not is_judgement and not row.text(COMMENT):
            returned.complain(row.place(COMMENT), "a correction needs its reason here, and is not taken without it.")
        elif code:
            given.append(
                Given(
                    row.case, row.question, code, row.text(COMMENT), row.place(column), is_correction=not is_judgement
                )
            )
    if len({one.answer for one in given}) > 1:
        places = " and ".join(one.place.rpartition(", ")[2] for one in given)
        returned.complain(given[0].place, f"the question stands here twice, in {places}, with two answers. Keep one.")
    elif given:
        returned.answers.append(max(given, key=lambda one: bool(one.comment)))
    elif is_judgement and not any(row.text(column) for row in rows):
        sheet, _, cell = rows[0].place(column).rpartition(", ")
        returned.unanswered.setdefault(sheet, []).append(cell)


def _code(value: object) -> str:
    """The code of an answer, however its words are spaced; nothing for what is none."""
    words = re.sub(r"[\s_]+", "", str(value or "")).casefold()
    return _GIVEN.get(words, "")
