"""A table of text in the store, filled row by row by a careful reader.

Rows go over in bunches, as JSON: DuckDB takes it apart many times faster than it takes parameters one by one.
"""

import json
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from duckdb import DuckDBPyConnection

from omi_rules.data.sources import Cell, Source, quote_name

_BUNCH_ROWS = 20_000
_BUNCH_LETTERS = 8 << 20

#: What a reader itself found wrong with a row: column and reason.
Flaw = tuple[str, str]
_NO_FLAW = (None, None)


class TextRows:
    """Collects the rows of one table; `source` then reads them in the order given. Use it in a `with`."""

    def __init__(self, store: DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        self._store = store
        self._table = table
        self._columns = tuple(columns)
        self._bunch: list[list[str | None]] = []
        self._letters = 0
        names = ", ".join(f"{quote_name(name)} VARCHAR" for name in (*self._columns, "flaw_column", "flaw_reason"))
        store.execute(f"CREATE OR REPLACE TABLE {self.name} ({names})")

    @property
    def name(self) -> str:
        """The name of the table of text, as SQL."""
        return quote_name(f"text_{self._table}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self._send()

    def add(self, cells: list[str | None], flaw: Flaw | None, letters: int) -> None:
        """Add one row of so many letters; its cells are sound text."""
        cells.extend(flaw or _NO_FLAW)
        self._bunch.append(cells)
        self._letters += letters
        if len(self._bunch) >= _BUNCH_ROWS or self._letters >= _BUNCH_LETTERS:
            self._send()

    def source(self, file: str, columns: Sequence[str] | None = None) -> Source:
        """The rows as a source; `columns` are those that the file has, if not all."""
        cells = {
            name: Cell(f"nullif({quote_name(name)}, '')") for name in (self._columns if columns is None else columns)
        }
        return Source(self._table, file, self.name, cells, ("flaw_column", "flaw_reason"), unsafe_text=True)

    def drop(self) -> None:
        """Drop the text; the values have been read from it."""
        self._store.execute(f"DROP TABLE IF EXISTS {self.name}")

    def _send(self) -> None:
        if self._bunch:
            cells = ", ".join(f"row_[{place}]" for place in range(1, len(self._columns) + 3))
            self._store.execute(
                f"INSERT INTO {self.name} SELECT {cells} "
                "FROM (SELECT unnest(from_json($1::VARCHAR, '[[\"VARCHAR\"]]')) AS row_)",
                [json.dumps(self._bunch)],
            )
        self._bunch, self._letters = [], 0


def mend(text: str) -> str:
    """Text that a store can hold: what was no character becomes a replacement character."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def is_broken(text: str) -> bool:
    """Whether a text holds what is no character (a byte that is no UTF-8, half a pair)."""
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)
