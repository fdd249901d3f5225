"""What a part sends back: the rows of every file of a run, in one frame, and what it counted.

A row names its file, the case that it is about and its place among the rows of that case: in this order they make the
file. A row of a table is typed; a row of text is the line itself.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from omi_rules.checks.measures import create_measures
from omi_rules.checks.run import Judged
from omi_rules.data.store import Store
from omi_rules.reports.findings import (
    FLAT_PIECES,
    LINE_PIECES,
    WORST,
    lay_out_findings,
    worst_sql,
)
from omi_rules.reports.lines import cell_sql
from omi_rules.reports.run_files import (
    CASE_COLUMNS,
    CONCLUSION_PIECES,
    MEASURES_SQL,
    lay_out_conclusions,
    rejects_sql,
)
from omi_rules.reports.staff_files import outcomes_sql, staff_findings_sql

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows that are sent back at a time.
_ROWS = 10_000
#: How many of the worst findings a run shows.
MOST_WORST = 20

_OUTCOME = {
    "rule": "string",
    "outcome": "string",
    "due_on": "date",
    "done_on": "date",
    "days_late": "int",
    "reason": "string",
}
#: The columns of the typed rows, and their types in Spark.
TABLES: Mapping[str, Mapping[str, str]] = {
    "outcomes": {"case_id": "string", **_OUTCOME},
    "cases": {
        **dict.fromkeys(("case_id", "division", "team", "offender_manager", "order_type"), "string"),
        **dict.fromkeys(("start_date", "end_date"), "date"),
        "tier": "int",
        "roh_level": "string",
        "ppo": "boolean",
        "mappa_level": "int",
        **dict.fromkeys(("gender", "ethnicity"), "string"),
    },
    "measures": {"case_id": "string", "measure": "string", "on": "date", "amount": "double"},
    "rejects": {"file": "string", "row": "bigint", **dict.fromkeys(("column", "reason", "table", "record"), "string")},
    "staff_outcomes": {"staff_id": "string", **_OUTCOME},
    "worst": {
        "case_id": "string",
        **_OUTCOME,
        **dict.fromkeys(("severity", "action", "team", "officer"), "string"),
        **{f"rank_{place}": "int" for place in range(len(WORST))},
    },
}
#: A finding, and a conclusion, as a line of JSON has them.
FINDING = (
    "case_id string, rule string, outcome string, due_on date, done_on date, days_late int, severity string, "
    "criterion string, questions array<string>, recommendations array<int>, causes array<string>, reason string, "
    "action string, division string, team string, offender_manager string"
)
CONCLUSION = (
    "case_id string, recommendation int, flag string, severity string, causes array<string>, action string, "
    "because array<struct<rule: string, outcome: string>>"
)
STAFF_FINDING = (
    "staff_id string, rule string, outcome string, due_on date, done_on date, days_late int, severity string, "
    "criterion string, recommendations array<int>, causes array<string>, reason string, action string, "
    "division string, team string, grade string"
)


def schema() -> str:
    """The frame of what the parts send back, as Spark writes it."""
    tables = (
        f"{name} struct<{', '.join(f'`{column}`: {type_}' for column, type_ in columns.items())}>"
        for name, columns in TABLES.items()
    )
    return ", ".join(["file string", "key string", "place bigint", "line string", "flat string", *tables])


def counted(counts: Mapping[str, Any]) -> "pa.RecordBatch":
    """What a part counted, in the row that the driver reads."""
    import pyarrow as pa

    line = pa.array([json.dumps(counts, ensure_ascii=False)])
    return _batch("counts", pa.array([""]), _places(0, 1), {"line": line})


def worst_rows(store: Store) -> "Iterator[pa.RecordBatch]":
    """The findings of this part to look at first."""
    ranks = "".join(f", ({what})::INTEGER AS rank_{place}" for place, what in enumerate(WORST))
    yield from _typed(store, "worst", worst_sql(MOST_WORST, ranks))


def file_rows(store: Store, staff: Store, judged: Judged) -> "Iterator[pa.RecordBatch]":
    """The rows of every file of the run about these cases and members of staff."""
    yield from _typed(store, "outcomes", outcomes_sql("case_id"))
    cases = f"SELECT {', '.join(CASE_COLUMNS)} FROM cases SEMI JOIN shown_cases USING (case_no) ORDER BY case_no"
    yield from _typed(store, "cases", cases)
    lay_out_findings(store)
    yield from _lines(store, "findings", f"SELECT {_case()}, {_joined(LINE_PIECES)}, {_joined(FLAT_PIECES)} FROM found")
    lay_out_conclusions(store)
    yield from _lines(store, "conclusions", f"SELECT {_case()}, {_joined(CONCLUSION_PIECES)}, NULL FROM concluded")
    yield from _typed(staff, "staff_outcomes", outcomes_sql("staff_id"))
    yield from _lines(
        staff, "staff_findings", f"SELECT staff_id, to_json(f)::VARCHAR, NULL FROM ({staff_findings_sql()}) f"
    )
    with store.cursor() as cursor:
        create_measures(cursor, judged)
        yield from _typed(cursor, "measures", MEASURES_SQL)


def _case() -> str:
    """The case of a row that holds it as JSON."""
    return "json_extract_string(case_json, '$')"


def _joined(pieces: Sequence[str]) -> str:
    return f"concat({', '.join(f'{piece}::VARCHAR' for piece in pieces)})"


def _typed(store: Store, name: str, query: str) -> "Iterator[pa.RecordBatch]":
    """The rows of a query, in its order, as a struct; their key is their first column."""
    place = 0
    for batch in _batches(store, query):
        rows = _struct(batch, name)
        yield _batch(name, rows.field(0), _places(place, len(rows)), {name: rows})
        place += len(rows)


def _lines(store: Store, name: str, query: str) -> "Iterator[pa.RecordBatch]":
    """The rows of a query, in its order: whom they are about, a line, and its form in CSV."""
    import pyarrow as pa

    place = 0
    for batch in _batches(store, query):
        key, line, flat = (column.cast(pa.string()) for column in batch.columns)
        yield _batch(name, key, _places(place, len(key)), {"line": line, "flat": flat})
        place += batch.num_rows


def rejected_rows(store: Store) -> "Iterator[pa.RecordBatch]":
    """The rejected rows, typed and as lines of CSV, in order of their numbers: a file has rows in all parts."""
    flat = " || ',' || ".join(cell_sql(f'"{column}"::VARCHAR') for column in TABLES["rejects"])
    for batch in _batches(store, f"SELECT *, {flat} AS flat FROM ({rejects_sql()})"):
        rows = _struct(batch, "rejects")
        yield _batch(
            "rejects", batch.column("file"), batch.column("row"), {"rejects": rows, "flat": batch.column("flat")}
        )


def _struct(batch: "pa.RecordBatch", name: str) -> "pa.StructArray":
    """The typed rows of a batch."""
    import pyarrow as pa

    types = _arrow_types()
    fields = [pa.field(column, types[type_]) for column, type_ in TABLES[name].items()]
    return pa.StructArray.from_arrays([batch.column(field.name).cast(field.type) for field in fields], fields=fields)


def _places(first: int, rows: int) -> "pa.Array[Any]":
    import pyarrow as pa

    return pa.array(range(first, first + rows), pa.int64())


def _batches(store: Store, query: str) -> "Iterator[pa.RecordBatch]":
    yield from store.sql(query).to_arrow_reader(_ROWS)


def _batch(
    name: str, key: "pa.Array[Any]", places: "pa.Array[Any]", given: "Mapping[str, pa.Array[Any]]"
) -> "pa.RecordBatch":
    import pyarrow as pa

    rows = len(key)
    filled = {"file": pa.array([name] * rows), "key": key, "place": places, **given}
    whole = arrow_schema()
    arrays = [filled[field.name] if field.name in filled else pa.nulls(rows, field.type) for field in whole]
    return pa.RecordBatch.from_arrays(arrays, schema=whole)


def arrow_schema() -> "pa.Schema":
    """The frame of what the parts send back, as Arrow has it."""
    import pyarrow as pa

    types = _arrow_types()
    tables = [
        pa.field(name, pa.struct([pa.field(column, types[type_]) for column, type_ in columns.items()]))
        for name, columns in TABLES.items()
    ]
    text = [pa.field(name, pa.string()) for name in ("file", "key")]
    lines = [pa.field(name, pa.string()) for name in ("line", "flat")]
    return pa.schema([*text, pa.field("place", pa.int64()), *lines, *tables])


def _arrow_types() -> "Mapping[str, pa.DataType]":
    import pyarrow as pa

    return {
        "string": pa.string(),
        "date": pa.date32(),
        "int": pa.int32(),
        "bigint": pa.int64(),
        "double": pa.float64(),
        "boolean": pa.bool_(),
    }
