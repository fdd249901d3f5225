"""Breach action as events, each with the day on which its clock started: that of the failure which it answered.

An instigation answers the relevant failure of the segment of the case that it ends (see failures.py); if there is
none, the clock starts with itself. Whatever is open moves that day between two ends. With more absences the failure
can only be earlier: the earliest day is that with every absence that may be one, and those of unknown day wherever
they do most. The latest is that with the sure absences alone; and where a breach of unknown day may have answered
them, the day of the instigation itself. Every outcome holds for a span of due dates without a gap, so what is so at
both ends is so on every day between: such an event is given twice, once with either day.
"""

from omi_rules.calendar.working_days import FIRST_DAY
from omi_rules.checks.conditions import date_sql
from omi_rules.checks.kinds.failures import ABSENCES, completes_sql
from omi_rules.checks.limits import read_limit
from omi_rules.checks.plan import Plan
from omi_rules.rulebook.model import Selection


def is_open(plan: Plan) -> bool:
    """Whether some event of this export may have two days."""
    tables = ("appointments", "breaches")
    short = any(plan.undated(table) or plan.short_of_rows(table) for table in tables)
    return short or not plan.select(ABSENCES, "r").certain


def answered_sql(plan: Plan, event: Selection, columns: str) -> str:
    """The events `case_no, row, day` with the `columns` of the row `r`; those with an open day stand twice."""
    limit = read_limit(plan.rulebook.values["relevant-failure"], "a.day", "a")
    asked = "".join(f", c.{column}" for column in sorted({t.column for arm in limit.value.arms for t in arm.tests}))
    absence = plan.select(ABSENCES, "r")
    absences = f"""absences AS MATERIALIZED (
            SELECT case_no, day, surely, {limit.amount_sql()} AS amount, {limit.months_sql()} AS months
            FROM (SELECT c.case_no, r.scheduled_on AS day, {absence.sure} AS surely{asked}
                  FROM appointments r JOIN cases c USING (case_no)
                  WHERE ({absence.maybe}) AND r.scheduled_on >= c.start_date) a
        ), known AS (
            SELECT DISTINCT case_no, instigated_on AS day FROM breaches WHERE instigated_on IS NOT NULL
        )"""
    chosen = plan.select(event, "r").maybe
    if not is_open(plan):
        opened = completes_sql(limit, "amount", "segment")
        return f"""WITH {absences}, answered AS (
                SELECT case_no, answered, min(day) AS opened
                FROM (SELECT case_no, answered, day, {opened} AS completes
                      FROM (SELECT a.*, k.day AS answered FROM absences a
                            ASOF JOIN known k ON k.case_no = a.case_no AND k.day >= a.day)
                      WINDOW segment AS (PARTITION BY case_no, answered ORDER BY day))
                WHERE completes GROUP BY case_no, answered)
            SELECT r.case_no, r.row, coalesce(n.opened, r.instigated_on) AS day{columns}
            FROM breaches r JOIN cases c USING (case_no)
            LEFT JOIN answered n ON n.case_no = r.case_no AND n.answered = r.instigated_on WHERE {chosen}"""
    as_at = date_sql(plan.as_at)
    others = "o.breaches - (r.instigated_on IS NULL)::INT > 0"
    return f"""WITH {absences}, {_open_sql(plan)}, answered AS (
            SELECT case_no, answered, min(day) FILTER (completes) AS earliest, min(day) FILTER (alone) AS latest
            FROM (SELECT case_no, day, answered,
                      {completes_sql(limit, "greatest(amount - floats, 1)", "segment")} AS completes,
                      surely AND {completes_sql(limit, "amount", "sure_segment")} AS alone
                  FROM (SELECT a.*, o.floats, k.day AS answered FROM absences a JOIN open_cases o USING (case_no)
                        ASOF LEFT JOIN known k ON k.case_no = a.case_no AND k.day >= a.day)
                  WINDOW segment AS (PARTITION BY case_no, answered ORDER BY day),
                      sure_segment AS (PARTITION BY case_no, answered, surely ORDER BY day)
                UNION ALL
                -- of unknown day may be as many as are needed, and all on the first day of a segment
                SELECT a.case_no, a.day, k.day, a.floats >= {limit.amount_sql()}, FALSE
                FROM (SELECT o.*{asked}, o.start_date AS day FROM open_cases o JOIN cases c USING (case_no)
                      UNION ALL
                      SELECT o.*{asked}, k.day + 1 FROM open_cases o JOIN cases c USING (case_no)
                      JOIN known k ON k.case_no = o.case_no WHERE k.day >= o.start_date AND k.day < {as_at}) a
                ASOF LEFT JOIN known k ON k.case_no = a.case_no AND k.day >= a.day)
            GROUP BY case_no, answered
        ), spans AS (
            SELECT r.*, CASE WHEN r.instigated_on IS NULL THEN {date_sql(FIRST_DAY)}
                    ELSE coalesce(n.earliest, r.instigated_on) END AS low,
                CASE WHEN {others} THEN coalesce(r.instigated_on, {as_at})
                    ELSE coalesce(n.latest, r.instigated_on, {as_at}) END AS high
            FROM breaches r JOIN open_cases o ON o.case_no = r.case_no
            LEFT JOIN answered n ON n.case_no = r.case_no AND n.answered IS NOT DISTINCT FROM r.instigated_on)
        SELECT r.case_no, r.row, unnest(CASE WHEN low = high THEN [low] ELSE [low, high] END) AS day{columns}
        FROM spans r JOIN cases c USING (case_no) WHERE {chosen}"""


def _open_sql(plan: Plan) -> str:
    """`open_cases`: how many absences (since the start) and how many breaches of each case are of unknown day."""
    return f"""open_cases AS MATERIALIZED (
            SELECT c.case_no, c.start_date, CASE WHEN c.start_date <= {date_sql(plan.as_at)}
                    THEN coalesce(a.undated, 0) + {plan.lost_rows("appointments")} ELSE 0 END AS floats,
                coalesce(b.undated, 0) + {plan.lost_rows("breaches")} AS breaches
            FROM cases c LEFT JOIN (
                SELECT case_no, count(*) AS undated FROM appointments r
                WHERE ({plan.select(ABSENCES, "r").maybe}) AND scheduled_on IS NULL GROUP BY case_no) a USING (case_no)
            LEFT JOIN (SELECT case_no, count(*) AS undated FROM breaches WHERE instigated_on IS NULL
                       GROUP BY case_no) b USING (case_no)
            {plan.lost_join_sql("appointments", "c")} {plan.lost_join_sql("breaches", "c")})"""
