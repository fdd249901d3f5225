"""The start of a case and what is asked of every case: reports, allocation, induction, skills, checks."""

from omi_rules.demo.chance import draw, fate, load_shares, meets


def intake_sql() -> list[str]:
    """Statements that make the tables that rest on the case alone."""
    return [
        _court_reports_sql(),
        _allocations_sql(),
        _inductions_sql(),
        _skills_sql(),
        _specialist_assessments_sql(),
        _police_checks_sql(),
        _convictions_sql(),
        _documents_sql(),
    ]


def _court_reports_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_court_reports AS
        WITH reported AS (
            SELECT *, CASE WHEN {draw("report kind")} < 0.56 THEN 'sdr' WHEN {draw("report kind")} < 0.94
                THEN 'fdr'
                           ELSE 'oral' END AS kind,
                   {fate("court-report-on-time")} AS done
            FROM assessed WHERE community AND {meets("court-report-prepared")}
        ), dated AS (
            SELECT *, CASE WHEN kind = 'oral' THEN sentence_date
                           ELSE add_wd(sentence_date, -3 - whole({draw("report due")}, 3)) END AS due,
                   CASE WHEN kind = 'oral' THEN sentence_date WHEN done = 'met'
                       THEN add_wd(due, -whole({draw("report")}, 4))
                        ELSE add_wd(due, 1 + whole({draw("report")}, 2)) END AS completed
            FROM reported
        )
        SELECT case_no, base, kind,
               CASE kind WHEN 'oral' THEN sentence_date WHEN 'fdr' THEN add_wd(due, -5)
                   ELSE add_wd(due, -15) END
                   AS requested_on,
               -- The court's own date is not always noted; the standard's limit is then the due date.
               CASE WHEN kind <> 'oral' AND {draw("report undated")} >= 0.05 THEN due END AS due_on,
               completed AS completed_on,
               CASE WHEN {meets("court-report-proposed-community")} THEN 'community'
                    ELSE pick({draw("proposal")}, ['custody', 'other']) END AS proposal,
               {meets("court-report-proposal-followed")} AS proposal_followed,
               {meets("court-report-national-format")} AS national_format,
               {meets("court-report-oasys-template")} AS oasys_template,
               {meets("court-report-outline-plan")} AS outline_plan
        FROM dated
    """


def _allocations_sql() -> str:
    few = load_shares()["few-offender-managers"].sufficient
    return f"""
        CREATE OR REPLACE TABLE out_allocations AS
        WITH fated AS (
            SELECT *, {fate("allocated-on-time")} AS allocation,
                   CASE WHEN {draw("managers")} < {few * 0.72} THEN 1 WHEN {draw("managers")} < {few} THEN 2
                        WHEN {draw("managers")} < {1 - (1 - few) * 0.25} THEN 3 ELSE 4 END AS managers,
                   add_wd(start_date, CASE WHEN tier = 4 THEN 1 ELSE 3 END) AS allocation_due
            FROM assessed
        ), first AS (
            SELECT *, done_day(allocation, CASE WHEN {draw("early allocation")} < 0.2
                THEN (start_date - 10)::DATE
                          ELSE start_date END, allocation_due, 15, {draw("allocated")}) AS first_on
            FROM fated WHERE allocation <> 'missing'
        ), numbered AS (
            SELECT case_no, row_base(base, 70 + number) AS base, team_no, offender_manager, grade,
                officer_place,
                   (first_on + (number * greatest(0, horizon - first_on) // managers)::INTEGER)::DATE
                       AS allocated_on,
                   managers - 1 - number AS before
            FROM first, (SELECT number::INTEGER AS number FROM range(4) AS numbers (number))
                WHERE number < managers
        )
        SELECT case_no, base, allocated_on, coalesce(officers.staff_id, offender_manager) AS offender_manager,
               coalesce(officers.grade, numbered.grade) AS grade
        FROM numbered LEFT JOIN officers
            -- Those who held the case before are the next in the team; every team has eight or more.
            ON before > 0 AND officers.team_no = numbered.team_no
                AND officers.place = 1 + (officer_place - 1 + before * 2 + 1) % 8
                AND officers.place <> officer_place
    """


def _inductions_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_inductions AS
        SELECT case_no, base, done_day({fate("induction-on-time")}, start_date, add_wd(start_date, 5), 20,
                   {draw("inducted")}) AS completed_on,
               {meets("discrimination-explained")} AS discrimination_explained
        FROM assessed
    """


def _skills_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_skills_for_life AS
        WITH fated AS (
            SELECT *, {fate("skills-screening-at-start")} AS screened,
                   add_wd(start_date, 15) AS screening_due,
                   {draw("need")} < CASE WHEN literacy_need THEN 0.85 ELSE 0.3 END AS need
            FROM assessed
        ), screened AS (
            SELECT *, done_day(screened, start_date, screening_due, 40, {draw("skills")}) AS screened_on
            FROM fated
        ), needed AS (
            -- Some needs are found without a screening.
            SELECT *, screened_on IS NULL AND {draw("unscreened")} < 0.05 AS unscreened,
                   coalesce(screened_on, start_date) AS asked_on, add_wd(asked_on, 20) AS answer_due
            FROM screened
        ), answered AS (
            SELECT *, CASE WHEN unscreened OR (screened_on IS NOT NULL AND need
                                               AND {meets("skills-assessment-when-indicated")})
                           THEN met_day(asked_on, answer_due, {draw("skills assessed")}) END AS assessed_on
            FROM needed
        ), known AS (
            SELECT *, CASE WHEN unscreened THEN assessed_on WHEN need THEN screened_on END AS known_on,
                   add_wd(known_on, 40) AS lesson_due
            FROM answered
        )
        SELECT case_no, base, screened_on AS occurred_on, 'screening' AS kind, need AS need_indicated
        FROM known WHERE screened_on IS NOT NULL
        UNION ALL
        SELECT case_no, row_base(base, 80), assessed_on, 'assessment', true
        FROM known WHERE assessed_on IS NOT NULL
        UNION ALL
        SELECT case_no, row_base(base, 81), met_day(known_on, lesson_due, {draw("taught")}), 'intervention',
               NULL
        FROM known WHERE known_on IS NOT NULL AND {meets("skills-intervention-arranged")}
    """


def _specialist_assessments_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_specialist_assessments AS
        SELECT case_no, base, done_day({fate("sara-in-domestic-abuse")},
                   CASE WHEN {draw("early sara")} < 0.2 THEN (start_date - 20)::DATE ELSE start_date END,
                   assessment_due, 40, {draw("sara")}) AS completed_on, 'sara' AS kind
        FROM assessed WHERE domestic_abuse
        UNION ALL
        SELECT case_no, row_base(base, 90), met_day(start_date, (start_date + 60)::DATE, {draw("rm2000")}),
               CASE WHEN hvh THEN 'rm2000' ELSE 'other' END
        FROM assessed WHERE {draw("specialist")} < 0.05
    """


def _police_checks_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_police_checks AS
        SELECT case_no, base, met_day(start_date, assessment_due, {draw("police")}) AS requested_on,
               CASE WHEN {draw("callouts")} < 0.33 THEN 1 + whole({draw("calls")}, 4) ELSE 0 END
                   AS callouts_reported
        FROM assessed WHERE domestic_abuse AND {meets("police-callouts-checked")}
    """


def _convictions_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_convictions AS
        SELECT case_no, base, some_day(start_date, horizon, {draw("convicted")}) AS occurred_on,
               CASE WHEN {draw("conviction")} < 0.8 THEN 'conviction' ELSE 'caution' END AS kind
        FROM assessed WHERE start_date <= as_at() AND NOT {meets("no-reconviction")}
    """


def _documents_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_documents AS
        WITH filed AS (
            SELECT *, {meets("file-documents-held")} AS whole_file, whole({draw("lost document")}, 4) AS lost
                FROM assessed
        )
        SELECT case_no, row_base(base, 100 + number) AS base,
               CASE number WHEN 0 THEN CASE WHEN community THEN 'court order' ELSE 'licence' END
                    WHEN 1 THEN 'previous convictions' WHEN 2 THEN 'prosecution papers'
                        ELSE 'signed conditions' END AS kind,
               whole_file OR number <> lost AS held
        FROM filed, range(4) AS numbers (number)
    """
