"""What a reader hands on: rows in file order, and for each contract column the SQL of its cell.

Three readers (CSV, Parquet, JSON) make sources; `conform.py` judges them all with the same SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: What a user of a column of dates with times has to know, whose cells look right.
HOLDS_TIMES = " (its column holds times: write it as a column of dates)"


def quote_name(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Cell:
    """One column of a source. `form` says what `sql` yields: text as written, a value typed already, or no
    cell at all (a list, a structure, bytes). `note` is what to add where a cell of it is told to be wrong."""

    sql: str
    form: Literal["text", "date", "boolean", "unreadable"] = "text"
    note: str = ""


@dataclass(frozen=True)
class Source:
    """The rows of one table, in file order.

    `flaw` are two SQL expressions, column and reason, of what the reader itself found wrong with a row (NULL
    if nothing). `unsafe_text` says that text may still hold a NUL or be longer than a cell may be; `large`,
    that numbering the rows one by one would take longer than looking their keys up in an ENUM. `number` is the
    SQL of a row's number, its place in the file from 1, where the relation holds only some of the file's rows. `row`
    is the SQL of that number once the rows are loaded. `around` is the SQL of the key of the record around a row that
    names another one, else NULL.
    """

    table: str
    file: str
    relation: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    flaw: tuple[str, str] | None = None
    unsafe_text: bool = False
    large: bool = False
    number: str | None = None
    row: str = "(rowid + 1)"
    around: str | None = None
