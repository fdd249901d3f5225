"""Whether in every full week of a row, such as a requirement, enough of other rows' numbers add up.

Each world is asked which outcomes are possible. A row that may not count is left out where that is worse; an empty
number is the least or the most that there can be. Rows of unknown day, and lost ones, can be put where they are needed,
but each on one day: so where the dated rows alone do not fill the weeks, it is tried how far the others go.
"""

from decimal import Decimal

from omi_rules.checks.conditions import date_sql
from omi_rules.checks.date_tests import asks_case, rows_sql
from omi_rules.checks.kinds.possible import Possible, possible_outcome_sql
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import Judgement
from omi_rules.checks.worlds import find_worlds
from omi_rules.rulebook.model import Rule, Selection, Test, Weekly
from omi_rules.shapes import load_tables

#: So many rows of unknown day are tried in every week; of more, it is only asked whether they add up to enough.
TRIED = 5
#: Numbers add up to enough to nine decimal places: a third of an hour, worked out by a program, is cut off at the 15th.
_ROUNDED_OFF = Decimal("0.0000000005")
_SUM = "DECIMAL(38, 15)"


def weekly_sql(plan: Plan, rule: Rule, weekly: Weekly) -> tuple[str, Judgement]:
    """A row a case. No full week is nothing to judge."""
    judgement = Judgement(find_worlds(plan, rule))
    begun = Selection(weekly.each.table, (*weekly.each.tests, Test(weekly.since, "recorded")))
    judgement.read(plan, [*rule.population.any_row, begun, weekly.rows])
    if _sum_is_open(plan, weekly):
        judgement.doubts[f"{weekly.rows.table}.{weekly.sum}"] = "coalesce(weeks.unsummed, FALSE)"
    judgement.join(f"LEFT JOIN ({_cases_sql(plan, weekly)}) weeks ON weeks.case_no = w.case_no")
    some, perhaps = "coalesce(weeks.some, FALSE)", "coalesce(weeks.perhaps, FALSE)"
    lost_each = f"{plan.lost_rows(weekly.each.table)} > 0" if plan.short_of_rows(weekly.each.table) else "FALSE"
    # a row that may not be there at all leaves it open whether there is anything to judge, filled or not
    meet = f"CASE WHEN {some} THEN weeks.filled ELSE {perhaps} END"
    return possible_outcome_sql(
        plan, rule, judgement, Possible(meet, f"(coalesce(weeks.short, FALSE) OR {lost_each})", f"(NOT {some})")
    )


def _sum_is_open(plan: Plan, weekly: Weekly) -> bool:
    """Whether some row that may count has no number; most rows of other kinds have none, and are no reason to ask."""
    among = "TRUE" if asks_case(weekly.rows.table, weekly.rows.tests) else plan.select(weekly.rows, "r").maybe
    return plan.conditions.open(weekly.rows.table, weekly.sum, among)


def _need(plan: Plan, weekly: Weekly) -> Decimal:
    return plan.rulebook.values[weekly.at_least].arms[0].amount - _ROUNDED_OFF


def _most(weekly: Weekly) -> int:
    return load_tables()[weekly.rows.table].column(weekly.sum).maximum or 10**6


def _each_sql(plan: Plan, weekly: Weekly) -> str:
    """The rows that weeks are counted from, with the number of their full weeks."""
    chosen = plan.select(weekly.each, "r")
    ends = [f"r.{weekly.until}"] if weekly.until else []
    end = ", ".join([*ends, "c.end_date", date_sql(plan.as_at)])
    return f"""SELECT *, ((until - since + 1) // 7)::INTEGER AS weeks FROM (
            SELECT r.case_no, r.row, r.{weekly.since} AS since, least({end}) AS until, {chosen.sure} AS surely
            FROM {weekly.each.table} r JOIN cases c USING (case_no)
            WHERE ({chosen.maybe}) AND r.{weekly.since} IS NOT NULL)
        WHERE until - since >= 6"""


def _offered_sql(plan: Plan, weekly: Weekly) -> str:
    """The rows that add up, each with the least and the most that it may count."""
    table = load_tables()[weekly.rows.table]
    chosen = plan.select(weekly.rows, "r")
    number = f"r.{weekly.sum}"
    low, high = number, number
    if _sum_is_open(plan, weekly):
        low, high = f"coalesce({number}, 0)", f"coalesce({number}, {_most(weekly)})"
    if not chosen.certain:
        low = f"CASE WHEN {chosen.sure} THEN {low} ELSE 0 END"
    source = rows_sql(table.name, weekly.rows.tests)
    return f"""SELECT r.case_no, r.{table.own_date} AS day, {low} AS low, {high} AS high, {number} IS NULL AS empty
        FROM {source} WHERE {chosen.maybe}"""


def _cases_sql(plan: Plan, weekly: Weekly) -> str:
    """What can be said of the weeks of each case that has some."""
    need = _need(plan, weekly)
    tries, tried, join = "", "", ""
    if plan.undated(weekly.rows.table) or plan.short_of_rows(weekly.rows.table):
        tries, tried = _tries_sql(plan, weekly, need), " OR coalesce(any_value(tried.filled), FALSE)"
        join = "LEFT JOIN tried USING (case_no)"
    unsummed = ""
    if _sum_is_open(plan, weekly):
        unsummed = ", any_value(empty) AS unsummed"
        join += " LEFT JOIN (SELECT case_no, bool_or(empty) AS empty FROM offered GROUP BY case_no) USING (case_no)"
    return f"""WITH RECURSIVE counted AS MATERIALIZED ({_each_sql(plan, weekly)}),
        offered AS MATERIALIZED (SELECT o.* FROM ({_offered_sql(plan, weekly)}) o SEMI JOIN counted USING (case_no)),
        by_week AS MATERIALIZED (
            SELECT case_no, row, ((day - since) // 7)::INTEGER AS week, sum(low) AS low, sum(high) AS high
            FROM counted JOIN offered USING (case_no) WHERE day >= since AND day < since + 7 * weeks
            GROUP BY case_no, row, week
        ), filled AS (
            SELECT case_no, row, count(*) FILTER (low >= {need}) AS surely_filled,
                count(*) FILTER (high >= {need}) AS maybe_filled
            FROM by_week GROUP BY case_no, row
        ){tries}
        SELECT case_no, bool_or(surely) AS some, TRUE AS perhaps,
            bool_or(coalesce(surely_filled, 0) < weeks) AS short,
            bool_and(coalesce(maybe_filled, 0) = weeks) FILTER (surely){tried} AS filled{unsummed}
        FROM counted LEFT JOIN filled USING (case_no, row) {join} GROUP BY case_no"""


def _tries_sql(plan: Plan, weekly: Weekly, need: Decimal) -> str:
    """`tried`: the cases whose rows of unknown day can fill the weeks that the dated ones leave short.

    A row is put on the first day of a week that is short: no other day is of more weeks that are.
    """
    lost = plan.lost_rows(weekly.rows.table)
    lost_cases = f"SELECT case_no FROM lost WHERE table_name = '{weekly.rows.table}'"
    floats = f"case_no IN (SELECT case_no FROM offered WHERE day IS NULL UNION {lost_cases})"
    if weekly.rows.table in plan.missing:
        floats = "TRUE"
    return f""", short AS (
            SELECT case_no, list(start ORDER BY start, gap, row) AS starts, list(gap ORDER BY start, gap, row) AS gaps,
                count(DISTINCT row) AS rows_short
            FROM (SELECT e.case_no, e.row, e.since + 7 * e.week::INTEGER AS start, {need} - coalesce(b.high, 0) AS gap
                  FROM (SELECT *, unnest(range(weeks))::INTEGER AS week FROM counted WHERE surely AND {floats}) e
                  LEFT JOIN by_week b ON b.case_no = e.case_no AND b.row = e.row AND b.week = e.week)
            WHERE gap > 0 GROUP BY case_no
        ), hard AS MATERIALIZED (
            SELECT s.*, least({lost}, len(starts)) AS lost,
                list_concat(coalesce(f.floats, []), list_transform(range(least({lost}, len(starts))),
                    lambda n: {_most(weekly)}::{_SUM})) AS floats
            FROM short s LEFT JOIN (
                SELECT case_no, list(high::{_SUM} ORDER BY high DESC) AS floats FROM offered
                WHERE day IS NULL AND high > 0 GROUP BY case_no) f USING (case_no)
            {plan.lost_join_sql(weekly.rows.table, "s")}
        ), tries AS (
            SELECT case_no, 0 AS used, gaps::{_SUM}[] AS rest FROM hard
            WHERE lost < len(starts) AND len(floats) BETWEEN 1 AND {TRIED} AND len(starts) <= rows_short * len(floats)
            UNION
            SELECT case_no, used + 1, list_transform(rest, lambda gap, n: CASE
                WHEN starts[pick] BETWEEN starts[n] AND starts[n] + 6 THEN greatest(gap - floats[used + 1], 0)
                ELSE gap END)::{_SUM}[]
            FROM (SELECT t.*, h.starts, h.floats, unnest(range(1, len(h.starts) + 1)) AS pick
                  FROM tries t JOIN hard h USING (case_no) WHERE used < len(h.floats))
            WHERE rest[pick] > 0
        ), tried AS (
            SELECT case_no, bool_or(filled) AS filled FROM (
                SELECT case_no, list_max(rest) <= 0 AS filled FROM tries
                UNION ALL
                SELECT case_no, lost >= len(starts) OR (len(floats) > {TRIED}
                    AND list_sum(floats) * rows_short >= list_sum(gaps)) FROM hard)
            GROUP BY case_no
        )"""
