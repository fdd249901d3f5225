"""The SQL that loads a table whose cells are all in the plainest spelling: most files are, and need no more.

It casts cells strictly, and fails at the first row that is odd in any way: a cell in a spelling that the
contract allows and this does not take, one that is wrong, an orphan, a case whose dates contradict. Nothing of
such a file is kept; the SQL of conform.py then judges it from the start.
"""

from omi_rules.data.conform import Judging, Parents, case_faults, fate_sql, kept_sql, value_name
from omi_rules.data.conversions import is_odd_sql, sql_type, trimmed_sql
from omi_rules.data.sources import Cell, Source, quote_name
from omi_rules.shapes import Column, Table


def is_plain(source: Source, judging: Judging) -> bool:
    """Whether the quick way may be tried: sound text in the contract's own words, all of it asked for."""
    mapping = judging.mapping
    local = judging.date_format or mapping.codes or mapping.empty_means_no
    return not (local or source.unsafe_text or source.flaw or judging.only is not None)


def finds_keys_in_enum(source: Source, parents: Parents | None) -> bool:
    """Whether keys are looked up in an ENUM, which keeps the rows in file order, so that they need no numbers.

    It takes DuckDB a while to plan for, and does not take orphans lightly, so it is not for small tables, nor
    for the careful way: a join finds their keys, and stirs their rows.
    """
    return parents is not None and source.large


def quick_sql(table: Table, source: Source, judging: Judging, parents: Parents | None) -> str:
    """A SELECT that yields what `conformed_sql` does of a table without an odd row, or fails."""
    row, relation = "", source.relation
    if parents is None:
        key = f"{trimmed_sql(source.cells[table.key].sql)} AS {value_name(table.key)}"
    elif finds_keys_in_enum(source, parents):
        key = f"enum_code(CAST({source.cells[table.key].sql} AS {quote_name(parents.known)}))::INTEGER AS key_no"
    else:
        key, row = "known.number AS key_no", '"row", '
        relation = (
            f'(SELECT row_number() OVER () AS "row", * FROM {relation}) AS cell '
            f"LEFT JOIN {quote_name(parents.known)} AS known ON known.id = {source.cells[table.key].sql}"
        )
    values = [
        key,
        *(f"{_value_sql(table, column, source)} AS {value_name(column.name)}" for column in table.columns[1:]),
    ]
    odd = " OR ".join([*_odd(table, source), "key_no IS NULL" if parents else f"{value_name(table.key)} IS NULL"])
    kept = "".join(f", {kept_sql(table, column, judging)} AS {quote_name(column.name)}" for column in table.columns[1:])
    key = "key_no" if parents else f"{value_name(table.key)} AS {quote_name(table.key)}"
    fate = fate_sql(f"WHEN {odd} THEN error('an odd row')", table, judging, parents)
    record = "" if parents else ", NULL::VARCHAR AS record"
    return f"SELECT {row}{key}{kept}, {fate} AS fate{record} FROM (SELECT *, {', '.join(values)} FROM {relation})"


def _value_sql(table: Table, column: Column, source: Source) -> str:
    text = source.cells.get(column.name, Cell("NULL")).sql
    return trimmed_sql(text) if column.type == "text" else f"CAST({text} AS {sql_type(table, column)})"


def _odd(table: Table, source: Source) -> list[str]:
    """What makes a row odd though its casts went well; NULL where a cell is empty."""
    odd = []
    for column in table.columns[1:]:
        if column.name in source.cells and column.type not in ("text", "code"):
            odd.append(is_odd_sql(source.cells[column.name].sql, value_name(column.name), column))
        if table.unique and column.required:
            odd.append(f"{value_name(column.name)} IS NULL")
    return odd + ([fault.condition for fault in case_faults("v_release_date")] if table.name == "cases" else [])
