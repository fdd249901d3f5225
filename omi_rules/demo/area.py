"""The synthetic area as an export: every table of the contract, and `export.yaml`.

Nothing here is about a person. The caseload follows appendix 1 of the source report, and for every rule the
share of cases that is sufficient follows `shares.csv`. The same number of cases and the same seed give the
same bytes.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from omi_rules.demo.assessments import assessments_sql
from omi_rules.demo.chance import chance_macros_sql
from omi_rules.demo.contact import contact_sql
from omi_rules.demo.days import AS_AT, days_macros_sql
from omi_rules.demo.evidence import evidence_sql
from omi_rules.demo.files import append_rows, case_tables, staff_tables
from omi_rules.demo.intake import intake_sql
from omi_rules.demo.people import AREA, CASELOAD, people_sql
from omi_rules.demo.protection import protection_sql
from omi_rules.demo.requirements import requirements_sql
from omi_rules.demo.reviews import reviews_sql
from omi_rules.demo.staffing import staffing_sql
from omi_rules.problems import OutputError
from omi_rules.temporary import temporary_folder

if TYPE_CHECKING:
    import duckdb

#: Cases made at a time: memory is bounded by this, not by the caseload. It is part of what makes the bytes.
_SLICE = 50_000


def write_area(folder: Path, cases: int = CASELOAD, seed: int = 1, *, threads: int | None = None) -> None:
    """Write the export of an area of so many cases into the folder, which is made if need be.

    Tables already there are replaced. `threads` limits the threads used; it does not change what is written.
    """
    import duckdb

    try:
        _write_tables(folder, cases, seed, threads)
    except (OSError, duckdb.IOException) as error:
        reason = error.strerror if isinstance(error, OSError) else type(error).__name__
        sentence = f"the area could not be written to {folder}: {reason}. Free some space or name another folder."
        raise OutputError(sentence) from None


def _write_tables(folder: Path, cases: int, seed: int, threads: int | None) -> None:
    import duckdb

    from omi_rules.data.store import NO_EXTENSIONS

    folder.mkdir(parents=True, exist_ok=True)
    for table in [*case_tables(), *staff_tables()]:
        (folder / f"{table.name}.csv").unlink(missing_ok=True)
    with temporary_folder() as spill:
        config: dict[str, str | bool | int | float | list[str]] = {**NO_EXTENSIONS, "temp_directory": spill}
        if threads is not None:
            config["threads"] = threads
        with duckdb.connect(config=config) as store:
            store.execute("SET enable_progress_bar = false")
            _run(store, [chance_macros_sql(), days_macros_sql()])
            _run(store, [*people_sql(cases, seed), *staffing_sql(seed)])
            for table in staff_tables():
                append_rows(store, table, f"out_{table.name}", folder)
            for first in range(0, max(cases, 1), _SLICE):
                _write_slice(store, first, folder)
    (folder / "export.yaml").write_text(
        f"as_at: {AS_AT}\narea: {AREA}\nsource: omi-rules demo, {cases} cases, seed {seed}\n",
        encoding="utf-8",
    )


def _write_slice(store: "duckdb.DuckDBPyConnection", first: int, folder: Path) -> None:
    within = f"case_no BETWEEN {first} AND {first + _SLICE - 1}"
    _run(
        store,
        [
            f"CREATE OR REPLACE TABLE slice AS FROM people WHERE {within}",
            *assessments_sql(),
            *reviews_sql(),
            *evidence_sql(),
            *protection_sql(),
            *intake_sql(),
            *requirements_sql(),
            *contact_sql(),
        ],
    )
    for table in case_tables():
        append_rows(store, table, "slice" if table.name == "cases" else f"out_{table.name}", folder)


def _run(store: "duckdb.DuckDBPyConnection", statements: Iterable[str]) -> None:
    for statement in statements:
        store.execute(statement)
