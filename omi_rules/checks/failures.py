"""The relevant failure: the unacceptable absence that completes the count since the last breach action.

The count restarts after an instigation; one on the day of the absence answers it; while a clock is open no second
one opens. So the instigations cut a case into segments, and each segment has at most one relevant failure: the first
absence that completes the count in it.

An appointment whose outcome is not recorded may be an absence. Up to `TRIED` of them a case are tried in every
combination; beyond that, or where a date or a row is lost, a case that could have a failure at all is left open.
"""

from omi_rules.checks.conditions import date_sql
from omi_rules.checks.limits import Limit, read_limit
from omi_rules.checks.plan import Plan
from omi_rules.rulebook.model import Selection, Test

#: So many open absences of a case are tried in every combination.
TRIED = 6

ABSENCES = Selection("appointments", (Test("outcome", "in", ("unacceptable_absence",)),))
INSTIGATIONS = Selection("breaches")


def failures_sql(plan: Plan) -> str:
    """The events `case_no, row, day, surely`; an event that may be anywhen has no day."""
    limit = read_limit(plan.rulebook.values["relevant-failure"], "a.day", "a")
    absence = plan.select(ABSENCES, "r")
    lost = plan.lost_rows("appointments")
    lost_breaches = plan.lost_rows("breaches")
    as_at = date_sql(plan.as_at)
    smallest = min(arm.amount for arm in limit.value.arms)
    return f"""WITH absences AS (
        SELECT c.case_no, r.row, r.scheduled_on AS day, c.order_type, {absence.sure} AS surely
        FROM appointments r JOIN cases c USING (case_no)
        WHERE ({absence.maybe}) AND (r.scheduled_on IS NULL OR r.scheduled_on >= c.start_date)
    ), cases_open AS (
        SELECT c.case_no, count(a.case_no) AS absences,
            count(*) FILTER (a.case_no IS NOT NULL AND NOT a.surely AND a.day IS NOT NULL) AS perhaps,
            c.start_date <= {as_at} AND (any_value({lost}) > 0
                OR count(*) FILTER (a.case_no IS NOT NULL AND a.day IS NULL) > 0) AS more_absences,
            any_value({lost}) AS lost_rows,
            any_value({lost_breaches}) > 0
                OR c.case_no IN (SELECT case_no FROM breaches WHERE instigated_on IS NULL) AS more_instigations
        FROM cases c LEFT JOIN absences a USING (case_no)
            {plan.lost_join_sql("appointments", "c")} {plan.lost_join_sql("breaches", "c")}
        GROUP BY c.case_no, c.start_date
    ), numbered AS (
        SELECT a.*, o.perhaps, CASE WHEN NOT a.surely THEN
            row_number() OVER (PARTITION BY a.case_no, a.surely ORDER BY a.day, a.row) - 1 END AS bit
        FROM absences a JOIN cases_open o USING (case_no)
        WHERE a.day IS NOT NULL AND o.perhaps <= {TRIED} AND NOT o.more_absences
    ), tried AS (
        SELECT *, unnest(generate_series(0, (1 << perhaps::INT) - 1)) AS combination FROM numbered
    ), placed AS (
        SELECT t.*, b.instigated_on AS answered
        FROM (SELECT * FROM tried WHERE surely OR (combination >> bit::INT) & 1 = 1) t
        ASOF LEFT JOIN (SELECT case_no, instigated_on FROM breaches WHERE instigated_on IS NOT NULL) b
            ON b.case_no = t.case_no AND b.instigated_on >= t.day
    ), completing AS (
        SELECT *, {_completes_sql(limit)} AS completes FROM placed a
        WINDOW segment AS (PARTITION BY case_no, combination, answered ORDER BY day, row)
    ), opening AS (
        SELECT case_no, combination, arg_min(row, (day, row)) AS row, min(day) AS day
        FROM completing WHERE completes GROUP BY case_no, combination, answered
    )
    SELECT case_no, row, day, count(*) = (1 << perhaps::INT) AS surely
    FROM opening JOIN cases_open USING (case_no) WHERE NOT more_instigations GROUP BY case_no, row, day, perhaps
    UNION ALL
    SELECT DISTINCT case_no, NULL::BIGINT, NULL::DATE, FALSE
    FROM opening JOIN cases_open USING (case_no) WHERE more_instigations
    UNION ALL
    SELECT case_no, NULL, NULL, FALSE FROM cases_open
    WHERE (more_absences AND absences + lost_rows >= {smallest}) OR perhaps > {TRIED}"""


def _completes_sql(limit: Limit) -> str:
    """Whether the absence `a` completes the count: so many in the segment, within so many months if it says so."""
    amounts = sorted({arm.amount for arm in limit.value.arms})
    whens = " ".join(f"WHEN {n} THEN lag(day, {n - 1}) OVER segment" for n in amounts)
    first = f"(CASE {limit.amount_sql()} {whens} END)"
    months = limit.months_sql()
    return (
        f"{first} IS NOT NULL AND coalesce(a.day <= ({first} + to_months({months})::INTERVAL)::DATE, {months} IS NULL)"
    )
