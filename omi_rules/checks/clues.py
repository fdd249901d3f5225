"""Clues as SQL: facts that are no standard. A clue is true of a case only if surely so, and likewise false."""

from collections.abc import Mapping

from omi_rules.checks.conditions import date_sql, text_sql
from omi_rules.checks.plan import Plan
from omi_rules.rulebook.model import Clue, FirstReviewAfter, FirstReviewWithin, Selection
from omi_rules.shapes import load_tables


def clue_sql(plan: Plan, clue: Clue, numbers: Mapping[str, int]) -> str:
    """The cases of which the clue is surely true; `numbers` are the rules' numbers in `judged`."""
    if clue.case:
        return f"SELECT case_no FROM cases c WHERE {plan.conditions.tests('cases', clue.case, 'c').sure}"
    if clue.any_row:
        chosen = plan.select(clue.any_row, "r").sure
        return f"SELECT DISTINCT r.case_no FROM {clue.any_row.table} r WHERE {chosen}"
    if clue.latest:
        return _latest_sql(plan, clue, clue.latest)
    if clue.first_review_within:
        return _within_sql(plan, clue.first_review_within)
    if clue.first_review_after:
        return _after_sql(plan, clue.first_review_after)
    if clue.rule:
        rule, outcomes = clue.rule
        words = ", ".join(text_sql(word) for word in outcomes)
        return f"SELECT case_no FROM judged WHERE rule_no = {numbers.get(rule, -1)} AND outcome IN ({words})"
    if clue.high_roh_trigger_after_start:
        return """SELECT case_no FROM high_roh_triggers JOIN high_roh_rows USING (case_no) JOIN cases USING (case_no)
            WHERE roh_level IS NOT NULL GROUP BY case_no HAVING bool_and(trigger > high_roh_rows.start_date)"""
    end = f"least(coalesce(end_date, {date_sql(plan.as_at)}), {date_sql(plan.as_at)})"
    return f"SELECT case_no FROM cases WHERE {end} - start_date > {clue.supervision_longer_than or 0}"


def false_clue_sql(plan: Plan, clue: Clue, numbers: Mapping[str, int]) -> str | None:
    """The cases of which the clue is surely false; None for a form of clue that is never surely false."""
    if clue.case:
        return f"SELECT case_no FROM cases c WHERE NOT ({plan.conditions.tests('cases', clue.case, 'c').maybe})"
    if clue.any_row:
        perhaps = plan.select(clue.any_row, "r").maybe
        rows = f"SELECT r.case_no FROM {clue.any_row.table} r WHERE {perhaps}"
        whole = _whole(plan, clue.any_row.table).replace("r.case_no", "c.case_no")
        return f"SELECT case_no FROM cases c WHERE c.case_no NOT IN ({rows}) AND {whole}"
    if clue.rule and clue.rule[0] in numbers:
        words = ", ".join(text_sql(word) for word in (*clue.rule[1], "unknown", "error"))
        number = numbers[clue.rule[0]]
        return f"SELECT case_no FROM judged WHERE rule_no = {number} AND outcome NOT IN ({words})"
    if clue.supervision_longer_than is not None:
        return f"SELECT case_no FROM cases WHERE case_no NOT IN ({clue_sql(plan, clue, numbers)})"
    return None


def _whole(plan: Plan, table: str) -> str:
    """A case is told only if none of its rows of the table is lost."""
    if table in plan.missing:
        return "FALSE"
    if table in plan.lost:
        return f"r.case_no NOT IN (SELECT case_no FROM lost WHERE table_name = {text_sql(table)})"
    return "TRUE"


def _latest_sql(plan: Plan, clue: Clue, rows: Selection) -> str:
    """All rows of the last day satisfy the tests, and no undated or doubtful row could be later."""
    day = f"r.{load_tables()[rows.table].own_date}"
    chosen = plan.select(rows, "r")
    holds = plan.conditions.tests(rows.table, clue.satisfies, "r").sure
    return f"""SELECT case_no FROM (
            SELECT r.case_no, {day} AS day, {chosen.sure} AS sure, {holds} AS holds,
                max({day}) FILTER ({chosen.sure}) OVER (PARTITION BY r.case_no) AS last_day
            FROM {rows.table} r WHERE ({chosen.maybe}) AND {_whole(plan, rows.table)})
        WHERE day IS NULL OR day >= last_day
        GROUP BY case_no HAVING bool_and(holds) AND bool_or(sure)"""


def _within_sql(plan: Plan, clue: FirstReviewWithin) -> str:
    return f"""SELECT case_no FROM ({_first_sql(plan, clue.reviews, "reviewed")})
        JOIN ({_first_sql(plan, clue.of, "assessed")}) USING (case_no)
        WHERE reviewed > assessed AND reviewed <= assessed + {clue.weeks * 7}"""


def _after_sql(plan: Plan, clue: FirstReviewAfter) -> str:
    return f"""SELECT case_no FROM ({_first_sql(plan, clue.reviews, "reviewed")}) JOIN cases USING (case_no)
        WHERE reviewed > start_date + {clue.weeks * 7}"""


def _first_sql(plan: Plan, selection: Selection, name: str) -> str:
    """The first day of such rows on or after the start, of the cases of which it is sure."""
    day = f"r.{load_tables()[selection.table].own_date}"
    chosen = plan.select(selection, "r")
    return f"""SELECT r.case_no, min({day}) AS {name} FROM {selection.table} r JOIN cases c USING (case_no)
        WHERE ({chosen.maybe}) AND ({day} IS NULL OR {day} >= c.start_date) AND {_whole(plan, selection.table)}
        GROUP BY r.case_no HAVING bool_and({chosen.sure} AND {day} IS NOT NULL)"""
