"""The kinds deadline, exists and count: one duty a case, due on one day.

Each gives a world two readings of the day it was done: `sure`, with every open row left out, and `best`, with every
open row as early as it may have been. The outcome is decided where both readings give it.
"""

from omi_rules.checks.conditions import FILLED, date_sql
from omi_rules.checks.limits import read_limit
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import (
    Judgement,
    agree_sql,
    named,
    population_sql,
    settle_sql,
    timed_outcome_sql,
)
from omi_rules.checks.worlds import TRIGGERS, find_worlds, uses_high_at_start, uses_trigger
from omi_rules.rulebook.model import DAYS_BEFORE, Count, Deadline, Rule, Selection
from omi_rules.shapes import load_tables

#: No record is older.
LONG_AGO = "DATE '1950-01-01'"


def window_sql(deadline: Deadline, trigger: str, case: str) -> str:
    """The first day on which work counts."""
    match deadline.window:
        case "trigger":
            return trigger
        case "before_trigger":
            return f"{trigger} - {DAYS_BEFORE}"
        case "before_start":
            if trigger == f"{case}.start_date":
                return f"{trigger} - {DAYS_BEFORE}"
            return f"CASE WHEN {trigger} = {case}.start_date THEN {trigger} - {DAYS_BEFORE} ELSE {trigger} END"
        case "start":
            return f"{case}.start_date"
        case "any_time":
            return LONG_AGO


def first_done(plan: Plan, judgement: Judgement, selection: Selection, opens: str) -> tuple[str, str]:
    """The first row of a selection since the day the window opens, as (sure, best); `opens` is of the world `w`."""
    table = selection.table
    own_date = load_tables()[table].own_date
    chosen = plan.select(selection, "r")
    day = f"r.{own_date}"
    judgement.join(plan.lost_join_sql(table, "w"))
    if "w.trigger" in opens and not plan.plain:
        judgement.join(_trigger_join_sql(plan, selection, opens))
        name = f"since_{table}"
        sure, perhaps, undated = f"{name}.sure", f"{name}.perhaps", f"{name}.undated"
    else:
        since = opens.replace("w.", "c.")
        sure = plan.facts.column(table, f"min({day}) FILTER (({chosen.sure}) AND {day} >= {since})")
        perhaps = sure
        if not chosen.certain:
            open_day = plan.facts.open_column(
                table, f"min({day}) FILTER (({chosen.maybe}) AND {day} >= {since})", *chosen.doubts
            )
            perhaps = f"least({sure}, {open_day})"
        undated = (
            plan.facts.open_column(table, f"bool_or({day} IS NULL AND ({chosen.maybe}))", str(own_date))
            if plan.undated(table)
            else "FALSE"
        )
    anywhen = []
    if plan.undated(table):
        anywhen.append(f"coalesce({undated}, FALSE)")
    if plan.short_of_rows(table):
        anywhen.append(f"{plan.lost_rows(table)} > 0")
    if not anywhen:
        return sure, perhaps
    as_at = date_sql(plan.as_at)
    if opens == LONG_AGO and plan.undated(table):
        # no day is too early, so that an undated row was surely done, at the latest on the as-at date
        surely = plan.facts.open_column(table, f"bool_or({day} IS NULL AND ({chosen.sure}))", str(own_date))
        sure = f"least({sure}, CASE WHEN {surely} THEN {as_at} END)"
    early = f"CASE WHEN ({' OR '.join(anywhen)}) AND {opens} <= {as_at} THEN {opens} END"
    return sure, f"least({perhaps}, {early})"


def nth_done(plan: Plan, judgement: Judgement, selection: Selection, opens: str, times: int) -> tuple[str, str]:
    """The day of the row that makes it so many, as (sure, best); `opens` is a day of the case."""
    table = selection.table
    own_date = str(load_tables()[table].own_date)
    chosen = plan.select(selection, "r")
    inside = f"r.{own_date} >= {opens.replace('w.', 'c.')}"
    judgement.join(plan.lost_join_sql(table, "w"))
    days = plan.facts.column(table, f"list_sort(list(r.{own_date}) FILTER (({chosen.sure}) AND {inside}))")
    sure = f"{days}[{times}]"
    best_days, more = days, []
    if not chosen.certain:
        perhaps = f"({chosen.maybe}) AND NOT ({chosen.sure}) AND {inside}"
        extra = plan.facts.open_column(table, f"list(r.{own_date}) FILTER ({perhaps})", *chosen.doubts)
        best_days = f"list_sort(list_concat({days}, {extra}))"
    if plan.undated(table):
        undated = f"count(*) FILTER (r.{own_date} IS NULL AND ({chosen.maybe}))"
        more.append(f"coalesce({plan.facts.open_column(table, undated, own_date)}, 0)")
    if plan.short_of_rows(table):
        more.append(plan.lost_rows(table))
    if not more:
        return sure, f"{best_days}[{times}]"
    left = f"({times} - ({' + '.join(more)}))"
    best = f"CASE WHEN {left} <= 0 THEN {opens} ELSE {best_days}[{left}] END"
    return sure, f"CASE WHEN {opens} > {date_sql(plan.as_at)} THEN {sure} ELSE {best} END"


def _trigger_join_sql(plan: Plan, selection: Selection, opens: str) -> str:
    """The first rows since each possible trigger, for the few cases that have one."""
    table = selection.table
    own_date = load_tables()[table].own_date
    chosen = plan.select(selection, "r")
    since = opens.replace("w.", "t.")
    return f"""LEFT JOIN (
        SELECT t.case_no, t.trigger,
            min(r.{own_date}) FILTER (({chosen.sure}) AND r.{own_date} >= {since}) AS sure,
            min(r.{own_date}) FILTER (({chosen.maybe}) AND r.{own_date} >= {since}) AS perhaps,
            bool_or(({chosen.maybe}) AND r.{own_date} IS NULL) AS undated
        FROM (SELECT * FROM high_roh_triggers JOIN cases USING (case_no)) t JOIN {table} r ON r.case_no = t.case_no
        GROUP BY t.case_no, t.trigger) since_{table}
        ON since_{table}.case_no = w.case_no AND since_{table}.trigger = w.trigger"""


def deadline_sql(plan: Plan, rule: Rule, deadline: Deadline) -> tuple[str, Judgement]:
    """A row a case for a deadline or exists rule."""
    worlds = find_worlds(plan, rule)
    judgement = Judgement(worlds)
    judgement.read(plan, [*rule.population.any_row, *deadline.done])
    if uses_trigger(rule) or uses_high_at_start(plan, rule):
        read_trigger(plan, judgement)
    trigger = TRIGGERS[deadline.trigger or "start"]
    limit = read_limit(plan.rulebook.values[deadline.limit or ""], trigger, "w")
    plan.offsets |= limit.offsets()
    opens = window_sql(deadline, trigger, "w")
    if deadline.times > 1:
        firsts = [nth_done(plan, judgement, selection, opens, deadline.times) for selection in deadline.done]
    else:
        firsts = [first_done(plan, judgement, selection, opens) for selection in deadline.done]
    sure, best = (_all_done_sql([first[reading] for first in firsts]) for reading in (0, 1))
    if limit.offsets():
        judgement.join(f"LEFT JOIN calendar k ON k.day = {trigger}")
    once = FILLED.tests("cases", deadline.met_at_once, "w").sure if deadline.met_at_once else "FALSE"
    due = limit.due_sql(trigger, "k")
    return judge_sql(plan, rule, judgement, limit.arm, due, sure, best, once, deadline.grace, "missing")


def _all_done_sql(firsts: list[str]) -> str:
    """The day on which the last of several duties was first done; NULL while one is not."""
    if len(firsts) == 1:
        return firsts[0]
    done = " AND ".join(f"({first}) IS NOT NULL" for first in firsts)
    return f"CASE WHEN {done} THEN greatest({', '.join(firsts)}) END"


def read_trigger(plan: Plan, judgement: Judgement) -> None:
    """The doubts about the trigger of high Risk of Harm."""
    judgement.read(plan, [Selection("roh_assessments")])
    if plan.conditions.open("roh_assessments", "level"):
        fact = plan.facts.open_column("roh_assessments", "bool_or(r.level IS NULL)", "level")
        judgement.doubts["roh_assessments.level"] = f"coalesce({fact}, FALSE)"


def judge_sql(
    plan: Plan,
    rule: Rule,
    judgement: Judgement,
    arm: str,
    due: str,
    sure: str,
    best: str,
    once: str,
    grace: bool,
    failed: str,
) -> tuple[str, Judgement]:
    """A row a case, from the SQL of its due date and of the day it was done, in both readings."""
    population = population_sql(plan, rule, judgement)
    excluded = FILLED.tests("cases", rule.excluded.tests, "w").sure if rule.excluded else "FALSE"
    readings = f"""SELECT w.case_no, w.end_date, {population.sure} AS inside, {population.maybe} AS perhaps_inside,
        {excluded} AS taken_out, {once} AS once, {arm} AS arm, ({due})::DATE AS due,
        ({sure})::DATE AS sure, ({best})::DATE AS best, {judgement.bits_sql()} AS bits {judgement.from_sql()}"""
    outcomes = f"SELECT *, {timed_outcome_sql('sure', plan, grace, failed)} AS as_sure"
    decided = "as_sure"
    if sure != best:
        outcomes += f", {timed_outcome_sql('best', plan, grace, failed)} AS as_best"
        decided = "CASE WHEN as_sure = as_best THEN as_sure ELSE 'unknown' END"
    decided = (
        f"CASE WHEN taken_out THEN 'excluded' WHEN once THEN 'met' WHEN due IS NULL THEN 'unknown' ELSE {decided} END"
    )
    layers = f"SELECT *, {decided} AS decided FROM ({outcomes} FROM ({readings}))"
    settled = settle_sql(named(population, "inside", "perhaps_inside"), "decided")
    carries = "'met', 'late', 'missing', 'due'" + (", 'not_met'" if failed == "not_met" else "")
    world = f"""SELECT case_no, outcome, arm,
            CASE WHEN outcome IN ({carries}) THEN due END AS due_on,
            CASE WHEN outcome IN ('met', 'late') AND NOT once AND sure IS NOT DISTINCT FROM best THEN sure
                END AS done_on,
            bits | CASE WHEN due IS NULL THEN {judgement.calendar_bit()} ELSE 0 END AS undecided
        FROM (SELECT *, {settled} AS outcome FROM ({layers}))"""
    return agree_sql(world, judgement.worlds.several), judgement


def count_sql(plan: Plan, rule: Rule, count: Count) -> tuple[str, Judgement]:
    """A row a case: enough rows in the first days from the start; done on the day of the row that makes it enough."""
    worlds = find_worlds(plan, rule)
    judgement = Judgement(worlds)
    judgement.read(plan, [*rule.population.any_row, count.rows])
    table = count.rows.table
    own_date = load_tables()[table].own_date
    chosen = plan.select(count.rows, "r")
    window = plan.rulebook.values[count.within_first]
    length = window.arms[0].amount * (7 if window.unit == "weeks" else 1)
    inside = f"r.{own_date} >= c.start_date AND r.{own_date} < c.start_date + {length}"
    judgement.join(plan.lost_join_sql(table, "w"))
    minimum = read_limit(plan.rulebook.values[count.at_least], "w.start_date", "w")
    enough = minimum.amount_sql()
    sure_days = plan.facts.column(table, f"list_sort(list(r.{own_date}) FILTER (({chosen.sure}) AND {inside}))")
    sure = f"{sure_days}[{enough}]"
    best_days, open_rows = sure_days, []
    if not chosen.certain:
        perhaps = f"({chosen.maybe}) AND NOT ({chosen.sure}) AND {inside}"
        extra = plan.facts.open_column(table, f"list(r.{own_date}) FILTER ({perhaps})", *chosen.doubts)
        best_days = f"CASE WHEN {extra} IS NULL THEN {sure_days} ELSE list_sort(list_concat({sure_days}, {extra})) END"
        best_days = f"({best_days})"
    if plan.undated(table):
        undated = plan.facts.open_column(
            table, f"count(*) FILTER (r.{own_date} IS NULL AND ({chosen.maybe}))", str(own_date)
        )
        open_rows.append(f"coalesce({undated}, 0)")
    if plan.short_of_rows(table):
        open_rows.append(plan.lost_rows(table))
    best = f"{best_days}[{enough}]"
    if open_rows:
        left = f"({enough} - ({' + '.join(open_rows)}))"
        best = (
            f"CASE WHEN w.start_date > {date_sql(plan.as_at)} THEN {sure} "
            f"WHEN {left} <= 0 THEN w.start_date ELSE {best_days}[{left}] END"
        )
    due = f"w.start_date + {length - 1}"
    return judge_sql(plan, rule, judgement, minimum.arm, due, sure, best, "FALSE", False, "not_met")
