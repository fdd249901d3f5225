"""How high the rows of a workbook have to be for the texts in them."""

import textwrap

#: The height of a line, and what a row has beside its lines, in points.
_LINE_HEIGHT = 15
_PADDING = 5
#: The size of letters that a workbook has where nothing else is said.
_POINTS = 11
#: A column's width is counted in digits, and letters are a little narrower.
_LETTERS_A_DIGIT = 1.2


def row_height(*cells: tuple[str, float], points: int = _POINTS) -> float:
    """The height that texts need in columns of these widths: not every spreadsheet works it out for itself.

    `points` is the size of the letters; widths are always counted in those of a workbook's own size.
    """
    letters = _LETTERS_A_DIGIT * _POINTS / points
    lines = max(len(textwrap.wrap(text, int(width * letters))) for text, width in cells)
    return max(lines, 1) * round(_LINE_HEIGHT * points / _POINTS) + _PADDING
