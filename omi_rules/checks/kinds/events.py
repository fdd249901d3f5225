"""The kind per_event: a deadline for each triggering row, each decided by itself; the case gets the worst."""

from omi_rules.calendar.working_days import add_working_days
from omi_rules.checks.conditions import Condition, date_sql
from omi_rules.checks.kinds.answered import answered_sql, is_open
from omi_rules.checks.kinds.deadlines import LONG_AGO, read_trigger
from omi_rules.checks.kinds.failures import ABSENCES, INSTIGATIONS, failures_sql
from omi_rules.checks.limits import read_limit
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import Judgement, named, population_sql, settle_sql, timed_outcome_sql
from omi_rules.checks.worlds import find_worlds, uses_high_at_start
from omi_rules.rulebook.model import Deadline, PerEvent, Rule, Selection
from omi_rules.shapes import load_tables

#: From the worst outcome of an event to the least.
WORST_FIRST = ("missing", "late", "not_met", "unknown", "due", "met", "excluded", "not_applicable")
_RANK = "CASE outcome " + " ".join(f"WHEN '{word}' THEN {rank}" for rank, word in enumerate(WORST_FIRST)) + " END"


def per_event_sql(plan: Plan, rule: Rule, require: PerEvent) -> tuple[str, Judgement]:
    """A row a case."""
    judgement = Judgement(find_worlds(plan, rule))
    deadline = require.deadline
    derived = isinstance(require.event, str)
    read = [ABSENCES, INSTIGATIONS] if isinstance(require.event, str) else [require.event]
    judgement.read(plan, [*rule.population.any_row, *read, *deadline.done])
    if deadline.from_failure:
        judgement.read(plan, [ABSENCES])
    if uses_high_at_start(plan, rule):
        read_trigger(plan, judgement)
    _read_tests(plan, judgement, require)
    events = failures_sql(plan) if isinstance(require.event, str) else _rows_sql(plan, require, require.event)
    found = _with_done_sql(plan, deadline, events)
    limit = read_limit(plan.rulebook.values[deadline.limit], "w.day", "w") if deadline.limit else None
    calendar = ""
    due, arm = "w.due_day", "NULL::INT"
    if limit:
        plan.offsets |= limit.offsets()
        arm = limit.arm
        due = limit.due_sql("w.day", "k")
        calendar = "LEFT JOIN calendar k ON k.day = w.day" if limit.offsets() else ""
        if deadline.due_column:
            due = f"coalesce(w.due_day, {due})"
            arm = f"CASE WHEN w.due_day IS NULL THEN {arm} END"
    population = population_sql(plan, rule, judgement)
    worlds = judgement.worlds
    judgement.worlds = type(worlds)(
        f"(SELECT w.*, e.* EXCLUDE (case_no) FROM {worlds.sql} JOIN ({found}) e USING (case_no)) w",
        worlds.filled,
        # an event whose clock may have started on several days stands there with the first and the last
        worlds.several or (deadline.from_failure and is_open(plan)),
    )
    judgement.join(calendar)
    sure, best = _readings(plan, judgement, deadline)
    readings = f"""SELECT w.case_no, w.row, w.end_date, w.day, w.surely, w.out_sure, w.out_maybe,
        w.also_sure, w.also_maybe,
        {population.sure} AS inside, {population.maybe} AS perhaps_inside, {arm} AS arm, ({due})::DATE AS due,
        ({sure})::DATE AS sure, ({best})::DATE AS best, {judgement.bits_sql()} AS bits {judgement.from_sql()}"""
    settled = settle_sql(named(population, "inside", "perhaps_inside"), "decided")
    world = f"SELECT *, {settled} AS outcome FROM ({_decided_sql(plan, deadline, sure == best, readings)})"
    judged = [_each_event_sql(world, judgement, limit is not None)]
    for selection in [] if derived else read:
        judged += _lost_events_sql(plan, rule, selection, judgement)
    worst = _plain_worst_sql(judged[0]) if plan.plain else _worst_sql(" UNION ALL ".join(judged))
    return _every_case_sql(worst), judgement


def _read_tests(plan: Plan, judgement: Judgement, require: PerEvent) -> None:
    """What is asked of the event's own row beside whether it is one."""
    tests = (*(require.excluded.tests if require.excluded else ()), *require.deadline.also)
    if tests and isinstance(require.event, Selection):
        judgement.read(plan, [require.event], tests)


def _rows_sql(plan: Plan, require: PerEvent, event: Selection) -> str:
    own_date = load_tables()[event.table].own_date
    chosen = plan.select(event, "r")
    out = (
        plan.conditions.tests(event.table, require.excluded.tests, "r")
        if require.excluded
        else Condition("FALSE", "FALSE")
    )
    deadline = require.deadline
    columns = f", r.{deadline.due_column} AS due_day" if deadline.due_column else ""
    columns += f", r.{deadline.done_column} AS done_day" if deadline.done_column else ""
    also = plan.conditions.tests(event.table, deadline.also, "r")
    columns = f""", {chosen.sure} AS surely, {out.sure} AS out_sure, {out.maybe} AS out_maybe,
        {also.sure} AS also_sure, {also.maybe} AS also_maybe{columns}"""
    if deadline.from_failure:
        return answered_sql(plan, event, columns)
    own_day = deadline.clock_column or own_date
    day = f"r.{own_day}" if own_day else "c.start_date"
    return f"""SELECT r.case_no, r.row, {day} AS day{columns}
        FROM {event.table} r JOIN cases c USING (case_no) WHERE {chosen.maybe}"""


def _with_done_sql(plan: Plan, deadline: Deadline, events: str) -> str:
    """Each event with the first qualifying rows on or after it."""
    columns = "e.case_no, e.row, e.day, e.surely"
    out = "e.out_sure, e.out_maybe, e.also_sure, e.also_maybe"
    if "out_sure" not in events:
        out = "FALSE AS out_sure, FALSE AS out_maybe, TRUE AS also_sure, TRUE AS also_maybe"
    due = ", e.due_day" if deadline.due_column else ""
    if deadline.done_column:
        return (
            f"SELECT {columns}, {out}{due}, e.done_day AS first_sure, e.done_day AS first_perhaps, FALSE AS undated "
            f"FROM ({events}) e"
        )
    selection = deadline.done[0]
    table = load_tables()[selection.table]
    chosen = plan.select(selection, "r")
    day = f"r.{table.own_date}"
    since = LONG_AGO if deadline.window == "any_time" else "e.day"
    if plan.plain:
        # the first row on or after a day is the nearest, which spares a look at every pair of an event and a row
        rows = f"SELECT r.case_no, {day} AS done_day FROM {selection.table} r SEMI JOIN found USING (case_no)"
        return f"""WITH found AS MATERIALIZED (SELECT *, {since} AS opens FROM ({events}) e)
            SELECT {columns}, {out}{due}, r.done_day AS first_sure, r.done_day AS first_perhaps, FALSE AS undated
            FROM found e
            ASOF LEFT JOIN ({rows} WHERE {chosen.sure}) r ON r.case_no = e.case_no AND r.done_day >= e.opens"""
    # an undated event was on some day up to the as-at date
    return f"""SELECT {columns}, {out}{due},
            min({day}) FILTER (({chosen.sure}) AND {day} >= coalesce({since}, {date_sql(plan.as_at)})) AS first_sure,
            min({day}) FILTER (({chosen.maybe}) AND {day} >= coalesce({since}, {LONG_AGO})) AS first_perhaps,
            coalesce(bool_or(r.case_no IS NOT NULL AND ({chosen.maybe}) AND {day} IS NULL), FALSE) AS undated
        FROM ({events}) e LEFT JOIN {selection.table} r ON r.case_no = e.case_no GROUP BY ALL"""


def _readings(plan: Plan, judgement: Judgement, deadline: Deadline) -> tuple[str, str]:
    if deadline.done_column:
        return "w.first_sure", "w.first_sure"
    selection = deadline.done[0]
    table = selection.table
    judgement.join(plan.lost_join_sql(table, "w"))
    if plan.select(selection, "r").certain and not plan.undated(table) and not plan.short_of_rows(table):
        return "w.first_sure", "w.first_sure"
    anywhen = "w.undated"
    if plan.short_of_rows(table):
        anywhen = f"(w.undated OR {plan.lost_rows(table)} > 0)"
    return "w.first_sure", f"least(w.first_perhaps, CASE WHEN {anywhen} THEN w.day END)"


def _decided_sql(plan: Plan, deadline: Deadline, certain: bool, readings: str) -> str:
    """Each event of each world with the outcome `decided`, before the population is asked."""
    outcomes = f"SELECT *, {_outcome_sql('sure', plan, deadline)} AS as_sure"
    same = "as_sure"
    if not certain:
        outcomes += f", {_outcome_sql('best', plan, deadline)} AS as_best"
        same = "CASE WHEN as_sure = as_best THEN as_sure ELSE 'unknown' END"
    undated = _undated_sql(plan, deadline)
    timed = f"CASE WHEN day IS NULL AND due IS NULL THEN {undated} WHEN due IS NULL THEN 'unknown' ELSE {same} END"
    return f"""SELECT *, CASE WHEN out_sure AND surely THEN 'excluded' WHEN out_maybe THEN 'unknown'
            WHEN timed = 'not_applicable' THEN timed WHEN NOT surely THEN 'unknown' ELSE timed END AS decided
        FROM (SELECT *, {timed} AS timed FROM ({outcomes} FROM ({readings})))"""


def _undated_sql(plan: Plan, deadline: Deadline) -> str:
    """An event on an unknown day: met if done at any time will do, and its clock stays in the calendar to the last."""
    limit = plan.rulebook.values[deadline.limit] if deadline.limit else None
    if limit and limit.unit == "working_days":
        longest = max(arm.amount for arm in limit.arms)
        if add_working_days(plan.as_at, longest) is None:
            return "'unknown'"
    return "CASE WHEN sure IS NOT NULL THEN 'met' ELSE 'unknown' END" if deadline.grace else "'unknown'"


def _outcome_sql(done: str, plan: Plan, deadline: Deadline) -> str:
    """The outcome of an event; done in time, its row must be as it should in other ways too."""
    timed = timed_outcome_sql(done, plan, deadline.grace)
    if not deadline.also:
        return timed
    return f"""CASE WHEN also_sure OR NOT coalesce({done} <= due, FALSE) THEN {timed} WHEN also_maybe THEN 'unknown'
        WHEN end_date < due THEN 'not_applicable' ELSE 'not_met' END"""


def _each_event_sql(world: str, judgement: Judgement, reckoned: bool) -> str:
    """One row an event from one row a world; it was due some day from `due_low` to `due_high`."""
    done = "CASE WHEN sure IS NOT DISTINCT FROM best THEN sure END"
    outside = f"bits | CASE WHEN due IS NULL AND day IS NOT NULL THEN {judgement.calendar_bit()} ELSE 0 END"
    bits = outside if reckoned else "bits"
    laid = f"""SELECT case_no, row, outcome, due AS due_low, due AS due_high, {done} AS done_on, arm, {bits} AS bits
        FROM ({world})"""
    if not judgement.worlds.several:
        return laid
    return f"""SELECT case_no, row,
        CASE WHEN min(outcome) = max(outcome) THEN min(outcome) ELSE 'unknown' END AS outcome,
        CASE WHEN count(due_low) = count(*) THEN min(due_low) END AS due_low,
        CASE WHEN count(due_high) = count(*) THEN max(due_high) END AS due_high,
        CASE WHEN count(done_on) = count(*) AND min(done_on) = max(done_on) THEN min(done_on) END AS done_on,
        CASE WHEN min(arm) = max(arm) THEN min(arm) END AS arm, bit_or(bits) AS bits
        FROM ({laid}) GROUP BY case_no, row"""


def _lost_events_sql(plan: Plan, rule: Rule, selection: Selection, judgement: Judgement) -> list[str]:
    """An event that was lost may be anything, for every case that the rule can reach."""
    if not plan.short_of_rows(selection.table):
        return []
    reach = Judgement(find_worlds(plan, rule))
    inside = population_sql(plan, rule, reach)
    reach.join(plan.lost_join_sql(selection.table, "w"))
    bit = 1 << judgement.labels().index(selection.table)
    return [
        f"""SELECT DISTINCT w.case_no, NULL::BIGINT AS row, 'unknown' AS outcome, NULL::DATE AS due_low,
        NULL::DATE AS due_high, NULL::DATE AS done_on, NULL::INT AS arm, {bit} AS bits {reach.from_sql()}
        WHERE ({inside.maybe}) AND {plan.lost_rows(selection.table)} > 0"""
    ]


def _plain_worst_sql(events: str) -> str:
    """One row a case with an event, where nothing is open: the worst, of several the one due first."""
    # one number to order by: outcome, due date (65,536 days from 1950), row
    place = f"(rank << 56) + ((coalesce(due_low, {LONG_AGO}) - {LONG_AGO}) << 40) + row"
    first = "{'outcome': outcome, 'due': due_low, 'done': done_on, 'arm': arm, 'bits': bits}"
    return f"""SELECT case_no, first.outcome AS outcome, first.bits AS undecided, first.due AS due, first.done AS done,
            first.arm AS arm
        FROM (SELECT case_no, arg_min({first}, {place}) AS first
              FROM (SELECT *, ({_RANK})::BIGINT AS rank FROM ({events})) GROUP BY case_no)"""


def _worst_sql(events: str) -> str:
    """One row a case: the worst outcome, with the dates of the event due first, of several of the lowest row.

    Where that may be one event or another, the dates on which all of them agree. An event stands somewhere from
    `soonest` to `furthest`, and the first of all no further than the nearest `furthest`, which is `edge`.
    """
    words = ", ".join(f"'{word}'" for word in WORST_FIRST)
    soonest = "{'rank': rank, 'due': coalesce(due_low, '-infinity'::DATE), 'row': row}"
    furthest = "{'rank': rank, 'due': coalesce(due_high, 'infinity'::DATE), 'row': row}"
    # an aggregate joined back, as a window over few rows takes several times as long
    return f"""WITH ranked AS MATERIALIZED (SELECT *, {_RANK} AS rank FROM ({events})), placed AS (
            SELECT ranked.*, {soonest} AS soonest, edge
            FROM ranked JOIN (SELECT case_no, min({furthest}) AS edge FROM ranked GROUP BY case_no) USING (case_no)
        ), worst AS (
            SELECT case_no, [{words}][any_value(rank) + 1] AS outcome, bit_or(bits) AS undecided,
                CASE WHEN bool_and(soonest.due = edge.due) THEN min(due_low) END AS due,
                CASE WHEN count(done_on) = count(*) AND min(done_on) = max(done_on) THEN min(done_on) END AS done,
                CASE WHEN count(arm) = count(*) AND min(arm) = max(arm) THEN min(arm) END AS arm
            FROM placed WHERE rank = edge.rank AND (soonest <= edge OR outcome = 'unknown') GROUP BY case_no
        )
        FROM worst"""


def _every_case_sql(worst: str) -> str:
    """The cases without an event too."""
    return f"""SELECT c.case_no, coalesce(outcome, 'not_applicable')::outcome AS outcome,
            CASE WHEN outcome IN ('met', 'late', 'missing', 'due') THEN due END AS due_on,
            CASE WHEN outcome IN ('met', 'late') THEN done END AS done_on, arm,
            CASE WHEN outcome = 'unknown' THEN undecided ELSE 0 END AS undecided
        FROM cases c LEFT JOIN ({worst}) USING (case_no)"""
