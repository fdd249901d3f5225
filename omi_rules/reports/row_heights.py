"""How high the rows of a workbook have to be for the texts in them."""

import textwrap

#: The height of a line, and what a row has beside its lines, in points.
_LINE_HEIGHT = 15
_PADDING = 5
#: A column's width is counted in digits, and letters are a little narrower.
_LETTERS_A_DIGIT = 1.2


def row_height(*cells: tuple[str, float]) -> float:
    """The height that texts need in columns of these widths: not every spreadsheet works it out for itself."""
    lines = max(len(textwrap.wrap(text, int(width * _LETTERS_A_DIGIT))) for text, width in cells)
    return max(lines, 1) * _LINE_HEIGHT + _PADDING
