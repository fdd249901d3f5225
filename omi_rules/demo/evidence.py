"""The rows of the assessment tables, from the days already drawn: screenings, reviews, OASys, plans."""

from omi_rules.demo.chance import draw, load_shares, meets, topped_up


def evidence_sql() -> list[str]:
    """Statements that make the tables of assessments and plans, and of the changes that called for them."""
    return [
        _changes_sql(),
        _roh_screenings_sql(),
        _roh_assessments_sql(),
        _oasys_days_sql(),
        _oasys_assessments_sql(),
        _sentence_plans_sql(),
    ]


def _changes_sql() -> str:
    rule = load_shares()["roh-reviewed-after-change"]
    free = topped_up(
        rule.rule,
        "flagged",
        among="changed",
        met="rise_answer = 'met' AND story = 'rose'",
        free="story NOT IN ('rose', 'silent')",
    )
    # A change comes after the last assessment there is, so that nothing but its own answer can answer it.
    return f"""
        CREATE OR REPLACE TABLE changes AS
        WITH latest AS (
            SELECT case_no, max(completed_on) AS reviewed_on FROM roh_reviews GROUP BY case_no
        ), quiet AS (
            SELECT assessed.*, CASE WHEN analysis_on <= as_at() THEN analysis_on END AS analysed_on,
                   (greatest(start_date, reviewed_on, analysed_on) + 3)::DATE AS quiet_from
            FROM assessed LEFT JOIN latest USING (case_no)
        ), flagged AS (
            SELECT *, story = 'rose' OR (horizon - quiet_from >= 8 AND age >= 45 AND {draw("change")} < 0.33)
                AS changed
            FROM quiet
        ), drawn AS (
            SELECT *, CASE WHEN story = 'rose' THEN rise_answer WHEN story = 'silent' THEN 'missing'
                           ELSE fate({draw(rule.rule)}, {free}, {rule.late}) END AS answer
            FROM flagged
        )
        SELECT case_no, base, story, roh_level, grade, answer,
               CASE WHEN story = 'rose' THEN rise_change_on
                    ELSE (quiet_from + whole({draw("change day")}, horizon - quiet_from + 1))::DATE END
                        AS occurred_on,
               CASE WHEN story = 'rose' THEN rise_on
                    ELSE done_day(answer, occurred_on, add_wd(occurred_on, 10), 15,
                        not_early({draw("answered")})) END AS answered_on,
               pick({draw("change kind")}, ['arrest', 'new offence', 'relationship breakdown',
                   'substance misuse', 'loss of accommodation', 'threat to another person',
                   'contact with a child']) AS kind
        FROM drawn WHERE changed;
        CREATE OR REPLACE TABLE out_significant_changes AS
        SELECT case_no, base, occurred_on, kind FROM changes
    """


def _roh_screenings_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_roh_screenings AS
        SELECT case_no, base, screening_on AS completed_on, indicated AS full_analysis_indicated, exempted,
               NOT {meets("roh-exemption-countersigned")} AS unsigned, {draw("unsigned")} AS u,
               CASE WHEN exempted AND NOT (unsigned AND u < 0.3)
                   THEN pick({draw("exemption")}, ['recent full analysis',
                    'short order, no indication of harm', 'assessment held by another area']) END
                        AS exemption_reason,
               CASE WHEN exempted AND NOT (unsigned AND u >= 0.2)
                    THEN least(as_at(), next_wd((screening_on + 1 + whole(u, 10))::DATE)) END
                        AS countersigned_on
        FROM assessed WHERE screening_on IS NOT NULL
    """


def _roh_assessments_sql() -> str:
    high = "level IN ('high', 'very_high')"
    signed = f"CASE WHEN {high} AND signed < 0.62 THEN next_wd((completed_on + 2)::DATE) END"
    return f"""
        CREATE OR REPLACE TABLE out_roh_assessments AS
        WITH rows AS (
            SELECT case_no, base, analysis_on AS completed_on, 'full_analysis' AS kind, grade,
                   CASE WHEN story = 'rose' THEN 'medium' ELSE roh_level END AS level, {draw("signed")}
                       AS signed
            FROM assessed WHERE analysis_on IS NOT NULL
            UNION ALL
            SELECT case_no, base, answered_on, 'full_analysis', grade, roh_level, {draw("signed answer")}
            FROM changes WHERE answered_on IS NOT NULL
            UNION ALL
            SELECT case_no, base, completed_on, 'review', grade,
                   CASE WHEN story = 'rose' AND completed_on < rise_on THEN 'medium' ELSE roh_level END,
                   {draw("signed review")}
            FROM roh_reviews JOIN assessed USING (case_no)
        )
        SELECT case_no, base, completed_on, kind, level, grade, {signed} AS countersigned_on FROM rows
    """


def _oasys_days_sql() -> str:
    resentence = load_shares()["oasys-after-resentence"]
    return f"""
        CREATE OR REPLACE TABLE oasys_days AS
        SELECT case_no, CASE WHEN oasys = 'met' AND NOT rescored AND story <> 'found'
            AND {draw("early oasys")} < 0.25
                             THEN prev_wd((start_date - 4 - whole({draw("early oasys")}, 60))::DATE)
                                 ELSE oasys_on END
                   AS completed_on, 'start' AS kind, oasys <> 'unscored' AS scored
        FROM reviewed WHERE oasys_on IS NOT NULL
        UNION ALL
        SELECT case_no, prev_wd((completed_on - whole({draw("oasys lead")}, 3))::DATE), 'review', true
        FROM plan_reviews JOIN reviewed USING (case_no)
        WHERE paired OR (rescored AND story <> 'rose' AND round < last_round)
        UNION ALL
        SELECT case_no, CASE WHEN story = 'rose' THEN rise_on WHEN resentenced_date IS NOT NULL
                                  THEN prev_wd((start_date + 51 + whole({draw("rescored")}, 4))::DATE)
                             ELSE prev_wd((start_date + review_days // 2 + 4 + whole({draw("rescored")},
                                 8))::DATE) END,
               'review', true
        FROM reviewed
        WHERE rescored AND NOT paired AND (story = 'rose' OR plan_reviews < 2)
        UNION ALL
        SELECT case_no, done_day(fate({draw(resentence.rule)}, {resentence.sufficient}, {resentence.late}),
                   resentenced_date, add_wd(resentenced_date, assessment_limit), 12,
                       {draw("resentence oasys")}),
               'start', rescored
        FROM reviewed WHERE resentenced_date IS NOT NULL
        UNION ALL
        SELECT case_no, end_date, 'end', true FROM reviewed
        WHERE end_date IS NOT NULL AND rescored AND paired AND {draw("oasys end")} < 0.4
    """


def _oasys_assessments_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_oasys_assessments AS
        WITH placed AS (
            SELECT case_no, completed_on, kind, scored,
                   dense_rank() OVER (PARTITION BY case_no ORDER BY completed_on) AS place
            FROM oasys_days WHERE completed_on <= as_at()
        )
        SELECT case_no, base, completed_on, kind, grade,
               -- Every later score moves the same way, so that the last shows whether the first was improved.
               CASE WHEN scored THEN (60 + whole({draw("score")}, 60) + (place - 1) * (2 +
                   whole({draw("step")}, 5))
                    * CASE WHEN {meets("oasys-score-improved")} THEN -1
                           WHEN {draw("unchanged")} < 0.3 THEN 0 ELSE 1 END)::INTEGER END AS score
        FROM placed JOIN reviewed USING (case_no)
    """


def _sentence_plans_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_sentence_plans AS
        SELECT case_no, base, plan_on AS completed_on, 'initial' AS kind,
               {meets("plan-states-contact-levels")} AS contact_levels_stated,
               {draw("involved")} < 0.55 AS offender_involved, grade
        FROM assessed WHERE plan_on IS NOT NULL
        UNION ALL
        SELECT case_no, row_base(base, 40 + round), completed_on, 'review',
               {draw("review levels", "row_base(base, 40 + round)")} < 0.9,
               {draw("review involved", "row_base(base, 40 + round)")} < 0.4, grade
        FROM plan_reviews JOIN assessed USING (case_no)
    """
