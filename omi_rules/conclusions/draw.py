"""Draw the conclusions of every case: patterns made distinct in SQL, reasoned about once each, and joined back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from omi_rules.checks.clues import clue_sql
from omi_rules.checks.plan import Plan
from omi_rules.checks.run import Judged
from omi_rules.conclusions.facts import Component, essence_sql
from omi_rules.conclusions.plain import Derived
from omi_rules.conclusions.reason import Reasoner
from omi_rules.data.store import Store, create_from


def draw_conclusions(
    store: Store, plan: Plan, judged: Judged, components: Sequence[Component], reasoner: Reasoner
) -> None:
    """Create `derived(case_no, flag, because)` and `rests_on(case_no, flag, rule_no, outcome)`."""
    numbers = {rule.id: number for number, rule in enumerate(judged.rules)}
    _create_clues(store, plan, numbers)
    rows: list[Mapping[str, Any]] = []
    for component in components:
        store.execute(
            f"CREATE OR REPLACE TABLE patterns_{component.number} AS {_patterns_sql(component, numbers)}"
        )
        found = store.execute(
            f"SELECT DISTINCT mask FROM patterns_{component.number} ORDER BY mask"
        ).fetchall()
        masks = [int(mask) for (mask,) in found]
        for mask, flags in zip(masks, reasoner.reason(component, masks), strict=True):
            rows += [_row(component, mask, derived) for derived in flags]
    create_from(
        store,
        "drawn",
        {"component": "SMALLINT", "mask": "HUGEINT", "flag": "VARCHAR", "because": "VARCHAR"},
        rows,
    )
    joined = " UNION ALL ".join(
        f"SELECT case_no, flag, because FROM patterns_{component.number} JOIN drawn "
        f"ON component = {component.number} AND drawn.mask = patterns_{component.number}.mask"
        for component in components
    )
    nothing = "SELECT 0 AS case_no, '' AS flag, '' AS because WHERE FALSE"
    store.execute(f"CREATE OR REPLACE TABLE derived AS {joined or nothing}")
    store.execute("""CREATE OR REPLACE TABLE rests_on AS
        SELECT case_no, flag, b.rule AS rule, b.outcome AS outcome FROM (
            SELECT case_no, flag, unnest(from_json(because, '[{"rule": "VARCHAR", "outcome": "VARCHAR"}]')) AS b
            FROM derived)""")


def _row(component: Component, mask: int, derived: Derived) -> Mapping[str, Any]:
    because = [{"rule": rule, "outcome": outcome} for rule, outcome in derived.because]
    return {
        "component": component.number,
        "mask": mask,
        "flag": derived.flag,
        "because": json.dumps(because),
    }


def _create_clues(store: Store, plan: Plan, numbers: Mapping[str, int]) -> None:
    store.execute("CREATE OR REPLACE TABLE clue_facts(case_no INTEGER, clue VARCHAR)")
    for clue in plan.rulebook.clues.values():
        store.execute(
            f"INSERT INTO clue_facts SELECT case_no, '{clue.id}' FROM ({clue_sql(plan, clue, numbers)})"
        )


def _patterns_sql(component: Component, numbers: Mapping[str, int]) -> str:
    """The cases with a fact of the component, and the essence of their pattern; patterns without a rule are left out.

    A clue that must be false holds of every case that has it not, so its bit is set first and taken away.
    """
    bits = component.bits
    set_by_rule, set_by_clue, taken_by_clue, from_start = [], [], [], 0
    for atom, bit in bits.items():
        if atom.kind == "rule":
            if atom.name in numbers:
                set_by_rule.append(f"({numbers[atom.name]}, '{atom.value}', {1 << bit})")
        elif atom.value == "true":
            set_by_clue.append(f"('{atom.name}', {1 << bit})")
        else:
            from_start |= 1 << bit
            taken_by_clue.append(f"('{atom.name}', {1 << bit})")
    if not set_by_rule:
        return "SELECT 0 AS case_no, 0::HUGEINT AS mask WHERE FALSE"

    def clues(pairs: list[str]) -> str:
        values = ", ".join(pairs) or "('', 0)"
        return (
            f"SELECT case_no, bit_or(bit::HUGEINT) AS bits FROM clue_facts "
            f"JOIN (VALUES {values}) v(clue, bit) USING (clue) GROUP BY case_no"
        )

    rules = (
        "SELECT case_no, bit_or(bit::HUGEINT) AS bits FROM judged j "
        f"JOIN (VALUES {', '.join(set_by_rule)}) v(rule_no, outcome, bit) "
        "ON j.rule_no = v.rule_no AND j.outcome::VARCHAR = v.outcome GROUP BY case_no"
    )
    whole = f"""SELECT r.case_no, r.bits | coalesce(t.bits, 0) | ({from_start}::HUGEINT & ~coalesce(f.bits, 0::HUGEINT)) AS whole
        FROM ({rules}) r LEFT JOIN ({clues(set_by_clue)}) t USING (case_no)
        LEFT JOIN ({clues(taken_by_clue)}) f USING (case_no)"""
    number = "BIGINT" if len(component.atoms) <= 62 else "HUGEINT"
    cast = f"SELECT case_no, whole::{number} AS whole FROM ({whole})"
    return f"SELECT case_no, mask FROM (SELECT case_no, {essence_sql(component, 'whole')} AS mask FROM ({cast})) WHERE mask <> 0"
