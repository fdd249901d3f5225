"""Who is in today's export, who is not any more, and which of their rows have vanished since the last run."""

from collections.abc import Iterator
from dataclasses import dataclass

from omi_rules.checks.staff import SCHEMA as STAFF
from omi_rules.data.export import Export
from omi_rules.data.store import Store
from omi_rules.history.known import SCHEMA, Known
from omi_rules.shapes import Table, load_tables

#: Days are counted from here; no date of an export is before it.
_FIRST_DAY = "DATE '1950-01-01'"
#: Whose tables they are, the schema that has them as cases, and the key.
_SUBJECTS = (("case", "main", "case_id"), ("staff", STAFF, "staff_id"))


@dataclass(frozen=True)
class Dropped:
    """Cases under supervision in the latest run, and how many of them are not in today's export."""

    before: int
    gone: int


def compare_subjects(store: Store, export: Export, known: Known) -> Dropped:
    """Create `present`, everybody in today's export with an id, and `absent`, whom the store knew and who is not."""
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.present AS
        WITH today AS (
            SELECT 'case' AS about, case_no, case_id AS name, division, team, offender_manager AS officer,
                end_date AS ended_on FROM main.cases
            UNION ALL
            SELECT 'staff', staff_no, staff_id, division, team, staff_id, left_on FROM main.staff)
        SELECT t.*, k.subject_id IS NULL AS is_new, coalesce(k.gone, FALSE) AS was_gone,
            coalesce(k.subject_id, {known.next_subject - 1} + row_number() OVER (
                PARTITION BY k.subject_id IS NULL ORDER BY t.about, t.name))::INTEGER AS subject_id,
            (k.division, k.team, k.officer, k.ended_on, k.gone) IS DISTINCT FROM
                (t.division, t.team, t.officer, t.ended_on, FALSE) AS is_changed
        FROM today t LEFT JOIN {SCHEMA}.kept_subjects k USING (about, name)""")
    _create_unreadable(store, export)
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.absent AS
        SELECT k.subject_id, k.about, CASE
            WHEN EXISTS (SELECT 1 FROM {SCHEMA}.unreadable u WHERE u.about = k.about AND u.name = k.name)
                THEN 'unreadable'
            WHEN k.about = 'case' AND k.name IN (SELECT id FROM known_case_id)
                OR k.about = 'staff' AND k.name IN (SELECT id FROM known_staff_id) THEN 'left_out'
            WHEN k.ended_on IS NOT NULL THEN 'ended'
            WHEN EXISTS (SELECT 1 FROM {SCHEMA}.unreadable u WHERE u.about = k.about AND u.name IS NULL)
                THEN 'unreadable'
            ELSE 'gone' END AS state
        FROM {SCHEMA}.kept_subjects k ANTI JOIN {SCHEMA}.present p USING (subject_id) WHERE NOT k.gone""")
    before, gone = _one(
        store,
        f"""SELECT count(*) FILTER (NOT gone AND ended_on IS NULL), count(*) FILTER (state = 'gone')
        FROM {SCHEMA}.kept_subjects LEFT JOIN {SCHEMA}.absent USING (subject_id, about) WHERE about = 'case'""",
    )
    return Dropped(before, gone)


def _create_unreadable(store: Store, export: Export) -> None:
    """Whose own row was rejected; a row without a name could be anybody's, and so could a table that is not there."""
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.unreadable AS
        SELECT DISTINCT about, nullif(trim(name), '') AS name FROM (
            SELECT 'case' AS about, json_extract_string(record, '$.case_id') AS name
            FROM rejects WHERE table_name = 'cases'
            UNION ALL
            SELECT 'staff', json_extract_string(record, '$.staff_id') FROM rejects WHERE table_name = 'staff'
            UNION ALL SELECT 'staff', NULL WHERE {"staff" in export.missing})""")


def compare_records(store: Store, export: Export) -> None:
    """Create `days`, the days of everybody's rows by table, and `vanished`, how many earlier rows are not there.

    Rows that were rejected, or whose table is not in the export, may still exist: for them the earlier days stay.
    """
    _create_skipped(store, export)
    today = " UNION ALL ".join(_days_sql(export))
    nothing = "SELECT 0 AS subject_id, '' AS table_name, '' AS days WHERE FALSE"
    kept = " UNION ALL ".join(
        f"""SELECT subject_id, table_name, json_extract(k.days, '$.{table}')::VARCHAR
        FROM {SCHEMA}.skipped s JOIN {SCHEMA}.kept_days k USING (subject_id)
        WHERE s.table_name = '{table}' AND json_extract(k.days, '$.{table}') IS NOT NULL"""
        for (table,) in store.execute(f"SELECT DISTINCT table_name FROM {SCHEMA}.skipped ORDER BY 1").fetchall()
    )
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.days AS
        SELECT subject_id, '{{' || string_agg(concat('"', table_name, '":', days), ',' ORDER BY table_name) || '}}'
            AS days
        FROM (SELECT * FROM ({today or nothing}) ANTI JOIN {SCHEMA}.skipped USING (subject_id, table_name)
            UNION ALL SELECT * FROM ({kept or nothing})) GROUP BY subject_id""")
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.changed_days AS
        SELECT p.subject_id, coalesce(d.days, '{{}}') AS days, k.subject_id IS NULL AS is_new, k.days AS days_before
        FROM {SCHEMA}.present p LEFT JOIN {SCHEMA}.days d USING (subject_id)
        LEFT JOIN {SCHEMA}.kept_days k USING (subject_id)
        WHERE k.days IS DISTINCT FROM coalesce(d.days, '{{}}')""")
    _create_vanished(store)


def _create_skipped(store: Store, export: Export) -> None:
    missing = ", ".join(f"'{name}'" for name in sorted(export.missing))
    lost = " UNION ALL ".join(
        f"""SELECT p.subject_id, l.table_name FROM {schema}.lost l
        JOIN {SCHEMA}.present p ON p.about = '{about}' AND p.case_no = l.case_no"""
        for about, schema, _ in _SUBJECTS
    )
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.skipped AS
        WITH tables AS (
            SELECT DISTINCT table_name FROM rejects
            WHERE coalesce(trim(json_extract_string(record, '$.case_id')),
                trim(json_extract_string(record, '$.staff_id')), '') = ''
            UNION SELECT unnest([{missing}]::VARCHAR[]))
        SELECT p.subject_id, t.table_name FROM {SCHEMA}.present p CROSS JOIN tables t
        UNION {lost}""")


def _days_sql(export: Export) -> Iterator[str]:
    for about, schema, table in _tables(export):
        day = f"({table.own_date} - {_FIRST_DAY})::INTEGER" if table.own_date else "0"
        dated = f"WHERE {table.own_date} IS NOT NULL" if table.own_date else ""
        yield f"""SELECT p.subject_id, '{table.name}' AS table_name, r.days FROM (
                SELECT case_no, replace(list_sort(list({day}))::VARCHAR, ' ', '') AS days
                FROM {schema}.{table.name} {dated} GROUP BY case_no) r
            JOIN {SCHEMA}.present p ON p.about = '{about}' AND p.case_no = r.case_no"""


def _tables(export: Export) -> Iterator[tuple[str, str, Table]]:
    """The tables of rows that today's export has."""
    for table in load_tables().values():
        for about, schema, key in _SUBJECTS:
            if table.key == key and not table.unique and table.name not in export.missing:
                yield about, schema, table


def _create_vanished(store: Store) -> None:
    names = [table.name for table in load_tables().values() if not table.unique]

    def spread(column: str) -> str:
        return " UNION ALL ".join(
            f"""SELECT subject_id, '{name}' AS table_name,
                unnest(from_json(json_extract({column}, '$.{name}'), '["INTEGER"]')) AS day
            FROM {SCHEMA}.changed_days WHERE NOT is_new AND json_extract({column}, '$.{name}') IS NOT NULL"""
            for name in names
        )

    counted = "subject_id, table_name, day, count(*) AS rows"
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.vanished AS
        SELECT subject_id, table_name, sum(b.rows - coalesce(a.rows, 0))::INTEGER AS rows
        FROM (SELECT {counted} FROM ({spread("days_before")}) GROUP BY ALL) b
        LEFT JOIN (SELECT {counted} FROM ({spread("days")}) GROUP BY ALL) a USING (subject_id, table_name, day)
        WHERE b.rows > coalesce(a.rows, 0) GROUP BY ALL""")


def _one(store: Store, query: str) -> tuple[int, int]:
    row = store.execute(query).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
