"""Draw the conclusions of every case: patterns made distinct in SQL, reasoned about once each, and joined back."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from omi_rules.checks.clues import clue_sql, false_clue_sql
from omi_rules.checks.plan import Plan
from omi_rules.checks.run import Judged
from omi_rules.conclusions.facts import Atom, Component, essence_sql
from omi_rules.conclusions.plain import Derived
from omi_rules.conclusions.reason import Reasoner
from omi_rules.data.store import Store, create_from, run_together
from omi_rules.rulebook.model import ClueState


def draw_conclusions(
    store: Store, plan: Plan, judged: Judged, components: Sequence[Component], reasoner: Reasoner
) -> None:
    """Create `derived(case_no, drawn, flag)`, and `drawn` and `rests_on`, which say why each was drawn."""
    numbers = {rule.id: number for number, rule in enumerate(judged.rules)}
    _create_clues(store, plan, components, numbers)
    run_together(store, [partial(_create_patterns, component, numbers) for component in components])
    rows: list[Mapping[str, Any]] = []
    for component in components:
        found = store.execute(f"SELECT DISTINCT mask FROM patterns_{component.number} ORDER BY mask").fetchall()
        masks = [int(mask) for (mask,) in found]
        for mask, flags in zip(masks, reasoner.reason(component, masks), strict=True):
            rows += [_row(component, mask, derived) for derived in flags]
    _create_drawn(store, rows)
    joined = " UNION ALL ".join(
        f"SELECT case_no, drawn, flag FROM patterns_{component.number} p JOIN drawn d "
        f"ON d.component = {component.number} AND d.mask = p.mask"
        for component in components
    )
    nothing = "SELECT 0 AS case_no, 0 AS drawn, '' AS flag WHERE FALSE"
    store.execute(f"CREATE OR REPLACE TABLE derived AS {joined or nothing}")


def clues_of_case(store: Store, plan: Plan, judged: Judged) -> dict[str, ClueState]:
    """What the records say of each clue of the only case in the store."""
    numbers = {rule.id: number for number, rule in enumerate(judged.rules)}
    found: dict[str, ClueState] = {}
    for name, clue in plan.rulebook.clues.items():
        false = false_clue_sql(plan, clue, numbers)
        if store.execute(f"FROM ({clue_sql(plan, clue, numbers)})").fetchall():
            found[name] = "true"
        elif false is None:  # a form of clue that is never surely false
            found[name] = "not shown"
        else:
            found[name] = "false" if store.execute(f"FROM ({false})").fetchall() else "open"
    return found


def _create_patterns(component: Component, numbers: Mapping[str, int], store: Store) -> None:
    store.execute(f"CREATE OR REPLACE TABLE patterns_{component.number} AS {_patterns_sql(component, numbers)}")


def _create_drawn(store: Store, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create `drawn`, what follows from each pattern, and `rests_on`, the same with a row for each fact of it."""
    types = {
        "drawn": "INTEGER",
        "component": "SMALLINT",
        "mask": "HUGEINT",
        "flag": "VARCHAR",
        "because": "VARCHAR",
    }
    create_from(store, "drawn", types, [{"drawn": number, **row} for number, row in enumerate(rows)])
    store.execute("""CREATE OR REPLACE TABLE rests_on AS SELECT drawn, flag, b.rule AS rule, b.outcome AS outcome
        FROM (SELECT drawn, flag, unnest(from_json(because, '[{"rule": "VARCHAR", "outcome": "VARCHAR"}]')) AS b
              FROM drawn)""")


def _row(component: Component, mask: int, derived: Derived) -> Mapping[str, Any]:
    because = [{"rule": rule, "outcome": outcome} for rule, outcome in derived.because]
    return {
        "component": component.number,
        "mask": mask,
        "flag": derived.flag,
        "because": json.dumps(because, separators=(",", ":")),
    }


def _create_clues(store: Store, plan: Plan, components: Sequence[Component], numbers: Mapping[str, int]) -> None:
    store.execute("CREATE OR REPLACE TABLE clue_facts(case_no INTEGER, clue VARCHAR, value VARCHAR)")
    asked = {atom for component in components for atom in component.atoms if atom.kind == "clue"}
    work = []
    for atom in sorted(asked):
        write = clue_sql if atom.value == "true" else false_clue_sql
        query = write(plan, plan.rulebook.clues[atom.name], numbers)
        if query is not None:
            work.append(partial(_add_clue, atom, query))
    run_together(store, work)


def _add_clue(atom: Atom, query: str, store: Store) -> None:
    store.execute(f"INSERT INTO clue_facts SELECT case_no, '{atom.name}', '{atom.value}' FROM ({query})")


def _patterns_sql(component: Component, numbers: Mapping[str, int]) -> str:
    """The cases with a rule's outcome, or else a clue, that leads somewhere in the component, and the essence of their
    pattern."""
    by_rule, by_clue = [], []
    for atom, bit in component.bits.items():
        if atom.kind == "clue":
            by_clue.append(f"('{atom.name}', '{atom.value}', {1 << bit}::HUGEINT)")
        elif atom.name in numbers:
            by_rule.append(f"({numbers[atom.name]}, '{atom.value}'::outcome, {1 << bit}::HUGEINT)")
    rests_on_rules = all(condition.rules or condition.flags for condition in component.conditions)
    if not by_rule and (rests_on_rules or not by_clue):
        return "SELECT 0 AS case_no, 0::HUGEINT AS mask WHERE FALSE"
    parts = []
    if by_rule:
        parts.append(
            "SELECT case_no, bit_or(bit) AS bits, FALSE AS clues FROM judged "
            f"JOIN (VALUES {', '.join(by_rule)}) v(rule_no, outcome, bit) USING (rule_no, outcome) GROUP BY case_no"
        )
    if by_clue:
        parts.append(
            "SELECT case_no, bit_or(bit) AS bits, TRUE AS clues FROM clue_facts "
            f"JOIN (VALUES {', '.join(by_clue)}) v(clue, value, bit) USING (clue, value) GROUP BY case_no"
        )
    bits = " UNION ALL ".join(parts)
    # where every way needs a rule, clues alone lead nowhere, and make many patterns
    told = "HAVING NOT bool_and(clues)" if rests_on_rules else ""
    number = "BIGINT" if len(component.atoms) <= 62 else "HUGEINT"
    whole = f"SELECT case_no, bit_or(bits)::{number} AS whole FROM ({bits}) GROUP BY case_no {told}"
    masks = f"SELECT case_no, {essence_sql(component, 'whole')} AS mask FROM ({whole})"
    return f"SELECT case_no, mask FROM ({masks}) WHERE mask <> 0"
