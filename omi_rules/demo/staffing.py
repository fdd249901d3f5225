"""The staff of the area, and when each was appraised and supervised."""

from omi_rules.demo.chance import draw, fate


def staffing_sql(seed: int) -> list[str]:
    """Statements that make the staff tables; they do not depend on the slice of cases."""
    return [
        _staff_sql(seed),
        _chain_sql("appraisals", "completed_on", "annual-appraisal", 365, 20),
        _chain_sql("supervisions", "held_on", "six-weekly-supervision", 42, 6),
    ]


def _staff_sql(seed: int) -> str:
    return f"""
        CREATE OR REPLACE TABLE out_staff AS
        WITH drawn AS (
            SELECT *, case_base('{seed} staff', team_no * 100 + place) AS base FROM officers
        )
        SELECT staff_id, base, grade, division, team,
               next_wd((as_at() - 30 - CASE WHEN grade = 'tpo' THEN whole({draw("employed")}, 600)
                        ELSE whole({draw("employed")} * {draw("employed 2")}, 1650) END)::DATE)
                            AS employed_on,
               CASE WHEN {draw("left")} < 0.05 AND employed_on < as_at() - 200
                    THEN prev_wd((as_at() - 1 - whole({draw("left day")}, 90))::DATE) END AS left_on
        FROM drawn
    """


def _chain_sql(table: str, column: str, rule: str, every: int, before: int) -> str:
    """Rows so far apart that each is in time, but for one drawn to be late, or the last ones, never held."""
    return f"""
        CREATE OR REPLACE TABLE out_{table} AS
        WITH numbered AS (
            SELECT staff_id, base, coalesce(left_on, as_at()) AS until, number,
                   prev_wd((employed_on + number * {every - before})::DATE) AS aim_on,
                   coalesce(lag(aim_on) OVER (PARTITION BY staff_id ORDER BY number), employed_on) + {every}
                       AS due_on
            FROM out_staff, (SELECT number::INTEGER AS number FROM range(1, 90) AS numbers (number))
            WHERE employed_on + number * {every - before} <= as_at() + {every}
        ), counted AS (
            SELECT *, (count(*) FILTER (due_on < as_at() AND due_on <= until)
                OVER (PARTITION BY staff_id))::INTEGER AS due,
                   {fate(rule)} AS plan
            FROM numbered
        ), fated AS (
            SELECT *, CASE WHEN plan = 'met' OR due = 0 THEN 999
                ELSE 1 + whole({draw(rule + " fails")}, due) END AS fails
            FROM counted
        )
        SELECT staff_id, base,
               CASE WHEN number = fails THEN late_day(due_on, {before}, {draw(rule + " late")})
                   ELSE aim_on END AS {column}
        FROM fated
        WHERE aim_on <= until AND {column} <= as_at() AND (number < fails OR plan = 'late')
            AND (due_on < as_at() OR {draw(rule + " early")} < 0.3)
    """
