"""What may be done to records, where it is known what that may do to their outcomes."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from omi_rules.shapes import load_tables
from tests.data.exports import Tables
from tests.judging import rows_of
from tests.random_tables import NEVER_EMPTIED
from tests.reference.world import OWN_DATES, SAYS_SOMETHING

Record = Mapping[str, Any]

#: Rules that only ask whether something was done, and the table that proves it; nothing else of it matters to them.
PROVED_BY = {
    "contact-frequency": "appointments",
    "high-roh-home-visit-on-time": "home_visits",
    "initial-plan-exists": "sentence_plans",
    "initial-plan-on-time": "sentence_plans",
    "plan-reviewed-every-16-weeks": "sentence_plans",
    "ppo-oasys-on-time": "oasys_assessments",
    "risk-management-plan-on-time": "risk_management_plans",
    "roh-screening-at-start": "roh_screenings",
}

#: Rules that ask whether something is recorded, or are not about a case where it is not: an empty cell is an answer.
ASK_WHETHER_RECORDED = {"attendance-recorded", "tier-allocated", "tier-matches-risk"}

#: Columns of a case that an officer may have left empty, where that says nothing.
EMPTIED = ("tier", "roh_level", "ppo", "domestic_abuse", "statutory_victim_contact")


def with_less(record: Record, rng: Random) -> dict[str, Any]:
    """The record with about half of the rows that prove something."""
    left = dict(record)
    for table in sorted(set(PROVED_BY.values()) & set(record)):
        left[table] = [row for row in record[table] if rng.random() < 0.5]
    return left


def with_nulls(record: Record, as_at: date, rng: Random, odds: float) -> dict[str, Any]:
    """The record of a case with some cells empty, of those that say nothing by being empty.

    A row of a day after the as-at date has not happened; without its day it would have, and so it keeps it.
    """
    if "case" not in record:
        return dict(record)

    def emptied(table: str, cells: Mapping[str, Any]) -> dict[str, Any]:
        left = {name: None if rng.random() < odds and _may_be_emptied(table, name) else cells[name] for name in cells}
        own = OWN_DATES.get(table)
        if own and cells.get(own) and cells[own] > as_at:
            left[own] = cells[own]
        return left

    left = {**record, "case": emptied("cases", record["case"])}
    for name in tables_in(record):
        left[name] = [emptied(name, row) for row in record[name]]
    return left


def _may_be_emptied(table: str, column: str) -> bool:
    if table == "cases":
        return column in EMPTIED
    return column not in NEVER_EMPTIED and (table, column) not in SAYS_SOMETHING


def tables_in(record: Record) -> list[str]:
    """The tables of which the record has rows; its case, or its member of staff, is none."""
    return sorted(load_tables().keys() & record.keys() - {"staff"})


def crowded(record: Record, rng: Random) -> dict[str, Any]:
    """The record with rows of one day in each table, alike or but for a cell, and now and then one of unknown day."""
    made = dict(record)
    for name in tables_in(record):
        rows = [dict(row) for row in record[name]]
        if not rows:
            continue
        rows += [dict(rng.choice(rows)) for _ in range(rng.choice((0, 0, 1, 2)))]
        own = OWN_DATES.get(name)
        for row in rows:
            if own and rng.random() < 0.4:
                row[own] = rng.choice(rows)[own]
            if rng.random() < 0.3:
                column = rng.choice(sorted(row))
                row[column] = rng.choice(rows)[column]
        if own and rng.random() < 0.3:
            rng.choice(rows)[own] = None
        made[name] = rows
    return made


def mixed(record: Record, rng: Random) -> dict[str, Any]:
    """The same rows, in another order."""
    return {**record, **{name: rng.sample(record[name], len(record[name])) for name in tables_in(record)}}


def ends_between(record: Record, as_at: date, days: int) -> bool:
    """Whether a case ends, or is sentenced again, in so many days after a day: then its later outcomes are new."""
    case = record["case"]
    ends = [case.get("end_date"), case.get("resentenced_date")]
    return any(day and as_at < day <= as_at + timedelta(days=days) for day in ends)


def tables_of(records: Sequence[Record]) -> Tables:
    """Records as the rows of the tables of an export, those among them that are to be rejected."""
    made: dict[str, list[dict[str, Any]]] = {}
    for table in load_tables().values():
        subject = "staff" if table.key == "staff_id" else "case"
        rows = [cells for record in records if subject in record for cells in rows_of(table, record, record[subject])]
        if rows:
            made[table.name] = [{name: _plain(value) for name, value in cells.items()} for cells in rows]
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
