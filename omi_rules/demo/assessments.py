"""The first assessments of a case: what is drawn for each, how the risk became known, and on which days.

A case of high or very high Risk of Harm has one of four stories, on which the start of its clocks depends:

- known: assessed before sentence or release;
- found: by the full analysis after the start;
- rose: by the full analysis that answered a significant change;
- silent: nobody has assessed it, then or since.
"""

from omi_rules.demo.chance import draw, fate, load_shares, meets, topped_up


def assessments_sql() -> list[str]:
    """Statements that make `assessed`: the people of the slice with story, limits, fates and first days."""
    return [_fates_sql(), _stories_sql(), _plans_sql(), _days_sql()]


def _fates_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE fates AS
        WITH drawn AS (
            SELECT *, {fate("roh-screening-at-start")} AS screening,
                   {draw("indicated")} < CASE WHEN hvh THEN 1 WHEN roh_level = 'medium' THEN 0.7 ELSE 0.15 END
                       AS indicated,
                   {draw("exempted")} < CASE WHEN hvh THEN 0.05 ELSE 0.1 END AS exempted,
                   {fate("roh-full-analysis-when-indicated")} AS drawn_analysis
            FROM slice
        )
        SELECT * EXCLUDE (exempted, drawn_analysis),
               indicated AND exempted AS exempted,
               CASE WHEN screening <> 'missing' AND indicated AND NOT exempted THEN drawn_analysis END
                   AS analysis
        FROM drawn
    """


def _stories_sql() -> str:
    late = "analysis IN ('met', 'late')"
    return f"""
        CREATE OR REPLACE TABLE stories AS
        WITH told AS (
            SELECT *,
                   -- The young cases are known or silent: for any other story too little time has passed.
                   CASE WHEN NOT hvh THEN 'none'
                        WHEN NOT coalesce({late}, false) THEN 'silent'
                        WHEN screening = 'late' THEN CASE WHEN age >= 110 THEN 'found' ELSE 'silent' END
                        WHEN {draw("story")} < 0.5 OR age < 75 THEN 'known'
                        WHEN {draw("story")} < 0.65 AND age >= 100 AND analysis = 'met' THEN 'rose'
                        ELSE 'found' END AS story
            FROM fates
        )
        SELECT * EXCLUDE (analysis),
               CASE WHEN story = 'silent' AND {late} THEN 'missing' ELSE analysis END AS analysis,
               story IN ('known', 'silent') AS hvh_at_start,
               CASE WHEN ppo OR hvh_at_start THEN 5 ELSE 15 END AS assessment_limit,
               CASE WHEN ppo OR hvh_at_start OR tier = 4 THEN 5 ELSE 15 END AS plan_limit,
               add_wd(start_date, assessment_limit) AS assessment_due, add_wd(start_date, plan_limit)
                   AS plan_due
        FROM told
    """


def _plans_sql() -> str:
    shares = load_shares()
    on_both = shares["ppo-assessed-and-planned"].sufficient / shares["ppo-oasys-on-time"].sufficient
    ppo_plan = on_both / shares["initial-plan-exists"].sufficient
    scored = topped_up(
        "oasys-scored-at-start",
        "lacking",
        among="true",
        met="ppo AND ppo_oasys = 'met'",
        free="NOT ppo AND lacking <> 'oasys'",
    )
    exists = topped_up(
        "initial-plan-exists",
        "lacking",
        among="community",
        met="complete",
        free="lacking <> 'plan' AND NOT complete",
    )
    on_time = topped_up(
        "initial-plan-on-time",
        "settled",
        among="community AND planned",
        met="ppo AND ppo_planned",
        free="NOT ppo",
    )
    return f"""
        CREATE OR REPLACE TABLE planned AS
        WITH lacking AS (
            SELECT *, tier = 1 AND has_unpaid_work AS simple,
                   -- What an unpaid work case of the lowest tier lacks, if anything.
                   CASE WHEN NOT simple OR {meets("tier-1-unpaid-work-assessed")} THEN 'nothing'
                        WHEN {draw("lacking")} < 0.5 THEN 'oasys' ELSE 'plan' END AS lacking,
                   simple AND lacking = 'nothing' AS complete,
                   {fate("ppo-oasys-on-time")} AS ppo_oasys
            FROM stories
        ), scored AS (
            SELECT *, CASE WHEN lacking = 'oasys' THEN 'missing' WHEN ppo THEN ppo_oasys
                           ELSE {fate("oasys-scored-at-start", scored)} END AS drawn_oasys,
                   complete OR (lacking <> 'plan' AND {draw("initial-plan-exists")} < {exists}) AS planned
            FROM lacking
        ), settled AS (
            SELECT * EXCLUDE (drawn_oasys),
                   CASE WHEN complete AND drawn_oasys = 'missing' THEN 'late'
                        WHEN NOT ppo AND drawn_oasys = 'late' AND {draw("unscored")} < 0.3 THEN 'unscored'
                        ELSE drawn_oasys END AS oasys,
                   {draw("ppo plan")} < CASE WHEN oasys = 'met' THEN {ppo_plan} ELSE 0.3 END AS ppo_planned
            FROM scored
        )
        SELECT * EXCLUDE (ppo_oasys, ppo_planned),
               CASE WHEN NOT planned THEN 'missing' WHEN ppo THEN CASE WHEN ppo_planned THEN 'met'
                   ELSE 'late' END
                    WHEN {draw("initial-plan-on-time")} < {on_time} THEN 'met' ELSE 'late' END AS plan
        FROM settled
    """


def _days_sql() -> str:
    window = "CASE WHEN early THEN (start_date - 24)::DATE ELSE start_date END"
    return f"""
        CREATE OR REPLACE TABLE assessed AS
        WITH screened AS (
            SELECT *,
                   story IN ('none', 'silent') AND {draw("early screening")} < 0.15 AS early,
                   CASE WHEN story = 'known' THEN prev_wd((start_date - 30 - whole({draw("screened")},
                       10))::DATE)
                        WHEN story = 'rose' THEN prev_wd((start_date + whole({draw("screened")}, 6))::DATE)
                        ELSE done_day(screening, {window}, assessment_due, 25, {draw("screened")}) END
                            AS screening_on,
                   add_wd(screening_on, assessment_limit) AS analysis_due
            FROM planned
        ), analysed AS (
            SELECT *, done_day(analysis, screening_on, analysis_due, 10, {draw("analysed")})
                AS drawn_analysis_on,
                   CASE WHEN story = 'found' THEN greatest(drawn_analysis_on, next_wd((start_date + 1)::DATE))
                        ELSE drawn_analysis_on END AS analysis_on,
                   prev_wd((start_date + 36 + whole({draw("rise")}, 10))::DATE) AS drawn_change_on,
                   CASE WHEN story = 'rose' THEN drawn_change_on END AS rise_change_on,
                   CASE WHEN {draw("rise answered")} < 0.65 THEN 'met' ELSE 'late' END AS rise_answer,
                   CASE WHEN story = 'rose' THEN done_day(rise_answer, rise_change_on, add_wd(rise_change_on,
                       10), 6,
                        {draw("risen")}) END AS rise_on
            FROM screened
        ), scored AS (
            SELECT *,
                   CASE WHEN oasys IN ('met', 'unscored') THEN
                             CASE WHEN story = 'found' AND analysis_on <= assessment_due THEN analysis_on
                                  ELSE met_day(start_date, assessment_due, {draw("scored")}) END
                        WHEN oasys = 'late' THEN late_day(assessment_due, 22, {draw("scored")}) END
                            AS oasys_on,
                   done_day(plan, CASE WHEN {draw("early plan")} < 0.1 THEN (start_date - 20)::DATE
                       ELSE start_date END,
                            plan_due, 30, {draw("plan day")}) AS plan_on,
                   CASE story WHEN 'found' THEN analysis_on WHEN 'rose' THEN rise_on ELSE start_date END
                       AS trigger_on
            FROM analysed
        )
        SELECT * EXCLUDE (drawn_analysis_on, drawn_change_on, early, simple, lacking, complete) FROM scored
    """
