"""The product's own judgement of records: they are written as an export of CSV, and the engine reads them."""

import csv
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from omi_rules.rulebook.model import Rulebook
from omi_rules.shapes import Table, load_tables

if TYPE_CHECKING:
    from omi_rules.data.export import Export
    from omi_rules.data.store import Store

Judged = dict[tuple[str, str], tuple[str, date | None, date | None, int | None]]


def write_export(folder: Path, records: Sequence[Mapping[str, Any]], missing_tables: Iterable[str] = ()) -> None:
    """Write records of cases and of staff as an export; a lost row gets a value that no table takes."""
    for table in load_tables().values():
        about_staff = table.key == "staff_id"
        subject = "staff" if about_staff else "case"
        ours = [record for record in records if subject in record]
        if table.name in missing_tables or (about_staff and not ours):
            continue
        header = [column.name for column in table.columns]
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            for record in ours:
                for cells in rows_of(table, record, record[subject]):
                    writer.writerow([_text(cells.get(name)) for name in header])


def rows_of(table: Table, record: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The rows of a record in a table, those among them that are to be rejected."""
    key = {table.key: whole[table.key]}
    if table.name in ("cases", "staff"):
        return [whole]
    rows = [{**cells, **key} for cells in record.get(table.name, ())]
    return rows + [{**_bad_cell(table), **key}] * record.get("lost", {}).get(table.name, 0)


def _bad_cell(table: Table) -> Mapping[str, str]:
    """A cell that rejects its row: an impossible day, else no boolean."""
    for kind, bad in (("date", "2006-02-30"), ("boolean", "perhaps")):
        for column in table.columns:
            if column.type == kind:
                return {column.name: bad}
    raise ValueError(f"{table.name} has no column that can be bad")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def judge_records(
    records: Sequence[Mapping[str, Any]],
    as_at: date,
    rulebook: Rulebook,
    missing_tables: Iterable[str] = (),
    *,
    both_ways: bool = True,
) -> Judged:
    """Outcome, due_on, done_on and days_late of every case (or member of staff) and rule.

    The records are read once, and judged as few are, all by the same SQL and by plans made in haste, and as many are,
    by different SQL where nothing is open and by the best plans. What the first judging made is gone before the second,
    which could otherwise live on it.
    Without `both_ways` they are judged as few are alone.
    """
    from omi_rules.checks import run
    from omi_rules.data.export import read_export
    from omi_rules.data.store import open_store

    with tempfile.TemporaryDirectory() as folder, open_store() as store:
        write_export(Path(folder), records, missing_tables)
        export = read_export(store, Path(folder), as_at=as_at)
        read = _tables_and_views(store)
        judged = _judge_read(store, export, rulebook)
        if not both_ways:
            return judged
        for schema, name, kind in _tables_and_views(store) - read:
            store.execute(f"DROP {kind} {schema}.{name}")
        # rows of many cases are planned with more care
        store.execute("RESET disabled_optimizers")
        with mock.patch.object(run, "FEW_CASES", 0):
            assert _judge_read(store, export, rulebook) == judged
        return judged


def judge_folder(folder: Path, as_at: date, rulebook: Rulebook) -> Judged:
    """The same of an export that there is, judged as few are."""
    from omi_rules.data.export import read_export
    from omi_rules.data.store import open_store

    with open_store() as store:
        return _judge_read(store, read_export(store, folder, as_at=as_at), rulebook)


def _tables_and_views(store: "Store") -> set[tuple[str, str, str]]:
    """Schema, name and kind of each."""
    return set(
        store.execute(
            "SELECT schema_name, table_name, 'TABLE' FROM duckdb_tables() UNION ALL "
            "SELECT schema_name, view_name, 'VIEW' FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
    )


def _judge_read(store: "Store", export: "Export", rulebook: Rulebook) -> Judged:
    """What the rules say of every case and member of staff of an export that was read into the store."""
    from omi_rules.checks.run import judge
    from omi_rules.checks.sayings import days_late_sql
    from omi_rules.checks.staff import judge_staff, staff_store

    found: Judged = {}
    late = days_late_sql(f"DATE '{export.as_at.isoformat()}'")
    with staff_store(store) as staff:
        for here, done, key in (
            (store, judge(store, export, rulebook, rulebook.case_rules), "case_id"),
            (staff, judge_staff(staff, export, rulebook, rulebook.staff_rules), "staff_id"),
        ):
            assert not done.faults, done.faults
            rows = here.execute(
                f"SELECT {key}, rule_no, outcome::VARCHAR, due_on, done_on, {late} "
                "FROM judged JOIN cases USING (case_no)"
            ).fetchall()
            found |= {(subject, done.rules[number].id): (*verdict,) for subject, number, *verdict in rows}
    return found
