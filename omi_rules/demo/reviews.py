"""Reviews: one chain of 16 weeks for sentence plans, one for Risk of Harm, and whether the two went together.

Both chains aim at the same days, a week or so before each is due; a chain that fails does so in a round
already due. Of the first reviews that are late most were counted from the first assessment instead of from
the start.
"""

from omi_rules.demo.chance import draw, fate, load_shares, topped_up

#: What is within so many days is within ten working days, whatever the holidays.
_NEAR = 12
#: How readily an assistant reviews the risk together with the plan, in tenths of how readily others do.
_ASSISTANT = 8


def reviews_sql() -> list[str]:
    """Statements that make `plan_reviews`, `roh_reviews`, and `reviewed`: `assessed` with the pairing."""
    return [
        _rounds_sql(),
        _chains_sql(),
        _plan_reviews_sql(),
        _roh_reviews_sql(),
        _paired_sql(),
        _rescored_sql(),
    ]


def _rounds_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE rounds AS
        WITH numbered AS (
            SELECT case_no, base, round, start_date, horizon, review_days,
                   prev_wd((start_date + round * (review_days - 6 - whole({draw("aim")}, 5)))::DATE) AS aim_on
            FROM assessed, (SELECT number::INTEGER AS round FROM range(1, 9) AS rounds (number))
        )
        SELECT case_no, round, horizon, aim_on, row_base(base, round) AS base,
               (coalesce(lag(aim_on) OVER (PARTITION BY case_no ORDER BY round), start_date) +
                   review_days)::DATE
                   AS due_on,
               due_on < as_at() AND due_on <= horizon AS fell_due
        FROM numbered
        WHERE aim_on <= horizon OR round = 1
    """


def _late_first(done_from: str, purpose: str) -> str:
    counted = f"prev_wd(({done_from} + review_days)::DATE)"
    return (
        f"CASE WHEN {draw(purpose + ' counted')} < 0.8"
        f" AND {done_from} >= start_date AND {counted} > first_due"
        f" THEN least(as_at(), {counted}) ELSE late_day(first_due, 30, {draw(purpose)}) END"
    )


def _chains_sql() -> str:
    reviewed = topped_up("plan-reviewed-every-16-weeks", "joined", "due >= 1", "false", "planned")
    first = topped_up(
        "roh-first-review-on-time",
        "joined",
        among="due >= 1 AND roh_level <> 'low'",
        met="false",
        free="story <> 'silent'",
    )
    return f"""
        CREATE OR REPLACE TABLE chains AS
        WITH counted AS (
            SELECT case_no, (count(*) FILTER (fell_due))::INTEGER AS due, min(due_on) AS first_due,
                   arg_min(aim_on, round) AS first_aim, (count(*) FILTER (fell_due AND round >= 3))::INTEGER
                       AS later_due
            FROM rounds GROUP BY case_no
        ), joined AS (
            SELECT * FROM assessed JOIN counted USING (case_no)
        ), drawn AS (
            SELECT case_no, base, review_days, start_date, horizon, due, later_due, first_due, first_aim,
                   oasys_on, analysis_on, roh_level = 'low' AS low,
                   CASE WHEN planned THEN {fate("plan-reviewed-every-16-weeks", reviewed)}
                        ELSE 'missing' END AS drawn_plan,
                   CASE WHEN story = 'silent' THEN 'missing' ELSE {fate("roh-first-review-on-time", first)}
                        END AS drawn_first,
                   {fate("roh-reviewed-every-16-weeks")} AS drawn_next
            FROM joined
        ), first AS (
            SELECT *, CASE WHEN due = 0 AND drawn_plan <> 'met' THEN 'never' ELSE drawn_plan END AS plan_fate,
                   CASE WHEN drawn_plan = 'met' THEN 99 ELSE 1 + whole({draw("plan fails")}, greatest(due,
                       1)) END
                       AS plan_fails,
                   CASE WHEN plan_fate = 'late' AND plan_fails = 1
                        THEN {_late_first("oasys_on", "late plan review")} END AS late_plan_on,
                   CASE WHEN drawn_first <> 'met' AND due = 0 THEN 'never' ELSE drawn_first END AS first_fate,
                   CASE WHEN first_fate = 'late' THEN {_late_first("analysis_on", "late risk review")}
                        ELSE first_aim END AS first_roh_on,
                   (first_roh_on + review_days)::DATE AS second_due,
                   (second_due < as_at() AND second_due <= horizon)::INTEGER AS second_fell_due
            FROM drawn
        )
        SELECT case_no, low, plan_fate, plan_fails, late_plan_on, first_fate, first_roh_on, second_due,
               CASE WHEN second_fell_due = 0 THEN 'met' ELSE drawn_next END AS next_fate,
               CASE WHEN next_fate = 'met' THEN 99
                    ELSE 2 + whole({draw("risk review fails")}, 1 + later_due) END AS next_fails
        FROM first
    """


def _plan_reviews_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE plan_reviews AS
        SELECT case_no, round,
               CASE WHEN round <> plan_fails THEN aim_on WHEN round = 1 THEN late_plan_on
                    ELSE late_day(due_on, 28, {draw("late plan")}) END AS completed_on
        FROM rounds JOIN chains USING (case_no)
        WHERE (round < plan_fails OR plan_fate = 'late') AND plan_fate <> 'never'
            AND (due_on < as_at() OR {draw("early plan")} < 0.1) AND completed_on <= as_at()
    """


def _roh_reviews_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE roh_reviews AS
        WITH own AS (
            SELECT case_no, round, CASE WHEN round = 2 THEN second_due ELSE due_on END AS actual_due,
                   CASE WHEN round = 1 THEN first_roh_on WHEN round <> next_fails THEN aim_on
                        ELSE late_day(actual_due, 25, {draw("late risk")}) END AS completed_on
            FROM rounds JOIN chains USING (case_no)
            WHERE NOT low AND first_fate IN ('met', 'late') AND (round < next_fails OR next_fate = 'late')
                AND (actual_due < as_at() OR {draw("early risk")} < 0.1)
        )
        SELECT case_no, completed_on FROM own WHERE completed_on <= as_at()
        UNION ALL
        -- No standard asks for the review of a low risk; most come with the plan's.
        SELECT case_no, completed_on FROM plan_reviews JOIN chains USING (case_no) WHERE low
    """


def _paired_sql() -> str:
    wanted = load_shares()["plan-review-with-risk-review"].sufficient
    ease = f"CASE WHEN grade = 'pso' THEN {_ASSISTANT} ELSE 10 END"
    return f"""
        CREATE OR REPLACE TABLE pairing AS
        WITH nearest AS (
            SELECT plan_reviews.case_no, round,
                   bool_or(abs(roh_reviews.completed_on - plan_reviews.completed_on) <= {_NEAR}) AS near
            FROM plan_reviews LEFT JOIN roh_reviews USING (case_no)
            GROUP BY plan_reviews.case_no, round
        ), cases AS (
            SELECT case_no, max(round) AS last_round, count(*)
                AS plan_reviews, bool_and(coalesce(near, false)) AS near
            FROM nearest GROUP BY case_no
        ), able AS (
            SELECT assessed.*, last_round, coalesce(plan_reviews, 0) AS plan_reviews,
                   coalesce(near, false) AND oasys IN ('met', 'late') AS able, {ease} AS ease
            FROM assessed LEFT JOIN cases USING (case_no)
        )
        SELECT *, able AND {draw("plan-review-with-risk-review")} < ease * (
                   SELECT {wanted} * count(*) FILTER (plan_reviews > 0) / greatest(1, sum(ease) FILTER (able))
                       FROM able
               ) AS paired
        FROM able
    """


def _rescored_sql() -> str:
    over = "age > 112"
    again = topped_up("oasys-rescored", "pairing", over, "paired", "NOT paired AND oasys IN ('met', 'late')")
    return f"""
        CREATE OR REPLACE TABLE reviewed AS
        SELECT *, paired OR (oasys IN ('met', 'late') AND {draw("oasys-rescored")} < {again}) AS rescored
        FROM pairing
    """
