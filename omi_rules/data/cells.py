"""Tables of CSV that a spreadsheet can open without running anything in them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

#: What a spreadsheet would take for the start of a formula; some take the wide forms of the signs for them.
FORMULA_STARTS = tuple("-=+@\t\r\n＝＋－＠")


def neutral(value: object) -> str:
    """A cell as text; absent is empty, and what would be run as a formula gets a quotation mark before it.

    >>> neutral("=1+1"), neutral(None), neutral(-3)
    ("'=1+1", '', '-3')
    """
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_STARTS) else text


def bare(cell: str) -> str:
    """A text without the quotation mark that keeps a spreadsheet from running it, be it ours or a person's.

    >>> bare("'=1+1"), bare("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Rows as CSV with a header; a column that a row does not have is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([neutral(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()
