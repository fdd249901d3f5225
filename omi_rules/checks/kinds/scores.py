"""Whether a number falls: every number of the last day lies below every number of the first."""

from omi_rules.checks.conditions import date_sql
from omi_rules.checks.kinds.possible import Possible, possible_outcome_sql
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import Judgement
from omi_rules.checks.worlds import find_worlds
from omi_rules.rulebook.model import Falls, Rule, Selection, Test
from omi_rules.shapes import load_tables


def falls_sql(plan: Plan, rule: Rule, falls: Falls) -> tuple[str, Judgement]:
    """A row a case. Fewer than two numbers are nothing to judge; numbers of one day alone do not fall."""
    judgement = Judgement(find_worlds(plan, rule))
    rows = Selection(falls.table, (Test(falls.column, "recorded"),))
    judgement.read(plan, [*rule.population.any_row, rows])
    day, number = f"r.{load_tables()[falls.table].own_date}", f"r.{falls.column}"
    dated = f"FILTER ({number} IS NOT NULL AND {day} IS NOT NULL)"
    pair = f"{{'day': {day}, 'number': {number}}}"
    # the least pair is the lowest number of the first day, the greatest the highest of the last
    first, last, count = (
        plan.facts.column(falls.table, f"{aggregate} {dated}")
        for aggregate in (f"min({pair})", f"max({pair})", "count(*)")
    )
    count = f"coalesce({count}, 0)"
    falling = f"coalesce({first}.day < {last}.day AND {last}.number < {first}.number, FALSE)"
    if plan.undated(falls.table) or plan.short_of_rows(falls.table):
        possible = _open(plan, falls, (first, last, count, falling), day)
    else:
        possible = Possible(f"({count} > 1 AND {falling})", f"({count} > 1 AND NOT {falling})", f"({count} < 2)")
    return possible_outcome_sql(plan, rule, judgement, possible)


def _open(plan: Plan, falls: Falls, dated: tuple[str, str, str, str], day: str) -> Possible:
    """The same where numbers of unknown day may come first or last, or lost ones may.

    Whatever does not help can be put between the first and the last day, or on that of the two where it does no harm.
    """
    first, last, count, falling = dated
    number = f"r.{falls.column}"
    floating, lowest, highest = "0", "NULL", "NULL"
    if plan.undated(falls.table):
        own_date = day.removeprefix("r.")
        floating, lowest, highest = (
            plan.facts.open_column(
                falls.table, f"{aggregate} FILTER ({day} IS NULL AND {number} IS NOT NULL)", own_date
            )
            for aggregate in ("count(*)", f"min({number})", f"max({number})")
        )
        floating = f"coalesce({floating}, 0)"
    lost = plan.lost_rows(falls.table)
    later = f"{last}.day < {date_sql(plan.as_at)}"
    enough = f"{count} + {floating} + {lost} > 1"
    meet = f"""({enough} AND ({lost} > 0 OR {falling} OR coalesce({last}.number < {highest}, FALSE)
        OR coalesce({later} AND {lowest} < {first}.number, FALSE)
        OR coalesce({lowest} < {highest} AND ({count} = 0 OR {later}), FALSE)))"""
    # one number of unknown day does no harm only if it lies between the last and the first
    between = f"coalesce({last}.number < {lowest} AND {lowest} < {first}.number, FALSE)"
    harmless = f"({falling} AND ({floating} = 0 OR {between}))"
    fail = f"({enough} AND ({lost} > 0 OR {floating} > 1 OR NOT {harmless}))"
    return Possible(meet, fail, f"({count} + {floating} < 2)")
