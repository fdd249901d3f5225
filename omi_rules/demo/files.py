"""The tables as files: the contract's columns in the contract's order, and a few cells left empty."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from omi_rules.demo.chance import draw
from omi_rules.shapes import Table, load_tables

if TYPE_CHECKING:
    import duckdb

#: Cells left empty, per thousand, by table and column. Where being empty answers a rule, it is drawn
#: elsewhere.
_EMPTY: dict[str, dict[str, float]] = {
    "cases": {
        "custody_months": 5,
        "roh_level": 5,
        "domestic_abuse": 8,
        "child_safeguarding": 8,
        "statutory_victim_contact": 3,
        "drug_related_offending": 8,
        "gender": 2,
        "disability": 10,
        "literacy_need": 10,
    },
    "court_reports": {
        "requested_on": 3,
        "proposal": 5,
        "proposal_followed": 7,
        "national_format": 5,
        "oasys_template": 5,
        "outline_plan": 7,
    },
    "allocations": {"allocated_on": 3, "offender_manager": 2, "grade": 5},
    "roh_screenings": {"completed_on": 4, "full_analysis_indicated": 5, "exempted": 5},
    "roh_assessments": {"completed_on": 3, "kind": 1, "level": 3, "grade": 5},
    "oasys_assessments": {"completed_on": 3, "kind": 1, "grade": 5},
    "specialist_assessments": {"completed_on": 3},
    "risk_management_plans": {"completed_on": 4, "standard_headings": 8},
    "sentence_plans": {"completed_on": 3, "contact_levels_stated": 5, "offender_involved": 10, "grade": 5},
    "mappa_events": {"occurred_on": 3},
    "home_visits": {"occurred_on": 4, "purposeful": 6},
    "appointments": {"scheduled_on": 0.2, "kind": 0.4, "hours": 0.4},
    "breaches": {"instigated_on": 3},
    "victim_contacts": {"occurred_on": 4},
    "inductions": {"completed_on": 4, "discrimination_explained": 6},
    "requirements": {"kind": 1, "singleton_placement": 3},
    "skills_for_life": {"occurred_on": 3, "need_indicated": 6},
    "significant_changes": {"occurred_on": 3},
    "convictions": {"occurred_on": 4},
    "police_checks": {"requested_on": 4, "callouts_reported": 10},
    "court_reviews": {"due_on": 3, "attended": 3},
    "documents": {"held": 2},
    "staff": {"employed_on": 3},
}
#: Appointments are made ahead; everything else that is dated has happened.
_AHEAD = 14


def case_tables() -> list[Table]:
    """The tables about a case, `cases` first."""
    return [table for table in load_tables().values() if table.key == "case_id"]


def staff_tables() -> list[Table]:
    """The tables about a member of staff."""
    return [table for table in load_tables().values() if table.key == "staff_id"]


def _cell_sql(table: str, column: str) -> str:
    empty = _EMPTY.get(table, {}).get(column, 0)
    if table == "cases" and column == "ppo":
        # A prolific offender is always marked as one; what is left empty means that nobody asked.
        return f"CASE WHEN NOT ppo AND {draw('empty ppo')} < 0.005 THEN NULL ELSE ppo END AS ppo"
    if not empty:
        return column
    return f"CASE WHEN {draw(f'empty {table}.{column}')} >= {empty / 1000} THEN {column} END AS {column}"


def rows_sql(table: Table, source: str) -> str:
    """The rows of a table as they are written: those that have happened, each once, in one order."""
    own = table.own_date
    ahead = _AHEAD if table.name == "appointments" else 0
    happened = f"WHERE {own} <= as_at() + {ahead}" if own else ""
    cells = ", ".join(_cell_sql(table.name, column.name) for column in table.columns[1:])
    keyed = f"FROM {source}"
    if table.key == "case_id" and table.name != "cases":
        keyed = f"FROM (SELECT {source}.*, case_id FROM {source} JOIN slice USING (case_no))"
    return f"SELECT DISTINCT {table.key}, {cells} {keyed} {happened} ORDER BY ALL"


def append_rows(store: "duckdb.DuckDBPyConnection", table: Table, source: str, folder: Path) -> None:
    """Write the rows of a table behind those already in its file; the first make it, with its header."""
    file = folder / f"{table.name}.csv"
    if not file.exists():
        _copy_rows(store, table, source, file, header=True)
        return
    part = folder / f"{table.name}.csv.part"
    _copy_rows(store, table, source, part, header=False)
    with part.open("rb") as rows, file.open("ab") as whole:
        shutil.copyfileobj(rows, whole, 1 << 20)
    part.unlink()


def _copy_rows(store: "duckdb.DuckDBPyConnection", table: Table, source: str, file: Path, *, header: bool) -> None:
    path = str(file).replace("'", "''")
    store.execute(f"COPY ({rows_sql(table, source)}) TO '{path}' (FORMAT csv, HEADER {str(header).lower()})")
