"""Which cases of an export a person asked for."""

from collections.abc import Sequence

from omi_rules.data.store import Store
from omi_rules.problems import UsageError


def show_cases(
    store: Store,
    *,
    teams: Sequence[str] = (),
    divisions: Sequence[str] = (),
    officers: Sequence[str] = (),
    cases: Sequence[str] = (),
) -> bool:
    """Create `shown_cases`, the cases that fit; whether anything was asked for. An empty list asks for all.

    UsageError where one names nothing in the export: that is a slip, not an empty result.
    """
    asked = {"--team": teams, "--division": divisions, "--officer": officers, "--case": cases}
    columns = {"--team": "team", "--division": "division", "--officer": "offender_manager", "--case": "case_id"}
    tests, values = [], []
    for option, wanted in asked.items():
        column = columns[option]
        for value in wanted:
            if not store.execute(f"SELECT 1 FROM cases WHERE {column} = ? LIMIT 1", [value]).fetchone():
                # only what the user typed is repeated; names in the export stay in the export
                raise UsageError(f"{option}: no case of the export has {column} {value}.")
        if wanted:
            tests.append(f"{column} IN (SELECT unnest(?::VARCHAR[]))")
            values.append(list(wanted))
    where = " AND ".join(tests) or "TRUE"
    store.execute(f"CREATE OR REPLACE TABLE shown_cases AS SELECT case_no FROM cases WHERE {where}", values)
    return bool(tests)
