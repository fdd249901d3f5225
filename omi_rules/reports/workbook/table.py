"""A table on a sheet of its own, or on several where there are more rows than one can hold; set up for paper too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Literal

from omi_rules.reports.row_heights import row_height
from omi_rules.reports.words import count, shortened
from omi_rules.reports.workbook.formats import BAR, POINTS, Formats
from omi_rules.reports.workbook.text import cell_text

FRONT = "Summary"
#: The last row of a sheet, counted from 0.
LAST_ROW = 1_048_575
#: The rows of the headings, and of what stands above them.
_SAYS, _BACK, HEAD = 1, 2, 3
#: How much of a name counts for the height of its row.
_NAME_LETTERS = 60
#: What a cell loses to the gap at its side.
_INDENT = 1.5

Kind = Literal["words", "name", "date", "number", "percent"]
Value = str | int | float | date | None


@dataclass(frozen=True)
class Column:
    """A column: what it is called, how wide it is, what it holds, and whether it is printed."""

    heading: str
    width: float
    kind: Kind = "words"
    printed: bool = True

    @property
    def is_number(self) -> bool:
        """Whether what it holds ends on the right."""
        return self.kind in ("number", "percent")


@dataclass
class Content:
    """What the front sheet says of a sheet: its name, what is on it in a few words, and how much."""

    sheet: str
    about: str
    rows: str = ""


class Book:
    """The workbook that is being written: its formats, what stands on every printed page, and what is in it."""

    def __init__(self, book: Any, running_head: str, running_foot: str) -> None:
        self.formats = Formats(book)
        self.contents: list[Content] = []
        self._book = book
        self._head, self._foot = (shortened(text, 120).replace("&", "&&") for text in (running_head, running_foot))

    def add_sheet(self, name: str) -> Any:
        """An empty sheet, set up for paper."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&L&9{self._head}&R&9&A")
        sheet.set_footer(f"&L&9{self._foot}&R&9Page &P of &N")
        sheet.hide_gridlines(2)
        return sheet

    def add_table(self, content: Content, says: str, columns: Sequence[Column], noun: tuple[str, str]) -> "Table":
        """A table that `close` finishes; `says` stands above it, and `noun` is what a row is called, one and many."""
        return Table(self, content, says, columns, noun)


class Table:
    """Rows that are written once, from the first to the last: none is kept."""

    def __init__(
        self, book: Book, content: Content, says: str, columns: Sequence[Column], noun: tuple[str, str]
    ) -> None:
        self._book, self._content, self._says, self._noun = book, content, says, noun
        self._columns = columns
        self._names = [content.sheet]
        self._rows = 0
        self._sheet, self._row = self._begin(content.sheet), HEAD
        book.contents.append(content)

    def add(self, values: Sequence[Value], looks: dict[int, Any] | None = None) -> None:
        """Write a row; `looks` are formats other than those of the columns, by the place of a cell."""
        if self._row == LAST_ROW:
            self._finish()
            self._names.append(f"{self._content.sheet} {len(self._names) + 1}")
            self._sheet, self._row = self._begin(self._names[-1]), HEAD
        self._row += 1
        self._rows += 1
        self._sheet.set_row(self._row, self._height(values))
        formats = self._book.formats
        for place, (column, value) in enumerate(zip(self._columns, values, strict=True)):
            form = (looks or {}).get(place) or getattr(formats, column.kind)
            write_cell(self._sheet, self._row, place, value, form)

    def bar(self, place: int, first: int, last: int) -> None:
        """Show the shares of a column as bars behind their figures, from row to row of the sheet."""
        bar = {"type": "data_bar", "bar_solid": True, "bar_color": BAR, "min_type": "num", "max_type": "num"}
        self._sheet.conditional_format(first, place, last, place, {**bar, "min_value": 0, "max_value": 100})

    def close(self) -> None:
        """Finish the table, and say on the front sheet how many rows it has."""
        if not self._rows:
            self._sheet.write_string(HEAD + 1, 0, "None.", self._book.formats.quiet)
        self._finish()
        told = count(self._rows, *self._noun)
        self._content.rows = told if len(self._names) == 1 else f"{told} on {len(self._names)} sheets"

    def _begin(self, name: str) -> Any:
        formats, sheet = self._book.formats, self._book.add_sheet(name)
        for place, column in enumerate(self._columns):
            sheet.set_column(place, place, column.width)
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, name, formats.title)
        printed = self._printed()
        room = sum(column.width for column in self._columns[:printed])
        sheet.set_row(_SAYS, row_height((self._says, room), points=POINTS))
        sheet.merge_range(_SAYS, 0, _SAYS, printed - 1, self._says, formats.quiet)
        sheet.write_url(_BACK, 0, f"internal:'{FRONT}'!A1", formats.way_back, "Back to the summary")
        sheet.set_row(HEAD, row_height(*((column.heading, column.width - 3) for column in self._columns)))
        for place, column in enumerate(self._columns):
            form = formats.number_head if column.is_number else formats.head
            sheet.write_string(HEAD, place, column.heading, form)
        sheet.freeze_panes(HEAD + 1, 1)
        sheet.repeat_rows(HEAD)
        return sheet

    def _finish(self) -> None:
        last = max(self._row, HEAD + 1)
        self._sheet.autofilter(HEAD, 0, last, len(self._columns) - 1)
        self._sheet.print_area(0, 0, last, self._printed() - 1)

    def _printed(self) -> int:
        return sum(column.printed for column in self._columns)

    def _height(self, values: Sequence[Value]) -> float:
        texts = (
            (value[:_NAME_LETTERS] if column.kind == "name" else value, column.width)
            for column, value in zip(self._columns, values, strict=True)
            if isinstance(value, str) and value
        )
        return max((_text_height(text, width) for text, width in texts), default=_text_height("", 10))


@lru_cache(maxsize=50_000)
def _text_height(text: str, width: float) -> float:
    return row_height((text, width - _INDENT), points=POINTS)


def write_cell(sheet: Any, row: int, place: int, value: Value, form: Any) -> None:
    """Write a value as what it is: a text never as a formula, a date as a date, what is absent as an empty cell."""
    if isinstance(value, str):
        sheet.write_string(row, place, cell_text(value), form)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, datetime.combine(value, time()), form)
    elif value is None:
        sheet.write_blank(row, place, None, form)
    else:
        sheet.write_number(row, place, value, form)
