"""The kind paired: every row of one selection has a partner in each of the others within some working days."""

from omi_rules.checks.conditions import date_sql
from omi_rules.checks.limits import read_limit
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import Judgement, agree_sql, named, population_sql, settle_sql
from omi_rules.checks.worlds import find_worlds
from omi_rules.rulebook.model import Paired, Rule, Selection
from omi_rules.shapes import load_tables


def paired_sql(plan: Plan, rule: Rule, paired: Paired) -> tuple[str, Judgement]:
    """A row a case: which outcomes are possible for its rows together."""
    judgement = Judgement(find_worlds(plan, rule))
    judgement.read(plan, [*rule.population.any_row, paired.each, *paired.partners])
    population = population_sql(plan, rule, judgement)
    judgement.join(f"LEFT JOIN ({_rows_sql(plan, paired)}) p ON p.case_no = w.case_no")
    lost = f"{plan.lost_rows(paired.each.table)} > 0" if plan.short_of_rows(paired.each.table) else "FALSE"
    readings = f"""SELECT w.case_no, {population.sure} AS inside, {population.maybe} AS perhaps_inside,
        coalesce(p.must_fail, FALSE) AS must_fail, coalesce(p.can_fail, FALSE) OR {lost} AS can_fail,
        coalesce(p.can_wait, FALSE) OR {lost} AS can_wait,
        (coalesce(p.can_meet, {lost}) OR (coalesce(p.can_all, TRUE) AND {lost})) AS can_meet,
        NOT coalesce(p.some, FALSE) AS can_lack, {judgement.bits_sql()} AS undecided {judgement.from_sql()}"""
    outcome = (
        "CASE WHEN must_fail THEN 'not_met' "
        "WHEN can_meet::INT + can_fail::INT + can_wait::INT + can_lack::INT <> 1 THEN 'unknown' "
        "WHEN can_fail THEN 'not_met' WHEN can_meet THEN 'met' WHEN can_wait THEN 'due' ELSE 'not_applicable' END"
    )
    settled = settle_sql(named(population, "inside", "perhaps_inside"), "decided")
    world = f"""SELECT case_no, {settled} AS outcome, NULL::DATE AS due_on, NULL::DATE AS done_on,
        NULL::INT AS arm, undecided FROM (SELECT *, {outcome} AS decided FROM ({readings}))"""
    return agree_sql(world, judgement.worlds.several), judgement


def _rows_sql(plan: Plan, paired: Paired) -> str:
    table = load_tables()[paired.each.table]
    each = plan.select(paired.each, "r")
    limit = read_limit(plan.rulebook.values[paired.within], f"r.{table.own_date}", "c")
    plan.offsets |= limit.offsets()
    rows = f"""SELECT c.case_no, r.row, r.{table.own_date} AS day, {each.sure} AS surely,
        ({limit.due_sql(f"r.{table.own_date}", "k")}) AS until
        FROM {table.name} r JOIN cases c USING (case_no) LEFT JOIN calendar k ON k.day = r.{table.own_date}
        WHERE {each.maybe}"""
    for number, partner in enumerate(paired.partners):
        rows = _with_partner_sql(plan, paired, partner, rows, number)
    numbers = range(len(paired.partners))
    sure = " AND ".join(f"has{n}" for n in numbers)
    maybe = " AND ".join(f"may_have{n}" for n in numbers)
    passed = f"(day IS NULL OR until IS NULL OR {date_sql(plan.as_at)} > until)"
    waiting = f"(day IS NULL OR until IS NULL OR {date_sql(plan.as_at)} <= until)"
    each_row = f"""SELECT *, ({maybe}) AS row_meets, {passed} AND (day IS NULL OR NOT ({sure})) AS row_fails,
        {waiting} AND (day IS NULL OR NOT ({sure})) AS row_waits FROM ({rows})"""
    return f"""SELECT case_no, bool_or(surely) AS some,
        bool_or(surely AND row_fails AND NOT row_meets AND NOT row_waits) AS must_fail,
        bool_or(row_fails) AS can_fail,
        bool_or(row_waits) AS can_wait,
        bool_and(row_meets OR NOT surely) AS can_all,
        bool_and(row_meets OR NOT surely) AND bool_or(row_meets) AS can_meet
        FROM ({each_row}) GROUP BY case_no"""


def _with_partner_sql(plan: Plan, paired: Paired, partner: Selection, rows: str, number: int) -> str:
    """The rows with whether they have, and may have, a partner: the earlier of the two dates and the distance reach the later."""
    table = load_tables()[partner.table]
    chosen = plan.select(partner, "p")
    day = f"p.{table.own_date}"
    limit = read_limit(plan.rulebook.values[paired.within], day, "c")
    near = f"CASE WHEN {day} > e.day THEN e.until >= {day} ELSE ({limit.due_sql(day, 'k')}) >= e.day END"
    anywhen = f"({chosen.maybe}) AND p.case_no IS NOT NULL AND {day} IS NULL"
    lost = f" OR any_value({plan.lost_rows(table.name)}) > 0" if plan.short_of_rows(table.name) else ""
    return f"""SELECT e.*,
        coalesce(bool_or(({chosen.sure}) AND ({near})), FALSE) AS has{number},
        coalesce(bool_or(({chosen.maybe}) AND (({near}) OR e.day IS NULL)), FALSE)
            OR coalesce(bool_or({anywhen}), FALSE){lost} AS may_have{number}
        FROM ({rows}) e LEFT JOIN {table.name} p ON p.case_no = e.case_no LEFT JOIN calendar k ON k.day = {day}
        {plan.lost_join_sql(table.name, "e")} GROUP BY ALL"""
