"""Judge every case by every rule: compile, pass once over each table, and keep one row a case and rule."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import duckdb

from omi_rules.checks.chains import chain_sql
from omi_rules.checks.conditions import Conditions
from omi_rules.checks.days import create_calendar
from omi_rules.checks.deadlines import count_sql, deadline_sql
from omi_rules.checks.events import per_event_sql
from omi_rules.checks.first_rows import first_row_sql
from omi_rules.checks.latest_events import latest_event_sql
from omi_rules.checks.matches import matches_sql
from omi_rules.checks.paired import paired_sql
from omi_rules.checks.plan import Plan
from omi_rules.checks.triggers import high_roh_triggers_sql
from omi_rules.checks.verdict import Judgement, outcome_type_sql
from omi_rules.data.export import Export
from omi_rules.data.store import Store, run_together
from omi_rules.rulebook.model import (
    Count,
    Deadline,
    Matches,
    PerEvent,
    ReviewChain,
    Rule,
    Rulebook,
    Selection,
)

#: One row a case and rule: `arm` is the number of the value's arm, `undecided` a bit for each of the rule's doubts.
JUDGED = (
    "CREATE OR REPLACE TABLE judged(case_no INTEGER, rule_no SMALLINT, outcome outcome, due_on DATE, done_on DATE, "
    "arm TINYINT, undecided INTEGER)"
)


@dataclass(frozen=True)
class Judged:
    """What a run judged: the rules by number, the doubts of each, and those that could not run, with the fault."""

    plan: Plan
    rules: tuple[Rule, ...]
    doubts: Mapping[str, tuple[str, ...]]
    faults: Mapping[str, str]


def compile_rule(plan: Plan, rule: Rule) -> tuple[str, Judgement]:
    """The rule as SQL that gives one row a case."""
    require = rule.require
    if isinstance(require, Deadline):
        if require.first:
            return first_row_sql(plan, rule, require, require.first)
        return deadline_sql(plan, rule, require)
    if isinstance(require, ReviewChain):
        return chain_sql(plan, rule, require)
    if isinstance(require, PerEvent):
        if require.latest and isinstance(require.event, Selection):
            return latest_event_sql(plan, rule, require, require.event)
        return per_event_sql(plan, rule, require)
    if isinstance(require, Count):
        return count_sql(plan, rule, require)
    if isinstance(require, Matches):
        return matches_sql(plan, rule, require)
    return paired_sql(plan, rule, require)


def make_plan(store: Store, export: Export, rulebook: Rulebook) -> Plan:
    """What the compiler has to know about this export."""
    lost = {name for (name,) in store.execute("SELECT DISTINCT table_name FROM lost").fetchall()}
    return Plan(rulebook, export.as_at, Conditions(export.nulls, export.as_at), export.missing, frozenset(lost))


def judge(
    store: Store,
    export: Export,
    rulebook: Rulebook,
    rules: Sequence[Rule],
    progress: Callable[[str], None] = lambda _: None,
) -> Judged:
    """Fill the table `judged`. A rule that cannot run gives `error` for every case; the others go on."""
    plan = make_plan(store, export, rulebook)
    compiled: list[tuple[str, Judgement] | None] = []
    faults: dict[str, str] = {}
    for rule in rules:
        try:
            compiled.append(compile_rule(plan, rule))
        except Exception as error:  # noqa: BLE001 - a fault of one rule must not hide the others' results
            compiled.append(None)
            faults[rule.id] = f"{rule.file}: the rule could not be compiled ({type(error).__name__})"
    store.execute("DROP TYPE IF EXISTS outcome")
    store.execute(outcome_type_sql())
    store.execute(JUDGED)
    create_calendar(store, plan.offsets)
    asked = any(clue.high_roh_trigger_after_start for clue in rulebook.clues.values())
    if plan.uses_triggers or asked:
        for statement in high_roh_triggers_sql(plan):
            store.execute(statement)
    run_together(store, [partial(_pass_over, sql) for sql in plan.facts.passes_sql()])
    progress("applying the rules")
    work = [
        partial(_judge_rule, rule, number, query[0])
        for number, (rule, query) in enumerate(zip(rules, compiled, strict=True))
        if query is not None
    ]
    faults |= {rule: fault for rule, fault in run_together(store, work) if fault}
    for number, rule in enumerate(rules):
        if rule.id in faults:
            store.execute(f"INSERT INTO judged SELECT case_no, {number}, 'error', NULL, NULL, NULL, 0 FROM cases")
    doubts = {rule.id: query[1].labels() for rule, query in zip(rules, compiled, strict=True) if query is not None}
    return Judged(plan, tuple(rules), doubts, faults)


def _pass_over(statement: str, store: Store) -> None:
    """One shared pass. If it fails, so does every rule that would have read it, and each is named; no other does."""
    with suppress(duckdb.Error):
        store.execute(statement)


def _judge_rule(rule: Rule, number: int, query: str, store: Store) -> tuple[str, str]:
    """Judge every case by one rule; gives the rule's id, and its fault if it could not run."""
    try:
        store.execute(
            f"INSERT INTO judged SELECT case_no, {number}, outcome, due_on, done_on, arm, undecided FROM ({query})"
        )
    except duckdb.Error as error:
        return rule.id, f"{rule.file}: the rule could not be run ({type(error).__name__})"
    return rule.id, ""
