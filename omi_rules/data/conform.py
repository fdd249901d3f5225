"""The SQL that judges the rows of one table: convert every cell, say what is wrong, and what becomes of the
row.

Every form of export goes through it, so one meaning is written once. It is a SELECT in five layers: the cells
as text (`t_`), the cells cast as they stand (`q_`), the values (`v_`), whether the row is bad, and its fate.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from omi_rules.data import conversions
from omi_rules.data.conversions import sql_type, trimmed_sql
from omi_rules.data.mapping import TableMapping
from omi_rules.data.sources import Cell, Source, quote_name, quote_text
from omi_rules.shapes import Column, Table

#: What becomes of a row; the last only where a single case is asked for.
USED, LEFT_OUT, REJECTED, NOT_ASKED_FOR = range(4)

#: Dates that stay though they lie after the as-at date: the first decides whether the case is left out, the
#: second is a clock that lies ahead.
_STAYING = {("cases", "sentence_date"), ("cases", "release_date"), ("staff", "employed_on")}
#: Who is sentenced, or employed, after the as-at date is not in the run.
_BEGINS = {"cases": "sentence_date", "staff": "employed_on"}


@dataclass(frozen=True)
class Judging:
    """What the rows of a table are judged by. `only` is the one key asked for, if any; `cell_bytes` bounds a
    cell."""

    as_at: date
    cell_bytes: int
    only: str | None = None
    date_format: str | None = None
    mapping: TableMapping = field(default_factory=TableMapping)

    @property
    def as_at_sql(self) -> str:
        """The as-at date, as SQL."""
        return f"DATE '{self.as_at.isoformat()}'"


@dataclass(frozen=True)
class Parents:
    """The cases (or the staff) that rows may belong to. The first `in_run` of them are in the run; the others
    are left out by the as-at date. `known` is a table of their ids and numbers, and the ENUM of the ids in
    order of number."""

    known: str
    in_run: int


@dataclass(frozen=True)
class Fault:
    """Something that can be wrong with a row: an SQL condition that is never NULL, the column, the reason."""

    condition: str
    column: str
    reason: str


def is_numbered(source: Source, judging: Judging, parents: Parents | None) -> bool:
    """Whether the judged rows carry their numbers (`row`): the source gives them, or the join that finds their keys
    stirs the rows; else they stand in file order, and rowid + 1 is the number."""
    return judging.only is None and (source.number is not None or parents is not None)


def conformed_sql(
    table: Table, source: Source, judging: Judging, parents: Parents | None, *, every_record: bool = False
) -> str:
    """A SELECT that judges every row of a source.

    Yields `row` (if `is_numbered`); `key_no`, the parent's number, NULL for an orphan, or, for a table
    without parents, the key itself; the other contract columns, those dates emptied that lie after the as-at
    date and are neither own nor planned; `fate`; `record`, the cells of a rejected row as JSON, or, with
    `every_record`, of every row; and the reader's `flaw_column` and `flaw_reason`, if it finds any. Why a row is
    bad is asked of the bad rows alone, see `reasons_sql`: most tables have none.
    """
    flaw = ["flaw_reason IS NOT NULL"] if source.flaw else []
    bad = " OR ".join([*(fault.condition for fault in _faults(table, source, judging)), *flaw])
    layer = _cells_sql(table, source, judging, parents)
    layer = f"SELECT *{_more(_quick_casts(table, source, judging))} FROM ({layer})"
    layer = f"SELECT *{_more(_values(table, source, judging, parents))} FROM ({layer})"
    layer = f"SELECT *, {bad or 'false'} AS bad FROM ({layer})"
    first = f"WHEN bad{' OR key_no IS NULL' if parents else ''} THEN {REJECTED}"
    if judging.only is not None:
        first = f"WHEN NOT mine THEN {NOT_ASKED_FOR} {first}"
    layer = f"SELECT *, {fate_sql(first, table, judging, parents)} AS fate FROM ({layer})"
    row = ['"row"'] if is_numbered(source, judging, parents) else []
    recorded = "true" if every_record else f"fate = {REJECTED}"
    return f"SELECT {_listed([*row, *_outputs(table, source, judging, parents, recorded)])} FROM ({layer})"


def _cells_sql(table: Table, source: Source, judging: Judging, parents: Parents | None) -> str:
    """The cells of every row; where one key is asked for, marked as `mine` or not, and none dropped: their
    places are their numbers."""
    cells, relation = _cells(table, source, judging), source.relation
    if judging.only is not None:
        keys = filter(None, (source.cells[table.key].sql, source.around))
        mine = " OR ".join(f"coalesce({trimmed_sql(key)} = {quote_text(judging.only)}, false)" for key in keys)
        return f"SELECT {_listed(cells)}, mine FROM (SELECT *, {mine} AS mine FROM {relation})"
    if not is_numbered(source, judging, parents):
        return f"SELECT {_listed(cells)} FROM {relation}"
    numbered = f'SELECT {source.number or "row_number() OVER ()"} AS "row", {_listed(cells)} FROM {relation}'
    if parents is None:
        return numbered
    key = trimmed_sql(_text(table.key))
    return (
        f"SELECT cell.*, known.number AS key_no FROM ({numbered}) AS cell "
        f"LEFT JOIN {quote_name(parents.known)} AS known ON known.id = {key}"
    )


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _more(parts: Iterable[str]) -> str:
    return "".join(f", {part}" for part in parts)


def _text(name: str) -> str:
    return quote_name(f"t_{name}")


def _quick(name: str) -> str:
    return quote_name(f"q_{name}")


def value_name(name: str) -> str:
    """The name of a value, before it is rewound to the as-at date, as SQL."""
    return quote_name(f"v_{name}")


def _cells(table: Table, source: Source, judging: Judging) -> list[str]:
    """The cells as they are, and what the reader found wrong; nothing of a row that is not asked for."""
    cells = []
    for column in table.columns:
        sql = source.cells[column.name].sql if column.name in source.cells else "NULL::VARCHAR"
        if judging.only is not None:
            sql = f"CASE WHEN mine THEN {sql} END"
        cells.append(f"{sql} AS {_text(column.name)}")
    if source.flaw:
        cells += [f"{source.flaw[0]} AS flaw_column", f"{source.flaw[1]} AS flaw_reason"]
    return [*cells, source.around] if source.around else cells


def _quick_casts(table: Table, source: Source, judging: Judging) -> list[str]:
    """What is made of a cell as it stands, in a layer of its own: computed once, however often it is asked
    for."""
    casts = []
    for column in table.columns:
        cell, text = source.cells.get(column.name, Cell("NULL")), _spoken(column, judging)
        if cell.form != "text":
            continue
        if column.type == "code" or (column.type == "date" and not judging.date_format):
            casts.append(f"try_cast({text} AS {sql_type(table, column)}) AS {_quick(column.name)}")
        elif column.type in ("integer", "number"):
            casts.append(f"{conversions.digits_sql(text, column)} AS {_quick(column.name)}")
    return casts


def _spoken(column: Column, judging: Judging) -> str:
    """A cell in the contract's words: local codes translated."""
    return conversions.translated_sql(_text(column.name), judging.mapping.codes_of(column.name))


def _values(table: Table, source: Source, judging: Judging, parents: Parents | None) -> list[str]:
    values = []
    for column in table.columns:
        if column.name == table.key and parents:
            if judging.only is not None:
                values.append("CASE WHEN mine THEN 0 END AS key_no")
        else:
            values.append(f"{_value_sql(table, column, source, judging)} AS {value_name(column.name)}")
    return values


def _value_sql(table: Table, column: Column, source: Source, judging: Judging) -> str:
    cell, text = source.cells.get(column.name), _text(column.name)
    means_no = column.name in judging.mapping.empty_means_no
    if cell is None or cell.form == "unreadable":
        return f"{'false' if means_no and not cell else 'NULL'}::{sql_type(table, column)}"
    value = _converted_sql(table, column, cell, judging)
    if means_no:
        empty = f"{trimmed_sql(text)} IS NULL" if cell.form == "text" else f"{text} IS NULL"
        return f"CASE WHEN {empty} THEN false ELSE {value} END"
    return value


def _converted_sql(table: Table, column: Column, cell: Cell, judging: Judging) -> str:
    text, quick = _spoken(column, judging), _quick(column.name)
    if cell.form != "text":
        return conversions.bounded_sql(_text(column.name), column)
    if column.type == "code":
        return conversions.code_sql(text, quick, sql_type(table, column))
    if column.type == "date":
        return conversions.date_sql(text, quick, judging.date_format)
    if column.type == "boolean":
        return conversions.boolean_sql(text)
    if column.type == "text":
        return trimmed_sql(text)
    return conversions.bounded_sql(quick, column)


def _faults(table: Table, source: Source, judging: Judging) -> list[Fault]:
    faults: list[Fault] = []
    for column in table.columns:
        cell = source.cells.get(column.name)
        if cell:
            faults += _cell_faults(table, column, cell, source, judging)
        if table.unique and column.required:
            missing = trimmed_sql(_text(column.name)) if not cell or cell.form == "text" else _text(column.name)
            faults.append(Fault(f"({missing}) IS NULL", column.name, "is required and empty"))
    return faults + (_dated_faults(source) if table.name == "cases" else [])


def _cell_faults(table: Table, column: Column, cell: Cell, source: Source, judging: Judging) -> list[Fault]:
    text, value = _text(column.name), value_name(column.name)
    if cell.form == "unreadable":
        return [Fault(f"{text} IS NOT NULL", column.name, "holds a list, a structure or bytes")]
    faults = []
    if source.unsafe_text and cell.form == "text":
        nul, huge = f"contains({text}, chr(0))", f"strlen({text}) > {judging.cell_bytes}"
        faults.append(Fault(f"CASE WHEN {text} IS NULL THEN false ELSE {nul} END", column.name, "holds a NUL"))
        faults.append(
            Fault(
                f"CASE WHEN {text} IS NULL THEN false ELSE {huge} END",
                column.name,
                "is longer than a cell may be",
            )
        )
    if column.type != "text":
        filled = conversions.filled_sql(text) if cell.form == "text" else "true"
        failed = f"{value} IS NULL AND {text} IS NOT NULL"
        if (table.name, column.name) == ("cases", "release_date"):
            failed += " AND v_order_type = 'licence'"
        sql = f"CASE WHEN {failed} THEN {filled} ELSE false END"
        faults.append(Fault(sql, column.name, conversions.wanted(column, judging.date_format) + cell.note))
    return faults


def _dated_faults(source: Source) -> list[Fault]:
    release = source.cells.get("release_date")
    return case_faults(
        f"({trimmed_sql('t_release_date')})" if not release or release.form == "text" else "t_release_date"
    )


def case_faults(release: str) -> list[Fault]:
    """What is wrong with a case only when its dates are read together; `release` is NULL where none is given."""
    licence = "CASE WHEN v_order_type = 'licence' THEN {} ELSE false END"
    start = "CASE WHEN v_order_type = 'licence' THEN v_release_date ELSE v_sentence_date END"
    early = "coalesce(v_release_date < v_sentence_date, false)"
    return [
        Fault(licence.format(f"{release} IS NULL"), "release_date", "is required for a licence and empty"),
        Fault(licence.format(early), "release_date", "is before sentence_date"),
        Fault(f"coalesce(v_end_date < {start}, false)", "end_date", "is before the start of supervision"),
    ]


def fate_sql(first: str, table: Table, judging: Judging, parents: Parents | None) -> str:
    """What becomes of a row: what the `first` arms of the CASE say, else left out by the as-at date, or used."""
    own = _BEGINS.get(table.name, table.own_date)
    arms = [first]
    if parents:
        arms.append(f"WHEN key_no >= {parents.in_run} THEN {LEFT_OUT}")
    if own:
        arms.append(f"WHEN {value_name(own)} > {judging.as_at_sql} THEN {LEFT_OUT}")
    return f"(CASE {' '.join(arms)} ELSE {USED} END)::TINYINT"


def _outputs(table: Table, source: Source, judging: Judging, parents: Parents | None, recorded: str) -> list[str]:
    outputs = ["key_no"] if parents else [f"{value_name(table.key)} AS {quote_name(table.key)}"]
    outputs += [f"{kept_sql(table, column, judging)} AS {quote_name(column.name)}" for column in table.columns[1:]]
    cells = _listed(f"{quote_text(column.name)}, {_text(column.name)}::VARCHAR" for column in table.columns)
    outputs += ["fate", f"CASE WHEN {recorded} THEN json_object({cells})::VARCHAR END AS record"]
    outputs += ["flaw_column", "flaw_reason"] if source.flaw else []
    return [*outputs, source.around] if source.around else outputs


def reasons_sql(table: Table, source: Source, judging: Judging, raw: str) -> str:
    """A SELECT of `place` (the number of a row of `raw`), `bad_column` and `bad_reason`, joined by '; ',
    of the rejected rows.

    A row that the reader could not take apart has that reason alone: its cells may stand in the wrong
    columns.
    """
    judging = replace(judging, only=None)
    cells = {name: replace(cell, sql=_recorded_sql(name, cell)) for name, cell in source.cells.items()}
    relation = f"(SELECT *, {source.row} AS place FROM {raw} WHERE fate = {REJECTED})"
    flaw = ("flaw_column", "flaw_reason") if source.flaw else ("NULL::VARCHAR", "NULL::VARCHAR")
    recorded = replace(source, relation=relation, cells=cells, flaw=flaw)
    faults = _faults(table, recorded, judging)
    layer = f"SELECT {_listed(_cells(table, recorded, judging))}, place FROM {relation}"
    layer = f"SELECT *{_more(_quick_casts(table, recorded, judging))} FROM ({layer})"
    layer = f"SELECT *{_more(_values(table, recorded, judging, None))} FROM ({layer})"
    joined = []
    for name, words in (
        ("column", [fault.column for fault in faults]),
        ("reason", [fault.reason for fault in faults]),
    ):
        arms = ["NULL::VARCHAR"]
        for fault, word in zip(faults, words, strict=True):
            arms.append(f"CASE WHEN {fault.condition} THEN {quote_text(word)} END")
        found = f"nullif(concat_ws('; ', {_listed(arms)}), '')"
        joined.append(f"CASE WHEN flaw_reason IS NOT NULL THEN flaw_{name} ELSE {found} END AS bad_{name}")
    return f"SELECT place, {_listed(joined)} FROM ({layer})"


def _recorded_sql(name: str, cell: Cell) -> str:
    text = f"json_extract_string(record, '$.{name}')"
    return f"CAST({text} AS {cell.form})" if cell.form in ("date", "boolean") else text


def kept_sql(table: Table, column: Column, judging: Judging) -> str:
    """The value as the run reads it: as it stood at the as-at date."""
    value = value_name(column.name)
    if (table.name, column.name) == ("cases", "release_date"):
        return f"CASE WHEN v_order_type = 'licence' THEN {value} END"
    return rewound_sql(value, judging.as_at_sql) if is_rewound(table, column) else value


def is_rewound(table: Table, column: Column) -> bool:
    """Whether a date of the column that is after the as-at date is read as empty."""
    rewound = column.type == "date" and not column.own_date and not column.plan
    return rewound and (table.name, column.name) not in _STAYING


def rewound_sql(value: str, as_at: str) -> str:
    """A date as it stood on the as-at date."""
    return f"CASE WHEN {value} <= {as_at} THEN {value} END"
