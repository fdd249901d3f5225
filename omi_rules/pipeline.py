"""From an export to a run, in one direction: read, judge, conclude, write."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from omi_rules.rulebook.model import Rulebook


def judge_folder(
    path: Path, *, as_at: date, rulebook: Rulebook
) -> Mapping[tuple[str, str], tuple[str, date | None, date | None, int | None]]:
    """Outcome, due_on, done_on and days_late of every case and rule of an export."""
    import duckdb

    from omi_rules.checks.run import judge
    from omi_rules.data.export import read_export

    with duckdb.connect() as store:
        export = read_export(store, path, as_at=as_at)
        judged = judge(store, export, rulebook, rulebook.case_rules)
        if judged.faults:
            raise RuntimeError(str(judged.faults))
        rows = store.execute(
            f"SELECT case_id, rule_no, outcome, due_on, done_on, CASE outcome WHEN 'late' THEN done_on - due_on "
            f"WHEN 'missing' THEN DATE '{as_at}' - due_on END FROM judged JOIN cases USING (case_no)"
        ).fetchall()
    return {(row[0], judged.rules[row[1]].id): tuple(row[2:]) for row in rows}  # type: ignore[misc]
