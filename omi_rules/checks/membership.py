"""Whom a population takes in, where no rule is judged: a question for an assessor, a quota of a sample."""

from omi_rules.checks.conditions import Condition, both, date_sql
from omi_rules.checks.date_tests import possible_sql
from omi_rules.checks.plan import Plan
from omi_rules.rulebook.model import Population, Selection


def membership(plan: Plan, population: Population) -> Condition:
    """Whether the case `c` is in the population: surely, and once empty cells are filled and lost rows are thought of.

    The population asks nothing of time itself: neither since when, nor for how long."""
    rows = (_has_row(plan, selection) for selection in population.any_row)
    return both([plan.conditions.tests("cases", population.tests, "c"), *rows])


def _has_row(plan: Plan, selection: Selection) -> Condition:
    chosen = plan.select(selection, "r")
    table = selection.table
    sure, maybe = (_exists_sql(table, holds) for holds in (chosen.sure, chosen.maybe))
    if table in plan.missing:
        return Condition("FALSE", "TRUE", (table,))
    if table not in plan.lost:
        return Condition(sure, maybe, chosen.doubts)
    lost = _exists_sql("lost", f"r.table_name = '{table}'")
    possible = possible_sql(selection, "c", date_sql(plan.as_at))
    return Condition(sure, f"{maybe} OR ({lost} AND {possible})", (*chosen.doubts, table))


def _exists_sql(table: str, holds: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} r WHERE r.case_no = c.case_no AND ({holds}))"
