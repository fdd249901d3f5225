"""The accounts of an export: who is in the run, and what became of every row.

Each table is first judged row by row into `raw_<table>` (see conform.py). What a run reads are the rows used:
the tables `cases` and `staff`, and views of the others.
"""

from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from duckdb import DuckDBPyConnection

from omi_rules.data.conform import (
    LEFT_OUT,
    NOT_ASKED_FOR,
    REJECTED,
    USED,
    Judging,
    Parents,
    conformed_sql,
    is_numbered,
    reasons_sql,
)
from omi_rules.data.conversions import FIRST_YEAR, sql_type, trimmed_sql
from omi_rules.data.quick import finds_keys_in_enum, quick_sql
from omi_rules.data.sources import Source, quote_name, quote_text
from omi_rules.shapes import Table

#: The key's number in the run, by key.
NUMBERS = {"case_id": "case_no", "staff_id": "staff_no"}
_LOST = {"case_id": "lost", "staff_id": "lost_staff"}
#: From here on it pays to look for the rows that can be identical before counting those that are.
_MANY_ROWS = 500_000
_MAKING_ENUM = Lock()
_PARENTS = {"case_id": "cases", "staff_id": "staff"}


@dataclass(frozen=True)
class TableCount:
    """What became of the rows of one table: rows_in = used + left_out + rejected."""

    table: str
    file: str
    rows_in: int
    used: int
    left_out: int
    rejected: int


@dataclass(frozen=True)
class TableAccount:
    """A table's count, its newest own date, its columns with a null among the used rows, its identical
    rows."""

    count: TableCount
    newest: date | None
    nulls: frozenset[str]
    identical: int


def create_ledgers(store: DuckDBPyConnection) -> None:
    """The empty tables `lost`, `lost_staff` and `rejects`."""
    store.execute("CREATE TABLE lost (table_name VARCHAR, case_no INTEGER, rows INTEGER)")
    store.execute("CREATE TABLE lost_staff (table_name VARCHAR, staff_no INTEGER, rows INTEGER)")
    store.execute(
        "CREATE TABLE rejects "
        '(table_name VARCHAR, file VARCHAR, "row" BIGINT, "column" VARCHAR, reason VARCHAR, record VARCHAR)'
    )


def raw_name(table: Table) -> str:
    """The judged rows of a table, as SQL."""
    return quote_name(f"raw_{table.name}")


def load_quickly(
    store: DuckDBPyConnection, table: Table, source: Source, judging: Judging, parents: Parents | None
) -> Source:
    """Read a source into `raw_<table>` if none of its rows is odd; DuckDB's error if one is."""
    in_enum = finds_keys_in_enum(source, parents)
    if parents and in_enum:
        with _MAKING_ENUM:
            _make_enum(store, parents.known)
    store.execute(f"CREATE OR REPLACE TABLE {raw_name(table)} AS {quick_sql(table, source, judging, parents)}")
    _reject_shared_keys(store, table, source, judging)
    return source if in_enum or not parents else replace(source, row='"row"')


def _make_enum(store: DuckDBPyConnection, known: str) -> None:
    """Make the ENUM of these ids, once: IF NOT EXISTS would sort them all again before it looks."""
    if not store.execute("SELECT 1 FROM duckdb_types() WHERE type_name = ?", [known]).fetchall():
        ids = f"SELECT id FROM {quote_name(known)} ORDER BY number"
        store.execute(f"CREATE TYPE {quote_name(known)} AS ENUM ({ids})")


def load_rows(
    store: DuckDBPyConnection, table: Table, source: Source, judging: Judging, parents: Parents | None
) -> Source:
    """Read a source into `raw_<table>`, whatever its rows are like."""
    store.execute(f"CREATE OR REPLACE TABLE {raw_name(table)} AS {conformed_sql(table, source, judging, parents)}")
    _reject_shared_keys(store, table, source, judging)
    return replace(source, row='"row"') if is_numbered(source, judging, parents) else source


def _reject_shared_keys(store: DuckDBPyConnection, table: Table, source: Source, judging: Judging) -> None:
    """Reject the rows of `cases` (or `staff`) that share a key, all of them: only now are all keys known.

    The source is read once more for it, as `rejects` shows the cells as they were written.
    """
    if not table.unique:
        return
    key, shared = quote_name(table.key), _shared_keys(table)
    store.execute(
        f"CREATE OR REPLACE TABLE {quote_name(shared)} AS "
        f"SELECT {key} FROM {raw_name(table)} WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1"
    )
    if store.execute(f"FROM {quote_name(shared)} LIMIT 1").fetchall():
        # marked afterwards: a join would stir the rows, whose places are their numbers
        judged = conformed_sql(table, source, judging, None, every_record=True)
        store.execute(f"CREATE OR REPLACE TABLE {raw_name(table)} AS {judged}")
        store.execute(f"UPDATE {raw_name(table)} SET fate = {REJECTED} WHERE {key} IN (FROM {quote_name(shared)})")


def _shared_keys(table: Table) -> str:
    """The table of the keys that stand in more than one row."""
    return f"shared_{table.key}"


def number_nobody(store: DuckDBPyConnection, table: Table) -> Parents:
    """The parents of a table that is not in the export."""
    known = f"known_{table.key}"
    store.execute(f"CREATE TABLE {quote_name(known)} (id VARCHAR, number INTEGER)")
    return Parents(known, 0)


def number_parents(store: DuckDBPyConnection, table: Table) -> Parents:
    """Number the cases (or members of staff) in order of their ids, first those of the run."""
    key, known = quote_name(table.key), f"known_{table.key}"
    store.execute(
        f"CREATE TABLE {quote_name(known)} AS "
        f"SELECT {key} AS id, (row_number() OVER (ORDER BY fate, {key}) - 1)::INTEGER AS number "
        f"FROM {raw_name(table)} WHERE fate IN ({USED}, {LEFT_OUT})"
    )
    row = store.execute(f"SELECT count(*) FROM {raw_name(table)} WHERE fate = {USED}").fetchone()
    return Parents(known, row[0] if row else 0)


def create_parents(store: DuckDBPyConnection, table: Table, source: Source) -> None:
    """Make `cases` (or `staff`) of the rows used, in order of their ids; `number_parents` numbers them the same."""
    key = quote_name(table.key)
    others = ", ".join(quote_name(column.name) for column in table.columns[1:])
    start = "CASE WHEN order_type = 'licence' THEN release_date ELSE sentence_date END AS start_date, "
    # put in order first and then numbered: numbered in an order, they would be sorted twice
    store.execute(
        f"CREATE TABLE {quote_name(table.name)} AS "
        f"SELECT (row_number() OVER () - 1)::INTEGER AS {NUMBERS[table.key]}, * FROM ("
        f'SELECT {key}, {source.row} AS "row", {start if table.name == "cases" else ""}{others} '
        f"FROM {raw_name(table)} WHERE fate = {USED} ORDER BY {key})"
    )


def show_used_rows(store: DuckDBPyConnection, table: Table, source: Source) -> None:
    """The rows used of a table with a parent, as a view over the judged rows."""
    others = "".join(f", {quote_name(column.name)}" for column in table.columns[1:])
    store.execute(
        f"CREATE VIEW {quote_name(table.name)} AS "
        f'SELECT key_no AS {NUMBERS[table.key]}, {source.row} AS "row"{others} '
        f"FROM {raw_name(table)} WHERE fate = {USED}"
    )


def create_empty(store: DuckDBPyConnection, table: Table) -> None:
    """A table that is not in the export, without rows."""
    columns = [f"{NUMBERS[table.key]} INTEGER"]
    columns += [f"{quote_name(table.key)} VARCHAR"] if table.unique else []
    columns.append('"row" BIGINT')
    columns += [f"{quote_name(column.name)} {sql_type(table, column)}" for column in table.columns[1:]]
    store.execute(f"CREATE TABLE {quote_name(table.name)} ({', '.join(columns)})")


def account_for(store: DuckDBPyConnection, table: Table, file: str) -> TableAccount:
    """Count what became of the rows of a table."""
    others = [column.name for column in table.columns[1:]]
    own = "sentence_date" if table.name == "cases" else table.own_date
    newest = f"max({quote_name(own)})" if own else "NULL::DATE"
    filled = ", ".join(f"count({quote_name(name)})" for name in others)
    counted = store.execute(f"SELECT fate, count(*), {newest}, {filled} FROM {raw_name(table)} GROUP BY fate")
    fates = {fate: found for fate, *found in counted.fetchall()}
    rows = {fate: found[0] for fate, found in fates.items() if fate != NOT_ASKED_FOR}
    used, left_out, rejected = (rows.get(fate, 0) for fate in (USED, LEFT_OUT, REJECTED))
    count = TableCount(table.name, file, sum(rows.values()), used, left_out, rejected)
    days = [fates[fate][1] for fate in (USED, LEFT_OUT) if fate in fates]
    empty = [name for name, full in zip(others, fates[USED][2:], strict=True) if full < used] if used else []
    identical = 0 if table.unique or not used else _count_identical(store, table, used)
    return TableAccount(count, max((day for day in days if day), default=None), frozenset(empty), identical)


def _count_identical(store: DuckDBPyConnection, table: Table, rows: int) -> int:
    """How many used rows repeat an earlier one in every column."""
    whole = f"hash(key_no, {', '.join(quote_name(column.name) for column in table.columns[1:])})"
    used, repeats = f"FROM {raw_name(table)} WHERE fate = {USED}", 0
    if table.own_date and rows > _MANY_ROWS:
        own = quote_name(table.own_date)
        found, is_ordered = _count_neighbours(store, f"{used} AND {own} IS NOT NULL", whole, own)
        if is_ordered:
            repeats, used = found, f"{used} AND {own} IS NULL"
    row = store.execute(f"SELECT count(*) - count(DISTINCT {whole}) {used}").fetchone()
    return repeats + (int(row[0]) if row else 0)


def _count_neighbours(store: DuckDBPyConnection, rows: str, whole: str, own: str) -> tuple[int, bool]:
    """How many rows repeat a neighbour, and whether no others can repeat any: in a table in order of key and own
    date, as most exports are, the rows of one day stand together, and they are few."""
    placed = f"SELECT {whole} AS whole, key_no::BIGINT * 65536 + ({own} - DATE '{FIRST_YEAR}-01-01') AS place {rows}"
    row = store.execute(
        "SELECT count(*) - count(DISTINCT whole), coalesce(bool_or(place < before), false) "
        f"FROM (SELECT *, lag(place) OVER () AS before, lead(place) OVER () AS after FROM ({placed})) "
        "WHERE place <= before OR place = after"
    ).fetchone()
    return (int(row[0]), not row[1]) if row else (0, False)


def book_rejects(
    store: DuckDBPyConnection, table: Table, source: Source, judging: Judging, parents: Parents | None
) -> None:
    """Enter the rejected rows of a table in `rejects`, and in `lost` where they name a case of the run."""
    if table.unique:
        shared = f"CASE WHEN raw.{quote_name(table.key)} IN (FROM {quote_name(_shared_keys(table))}) THEN "
        columns, reasons = f"{shared}{quote_text(table.key)} END", f"{shared}'is in more than one row' END"
    else:
        key = quote_text(table.key)
        cell = trimmed_sql(f"json_extract_string(record, {quote_text(f'$.{table.key}')})")
        apart = quote_text(f"is in no row of {_PARENTS[table.key]}, or only in rejected ones")
        # of a row that could not be taken apart, or whose key is bad, it is not known whose it is
        is_orphan = f"key_no IS NULL AND NOT starts_with(coalesce(bad_column, ''), {key})"
        if source.flaw:
            is_orphan += " AND raw.flaw_reason IS NULL"
        columns = f"CASE WHEN {is_orphan} THEN {key} END"
        reasons = (
            f"CASE WHEN {is_orphan} THEN CASE WHEN ({cell}) IS NULL THEN 'is required and empty' ELSE {apart} END END"
        )
    reasons_of = reasons_sql(table, source, judging, raw_name(table))
    judged = f"(SELECT *, {source.row} AS place FROM {raw_name(table)} WHERE fate = {REJECTED})"
    store.execute(
        f"INSERT INTO rejects SELECT {quote_text(table.name)}, {quote_text(source.file)}, place, "
        f"concat_ws('; ', {columns}, bad_column), concat_ws('; ', {reasons}, bad_reason), record "
        f"FROM {judged} AS raw JOIN ({reasons_of}) USING (place) ORDER BY place"
    )
    if parents:
        lost = f"SELECT place, key_no FROM {judged}"
        if source.around:  # it is not known which of the two a row belongs to
            known = f"{quote_name(parents.known)} AS known ON known.id = ({trimmed_sql(source.around)})"
            lost += f" UNION SELECT place, known.number FROM {judged} JOIN {known}"
        store.execute(
            f"INSERT INTO {_LOST[table.key]} SELECT {quote_text(table.name)}, key_no, count(*)::INTEGER "
            f"FROM ({lost}) WHERE key_no < {parents.in_run} GROUP BY key_no ORDER BY key_no"
        )


def main_reason(store: DuckDBPyConnection) -> str:
    """Why most of the rejected rows are, with the first of them: `cases.csv row 1: tier is not ...`."""
    row = store.execute(
        'SELECT file, min("row"), "column", reason, count(*) FROM rejects '
        'GROUP BY ALL ORDER BY count(*) DESC, min("row") LIMIT 1'
    ).fetchone()
    assert row is not None
    others = f" (and {row[4] - 1} more)" if row[4] > 1 else ""
    return f"{row[0]} row {row[1]}: {' '.join(word for word in (row[2], row[3]) if word)}{others}"


def drop_judged(store: DuckDBPyConnection, table: Table) -> None:
    """Drop the judged rows of a table that has its used rows in a table of their own."""
    store.execute(f"DROP TABLE IF EXISTS {raw_name(table)}")
