"""Rows between the working store of a run and the store of runs: only those that are different are written."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam

from omi_rules.data.store import Store
from omi_rules.history import tables
from omi_rules.history.known import SCHEMA


def rows_of(store: Store, query: str) -> list[dict[str, Any]]:
    """The rows of a query of the working store, each a mapping."""
    cursor = store.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def write_subjects(connection: Connection, store: Store) -> int:
    """Write who is new, who is held otherwise, who is gone, and the days of their rows; gives the rows written."""
    table, kept = tables.subjects, "division, team, officer, ended_on"
    added = f"SELECT subject_id AS id, about, name, {kept}, FALSE AS gone FROM {SCHEMA}.present WHERE is_new ORDER BY 1"
    moved = f"""SELECT subject_id AS subject, {kept}, FALSE AS gone FROM {SCHEMA}.present
        WHERE is_changed AND NOT is_new ORDER BY 1"""
    left = (
        f"SELECT subject_id AS subject, TRUE AS gone FROM {SCHEMA}.absent WHERE state IN ('ended', 'gone') ORDER BY 1"
    )
    written = insert(connection, table, rows_of(store, added))
    here = table.c.id == bindparam("subject")
    if rows := rows_of(store, moved):
        connection.execute(table.update().where(here), rows)
        written += len(rows)
    days = rows_of(store, f"SELECT subject_id, days, is_new FROM {SCHEMA}.changed_days ORDER BY 1")
    if gone := rows_of(store, left):
        connection.execute(table.update().where(here), gone)
        leaving = [{"subject": row["subject"]} for row in gone]
        connection.execute(tables.records.delete().where(tables.records.c.subject_id == bindparam("subject")), leaving)
        written += 2 * len(gone)
    fresh = [{name: row[name] for name in ("subject_id", "days")} for row in days if row["is_new"]]
    written += insert(connection, tables.records, fresh)
    if other := [{"subject": row["subject_id"], "days": row["days"]} for row in days if not row["is_new"]]:
        at = tables.records.c.subject_id == bindparam("subject")
        connection.execute(tables.records.update().where(at), other)
        written += len(other)
    return written


def insert(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows into a table of the store; gives how many."""
    if rows:
        connection.execute(table.insert(), list(rows))
    return len(rows)


def write_endangered(connection: Connection, store: Store) -> int:
    """Write which answers are open since a record vanished, and which are not any more; gives the rows written."""
    table, now, before = tables.endangered, f"{SCHEMA}.endangered", f"{SCHEMA}.kept_endangered"
    decided = rows_of(
        store,
        f"SELECT subject_id AS subject, rule_id AS rule FROM {before} ANTI JOIN {now} USING (subject_id, rule_id)",
    )
    if decided:
        same = (table.c.subject_id == bindparam("subject")) & (table.c.rule_id == bindparam("rule"))
        connection.execute(table.delete().where(same), decided)
    added = rows_of(store, f"SELECT * FROM {now} ANTI JOIN {before} USING (subject_id, rule_id) ORDER BY ALL")
    return len(decided) + insert(connection, table, added)
