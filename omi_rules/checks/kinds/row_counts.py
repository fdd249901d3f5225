"""Conditions on how many rows there are: one at least, none at all, or not too many different values."""

from omi_rules.checks.kinds.possible import Possible, possible_outcome_sql
from omi_rules.checks.limits import read_limit
from omi_rules.checks.plan import Plan
from omi_rules.checks.presence import find_presence, outside_calendar
from omi_rules.checks.verdict import Judgement
from omi_rules.checks.worlds import find_worlds
from omi_rules.rulebook.model import Distinct, Presence, Rule, Selection


def presence_sql(plan: Plan, rule: Rule, presence: Presence) -> tuple[str, Judgement]:
    """A row a case: there is such a row, or there is none."""
    judgement = Judgement(find_worlds(plan, rule))
    judgement.read(plan, [*rule.population.any_row, *presence.selections])
    sure, maybe, outside = [], [], []
    for selection in presence.selections:
        there, _ = find_presence(plan, selection, "w")  # the judgement has joined the lost rows of what it read
        sure.append(there.sure)
        maybe.append(there.maybe)
        if beyond := outside_calendar(plan, selection):
            found = f"bool_or(({plan.select(selection, 'r').maybe}) AND ({beyond}))"
            outside.append(f"coalesce({plan.facts.column(selection.table, found)}, FALSE)")
    surely, perhaps = f"({' OR '.join(sure)})", f"({' OR '.join(maybe)})"
    meet, fail = (perhaps, f"NOT {surely}") if presence.of == "any" else (f"NOT {surely}", perhaps)
    possible = Possible(meet, fail, calendar=" OR ".join(outside))
    return possible_outcome_sql(plan, rule, judgement, possible)


def distinct_sql(plan: Plan, rule: Rule, distinct: Distinct) -> tuple[str, Judgement]:
    """A row a case: no more different values of a column than so many.

    An empty cell may hold a value that another row has, or one of its own; so may a lost row, or it never was.
    """
    judgement = Judgement(find_worlds(plan, rule))
    table, cell = distinct.table, f"r.{distinct.column}"
    judgement.read(plan, [*rule.population.any_row, Selection(table)])
    rows, values = (
        f"coalesce({plan.facts.column(table, aggregate)}, 0)" for aggregate in ("count(*)", f"count(DISTINCT {cell})")
    )
    fewest, most = values, values
    if plan.conditions.open(table, distinct.column):
        empty = plan.facts.open_column(table, f"count(*) FILTER ({cell} IS NULL)", distinct.column)
        judgement.doubts[f"{table}.{distinct.column}"] = f"coalesce({empty}, 0) > 0"
        fewest = f"greatest({values}, CASE WHEN {empty} > 0 THEN 1 ELSE 0 END)"
        most = f"({values} + coalesce({empty}, 0))"
    lost = plan.lost_rows(table)
    limit = read_limit(plan.rulebook.values[distinct.at_most], "w.start_date", "w").amount_sql()
    possible = Possible(
        f"({rows} + {lost} > 0 AND {fewest} <= {limit})", f"({most} + {lost} > {limit})", f"({rows} = 0)"
    )
    return possible_outcome_sql(plan, rule, judgement, possible)
