"""A sheet of twelve equal columns, on which each row shares them out as it needs."""

from collections.abc import Sequence
from typing import Any

from omi_rules.reports.row_heights import row_height
from omi_rules.reports.workbook.formats import POINTS
from omi_rules.reports.workbook.table import Book, Value, write_cell

COLUMNS = 12
_WIDTH = 11.5
#: What a cell loses to the gap at its side.
_INDENT = 1.5
#: How many columns a cell takes, what it holds, and how it looks.
Cell = tuple[int, Value, Any]


class Grid:
    """Writes rows from top to bottom."""

    def __init__(self, book: Book, name: str) -> None:
        self.formats = book.formats
        self._sheet = book.add_sheet(name)
        self._row = 0
        self._sheet.set_column(0, COLUMNS - 1, _WIDTH)
        # twelve columns are as wide as the paper; a sheet that is fitted to it has no page breaks of its own
        self._sheet.set_print_scale(95)
        self._breaks: list[int] = []

    def title(self, text: str) -> None:
        """What all of it is about."""
        self.row([(COLUMNS, text, self.formats.title)], height=34)

    def heading(self, text: str, alarm: bool = False) -> None:
        """What the rows below are about, after a gap."""
        self._row += 1
        self.row([(COLUMNS, text, self.formats.alarm if alarm else self.formats.heading)], height=24)

    def new_page(self) -> None:
        """On paper, go on with the next page."""
        self._breaks.append(self._row)
        self._sheet.set_h_pagebreaks(self._breaks)

    def sentence(self, text: str, strong: bool = False) -> None:
        """A sentence from one side to the other."""
        self.row([(COLUMNS, text, self.formats.strong_text if strong else self.formats.text)])

    def head(self, headings: Sequence[tuple[int, str, bool]]) -> None:
        """The headings of a table: how many columns each takes, its words, and whether it ends on the right."""
        formats = self.formats
        self.row([(span, text, formats.number_head if right else formats.head) for span, text, right in headings])

    def row(self, cells: Sequence[Cell], *, height: float | None = None, link: str = "") -> None:
        """A row, as high as its texts need; with `link` its first cell leads to a sheet."""
        texts = [(value, span * _WIDTH - _INDENT) for span, value, _ in cells if isinstance(value, str)]
        self._sheet.set_row(self._row, height or row_height(*texts, ("", 1), points=POINTS))
        place = 0
        for span, value, form in cells:
            if span > 1:
                self._sheet.merge_range(self._row, place, self._row, place + span - 1, "", form)
            if link and not place:
                self._sheet.write_url(self._row, place, f"internal:'{link}'!A1", form, str(value))
            else:
                write_cell(self._sheet, self._row, place, value, form)
            place += span
        self._row += 1

    def show_first(self) -> None:
        """Open the workbook on this sheet."""
        self._sheet.activate()
