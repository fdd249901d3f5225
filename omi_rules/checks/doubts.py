"""Which cases leave something open that a rule asks for: an empty cell, or a row that was lost.

Such cases are few. They are judged apart, in a schema of their own that holds their rows alone, by SQL that heeds
whatever may be open; all others are judged by SQL that need not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from omi_rules.checks.plan import Plan
from omi_rules.data.store import Store

#: The schema of the cases with doubts. Names that it does not hold are those of the whole store.
SCHEMA = "doubtful"
#: A HUGEINT has 127 bits beside its sign; beyond these, doubts share one, and a case is judged with care for nothing.
_MOST_BITS = 120

#: A table with the column that has empty cells, and the condition on a row `r` under which one matters; or with no
#: column, where rows were lost.
Doubt = tuple[str, str, str]


@dataclass(frozen=True)
class Doubts:
    """What each of the rules may find open; `missing` are the tables that are not in the export at all."""

    bits: Mapping[Doubt, int]
    missing: frozenset[str]

    def mask(self, asked: Iterable[Doubt]) -> int | None:
        """The bits of the doubts that a rule asks about; None if it asks for a table that is missing to everyone."""
        mask = 0
        for doubt in asked:
            if doubt[0] in self.missing:
                return None
            mask |= 1 << self.bits[doubt]
        return mask


def number_doubts(plan: Plan, asked: Iterable[frozenset[Doubt]]) -> Doubts:
    """Give each doubt that some rule asks about a bit."""
    found = sorted({doubt for each in asked for doubt in each if doubt[0] not in plan.missing})
    return Doubts({doubt: number % _MOST_BITS for number, doubt in enumerate(found)}, plan.missing)


def create_doubts(store: Store, doubts: Doubts) -> None:
    """Create `doubts(case_no, bits)`: the cases that leave something open."""
    empty: dict[str, list[tuple[str, int]]] = {}
    lost = []
    for (table, column, among), bit in doubts.bits.items():
        if not column:
            lost.append(f"SELECT case_no, {1 << bit}::HUGEINT AS bit FROM lost WHERE table_name = '{table}'")
        else:
            open_cell = f"r.{column} IS NULL" if among == "TRUE" else f"(r.{column} IS NULL AND ({among}))"
            empty.setdefault(table, []).append((open_cell, bit))
    parts = [_empty_cells_sql(table, cells) for table, cells in empty.items()] + lost
    nothing = ["SELECT 0 AS case_no, 0::HUGEINT AS bit WHERE FALSE"]
    store.execute(
        "CREATE OR REPLACE TABLE doubts AS SELECT case_no, bit_or(bit) AS bits "
        f"FROM ({' UNION ALL '.join(parts or nothing)}) GROUP BY case_no"
    )


def _empty_cells_sql(table: str, cells: Sequence[tuple[str, int]]) -> str:
    bits = " | ".join(f"CASE WHEN {cell} THEN {1 << bit}::HUGEINT ELSE 0 END" for cell, bit in cells)
    where = " OR ".join(cell for cell, _ in cells)
    return f"SELECT r.case_no, {bits} AS bit FROM {table} r WHERE {where}"


def set_apart(store: Store, tables: Iterable[str], *, everyone: bool) -> None:
    """Copy the cases with doubts (or all), and their rows of these tables, into the schema of such cases."""
    # what an earlier judgement set apart in this store would be found in place of what it did not
    store.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    store.execute(f"CREATE SCHEMA {SCHEMA}")
    for table in sorted({"cases", *tables}):
        chosen = "" if everyone else "SEMI JOIN main.doubts USING (case_no)"
        store.execute(f"CREATE TABLE {SCHEMA}.{table} AS SELECT * FROM main.{table} {chosen}")


def enter(store: Store) -> None:
    """From here on, this connection sees the cases with doubts alone."""
    store.execute(f"SET search_path = '{SCHEMA},main'")


def only_sql(query: str, mask: int | None, *, open_cases: bool) -> str:
    """A query of a row a case, for the cases alone that leave something of the mask open, or for the others."""
    if not mask:
        return query
    doubtful = f"SELECT case_no FROM doubts WHERE bits & {mask}::HUGEINT <> 0"
    return f"SELECT * FROM ({query}) {'SEMI' if open_cases else 'ANTI'} JOIN ({doubtful}) USING (case_no)"


def their_rows_sql(table: str) -> str:
    """A table of the cases with doubts as a common table expression of its own name, with the rows of `rule_frame`."""
    return f"{table} AS (SELECT * FROM {SCHEMA}.{table} SEMI JOIN rule_frame USING (case_no))"
