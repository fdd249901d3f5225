"""The kind paired: every row of one selection has a partner in each of the others within some working days.

A partner of unknown day can stand near any row, but not near rows far apart at once: so it is counted how many such
partners the rows without one need at the least.
"""

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
    rows = _plain_rows_sql(plan, paired) if plan.plain else _rows_sql(plan, paired)
    judgement.join(f"LEFT JOIN ({rows}) p ON p.case_no = w.case_no")
    lost = f"{plan.lost_rows(paired.each.table)} > 0" if plan.short_of_rows(paired.each.table) else "FALSE"
    readings = f"""SELECT w.case_no, {population.sure} AS inside, {population.maybe} AS perhaps_inside,
        coalesce(p.must_fail, FALSE) AS must_fail, coalesce(p.can_fail, FALSE) OR {lost} AS can_fail,
        coalesce(p.can_wait, FALSE) OR {lost} AS can_wait,
        (coalesce(p.can_meet, {lost}) OR (coalesce(p.can_all, TRUE) AND {lost})) AS can_meet,
        NOT coalesce(p.has_row, FALSE) AS can_lack, {judgement.bits_sql()} AS undecided {judgement.from_sql()}"""
    outcome = (
        "CASE WHEN must_fail THEN 'not_met' "
        "WHEN can_meet::INT + can_fail::INT + can_wait::INT + can_lack::INT <> 1 THEN 'unknown' "
        "WHEN can_fail THEN 'not_met' WHEN can_meet THEN 'met' WHEN can_wait THEN 'due' ELSE 'not_applicable' END"
    )
    settled = settle_sql(named(population, "inside", "perhaps_inside"), "decided")
    world = f"""SELECT case_no, {settled} AS outcome, NULL::DATE AS due_on, NULL::DATE AS done_on,
        NULL::INT AS arm, undecided FROM (SELECT *, {outcome} AS decided FROM ({readings}))"""
    return agree_sql(world, judgement.worlds.several), judgement


def _plain_rows_sql(plan: Plan, paired: Paired) -> str:
    """The same where nothing is open: a row has its partners, or lacks one, and its time has passed or not."""
    value = plan.rulebook.values[paired.within]
    dated = _dated_sql(plan, paired.each, read_limit(value, "r.day", "c").due_sql("r.day", "k"))
    partners = []
    for partner in paired.partners:
        rows = _dated_sql(plan, partner, read_limit(value, "r.day", "c").due_sql("r.day", "k"))
        partners.append(f"""EXISTS (SELECT 1 FROM ({rows}) p WHERE p.case_no = e.case_no
            AND CASE WHEN p.day > e.day THEN e.until >= p.day ELSE p.until >= e.day END)""")
    as_at = date_sql(plan.as_at)
    return f"""SELECT case_no, TRUE AS has_row, bool_or(NOT meets AND {as_at} > until) AS must_fail,
            bool_or(NOT meets AND coalesce({as_at} > until, TRUE)) AS can_fail,
            bool_or(NOT meets AND coalesce({as_at} <= until, TRUE)) AS can_wait,
            bool_and(meets) AS can_all, bool_and(meets) AS can_meet
        FROM (SELECT case_no, until, {" AND ".join(partners)} AS meets FROM ({dated}) e) GROUP BY case_no"""


def _dated_sql(plan: Plan, selection: Selection, until: str) -> str:
    """The rows of a selection with their day, and the last day that is near enough to it."""
    table = load_tables()[selection.table]
    return f"""SELECT r.case_no, r.day, {until} AS until
        FROM (SELECT r.case_no, r.{table.own_date} AS day FROM {table.name} r
              WHERE {plan.select(selection, "r").sure}) r
        JOIN cases c USING (case_no) LEFT JOIN calendar k ON k.day = r.day"""


def _rows_sql(plan: Plan, paired: Paired) -> str:
    table = load_tables()[paired.each.table]
    own_date = f"r.{table.own_date}"
    as_at = date_sql(plan.as_at)
    each = plan.select(paired.each, "r")
    value = plan.rulebook.values[paired.within]
    limit = read_limit(value, own_date, "c")
    plan.offsets |= limit.offsets()
    rows = f"""SELECT c.case_no, r.row, {own_date} AS day, {each.sure} AS surely,
        ({limit.due_sql(own_date, "k")}) AS until
        FROM {table.name} r JOIN cases c USING (case_no) LEFT JOIN calendar k ON k.day = {own_date}
        WHERE {each.maybe}"""
    numbers = range(len(paired.partners))
    floating = [n for n in numbers if _floats(plan, paired.partners[n])]
    if floating:
        # a partner on the last day that is near enough to a row is near to all rows up to the day `reach`
        reach = read_limit(value, "r.last", "c").due_sql("r.last", "k")
        rows = f"""SELECT r.*, coalesce({reach}, {as_at}) AS reach
            FROM (SELECT *, least(until, {as_at}) AS last FROM ({rows})) r
            JOIN cases c USING (case_no) LEFT JOIN calendar k ON k.day = r.last"""
    for number, partner in enumerate(paired.partners):
        rows = _with_partner_sql(plan, paired, partner, rows, number)
    sure = " AND ".join(f"has{n}" for n in numbers)
    maybe = " AND ".join(f"may_have{n}" for n in numbers)
    passed = f"(day IS NULL OR until IS NULL OR {as_at} > until)"
    waiting = f"(day IS NULL OR until IS NULL OR {as_at} <= until)"
    each_row = f"""SELECT *, ({maybe}) AS row_meets, {passed} AND (day IS NULL OR NOT ({sure})) AS row_fails,
        {waiting} AND (day IS NULL OR NOT ({sure})) AS row_waits FROM ({rows})"""
    lists, too_far, too_late = _needs_sql(floating)
    return f"""SELECT case_no, has_row, can_fail, can_wait, must_fail{too_late} AS must_fail,
        can_all{too_far} AS can_all, can_all AND one_meets{too_far} AS can_meet
        FROM (SELECT case_no, bool_or(surely) AS has_row,
            bool_or(surely AND row_fails AND NOT row_meets AND NOT row_waits) AS must_fail,
            bool_or(row_fails) AS can_fail, bool_or(row_waits) AS can_wait,
            bool_and(row_meets OR NOT surely) AS can_all, bool_or(row_meets) AS one_meets{lists}
            FROM ({each_row}) GROUP BY case_no)"""


def _floats(plan: Plan, partner: Selection) -> bool:
    """Whether a case may have some partners of unknown day, and not as many as one likes."""
    short = plan.short_of_rows(partner.table) or plan.undated(partner.table)
    return short and partner.table not in plan.missing


def _needs_sql(floating: list[int]) -> tuple[str, str, str]:
    """The rows that need a partner of unknown day; whether all, or those past their time, need more than there are."""
    lists, too_far, too_late = "", "", ""
    for n in floating:
        alone = f"surely AND day IS NOT NULL AND spare{n} > 0 AND NOT near{n}"
        row = "list({'day': day, 'reach': reach, 'partners': 1} ORDER BY day)"
        lists += f""", any_value(spare{n}) AS spare{n}, {row} FILTER ({alone}) AS alone{n},
            {row} FILTER ({alone} AND row_fails AND NOT row_waits) AS late{n}"""
        too_far += f" AND coalesce({_partners_sql(f'alone{n}')} <= spare{n}, TRUE)"
        too_late += f" OR coalesce({_partners_sql(f'late{n}')} > spare{n}, FALSE)"
    return lists, too_far, too_late


def _partners_sql(rows: str) -> str:
    """The fewest partners that reach all of these rows: one as late as the first allows, then one for the next."""
    return (
        f"list_reduce({rows}, lambda a, b: CASE WHEN b.day <= a.reach THEN a "
        "ELSE {'day': b.day, 'reach': b.reach, 'partners': a.partners + 1} END).partners"
    )


def _with_partner_sql(plan: Plan, paired: Paired, partner: Selection, rows: str, number: int) -> str:
    """The rows with whether they have, and may have, a partner.

    It is near enough if the distance from the earlier of the two dates reaches the later.
    """
    table = load_tables()[partner.table]
    chosen = plan.select(partner, "p")
    day = f"p.{table.own_date}"
    limit = read_limit(plan.rulebook.values[paired.within], day, "c")
    near = f"CASE WHEN {day} > e.day THEN e.until >= {day} ELSE ({limit.due_sql(day, 'k')}) >= e.day END"
    undated = f"count(*) FILTER (({chosen.maybe}) AND p.case_no IS NOT NULL AND {day} IS NULL)"
    spare = f"{undated} + any_value({plan.lost_rows(table.name)})"
    return f"""SELECT *, near{number} OR (day IS NULL AND dated{number}) OR spare{number} > 0 AS may_have{number} FROM (
        SELECT e.*,
            coalesce(bool_or(({chosen.sure}) AND ({near})), FALSE) AS has{number},
            coalesce(bool_or(({chosen.maybe}) AND ({near})), FALSE) AS near{number},
            coalesce(bool_or(({chosen.maybe}) AND {day} IS NOT NULL), FALSE) AS dated{number},
            {spare} AS spare{number}
        FROM ({rows}) e LEFT JOIN {table.name} p ON p.case_no = e.case_no LEFT JOIN calendar k ON k.day = {day}
        {plan.lost_join_sql(table.name, "e")} GROUP BY ALL)"""
