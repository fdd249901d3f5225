"""The kind matches: a condition on the case, or on the latest, the first or every row of a selection.

Instead of two readings, each world is asked which outcomes are possible at all: met, not met, nothing to judge.
"""

from omi_rules.checks.conditions import FILLED, date_sql
from omi_rules.checks.date_tests import asks_case, first_possible_sql, last_possible_sql, rows_sql
from omi_rules.checks.kinds.possible import Possible, possible_outcome_sql
from omi_rules.checks.kinds.row_counts import distinct_sql, presence_sql
from omi_rules.checks.kinds.scores import falls_sql
from omi_rules.checks.kinds.weekly import weekly_sql
from omi_rules.checks.limits import read_limit
from omi_rules.checks.plan import Plan
from omi_rules.checks.presence import lost_sql, outside_calendar
from omi_rules.checks.verdict import Judgement
from omi_rules.checks.worlds import find_worlds
from omi_rules.rulebook.model import Distinct, Falls, Form, Matches, Presence, Rule, Selection, Tests
from omi_rules.shapes import load_tables


def form_sql(plan: Plan, rule: Rule, form: Form) -> tuple[str, Judgement]:
    """A row a case for any form of matches."""
    if isinstance(form, Presence):
        return presence_sql(plan, rule, form)
    if isinstance(form, Falls):
        return falls_sql(plan, rule, form)
    if isinstance(form, Distinct):
        return distinct_sql(plan, rule, form)
    return matches_sql(plan, rule, form) if isinstance(form, Matches) else weekly_sql(plan, rule, form)


def matches_sql(plan: Plan, rule: Rule, matches: Matches) -> tuple[str, Judgement]:
    """A row a case."""
    judgement = Judgement(find_worlds(plan, rule))
    judgement.read(plan, rule.population.any_row)
    if matches.rows is None:
        holds = _case_sql(plan, matches.satisfies)
        possible = Possible(holds, f"NOT ({holds})")
    else:
        judgement.read(plan, [matches.rows], (*matches.satisfies, *matches.where))
        judge = _every if matches.of == "every" else _one
        possible = judge(plan, judgement, matches, matches.rows)
    return possible_outcome_sql(plan, rule, judgement, possible)


def _case_sql(plan: Plan, tests: Tests) -> str:
    """Whether a world satisfies tests of the case, some with a named value as their bound."""
    parts = [FILLED.tests("cases", [test for test in tests if not test.value], "w").sure]
    for test in tests:
        if test.value:
            bound = read_limit(plan.rulebook.values[test.value], "w.start_date", "w").amount_sql()
            parts.append(f"w.{test.column} {'>=' if test.operator == 'at_least' else '<='} {bound}")
    return " AND ".join(f"({part})" for part in parts if part != "TRUE") or "TRUE"


def _every(plan: Plan, judgement: Judgement, matches: Matches, rows: Selection) -> Possible:
    """Whether every row may satisfy the tests, whether one may fail, and whether there may be no row at all."""
    chosen = plan.select(rows, "r")
    holds = plan.conditions.tests(rows.table, matches.satisfies, "r")
    outside = outside_calendar(plan, rows)
    found = {
        "some": f"bool_or({chosen.sure})",
        "fails": f"bool_or(({chosen.maybe}) AND NOT ({holds.sure}))",
        "surely_fails": f"bool_or(({chosen.sure}) AND NOT ({holds.maybe}))",
        "perhaps": f"bool_or(({chosen.maybe}) AND ({holds.maybe}))",
        "outside": f"bool_or(({chosen.maybe}) AND ({outside or 'FALSE'}))",
    }
    if outside:
        # nearly all rows are of the selection: it shares the pass over all rows
        every = {name: plan.facts.column(rows.table, aggregate) for name, aggregate in found.items()}
    else:
        # few rows of a large table are of the selection: chosen first, they need no place in that pass
        wanted = ", ".join(f"{aggregate} AS {name}" for name, aggregate in found.items())
        judgement.join(f"""LEFT JOIN (
            SELECT r.case_no, {wanted} FROM {rows_sql(rows.table, (*rows.tests, *matches.satisfies))}
            WHERE {chosen.maybe} GROUP BY r.case_no) every ON every.case_no = w.case_no""")
        every = {name: f"every.{name}" for name in found}
    lost = lost_sql(plan, rows, "w")
    return Possible(
        f"(NOT coalesce({every['surely_fails']}, FALSE) AND (coalesce({every['perhaps']}, FALSE) OR {lost}))",
        f"(coalesce({every['fails']}, FALSE) OR {lost})",
        f"(NOT coalesce({every['some']}, FALSE))",
        f"coalesce({every['outside']}, FALSE)" if outside else "",
    )


def _one(plan: Plan, judgement: Judgement, matches: Matches, rows: Selection) -> Possible:
    """The same for the latest (or first) row; of several on that day, all must satisfy, or all that are picked."""
    table = rows.table
    chosen = plan.select(rows, "r")
    holds = plan.conditions.tests(table, matches.satisfies, "r")
    picked = plan.conditions.tests(table, matches.where, "r")
    extreme, beyond = ("max", ">") if matches.of == "latest" else ("min", "<")
    day = f"r.{load_tables()[table].own_date}"
    # the edge is the last sure day; rows may stand on it, or beyond it, so that others decide
    at_edge = "day IS NOT DISTINCT FROM edge AND sure AND day IS NOT NULL"
    free = f"(edge IS NULL OR day {beyond} edge OR (day IS NULL AND room))"
    level = f"({free} OR day = edge OR day IS NULL)"
    lacks = (
        f""", bool_and(NOT picks) FILTER ({at_edge}) AS edge_lacks, bool_or({free} AND NOT picks) AS other_lacks"""
        if matches.where
        else ""
    )
    others = "".join(f", c.{test.other}" for test in rows.tests if test.other and asks_case(table, [test]))
    every_test = (*rows.tests, *matches.satisfies, *matches.where)
    judgement.join(f"""LEFT JOIN (
        SELECT case_no, bool_or(sure) AS some, bool_or({at_edge}) AS has_edge, any_value(edge) AS edge,
            bool_or({at_edge} AND picks AND NOT may_hold) AS edge_surely_fails,
            bool_or({free} AND may_pick AND may_hold) AS other_holds,
            bool_or({level} AND may_pick AND may_hold) AS level_holds,
            bool_or({level} AND may_pick AND NOT holds) AS level_fails{lacks}
        FROM (SELECT *, {_room_sql(plan, matches, rows, "edge", "r")} AS room
              FROM (SELECT r.case_no{others}, {day} AS day, {chosen.sure} AS sure,
                        {holds.sure} AS holds, {holds.maybe} AS may_hold, {picked.sure} AS picks,
                        {picked.maybe} AS may_pick,
                        {extreme}({day}) FILTER ({chosen.sure}) OVER (PARTITION BY r.case_no) AS edge
                    FROM {rows_sql(table, every_test)} WHERE {chosen.maybe}) r)
        GROUP BY case_no) one ON one.case_no = w.case_no""")
    lost = lost_sql(plan, rows, "w")
    beyond_edge = f"coalesce({_room_sql(plan, matches, rows, 'one.edge', 'w')}, TRUE)"
    edge_may_pass = "coalesce(one.has_edge AND NOT one.edge_surely_fails, FALSE)"
    can_lack = "NOT coalesce(one.some, FALSE)"
    if matches.where:
        can_lack += " OR coalesce(one.edge_lacks, FALSE) OR coalesce(one.other_lacks, FALSE)"
        can_lack += f" OR ({lost} AND {beyond_edge})"
    return Possible(
        f"(coalesce(one.other_holds, FALSE) OR ({edge_may_pass} AND one.level_holds) "
        f"OR ({lost} AND ({beyond_edge} OR {edge_may_pass})))",
        f"(coalesce(one.level_fails, FALSE) OR {lost})",
        f"({can_lack})",
    )


def _room_sql(plan: Plan, matches: Matches, rows: Selection, edge: str, case: str) -> str:
    """Whether a row of unknown day may stand beyond the edge: none is later than the as-at date."""
    if matches.of == "latest":
        return f"{edge} < {last_possible_sql(rows, case, date_sql(plan.as_at))}"
    first = first_possible_sql(rows, case)
    return f"{edge} > {first}" if first else "TRUE"
