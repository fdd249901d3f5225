"""The trigger of high Risk of Harm: the later of the start and the first row with level high or very high.

Where a level or a date is empty, or rows were lost, a case has several possible triggers, a row each.
"""

from omi_rules.checks.conditions import date_sql
from omi_rules.checks.plan import Plan

HIGH = "('high', 'very_high')"


def high_roh_triggers_sql(plan: Plan) -> list[str]:
    """Create `high_roh_triggers(case_no, trigger)` for all cases that may be of high Risk of Harm, and
    `high_roh_starts(case_no, at_start)`: whether the trigger is the start, at most two rows a case."""
    lost = plan.lost_rows("roh_assessments")
    lost_join = plan.lost_join_sql("roh_assessments", "c")
    as_at = date_sql(plan.as_at)
    return [
        f"""CREATE OR REPLACE TABLE high_roh_rows AS
        SELECT c.case_no, any_value(c.start_date) AS start_date,
            min(r.completed_on) FILTER (r.level IN {HIGH}) AS first_sure,
            list(r.completed_on) FILTER (r.level IS NULL AND r.completed_on IS NOT NULL) AS perhaps,
            count(*) FILTER (r.case_no IS NOT NULL AND r.completed_on IS NULL
                             AND (r.level IS NULL OR r.level IN {HIGH})) > 0
                OR any_value({lost}) > 0 AS anywhen
        FROM cases c LEFT JOIN roh_assessments r ON r.case_no = c.case_no {lost_join}
        WHERE c.roh_level IS NULL OR c.roh_level IN {HIGH}
        GROUP BY c.case_no""",
        f"""CREATE OR REPLACE TABLE high_roh_triggers AS
        SELECT DISTINCT case_no, trigger FROM (
            SELECT case_no, greatest(start_date, coalesce(first_sure, start_date)) AS trigger FROM high_roh_rows
            UNION ALL
            SELECT case_no, greatest(start_date, day) FROM (
                SELECT case_no, start_date, first_sure, unnest(perhaps) AS day FROM high_roh_rows)
            WHERE first_sure IS NULL OR day < first_sure
            UNION ALL
            SELECT case_no, unnest(generate_series(
                start_date, greatest(start_date, coalesce(first_sure, {as_at})), INTERVAL 1 DAY))::DATE
            FROM high_roh_rows WHERE anywhen)""",
        """CREATE OR REPLACE TABLE high_roh_starts AS
        SELECT DISTINCT case_no, trigger = start_date AS at_start
        FROM high_roh_triggers JOIN high_roh_rows USING (case_no)""",
    ]


def triggered_sql() -> str:
    """Make `triggered`: the cases with their one trigger, for those of which nothing is open."""
    return f"""CREATE OR REPLACE VIEW triggered AS
        SELECT *, coalesce(trigger = start_date AND roh_level IN {HIGH}, FALSE) AS high_roh_at_start FROM (
            SELECT c.*, greatest(c.start_date, h.first_sure) AS trigger
            FROM cases c LEFT JOIN high_roh_rows h ON h.case_no = c.case_no AND c.roh_level IN {HIGH})"""
