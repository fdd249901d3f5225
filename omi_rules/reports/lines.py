"""Files of lines, put together in the store from pieces of text that are quoted once and used many times."""

from collections.abc import Sequence
from pathlib import Path

from omi_rules.data.cells import FORMULA_STARTS
from omi_rules.data.store import Store

#: A spreadsheet runs a cell that starts like this.
_FORMULA = f"^[{''.join(FORMULA_STARTS)}]"
#: What a cell of CSV may hold only in quotes; a line that starts with `#` is a comment to some readers.
_QUOTED = '[",\\r\\n#]'


def neutral_sql(column: str) -> str:
    """A text cell that no spreadsheet takes for a formula."""
    # the signs sort before the letters, or after all of ASCII: most cells need no closer look
    risky = f"CASE WHEN {column} < 'A' OR {column} > '~' THEN regexp_matches({column}, '{_FORMULA}') ELSE FALSE END"
    return f"CASE WHEN {risky} THEN '''' || {column} ELSE {column} END"


def cell_sql(text: str) -> str:
    """A text as a cell of CSV, in quotes where it needs them; absent is empty, and an empty text is `""`."""
    quoted = f"""'"' || replace({text}, '"', '""') || '"'"""
    return f"CASE WHEN {text} = '' OR regexp_matches({text}, '{_QUOTED}') THEN {quoted} ELSE coalesce({text}, '') END"


def json_sql(value: str) -> str:
    """A value as JSON; absent is null."""
    return f"coalesce(to_json({value})::VARCHAR, 'null')"


def share_words(store: Store, table: str, columns: Sequence[str]) -> None:
    """Make text columns of a table numbers of their distinct words: an ENUM is joined and sorted as cheaply as those.

    The lines of a file are then the rows of a sorted table, each row a few numbers, and a scan of it makes their
    text on the way to the file: in order, and never all of it at once.
    """
    for column in columns:
        words = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
        store.execute(f"CREATE TYPE {table}_{column} AS ENUM ({words})")
    shared = ", ".join(f"{column}::{table}_{column} AS {column}" for column in columns)
    store.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * REPLACE ({shared}) FROM {table}")


def write_lines(store: Store, table: str, pieces: Sequence[str], path: Path, *, header: str = "") -> None:
    """Write a line for each row of a table, in its order: the pieces one after the other, as they are."""
    line = ", ".join(f"{piece}::VARCHAR" for piece in pieces)
    # a single column, and nothing that quotes: the store writes the text itself, and a line break after it
    copy_rows(
        store,
        f"""SELECT concat({line}) AS "{header or "line"}" FROM {table}""",
        path,
        f"FORMAT CSV, HEADER {bool(header)}, QUOTE '', ESCAPE ''",
    )


def copy_rows(store: Store, query: str, path: Path, options: str) -> None:
    """Write the rows of a query to a file."""
    target = str(path).replace("'", "''")
    store.execute(f"COPY ({query}) TO '{target}' ({options})")
