"""What national targets measure beside the outcomes of rules: an amount a case or a row, with the day that places it.

`appointments-attended`: of the cases in which `contact-frequency` is met or not met and the first 16 weeks are over, 1
where as many appointments were attended in them as the rule asks to be arranged, else 0. Its day is their last.

`breach-resolution-average`: of each breach action on an order that is resolved, the working days from the day on which
its clock started (see kinds/answered.py) to the resolution, which is its day.

An amount that an empty cell or a lost row could change is NULL; a breach that was lost has no day either.
"""

from omi_rules.checks.conditions import date_sql
from omi_rules.checks.kinds.answered import answered_sql
from omi_rules.checks.kinds.failures import ABSENCES, INSTIGATIONS
from omi_rules.checks.limits import Limit
from omi_rules.checks.run import Judged
from omi_rules.data.store import Store
from omi_rules.rulebook.model import Count, PerEvent, Selection
from omi_rules.shapes import load_tables

ATTENDED = "appointments-attended"
RESOLUTION = "breach-resolution-average"
#: Each measure rests on a rule: where that is not shown, or is of another form, there is nothing to measure.
RULES = {ATTENDED: "contact-frequency", RESOLUTION: "breach-resolved-on-time"}

_ORDERS = "order_type IN ('community_order', 'suspended_sentence_order')"
#: The schema of the rows that resolutions are measured from; SQL finds them there under the names of their tables.
_SCHEMA = "resolved"


def create_measures(store: Store, judged: Judged) -> None:
    """Create `measured(case_no, measure, day, amount)`, of the cases and rules that are shown.

    `store` is a cursor of its own: it looks for tables elsewhere afterwards.
    """
    store.execute("CREATE OR REPLACE TABLE measured(case_no INTEGER, measure VARCHAR, day DATE, amount DOUBLE)")
    shown = {number for (number,) in store.execute("SELECT rule_no FROM shown_rules").fetchall()}
    numbers = {rule.id: number for number, rule in enumerate(judged.rules) if number in shown}
    for measure, rule in RULES.items():
        if rule not in numbers or rule in judged.faults:
            continue
        number = numbers[rule]
        require = judged.rules[number].require
        if measure == ATTENDED and isinstance(require, Count) and require.rows.table == "appointments":
            store.execute(f"INSERT INTO measured {_attended_sql(judged, number, require)}")
        if measure == RESOLUTION and isinstance(require, PerEvent) and require.deadline.from_failure:
            _set_resolved_apart(store, judged)
            store.execute(f"INSERT INTO main.measured {_resolution_sql(judged)}")


def _attended_sql(judged: Judged, number: int, count: Count) -> str:
    """From the rule's own outcomes: who has not enough arranged has not enough attended."""
    plan, table = judged.plan, count.rows.table
    window = plan.rulebook.values[count.within_first]
    length = window.arms[0].amount * (7 if window.unit == "weeks" else 1)
    enough = Limit(plan.rulebook.values[count.at_least], "j.arm").amount_sql()
    day = f"r.{load_tables()[table].own_date}"
    kinds = Selection(table, tuple(test for test in count.rows.tests if test.column != "outcome"))
    chosen = plan.select(kinds, "r")
    attended = f"(r.outcome = 'attended' OR r.outcome IS NULL) AND {chosen.maybe}"
    recorded = " AND ".join(f"{cell} NOTNULL" for cell in (day, "r.outcome", *(f"r.{name}" for name in chosen.doubts)))
    # where something else than appointments is open, so may be whether the rule is about the case at all
    elsewhere = sum(
        1 << bit for bit, label in enumerate(judged.doubts[judged.rules[number].id]) if label.partition(".")[0] != table
    )
    return f"""WITH asked AS MATERIALIZED (
            SELECT j.case_no, j.outcome, c.start_date, c.start_date + {length - 1} AS last, c.end_date,
                CASE WHEN (j.undecided & {elsewhere}) = 0 THEN {enough} END AS enough
            FROM judged j JOIN cases c USING (case_no)
            WHERE j.rule_no = {number} AND j.outcome IN ('met', 'not_met', 'unknown') AND last < {date_sql(plan.as_at)}
        ), counted AS (
            SELECT r.case_no, count(*) AS perhaps, count(*) FILTER ({recorded}) AS surely
            FROM {table} r JOIN (FROM asked WHERE outcome <> 'not_met') a USING (case_no)
            WHERE {attended} AND ({day} BETWEEN a.start_date AND a.last OR {day} IS NULL) GROUP BY r.case_no
        ), held AS (
            SELECT a.*, coalesce(n.surely, 0) AS surely, coalesce(n.perhaps, 0) + {plan.lost_rows(table)} AS perhaps
            FROM asked a LEFT JOIN counted n USING (case_no) {plan.lost_join_sql(table, "a")}
        )
        SELECT case_no, '{ATTENDED}', last, CASE WHEN outcome = 'not_met' THEN 0 WHEN enough IS NULL THEN NULL
                WHEN surely >= enough THEN 1 WHEN perhaps >= enough THEN NULL
                -- of a case that ended first, the rule may say that it is not applicable
                WHEN outcome = 'met' OR coalesce(end_date >= last, TRUE) THEN 0 END
        FROM held"""


def _set_resolved_apart(store: Store, judged: Judged) -> None:
    """Copy the orders with a breach resolved, their breaches and what may be an absence of theirs: they are few."""
    absence = judged.plan.select(ABSENCES, "r").maybe
    chosen = f"SEMI JOIN {_SCHEMA}.cases USING (case_no)"
    store.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
    store.execute(f"CREATE SCHEMA {_SCHEMA}")
    for table, rows in (
        (
            "cases",
            f"main.cases WHERE {_ORDERS} AND case_no IN (SELECT case_no FROM breaches WHERE resolved_on NOTNULL)",
        ),
        ("breaches", f"main.breaches {chosen}"),
        ("appointments", f"main.appointments r {chosen} WHERE {absence}"),
    ):
        store.execute(f"CREATE TABLE {_SCHEMA}.{table} AS SELECT * FROM {rows}")
    store.execute(f"SET search_path = '{_SCHEMA},main'")


def _resolution_sql(judged: Judged) -> str:
    """A clock that may have started on several days is given with the first and the last; more may have been lost."""
    resolved = answered_sql(judged.plan, INSTIGATIONS, ", r.resolved_on")
    lost = ""
    if "breaches" in judged.plan.lost:
        lost = f"""UNION ALL
            SELECT case_no, '{RESOLUTION}', NULL, NULL
            FROM (SELECT case_no, unnest(range(rows)) FROM lost WHERE table_name = 'breaches')
            JOIN main.cases USING (case_no) SEMI JOIN shown_cases USING (case_no) WHERE {_ORDERS}"""
    return f"""SELECT case_no, '{RESOLUTION}', any_value(resolved_on),
            CASE WHEN count(days) = count(*) AND min(days) = max(days) THEN min(days) END
        FROM (SELECT e.*, CASE WHEN e.day <= e.resolved_on THEN resolved.until - began.until END AS days
              FROM ({resolved}) e LEFT JOIN calendar began ON began.day = e.day
              LEFT JOIN calendar resolved ON resolved.day = e.resolved_on WHERE e.resolved_on NOTNULL)
        SEMI JOIN shown_cases USING (case_no) GROUP BY case_no, row {lost}"""
