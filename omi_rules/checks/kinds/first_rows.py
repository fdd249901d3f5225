"""The kind exists where the clock starts with the first row of a selection, and something must follow it.

Where cells are open, the rows that may start the clock (`starts`) and those that may be what was done (`dones`) are
weighed together: one row cannot be both. The clock starts some day from `low` to `high`; with every row that may start
it, it can only start earlier. It is surely done if a sure row follows even the last of these days, and may be done if
any row may follow any other. Not done, each outcome holds for a span of due dates without a gap, so what is so at both
ends is so between.
"""

from omi_rules.calendar.working_days import FIRST_DAY
from omi_rules.checks.conditions import date_sql
from omi_rules.checks.limits import Limit, read_limit
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import Judgement, agree_sql, named, population_sql, settle_sql
from omi_rules.checks.worlds import find_worlds
from omi_rules.rulebook.model import Deadline, Rule, Selection
from omi_rules.shapes import load_tables


def first_row_sql(plan: Plan, rule: Rule, deadline: Deadline, first: Selection) -> tuple[str, Judgement]:
    """A row a case."""
    judgement = Judgement(find_worlds(plan, rule))
    (done,) = deadline.done
    judgement.read(plan, [*rule.population.any_row, first, done])
    population = population_sql(plan, rule, judgement)
    sides = {side: _limit(plan, judgement, deadline, side) for side in ("low", "high")}
    certain = _is_certain(plan, first) and _is_certain(plan, done)
    found = _certain_sql(plan, first, done) if certain else _open_sql(plan, first, done)
    judgement.joins.insert(0, f"LEFT JOIN ({found}) f ON f.case_no = w.case_no")
    dues = ", ".join(f"({limit.due_sql(f'f.{side}', side)})::DATE AS due_{side}" for side, limit in sides.items())
    readings = f"""SELECT w.case_no, w.end_date, {population.sure} AS inside, {population.maybe} AS perhaps_inside,
        coalesce(f.possible, FALSE) AS possible, f.sure, f.done, f.can_meet, f.differs, {dues},
        {sides["low"].arm} AS arm, {judgement.bits_sql()} AS bits {judgement.from_sql()}"""
    layers = f"""SELECT *, CASE WHEN NOT possible THEN 'not_applicable'
            WHEN due_low IS NULL OR due_high IS NULL THEN 'unknown'
            WHEN sure AND done IS NOT NULL THEN 'met' WHEN can_meet THEN 'unknown'
            WHEN as_low = as_high AND (sure OR as_low = 'not_applicable') THEN as_low ELSE 'unknown' END AS decided
        FROM (SELECT *, {_not_done_sql(plan, "due_low")} AS as_low, {_not_done_sql(plan, "due_high")} AS as_high
              FROM ({readings}))"""
    world = f"""SELECT case_no, outcome, arm,
            CASE WHEN outcome IN ('met', 'missing', 'due') AND due_low = due_high THEN due_low END AS due_on,
            CASE WHEN outcome = 'met' AND NOT differs THEN done END AS done_on,
            bits | CASE WHEN possible AND (due_low IS NULL OR due_high IS NULL) THEN {judgement.calendar_bit()}
                ELSE 0 END AS undecided
        FROM (SELECT *, {settle_sql(named(population, "inside", "perhaps_inside"), "decided")} AS outcome
              FROM ({layers}))"""
    return agree_sql(world, judgement.worlds.several), judgement


def _limit(plan: Plan, judgement: Judgement, deadline: Deadline, side: str) -> Limit:
    limit = read_limit(plan.rulebook.values[deadline.limit or ""], f"f.{side}", "w")
    plan.offsets |= limit.offsets()
    if limit.offsets():
        judgement.join(f"LEFT JOIN calendar {side} ON {side}.day = f.{side}")
    return limit


def _is_certain(plan: Plan, selection: Selection) -> bool:
    table = selection.table
    return plan.select(selection, "r").certain and not plan.undated(table) and not plan.short_of_rows(table)


def _not_done_sql(plan: Plan, due: str) -> str:
    return (
        f"CASE WHEN end_date < {due} THEN 'not_applicable' "
        f"WHEN {date_sql(plan.as_at)} > {due} THEN 'missing' ELSE 'due' END"
    )


def _rows_sql(plan: Plan, selection: Selection) -> str:
    chosen = plan.select(selection, "r")
    return f"""SELECT r.case_no, r.row, r.{load_tables()[selection.table].own_date} AS day, {chosen.sure} AS surely
        FROM {selection.table} r JOIN cases c USING (case_no) WHERE {chosen.maybe}"""


def _certain_sql(plan: Plan, first: Selection, done: Selection) -> str:
    starts = f"SELECT case_no, min(day) AS day FROM ({_rows_sql(plan, first)}) GROUP BY case_no"
    return f"""SELECT s.case_no, s.day AS low, s.day AS high, TRUE AS possible, TRUE AS sure, FALSE AS can_meet,
            FALSE AS differs, min(d.day) AS done
        FROM ({starts}) s LEFT JOIN ({_rows_sql(plan, done)}) d ON d.case_no = s.case_no AND d.day >= s.day
        GROUP BY ALL"""


def _open_sql(plan: Plan, first: Selection, done: Selection) -> str:
    as_at, long_ago = date_sql(plan.as_at), date_sql(FIRST_DAY)
    lost_starts, lost_dones = plan.lost_rows(first.table), plan.lost_rows(done.table)
    same = first.table == done.table
    both_lost = f"{lost_starts} > 1" if same else f"({lost_starts} > 0 AND {lost_dones} > 0)"
    other_row = "AND d.row <> s.row" if same else ""
    return f"""WITH starts AS MATERIALIZED ({_rows_sql(plan, first)}), dones AS MATERIALIZED ({_rows_sql(plan, done)}),
        spans AS (
            SELECT case_no, bool_or(surely) AS sure, min(coalesce(day, {long_ago})) AS low,
                CASE WHEN bool_or(surely) THEN coalesce(min(day) FILTER (surely), {as_at})
                    ELSE max(coalesce(day, {as_at})) END AS high
            FROM starts GROUP BY case_no
        ), follow AS MATERIALIZED (
            SELECT c.case_no, any_value(s.sure) AS sure, any_value(s.low) AS low, any_value(s.high) AS high,
                min(d.day) FILTER (d.surely AND d.day >= s.high) AS done, count(d.case_no) > 0 AS any_done,
                min(coalesce(d.day, {long_ago})) FILTER (d.case_no IS NOT NULL) AS first_done
            FROM cases c LEFT JOIN spans s USING (case_no) LEFT JOIN dones d USING (case_no) GROUP BY c.case_no
        ), pairs AS (
            SELECT case_no, bool_or(coalesce(d.day, {as_at}) >= start) AS can_meet,
                bool_or(coalesce(d.day >= start AND d.day < f.done, d.day IS NULL AND start < f.done)) AS differs
            FROM (SELECT *, coalesce(day, {long_ago}) AS start FROM starts) s
            JOIN dones d USING (case_no) JOIN follow f USING (case_no) WHERE TRUE {other_row} GROUP BY case_no)
        SELECT c.case_no, c.low IS NOT NULL OR {lost_starts} > 0 AS possible, coalesce(c.sure, FALSE) AS sure,
            CASE WHEN {lost_starts} > 0 THEN {long_ago} ELSE c.low END AS low,
            CASE WHEN {lost_starts} > 0 AND NOT coalesce(c.sure, FALSE) THEN {as_at} ELSE c.high END AS high,
            c.done, coalesce(p.can_meet, FALSE) OR {both_lost} OR (c.low IS NOT NULL AND {lost_dones} > 0)
                OR (any_done AND {lost_starts} > 0) AS can_meet,
            coalesce(p.differs, FALSE) OR {both_lost} OR ({lost_dones} > 0 AND c.low < c.done)
                OR ({lost_starts} > 0 AND coalesce(first_done < c.done, FALSE)) AS differs
        FROM follow c LEFT JOIN pairs p USING (case_no) {plan.lost_join_sql(first.table, "c")}
        {plan.lost_join_sql(done.table, "c") if not same else ""}"""
