"""The kind review_chain: the first review from the start, each next one from the last.

Part `first` is a deadline. For the others each case has three readings: the reviews that are sure; the same with an
open one as early as it may be (for `next`, which judges only what follows the first); and the most favourable, where
open rows fill the gaps. A gap of g days needs ceil(g / interval) - 1 more reviews to be no gap.
"""

from omi_rules.checks.conditions import date_sql
from omi_rules.checks.deadlines import judge_sql
from omi_rules.checks.limits import read_limit
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import Judgement, agree_sql, named, population_sql, settle_sql
from omi_rules.checks.worlds import find_worlds
from omi_rules.rulebook.model import ReviewChain, Rule
from omi_rules.shapes import load_tables


def chain_sql(plan: Plan, rule: Rule, chain: ReviewChain) -> tuple[str, Judgement]:
    """A row a case."""
    judgement = Judgement(find_worlds(plan, rule))
    judgement.read(plan, [*rule.population.any_row, chain.reviews])
    table = chain.reviews.table
    own_date = load_tables()[table].own_date
    chosen = plan.select(chain.reviews, "r")
    value = read_limit(plan.rulebook.values[chain.every], "w.start_date", "w")
    interval = f"({value.amount_sql()} * {7 if value.value.unit == 'weeks' else 1})"
    if chain.shorter_if_set:
        interval = f"least({interval}, w.{chain.shorter_if_set} * 7)"
    judgement.join_facts(table)

    def days(condition: str) -> str:
        return f"list(r.{own_date}) FILTER (({condition}) AND r.{own_date} >= c.start_date)"

    sure_fact = plan.facts.column(table, f"list_sort(list_distinct({days(chosen.sure)}))")
    sure_days = best_days = f"coalesce({sure_fact}, [])"
    if not chosen.certain or plan.undated(table):
        judgement.join_open(table)
    if not chosen.certain:
        extra = plan.facts.open_column(table, days(chosen.maybe))
        joined = f"list_sort(list_distinct(list_concat({sure_days}, {extra})))"
        best_days = f"(CASE WHEN {extra} IS NULL THEN {sure_days} ELSE {joined} END)"
    spare = []
    if plan.undated(table):
        undated = plan.facts.open_column(table, f"count(*) FILTER (r.{own_date} IS NULL AND ({chosen.maybe}))")
        spare.append(f"coalesce({undated}, 0)")
    if plan.short_of_rows(table):
        spare.append(plan.lost_rows(table))
    spare_rows = "0"
    if spare:
        spare_rows = f"CASE WHEN w.start_date <= {date_sql(plan.as_at)} THEN {' + '.join(spare)} ELSE 0 END"
    if chain.part == "first":
        best = f"{best_days}[1]"
        if spare:
            best = f"CASE WHEN {spare_rows} > 0 THEN w.start_date ELSE {best} END"
        due = f"w.start_date + {interval}"
        return judge_sql(
            plan, rule, judgement, value.arm, due, f"{sure_days}[1]", best, "FALSE", False, "missing"
        )

    population = population_sql(plan, rule, judgement)
    certain = chosen.certain and not spare
    readings = f"""SELECT w.case_no, w.start_date, w.end_date, {population.sure} AS inside,
        {population.maybe} AS perhaps_inside, {value.arm} AS arm, {interval} AS step,
        {sure_days} AS sure_days, {best_days} AS best_days, ({spare_rows}) AS spare,
        {judgement.bits_sql()} AS undecided {judgement.from_sql()}"""
    judged = _reading_sql(plan, chain, readings, "sure")
    outcome, due, done = "sure_outcome", "sure_due", "sure_done"
    if not certain:
        judged = _with_open_sql(plan, chain, judged)
        outcome = "CASE WHEN sure_outcome = low_end AND low_end = high_end THEN low_end ELSE 'unknown' END"
        settled_rows = "len(best_days) = len(sure_days) AND spare = 0"
        due, done = f"CASE WHEN {settled_rows} THEN {due} END", f"CASE WHEN {settled_rows} THEN {done} END"
    settled = settle_sql(named(population, "inside", "perhaps_inside"), "decided")
    world = f"""SELECT case_no, outcome, arm, undecided,
            CASE WHEN outcome IN ('met', 'late', 'missing', 'due') THEN due_on END AS due_on,
            CASE WHEN outcome IN ('met', 'late') THEN done_on END AS done_on
        FROM (SELECT *, {settled} AS outcome, {due} AS due_on, {done} AS done_on
              FROM (SELECT *, {outcome} AS decided FROM ({judged})))"""
    return agree_sql(world, judgement.worlds.several), judgement


def _steps_sql(days: str) -> str:
    """Each review of a list of days with the day it was due, and whether it was late (not if supervision ended first)."""
    due = f"(CASE WHEN i = 1 THEN start_date ELSE {days}[i - 1] END + step)"
    return (
        f"list_transform({days}, lambda d, i: {{'due': {due}, 'done': d, "
        f"'late': d > {due} AND coalesce(end_date >= {due}, TRUE), 'in_time': d <= {due}, "
        f"'needs': CASE WHEN d > {due} AND coalesce(end_date >= {due}, TRUE) "
        f"THEN {_needs_sql('d', f'({due} - step)')} ELSE 0 END}})"
    )


def _needs_sql(until: str, since: str) -> str:
    """How many more reviews would leave no gap between two days (or until supervision ended)."""
    return f"ceil((least({until}, coalesce(end_date + 1, {until})) - {since}) / step)::INT - 1"


def _overdue_sql(plan: Plan, due: str) -> str:
    return f"({date_sql(plan.as_at)} > {due} AND coalesce(end_date >= {due}, TRUE))"


def _reading_sql(plan: Plan, chain: ReviewChain, rows: str, name: str) -> str:
    """The rows with the outcome and dates of one reading: the reviews of the days `<name>_days`."""
    days, part = f"{name}_days", f"{name}_part"
    nothing = f"WHEN len({days}) = 0 THEN 'not_applicable' " if chain.part == "next" else ""
    steps = _steps_sql(days) + ("[2:]" if chain.part == "next" else "")
    laid = f"SELECT *, {steps} AS {part}, coalesce({days}[-1], start_date) + step AS {name}_open FROM ({rows})"
    late = (
        f"SELECT *, list_filter({part}, lambda x: x.late)[1] AS {name}_late, "
        f"len(list_filter({part}, lambda x: x.in_time)) > 0 AS {name}_some FROM ({laid})"
    )
    outcome = (
        f"CASE {nothing}WHEN {_overdue_sql(plan, f'{name}_open')} THEN 'missing' "
        f"WHEN {name}_late IS NOT NULL THEN 'late' WHEN {name}_some THEN 'met' "
        f"WHEN end_date < {name}_open THEN 'not_applicable' ELSE 'due' END"
    )
    return (
        f"SELECT *, CASE {name}_outcome WHEN 'late' THEN {name}_late.due WHEN 'met' THEN {part}[-1].due "
        f"ELSE {name}_open END AS {name}_due, "
        f"CASE {name}_outcome WHEN 'late' THEN {name}_late.done WHEN 'met' THEN {part}[-1].done END AS {name}_done "
        f"FROM (SELECT *, {outcome} AS {name}_outcome FROM ({late}))"
    )


def _with_open_sql(plan: Plan, chain: ReviewChain, judged: str) -> str:
    """Add `low_end` and `high_end`, the outcomes of the least and the most favourable filling."""
    as_at = date_sql(plan.as_at)
    low_days, high_days, nothing = "sure_days", "best_days", "WHEN FALSE THEN NULL "
    if chain.part == "next":
        # the least favourable first review is the earliest that may have been
        early = "CASE WHEN spare > 0 THEN start_date ELSE best_days[1] END"
        low_days = f"list_sort(list_distinct(list_append(sure_days, {early})))"
        high_days = "list_filter(best_days, lambda d: d >= sure_days[1] OR len(sure_days) = 0)"
        # with no sure review one open row makes the first, and only further ones can be judged
        nothing = (
            "WHEN len(sure_days) = 0 AND spare + len(best_days) <= 1 AND "
            "(spare + len(best_days) = 0 OR coalesce(end_date < coalesce(best_days[1], start_date) + step, FALSE)) "
            "THEN 'not_applicable' "
        )
    laid = f"SELECT *, {low_days} AS low_days, {high_days} AS high_days FROM ({judged})"
    both_read = _reading_sql(plan, chain, _reading_sql(plan, chain, laid, "low"), "high")
    needs = (
        "coalesce(list_sum(list_transform(high_part, lambda x: x.needs)), 0) + "
        f"CASE WHEN {_overdue_sql(plan, 'high_open')} THEN {_needs_sql(as_at, '(high_open - step)')} ELSE 0 END"
    )
    return f"""SELECT *, CASE {nothing}ELSE low_outcome END AS low_end,
            CASE {nothing}WHEN spare = 0 THEN high_outcome WHEN {needs} <= spare THEN 'met' ELSE 'late' END AS high_end
        FROM ({both_read})"""
