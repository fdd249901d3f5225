"""The relevant failure: the day of the unacceptable absence that completes the count since the last breach action.

The count restarts after an instigation; one on the day of the absence answers it; while a clock is open no second one
opens. So the instigations cut a case into segments, and each segment has at most one relevant failure: the first day
on which an absence completes the count in it. Which of several absences of that day it is, is never asked.

Where a case leaves something open, it is tried in every combination, a bit each: an appointment without an outcome may
be an absence, and a breach of unknown day may have been instigated on any day of an absence (between two it does the
same). Absences of unknown day could be anywhere: a case that has some, or leaves more open than can be tried, has an
event for each segment, with the first and the last day that its failure may have.
"""

from omi_rules.checks.conditions import date_sql
from omi_rules.checks.kinds.deadlines import LONG_AGO
from omi_rules.checks.limits import Limit, read_limit
from omi_rules.checks.plan import Plan
from omi_rules.rulebook.model import Selection, Test

#: So many open absences and breaches of a case are tried in every combination.
TRIED = 8

ABSENCES = Selection("appointments", (Test("outcome", "in", ("unacceptable_absence",)),))
INSTIGATIONS = Selection("breaches")


def failures_sql(plan: Plan) -> str:
    """The events `case_no, row, day, surely`; `row` is no row of the file, but tells the failures of a case apart."""
    limit = read_limit(plan.rulebook.values["relevant-failure"], "a.day", "a")
    if plan.plain:
        return _plain_sql(plan, limit)
    return f"""WITH {_open_cases_sql(plan, limit)}, {_combinations_sql()}, placed AS (
            SELECT t.*, i.day AS answered FROM tried_absences t
            ASOF LEFT JOIN instigations i
                ON i.case_no = t.case_no AND i.combination = t.combination AND i.day >= t.day
        ), completing AS (
            SELECT *, {completes_sql(limit, "amount", "segment")} AS completes FROM placed
            WINDOW segment AS (PARTITION BY case_no, combination, answered ORDER BY day)
        ), opening AS (
            SELECT case_no, combination, min(day) AS day
            FROM completing WHERE completes GROUP BY case_no, combination, answered
        )
        SELECT case_no, {_number_sql("day")} AS row, day, count(*) = any_value(c.total) AS surely
        FROM opening JOIN combinations c USING (case_no, combination) GROUP BY case_no, day
        UNION ALL {_spans_sql(plan, limit)}"""


def _number_sql(day: str) -> str:
    return f"{day} - {LONG_AGO}"


def _plain_sql(plan: Plan, limit: Limit) -> str:
    """The same where nothing is open: one combination, and every failure is one."""
    return f"""WITH {_absences_sql(plan, limit)}, placed AS (
            SELECT a.*, i.day AS answered FROM absences a
            ASOF LEFT JOIN known i ON i.case_no = a.case_no AND i.day >= a.day
        ), completing AS (
            SELECT *, {completes_sql(limit, "amount", "segment")} AS completes FROM placed
            WINDOW segment AS (PARTITION BY case_no, answered ORDER BY day)
        )
        SELECT case_no, {_number_sql("min(day)")} AS row, min(day) AS day, TRUE AS surely
        FROM completing WHERE completes GROUP BY case_no, answered"""


def _asked(limit: Limit) -> str:
    """The columns of the case that the limit's arms ask for."""
    return "".join(f", c.{column}" for column in sorted({t.column for arm in limit.value.arms for t in arm.tests}))


def _absences_sql(plan: Plan, limit: Limit) -> str:
    """`absences` with the limit of their day, and the `known` instigations."""
    absence = plan.select(ABSENCES, "r")
    return f"""absences AS MATERIALIZED (
            SELECT case_no, day, surely, {limit.amount_sql()} AS amount, {limit.months_sql()} AS months
            FROM (SELECT c.case_no, r.scheduled_on AS day, {absence.sure} AS surely{_asked(limit)}
                  FROM appointments r JOIN cases c USING (case_no)
                  WHERE ({absence.maybe}) AND (r.scheduled_on IS NULL OR r.scheduled_on >= c.start_date)) a
        ), known AS (
            SELECT DISTINCT case_no, instigated_on AS day FROM breaches WHERE instigated_on IS NOT NULL
        )"""


def _open_cases_sql(plan: Plan, limit: Limit) -> str:
    """The absences and the instigations, and what each case leaves open."""
    asked = _asked(limit)
    undated = "count(*) FILTER (a.case_no IS NOT NULL AND a.day IS NULL)"
    more_absences = f"{undated} + any_value({plan.lost_rows('appointments')})"
    more_breaches = f"any_value(coalesce(b.undated, 0) + {plan.lost_rows('breaches')})"
    return f"""{_absences_sql(plan, limit)}, counted AS (
            SELECT c.case_no, c.start_date{asked},
                count(*) FILTER (a.day IS NOT NULL AND NOT a.surely) AS perhaps, count(DISTINCT a.day) AS days,
                CASE WHEN c.start_date <= {date_sql(plan.as_at)} THEN {more_absences} ELSE 0 END AS floats,
                {more_breaches} AS breaches, any_value(coalesce(b.dated, 0)) > 0 AS answers
            FROM cases c LEFT JOIN absences a USING (case_no) LEFT JOIN (
                SELECT case_no, count(instigated_on) AS dated, count(*) - count(instigated_on) AS undated
                FROM breaches GROUP BY case_no) b USING (case_no)
                {plan.lost_join_sql("appointments", "c")} {plan.lost_join_sql("breaches", "c")}
            GROUP BY c.case_no, c.start_date{asked}
        ), open_cases AS MATERIALIZED (
            -- an open breach matters to a failure only if a known one may have answered it in time
            SELECT *, {date_sql(plan.as_at)} AS as_at, perhaps + CASE WHEN breaches > 0 THEN days ELSE 0 END AS bits,
                floats = 0 AND bits <= {TRIED} AND (breaches = 0 OR answers) AS tried
            FROM counted
        )"""


def _combinations_sql() -> str:
    """`combinations` of each case, with the `tried_absences` and the `instigations` of each."""
    return """combinations AS MATERIALIZED (
            SELECT *, count(*) OVER (PARTITION BY case_no) AS total
            FROM (SELECT case_no, perhaps, breaches, unnest(generate_series(0, (1 << bits::INT) - 1)) AS combination
                  FROM open_cases WHERE tried AND days > 0)
            WHERE bit_count(combination >> perhaps) <= breaches
        ), numbered AS (
            SELECT *, CASE WHEN NOT surely THEN row_number() OVER (PARTITION BY case_no, surely ORDER BY day) - 1
                END AS bit, dense_rank() OVER (PARTITION BY case_no ORDER BY day) - 1 AS place
            FROM absences WHERE day IS NOT NULL
        ), tried_absences AS (
            SELECT n.*, combination FROM numbered n JOIN combinations USING (case_no)
            WHERE surely OR (combination >> bit) & 1 = 1
        ), instigations AS (
            SELECT case_no, combination, day FROM known JOIN combinations USING (case_no)
            UNION
            SELECT case_no, combination, day FROM numbered JOIN combinations USING (case_no)
            WHERE breaches > 0 AND (combination >> (perhaps + place)) & 1 = 1
        )"""


def _spans_sql(plan: Plan, limit: Limit) -> str:
    """An event for each segment of the cases that cannot be tried, if it may have a failure at all.

    More absences can only make the failure earlier. So it is earliest with every absence that may be one, and those of
    unknown day wherever they do most; it is latest with the sure absences alone, of one day alone if a breach of
    unknown day may have come between two. Where that is the same day, the failure surely was on it. What is not
    applicable on both is so on every day between. Where the sure absences do not complete the count, the failure may be
    on the day of the instigation that ends the segment, or as late as the as-at date.
    """
    return f"""SELECT case_no, {_number_sql("earliest")}, unnest(CASE WHEN latest = earliest THEN [earliest]
            ELSE [earliest, CASE WHEN latest IS NOT NULL THEN latest
                WHEN answered IS NULL THEN {date_sql(plan.as_at)} END] END), coalesce(latest = earliest, FALSE)
        FROM (
            SELECT case_no, answered, min(day) FILTER (completes) AS earliest, min(day) FILTER (alone) AS latest
            FROM (
                SELECT case_no, day, answered,
                    {completes_sql(limit, "greatest(amount - floats, 1)", "segment")} AS completes,
                    surely AND {completes_sql(limit, "amount", "sure_segment")} AS alone
                FROM (SELECT d.*, k.day AS answered
                      FROM (SELECT a.*, o.floats, o.breaches FROM absences a JOIN open_cases o USING (case_no)
                            WHERE a.day IS NOT NULL AND NOT o.tried) d
                      ASOF LEFT JOIN known k ON k.case_no = d.case_no AND k.day >= d.day)
                WINDOW segment AS (PARTITION BY case_no, answered ORDER BY day), sure_segment AS (
                    PARTITION BY case_no, answered, surely, CASE WHEN breaches > 0 THEN day END ORDER BY day)
                UNION ALL
                SELECT a.case_no, a.day, k.day, a.floats >= {limit.amount_sql()}, FALSE
                FROM ({_segments_sql()}) a ASOF LEFT JOIN known k ON k.case_no = a.case_no AND k.day >= a.day)
            GROUP BY case_no, answered)
        WHERE earliest IS NOT NULL"""


def _segments_sql() -> str:
    """The first day of each segment of the cases with absences of unknown day."""
    return """SELECT *, start_date AS day FROM open_cases WHERE floats > 0
        UNION ALL
        SELECT o.*, k.day + 1 FROM open_cases o JOIN known k USING (case_no)
        WHERE o.floats > 0 AND k.day >= o.start_date AND k.day < o.as_at"""


def completes_sql(limit: Limit, amount: str, segment: str) -> str:
    """Whether an absence completes the count: so many in its segment, within so many months if the limit says so."""
    most = max(arm.amount for arm in limit.value.arms)
    whens = " ".join(f"WHEN {n} THEN lag(day, {n - 1}) OVER {segment}" for n in range(1, most + 1))
    first = f"(CASE {amount} {whens} END)"
    # no month of none: the first of so many absences may lie as far back as it will
    return f"coalesce(day <= ({first} + to_months(months)::INTERVAL)::DATE, months IS NULL AND {first} IS NOT NULL)"
