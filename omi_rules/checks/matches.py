"""The kind matches: a condition on the case, or on the latest, the first or every row of a selection.

Instead of two readings, each world is asked which outcomes are possible at all: met, not met, nothing to judge.
"""

from omi_rules.checks.conditions import FILLED, date_sql
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import Judgement, agree_sql, named, population_sql, settle_sql
from omi_rules.checks.worlds import find_worlds
from omi_rules.rulebook.model import Matches, Rule, Selection
from omi_rules.shapes import load_tables


def matches_sql(plan: Plan, rule: Rule, matches: Matches) -> tuple[str, Judgement]:
    """A row a case."""
    judgement = Judgement(find_worlds(plan, rule))
    judgement.read(plan, rule.population.any_row)
    population = population_sql(plan, rule, judgement)
    if matches.rows is None:
        holds = FILLED.tests("cases", matches.satisfies, "w").sure
        can_meet, can_fail, can_lack = holds, f"NOT ({holds})", "FALSE"
    else:
        judgement.read(plan, [Selection(matches.rows.table, (*matches.rows.tests, *matches.satisfies))])
        can_meet, can_fail, can_lack = (
            _every(plan, judgement, matches, matches.rows)
            if matches.of == "every"
            else _one(plan, judgement, matches, matches.rows)
        )
    excluded = FILLED.tests("cases", rule.excluded.tests, "w").sure if rule.excluded else "FALSE"
    readings = f"""SELECT w.case_no, {population.sure} AS inside, {population.maybe} AS perhaps_inside,
        {excluded} AS taken_out, {can_meet} AS can_meet, {can_fail} AS can_fail, {can_lack} AS can_lack,
        {judgement.bits_sql()} AS undecided {judgement.from_sql()}"""
    outcome = (
        "CASE WHEN taken_out THEN 'excluded' "
        "WHEN can_meet::INT + can_fail::INT + can_lack::INT <> 1 THEN 'unknown' "
        "WHEN can_meet THEN 'met' WHEN can_fail THEN 'not_met' ELSE 'not_applicable' END"
    )
    settled = settle_sql(named(population, "inside", "perhaps_inside"), "decided")
    world = f"""SELECT case_no, {settled} AS outcome, NULL::DATE AS due_on, NULL::DATE AS done_on,
        NULL::INT AS arm, undecided FROM (SELECT *, {outcome} AS decided FROM ({readings}))"""
    return agree_sql(world, judgement.worlds.several), judgement


def _lost(plan: Plan, table: str) -> str:
    return f"{plan.lost_rows(table)} > 0" if plan.short_of_rows(table) else "FALSE"


def _every(plan: Plan, judgement: Judgement, matches: Matches, rows: Selection) -> tuple[str, str, str]:
    """Whether every row may satisfy the tests, whether one may fail, and whether there may be no row at all."""
    table = rows.table
    chosen = plan.select(rows, "r")
    holds = plan.conditions.tests(table, matches.satisfies, "r")
    # few rows of a large table are of the selection: chosen first, they need no place in the pass over all rows
    judgement.join(f"""LEFT JOIN (
        SELECT r.case_no, bool_or({chosen.sure}) AS some, bool_or(NOT ({holds.sure})) AS fails,
            bool_or(({chosen.sure}) AND NOT ({holds.maybe})) AS surely_fails, bool_or({holds.maybe}) AS perhaps
        FROM {table} r WHERE {chosen.maybe} GROUP BY r.case_no) every ON every.case_no = w.case_no""")
    lost = _lost(plan, table)
    can_meet = f"(NOT coalesce(every.surely_fails, FALSE) AND (coalesce(every.perhaps, FALSE) OR {lost}))"
    can_fail = f"(coalesce(every.fails, FALSE) OR {lost})"
    return can_meet, can_fail, "(NOT coalesce(every.some, FALSE))"


def _one(plan: Plan, judgement: Judgement, matches: Matches, rows: Selection) -> tuple[str, str, str]:
    """The same for the latest (or first) row; of several on that day, all must satisfy."""
    table = rows.table
    own_date = load_tables()[table].own_date
    chosen = plan.select(rows, "r")
    holds = plan.conditions.tests(table, matches.satisfies, "r")
    extreme, beyond = ("max", ">") if matches.of == "latest" else ("min", "<")
    day = f"r.{own_date}"
    # the last sure day; rows on it, and the rows that may stand beyond it
    at_limit = "r.day IS NOT DISTINCT FROM r.edge AND r.sure AND r.day IS NOT NULL"
    # an open row may stand on the far side of the edge, so that others decide; no row is later than the as-at date
    room = f"one.edge < {date_sql(plan.as_at)}" if matches.of == "latest" else "TRUE"
    free = f"(r.edge IS NULL OR r.day {beyond} r.edge OR (r.day IS NULL AND {room.replace('one.', 'r.')}))"
    level = f"({free} OR r.day = r.edge OR r.day IS NULL)"
    judgement.join(f"""LEFT JOIN (
        SELECT case_no,
            bool_or(sure) AS some,
            bool_or({at_limit} AND NOT holds) AS edge_fails,
            bool_or({at_limit} AND NOT may_hold) AS edge_surely_fails,
            bool_or({at_limit}) AS has_edge, any_value(edge) AS edge,
            bool_or({free} AND may_hold) AS other_holds,
            bool_or({level} AND NOT holds) AS other_fails
        FROM (SELECT r.case_no, {day} AS day, {chosen.sure} AS sure, {holds.sure} AS holds, {holds.maybe} AS may_hold,
                  {extreme}({day}) FILTER ({chosen.sure}) OVER (PARTITION BY r.case_no) AS edge
              FROM {table} r WHERE {chosen.maybe}) r
        GROUP BY case_no) one ON one.case_no = w.case_no""")
    lost = _lost(plan, table)
    can_meet = (
        "(coalesce(one.has_edge AND NOT one.edge_surely_fails, FALSE) "
        f"OR coalesce(one.other_holds, FALSE) OR ({lost} AND coalesce({room}, TRUE)))"
    )
    can_fail = f"(coalesce(one.edge_fails OR one.other_fails, FALSE) OR {lost})"
    return can_meet, can_fail, "(NOT coalesce(one.some, FALSE))"
