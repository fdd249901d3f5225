"""The kind per_event where only the latest row is judged: all rows of its day together, and the worst of them counts.

Each row has one candidate for every way in which its empty cells may give it a due date. A row gives something from
its worst candidate to its best; the rows of the day together something from the worst of the worst to the worst of
the best, so that the outcome is certain where these two are the same. A row that may not be of the selection is left
out of the best, and if it may come after the sure ones it is the latest alone.
"""

from collections.abc import Iterator

from omi_rules.calendar.working_days import FIRST_DAY
from omi_rules.checks.conditions import date_sql, text_sql
from omi_rules.checks.date_tests import AS_AT
from omi_rules.checks.kinds.events import WORST_FIRST
from omi_rules.checks.limits import read_limit
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import Judgement, agree_sql, named, population_sql, settle_sql, timed_outcome_sql
from omi_rules.checks.worlds import find_worlds
from omi_rules.rulebook.model import Deadline, PerEvent, Rule, Selection
from omi_rules.shapes import load_tables


def latest_event_sql(plan: Plan, rule: Rule, require: PerEvent, event: Selection) -> tuple[str, Judgement]:
    """A row a case."""
    judgement = Judgement(find_worlds(plan, rule))
    judgement.read(plan, [*rule.population.any_row, event])
    _read_columns(plan, judgement, event, require.deadline)
    population = population_sql(plan, rule, judgement)
    judgement.join(plan.lost_join_sql(event.table, "w"))
    judgement.join(f"LEFT JOIN ({_cases_sql(plan, require.deadline, event)}) e ON e.case_no = w.case_no")
    own_date = str(load_tables()[event.table].own_date)
    nothing = WORST_FIRST.index("not_applicable")
    best, worst = f"coalesce(e.best, {nothing})", f"coalesce(e.worst, {nothing})"
    more = "coalesce(e.undated, FALSE)"
    if plan.short_of_rows(event.table):
        more = f"({more} OR {plan.lost_rows(event.table)} > 0)"
    if plan.short_of_rows(event.table) or plan.undated(event.table):
        # one row more may be the latest alone; on the last day that there can be it only joins the others
        done_with_it = require.deadline.done_column == own_date
        joined = WORST_FIRST.index("late" if done_with_it else "missing")
        best = f"CASE WHEN {more} AND coalesce(e.room, TRUE) THEN {nothing} ELSE {best} END"
        worst = f"CASE WHEN {more} THEN least({joined}, {worst}) ELSE {worst} END"
    words = ", ".join(f"'{word}'" for word in WORST_FIRST)
    readings = f"""SELECT w.case_no, {population.sure} AS inside, {population.maybe} AS perhaps_inside,
        CASE WHEN ({worst}) = ({best}) THEN [{words}][({worst}) + 1] ELSE 'unknown' END AS decided,
        CASE WHEN NOT {more} AND e.due_low = e.due_high THEN e.due_low END AS due,
        e.done, coalesce(e.outside, FALSE) AS outside, {judgement.bits_sql()} AS bits {judgement.from_sql()}"""
    settled = settle_sql(named(population, "inside", "perhaps_inside"), "decided")
    world = f"""SELECT case_no, outcome, NULL::INT AS arm,
            CASE WHEN outcome IN ('met', 'late', 'missing', 'due') THEN due END AS due_on,
            CASE WHEN outcome IN ('met', 'late') THEN done END AS done_on,
            bits | CASE WHEN outside THEN {judgement.calendar_bit()} ELSE 0 END AS undecided
        FROM (SELECT *, {settled} AS outcome FROM ({readings}))"""
    return agree_sql(world, judgement.worlds.several), judgement


def _clock(event: Selection, deadline: Deadline) -> str:
    return deadline.clock_column or str(load_tables()[event.table].own_date)


def _read_columns(plan: Plan, judgement: Judgement, event: Selection, deadline: Deadline) -> None:
    """The doubts about the columns that set the due date."""
    columns = [_clock(event, deadline), *([deadline.limits_by[0]] if deadline.limits_by else [])]
    own_date = load_tables()[event.table].own_date
    needed = f"r.{deadline.due_column} IS NULL AND " if deadline.due_column else ""
    for column in columns:
        if column != own_date and plan.conditions.open(event.table, column):
            asked = f"bool_or({needed}r.{column} IS NULL AND ({plan.select(event, 'r').maybe}))"
            fact = plan.facts.open_column(event.table, asked, column)
            judgement.doubts[f"{event.table}.{column}"] = f"coalesce({fact}, FALSE)"


def _rows_sql(plan: Plan, deadline: Deadline, event: Selection) -> str:
    """The rows of the last sure day and those that may come after it, each once for every code and day it may have."""
    table = load_tables()[event.table]
    chosen = plan.select(event, "r")
    day, as_at = f"r.{table.own_date}", date_sql(plan.as_at)
    last = f"least({', '.join([as_at, *_last_days(event)])})"
    due = f"r.{deadline.due_column}" if deadline.due_column else "NULL::DATE"
    clock, code = _clock(event, deadline), deadline.limits_by[0] if deadline.limits_by else ""
    rows = f"""SELECT r.case_no, r.row, {day} AS day, {chosen.sure} AS surely, c.end_date, {last} AS last,
            r.{deadline.done_column} AS done, {due} AS due_day, r.{clock} AS clock,
            {f"r.{code}::VARCHAR" if code else "NULL"} AS code,
            max({day}) FILTER ({chosen.sure}) OVER (PARTITION BY r.case_no) AS edge
        FROM {event.table} r JOIN cases c USING (case_no) WHERE {chosen.maybe}"""
    rows = f"SELECT * FROM ({rows}) WHERE day IS NULL OR edge IS NULL OR day >= edge"
    if code and plan.conditions.open(event.table, code):
        codes = ", ".join(text_sql(word) for word in table.column(code).codes)
        any_code = f"CASE WHEN code IS NULL AND due_day IS NULL THEN [{codes}] ELSE [code] END"
        rows = f"SELECT * REPLACE (unnest({any_code}) AS code) FROM ({rows})"
    if plan.conditions.open(event.table, clock):
        any_day = f"[{date_sql(FIRST_DAY)}, {as_at}]"
        any_day = f"CASE WHEN clock IS NULL AND due_day IS NULL THEN {any_day} ELSE [clock] END"
        rows = f"SELECT * REPLACE (unnest({any_day}) AS clock) FROM ({rows})"
    return rows


def _last_days(event: Selection) -> Iterator[str]:
    """The dates of the case `c` after which no such row can be."""
    table = load_tables()[event.table]
    for test in event.tests:
        of_case = test.other != AS_AT and not table.has(test.other)
        if test.column == table.own_date and test.operator in ("on_or_before", "before") and of_case:
            yield f"c.{test.other} - 1" if test.operator == "before" else f"c.{test.other}"


def _cases_sql(plan: Plan, deadline: Deadline, event: Selection) -> str:
    """One row a case: the ranks of the best and the worst that its latest rows may give, and the dates."""
    names = deadline.limits_by[1] if deadline.limits_by else ()
    due, never = "NULL", ""
    if deadline.limit:
        limit = read_limit(plan.rulebook.values[deadline.limit], "r.clock", "r")
        plan.offsets |= limit.offsets()
        due = limit.due_sql("r.clock", "k")
    elif names:
        limits = {code: read_limit(plan.rulebook.values[name], "r.clock", "r") for code, name in names}
        for each in limits.values():
            plan.offsets |= each.offsets()
        whens = " ".join(f"WHEN {text_sql(code)} THEN {each.due_sql('r.clock', 'k')}" for code, each in limits.items())
        due = f"CASE r.code {whens} END"
        codes = ", ".join(text_sql(code) for code in limits)
        never = f"WHEN due_day IS NULL AND code NOT IN ({codes}) THEN 'not_applicable' "
    ranks = " ".join(f"WHEN '{word}' THEN {rank}" for rank, word in enumerate(WORST_FIRST))
    timed = timed_outcome_sql("done", plan, grace=False)
    ranked = f"""SELECT *, CASE CASE {never}WHEN due IS NULL THEN 'unknown' ELSE {timed} END {ranks} END AS rank
        FROM (SELECT r.*, coalesce(r.due_day, {due})::DATE AS due
              FROM ({_rows_sql(plan, deadline, event)}) r LEFT JOIN calendar k ON k.day = r.clock)"""
    candidates = f"SELECT *, min(rank) OVER (PARTITION BY case_no) AS top FROM ({ranked})"
    each_row = f"""SELECT case_no, row, any_value(day) AS day, any_value(surely) AS surely, any_value(edge) AS edge,
            any_value(last) AS last, any_value(done) AS done, min(rank) AS worst, max(rank) AS best,
            any_value(top) AS top, min(due) FILTER (rank = top) AS due_low, max(due) FILTER (rank = top) AS due_high,
            bool_or(rank = {WORST_FIRST.index("unknown")}) AS outside
        FROM ({candidates}) GROUP BY case_no, row"""
    # the last sure day together; what may come after it is alone; before all that is surely there, there is nothing
    together = "surely AND day = edge"
    alone = f"NOT ({together}) AND day IS DISTINCT FROM edge AND day IS NOT NULL"
    decisive = "worst = top"
    return f"""SELECT case_no, min(worst) AS worst, bool_or(day IS NULL) AS undated, bool_or(outside) AS outside,
            greatest(CASE WHEN count(edge) = 0 THEN {WORST_FIRST.index("not_applicable")}
                ELSE min(best) FILTER ({together}) END, max(best) FILTER ({alone})) AS best,
            any_value(edge) < any_value(last) AS room,
            min(due_low) FILTER ({decisive}) AS due_low,
            greatest(min(due_high) FILTER ({decisive} AND best = top AND {together}),
                max(due_high) FILTER ({alone})) AS due_high,
            CASE WHEN min(done) FILTER ({decisive}) = max(done) FILTER ({decisive}) THEN min(done) FILTER ({decisive})
                WHEN bool_and(surely AND worst = best)
                    THEN arg_min(done, {{'due': due_low, 'row': row}}) FILTER ({decisive}) END AS done
        FROM ({each_row}) GROUP BY case_no"""
