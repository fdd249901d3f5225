"""The kind review_chain: the first review from the start, each next one from the last.

Part `first` is a deadline. For the others the chain is laid by a window over the review days of a case. Where
reviews are open (a day that may be no review, or a row that may be on any day) the few cases concerned are read up to
four ways:

- `sure`: only the days that surely are reviews;
- `best`: every day that may be one; `high`: the same from the first sure day on, so that nothing more is judged;
- `low`: the sure days and the earliest that may be the first review (only for `next`, which judges what follows).

Rows of unknown day fill gaps: a gap of g days needs ceil(g / interval) - 1 more reviews to be no gap.
"""

from dataclasses import dataclass

from omi_rules.checks.conditions import Condition, date_sql
from omi_rules.checks.kinds.deadlines import first_done, judge_sql
from omi_rules.checks.limits import read_limit
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import Judgement, agree_sql, named, population_sql, settle_sql
from omi_rules.checks.worlds import find_worlds
from omi_rules.rulebook.model import ReviewChain, Rule
from omi_rules.shapes import load_tables


@dataclass(frozen=True)
class _Chain:
    """What the layers of one chain's SQL share."""

    day: str
    table: str
    chosen: Condition
    as_at: str
    next_only: bool
    spare: str


def chain_sql(plan: Plan, rule: Rule, chain: ReviewChain) -> tuple[str, Judgement]:
    """A row a case."""
    judgement = Judgement(find_worlds(plan, rule))
    judgement.read(plan, [*rule.population.any_row, chain.reviews])
    value = read_limit(plan.rulebook.values[chain.every], "w.start_date", "w")
    step = f"({value.amount_sql()} * {7 if value.value.unit == 'weeks' else 1})"
    if chain.shorter_if_set:
        step = f"least({step}, w.{chain.shorter_if_set} * 7)"
    if chain.part == "first":
        sure, best = first_done(plan, judgement, chain.reviews, "w.start_date")
        due = f"w.start_date + {step}"
        return judge_sql(plan, rule, judgement, value.arm, due, sure, best, "FALSE", False, "missing")

    population = population_sql(plan, rule, judgement)
    if plan.plain:
        return agree_sql(_plain_sql(plan, chain, value.arm, step, population.sure), several=False), judgement
    shared = _shared(plan, chain)
    joined = "readings JOIN decided USING (case_no, step)"
    if rule.about_staff and plan.conditions.open("staff", chain.clock_from):
        # employed today, nothing is due yet; employed long ago, something was late: so it cannot be told
        judgement.doubts[f"staff.{chain.clock_from}"] = "w.start_date IS NULL"
        unknown = "CASE WHEN start_date IS NULL THEN 'unknown' ELSE decided END"
        joined = f"(SELECT * REPLACE ({unknown} AS decided) FROM {joined})"
    readings = f"""SELECT w.case_no, w.start_date, w.end_date, {population.sure} AS inside,
        {population.maybe} AS perhaps_inside, {value.arm} AS arm, {step} AS step, {shared.spare} AS spare,
        {judgement.bits_sql()} AS undecided {judgement.from_sql()}"""
    told = _open_sql(shared)
    settled = settle_sql(named(population, "inside", "perhaps_inside"), "decided")
    world = f"""WITH readings AS MATERIALIZED ({readings}),
        steps AS MATERIALIZED (SELECT DISTINCT case_no, start_date, end_date, step, spare FROM readings),
        {_reviews_sql(shared)}, {_told_sql(shared)}, decided AS MATERIALIZED ({told})
        SELECT case_no, outcome, arm, undecided,
            CASE WHEN outcome IN ('met', 'late', 'missing', 'due') THEN due_on END AS due_on,
            CASE WHEN outcome IN ('met', 'late') THEN done_on END AS done_on
        FROM (SELECT *, {settled} AS outcome FROM {joined})"""
    return agree_sql(world, judgement.worlds.several), judgement


def _plain_sql(plan: Plan, chain: ReviewChain, arm: str, step: str, inside: str) -> str:
    """A row a case where nothing is open: the chain is laid by the review before each."""
    chosen = plan.select(chain.reviews, "r").sure
    day = f"r.{load_tables()[chain.reviews.table].own_date}"
    judged = "later" if chain.part == "next" else "TRUE"
    late = f"{judged} AND day > due AND coalesce(end_date >= due, TRUE)"
    nothing = "WHEN last_day IS NULL THEN 'not_applicable' " if chain.part == "next" else ""
    return f"""WITH laid AS (
            SELECT w.case_no, w.end_date, {day} AS day, lag({day}) OVER chain AS before, before IS NOT NULL AS later,
                coalesce(before, w.start_date) + {step} AS due
            FROM {chain.reviews.table} r JOIN rule_frame w ON w.case_no = r.case_no AND {day} >= w.start_date
            WHERE {chosen} WINDOW chain AS (PARTITION BY w.case_no ORDER BY {day})
        ), read AS (
            SELECT case_no, max(day) AS last_day, max(due) FILTER ({judged}) AS last_due,
                coalesce(bool_or({judged} AND day <= due), FALSE) AS in_time,
                min(due) FILTER ({late}) AS late_due, min(day) FILTER ({late}) AS late_day
            FROM laid WHERE NOT later OR day > before GROUP BY case_no -- several on one day are one
        ), told AS (
            SELECT w.case_no, w.end_date, {inside} AS inside, {arm} AS arm, read.* EXCLUDE (case_no),
                coalesce(last_day, w.start_date) + {step} AS open_due
            FROM rule_frame w LEFT JOIN read ON read.case_no = w.case_no
        )
        SELECT case_no, outcome, arm, 0 AS undecided,
            CASE outcome WHEN 'late' THEN late_due WHEN 'met' THEN last_due WHEN 'not_applicable' THEN NULL
                ELSE open_due END AS due_on,
            CASE outcome WHEN 'late' THEN late_day WHEN 'met' THEN last_day END AS done_on
        FROM (SELECT *, CASE WHEN NOT inside THEN 'not_applicable' {nothing}
            WHEN {date_sql(plan.as_at)} > open_due AND coalesce(end_date >= open_due, TRUE) THEN 'missing'
            WHEN late_due IS NOT NULL THEN 'late' WHEN in_time THEN 'met'
            WHEN end_date < open_due THEN 'not_applicable' ELSE 'due' END AS outcome FROM told)"""


def _shared(plan: Plan, chain: ReviewChain) -> _Chain:
    table = chain.reviews.table
    chosen = plan.select(chain.reviews, "r")
    as_at = date_sql(plan.as_at)
    day = f"r.{load_tables()[table].own_date}"
    spare = []
    if plan.undated(table):
        undated = plan.facts.open_column(
            table, f"count(*) FILTER ({day} IS NULL AND ({chosen.maybe}))", day.removeprefix("r.")
        )
        spare.append(f"coalesce({undated}, 0)")
    if plan.short_of_rows(table):
        spare.append(plan.lost_rows(table))
    rows = f"CASE WHEN w.start_date <= {as_at} THEN {' + '.join(spare)} ELSE 0 END" if spare else "0"
    return _Chain(day, table, chosen, as_at, chain.part == "next", rows)


def _reviews_sql(shared: _Chain) -> str:
    """`reviews`: the review days since the start, several on one day being one. `asked`: who is read in which ways."""
    reviews = f"""reviews AS MATERIALIZED (
            SELECT r.case_no, {shared.day} AS day, bool_or({shared.chosen.sure}) AS surely
            FROM {shared.table} r JOIN cases c USING (case_no)
            WHERE ({shared.chosen.maybe}) AND {shared.day} >= c.start_date GROUP BY ALL)"""
    sure = "SELECT case_no, day, 'sure' AS reading FROM reviews WHERE surely"
    readings, days = "['best']", f"{sure} UNION ALL SELECT case_no, day, 'best' FROM reviews"
    if shared.next_only:
        readings = "['best', 'high', 'low']"
        days += """ UNION ALL SELECT case_no, day, 'high' FROM reviews LEFT JOIN (
                SELECT case_no, min(day) AS first_sure FROM reviews WHERE surely GROUP BY case_no) USING (case_no)
            WHERE coalesce(day >= first_sure, TRUE)
            UNION ALL (SELECT case_no, day, 'low' FROM reviews WHERE surely
            UNION SELECT case_no, CASE WHEN spare > 0 THEN start_date ELSE earliest END, 'low' FROM open_cases
            WHERE spare > 0 OR earliest IS NOT NULL)"""
    return f"""{reviews}, open_cases AS MATERIALIZED (
            SELECT DISTINCT case_no, start_date, spare, earliest
            FROM steps LEFT JOIN (SELECT case_no, min(day) AS earliest, NOT bool_and(surely) AS open
                                  FROM reviews GROUP BY case_no) USING (case_no)
            WHERE spare > 0 OR open),
        days AS ({days}),
        asked AS (SELECT *, 'sure' AS reading FROM steps
            UNION ALL SELECT *, unnest({readings}) FROM steps SEMI JOIN open_cases USING (case_no))"""


def _told_sql(shared: _Chain) -> str:
    """`told`: every reading with its outcome and dates, as if it were all there is."""
    judged = "day IS NOT NULL AND place > 1" if shared.next_only else "day IS NOT NULL"
    late = f"{judged} AND day > due AND coalesce(end_date >= due, TRUE)"
    gap = "(least(day, coalesce(end_date + 1, day)) - (due - step))"
    nothing = "WHEN last_day IS NULL THEN 'not_applicable' " if shared.next_only else ""
    return f"""laid AS (
            SELECT *, coalesce(lag(day) OVER chain, start_date) + step AS due, row_number() OVER chain AS place
            FROM asked LEFT JOIN days USING (case_no, reading)
            WINDOW chain AS (PARTITION BY case_no, step, reading ORDER BY day)
        ), read AS (
            SELECT case_no, step, reading, any_value(start_date) AS start_date, any_value(end_date) AS end_date,
                any_value(spare) AS spare, count(day) AS reviews, max(day) AS last_day,
                max(due) FILTER ({judged}) AS last_due, bool_or({judged} AND day <= due) AS in_time,
                min(due) FILTER ({late}) AS late_due, min(day) FILTER ({late}) AS late_day,
                coalesce(sum(ceil({gap} / step) - 1) FILTER ({late}), 0) AS needs,
                coalesce(max(day), any_value(start_date)) + step AS open_due
            FROM laid GROUP BY case_no, step, reading
        ), told AS MATERIALIZED (
            SELECT *, CASE outcome WHEN 'late' THEN late_due WHEN 'met' THEN last_due ELSE open_due END AS due,
                CASE outcome WHEN 'late' THEN late_day WHEN 'met' THEN last_day END AS done
            FROM (SELECT *, CASE {nothing}
                WHEN {shared.as_at} > open_due AND coalesce(end_date >= open_due, TRUE) THEN 'missing'
                WHEN late_due IS NOT NULL THEN 'late' WHEN in_time THEN 'met'
                WHEN end_date < open_due THEN 'not_applicable' ELSE 'due' END AS outcome FROM read)
        )"""


def _open_sql(shared: _Chain) -> str:
    """Keep of the sure reading what every way of placing the open reviews gives too."""
    low, high = ("l", "h") if shared.next_only else ("s", "b")
    # with no review on record, one of unknown day is only the first; the next may be due only after the end
    alone = "OR (free = 1 AND b.reviews = 0 AND s.end_date < s.start_date + s.step)" if shared.next_only else ""
    agreed = f"""CASE s.outcome
        WHEN 'missing' THEN free = 0 AND b.outcome = 'missing'
        WHEN 'late' THEN {high}.needs > free
        WHEN 'met' THEN {low}.outcome = 'met'
        WHEN 'due' THEN free = 0 AND b.reviews = s.reviews
        ELSE (free = 0 AND b.outcome = 'not_applicable' AND {low}.outcome = 'not_applicable') {alone} END"""
    # the last review and the one before it: no open review may come after or between
    same_due = f"""CASE s.outcome
        WHEN 'met' THEN s.due = b.due AND (free = 0
            OR (s.done = {shared.as_at} AND s.done - (s.due - s.step) <= 1)
            OR (s.done = s.start_date AND b.done = s.start_date AND free = 1))
        WHEN 'late' THEN free = 0 AND s.due = b.due AND s.due = {low}.due
        ELSE s.due = b.due END"""
    same_done = f"""CASE s.outcome
        WHEN 'met' THEN s.done = b.done AND (free = 0 OR s.done = {shared.as_at})
        ELSE free = 0 AND s.done = b.done AND s.done = {low}.done AND NOT s.broken END"""
    joins = "LEFT JOIN told b ON b.case_no = s.case_no AND b.step = s.step AND b.reading = 'best'"
    if shared.next_only:
        joins += """
            LEFT JOIN told h ON h.case_no = s.case_no AND h.step = s.step AND h.reading = 'high'
            LEFT JOIN told l ON l.case_no = s.case_no AND l.step = s.step AND l.reading = 'low'"""
    # rows of unknown day can be so many reviews more as there are days left
    free = f"least(s.spare, {shared.as_at} - s.start_date + 1 - b.reviews)"
    return f"""SELECT case_no, step, CASE WHEN certain OR agreed THEN outcome ELSE 'unknown' END AS decided,
            CASE WHEN certain OR same_due THEN due END AS due_on,
            CASE WHEN certain OR same_done THEN done END AS done_on
        FROM (SELECT s.*, b.case_no IS NULL AS certain, {free} AS free,
                  {agreed} AS agreed, {same_due} AS same_due, {same_done} AS same_done
              FROM ({_broken_sql()}) s {joins})"""


def _broken_sql() -> str:
    """The sure reading, and whether an open review lies between the day its late review was due and the day it came."""
    return """SELECT told.*, broken.case_no IS NOT NULL AS broken FROM told LEFT JOIN (
            SELECT DISTINCT t.case_no, t.step FROM told t JOIN reviews r USING (case_no)
            WHERE t.reading = 'sure' AND t.outcome = 'late' AND NOT r.surely AND r.day > t.due AND r.day < t.done
        ) broken ON broken.case_no = told.case_no AND broken.step = told.step
        WHERE reading = 'sure'"""
