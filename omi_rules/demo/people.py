"""The caseload and who holds it: the profile of appendix 1 of the report.

What appendix 1 counts is filled by rank, so that it comes out exactly, the rest by chance. Where the report
is silent:

- 60% community, 40% licence, as in the report's sample (89 of 148), the only split that it prints;
- 8% high or very high Risk of Harm. The sample's 15% is a quota, not the caseload's share;
- three of ten cases started more than nine months ago, and some of those have ended.
"""

from omi_rules.demo.chance import draw, load_shares, topped_up

AREA = "Merseyside (synthetic)"
DIVISIONS = ("Liverpool North", "Liverpool South", "Wirral", "Sefton", "Knowsley and St Helens")
#: Appendix 1: the caseload at the end of July 2006, and what of it was counted.
CASELOAD = 10_359
PPO, MAPPA_2, MAPPA_3 = 286, 118, 25
FEMALE, MINORITY, WHITE = 0.1224, 0.0491, 0.9451
_CASES_PER_TEAM = 380


def _ranked(purpose: str, count: int, of: str = "true") -> str:
    """SQL: whether the case is among the first of those that `of` selects, in proportion to the caseload."""
    rank = f"row_number() OVER (PARTITION BY coalesce({of}, false) ORDER BY {draw(purpose)}, case_no)"
    return f"(coalesce({of}, false) AND {rank} <= round({count} / {CASELOAD} * count(*) OVER ()))"


def people_sql(cases: int, seed: int) -> list[str]:
    """Statements that make `people`, a row a case with all that its tables rest on, and `officers`."""
    return [
        _officers_sql(cases),
        _sentences_sql(cases, seed),
        _profile_sql(),
        _requirement_kinds_sql(),
        _tiers_sql(),
        _held_sql(),
    ]


def _officers_sql(cases: int) -> str:
    teams = max(len(DIVISIONS), round(cases / _CASES_PER_TEAM))
    divisions = ", ".join(f"'{division}'" for division in DIVISIONS)
    return f"""
        CREATE OR REPLACE TABLE teams AS
        SELECT team_no, [{divisions}][1 + team_no % {len(DIVISIONS)}] AS division,
               division || ' team ' || (1 + team_no // {len(DIVISIONS)}) AS team,
               (8 + (team_no * 7 + 3) % 5)::INTEGER AS size
        FROM range({teams}) AS teams (team_no);
        CREATE OR REPLACE TABLE officers AS
        SELECT team_no, place, division, team, printf('OM%03d%02d', team_no + 1, place) AS staff_id,
               -- Place 0 leads the team and holds no cases; the last is in training.
               CASE WHEN place = 0 THEN 'spo' WHEN place <= 4 * size // 10 THEN 'pso' WHEN place = size
                   THEN 'tpo'
                    ELSE 'po' END AS grade
        FROM teams, range(13) AS places (place) WHERE place <= size
    """


def _sentences_sql(cases: int, seed: int) -> str:
    return f"""
        CREATE OR REPLACE TABLE sentences AS
        WITH numbered AS (
            SELECT number::INTEGER AS case_no, case_base({seed}, number) AS base FROM range({cases})
                AS numbers (number)
        ), drawn AS (
            SELECT *,
                   CASE WHEN {draw("order")} < 0.48 THEN 'community_order' WHEN {draw("order")} < 0.6
                        THEN 'suspended_sentence_order' ELSE 'licence' END AS order_type,
                   CASE WHEN {draw("recent")} < 0.7 THEN whole({draw("age")}, 274)
                        ELSE 274 + whole({draw("age")}, 274) END AS age
            FROM numbered
        ), started AS (
            SELECT case_no, base, order_type,
                   -- A few licences are still to begin: their clocks lie ahead.
                   CASE WHEN order_type = 'licence' AND {draw("ahead")} < 0.01
                        THEN next_wd((as_at() + 1 + whole({draw("age")}, 20))::DATE)
                        ELSE prev_wd((as_at() - age)::DATE) END AS start_date,
                   CASE WHEN order_type = 'licence' THEN
                        CASE WHEN {draw("young")} < 0.1 THEN 4 + whole({draw("custody")}, 8)
                             ELSE 12 + whole({draw("custody")} * {draw("custody 2")}, 49) END END
                                 AS custody_months
            FROM drawn
        )
        SELECT *, order_type <> 'licence' AS community,
               CASE WHEN order_type = 'licence' THEN prev_wd((start_date - custody_months * 15)::DATE)
                    ELSE start_date END AS sentence_date,
               CASE WHEN order_type = 'licence' THEN start_date END AS release_date,
               -- Supervision that ended did so after its first reviews fell due.
               CASE WHEN as_at() - start_date >= 160 AND {draw("ended")} < 0.15
                    THEN prev_wd((start_date + 135 + whole({draw("end")}, as_at() - start_date - 135))::DATE)
               END AS end_date,
               coalesce(end_date, as_at()) AS horizon, (as_at() - start_date)::INTEGER AS age
        FROM started
    """


def _profile_sql() -> str:
    ethnicity = load_shares()["ethnicity-recorded"].sufficient
    rank = f"row_number() OVER (PARTITION BY recorded ORDER BY {draw('ethnicity')}, case_no) - 1"
    place = f"({rank}) / count(*) OVER (PARTITION BY recorded)"
    return f"""
        CREATE OR REPLACE TABLE profile AS
        WITH risky AS (
            SELECT *, {draw("recorded")} < {ethnicity} AS recorded,
                   CASE WHEN {draw("risk")} < 0.006 THEN 'very_high' WHEN {draw("risk")} < 0.08 THEN 'high'
                        WHEN {draw("risk")} < 0.52 THEN 'medium' ELSE 'low' END AS roh_level,
                   roh_level IN ('high', 'very_high') AS hvh
            FROM sentences
        ), ranked AS (
            SELECT *, {_ranked("ppo", PPO)} AS ppo, {_ranked("mappa", MAPPA_3, "hvh")} AS mappa_3,
                   {_ranked("mappa", MAPPA_2 + MAPPA_3, "hvh")} AS mappa_2,
                   row_number() OVER (ORDER BY {draw("gender")}, case_no) <= round({FEMALE} * count(*)
                       OVER ()) AS woman,
                   {place} AS place
            FROM risky
        )
        SELECT * EXCLUDE (mappa_2, mappa_3, place, recorded, woman),
               CASE WHEN mappa_3 THEN 3 WHEN mappa_2 THEN 2 WHEN hvh AND {draw("mappa 1")} < 0.2 THEN 1
                    WHEN NOT hvh AND {draw("mappa 1")} < 0.02 THEN 1 END AS mappa_level,
               CASE WHEN hvh AND mappa_level IS NULL AND {draw("mappa reason")} < 0.06
                    THEN 'Managed by one agency; reviewed by the senior probation officer' END
                        AS mappa_exception_reason,
               {draw("domestic")} < CASE WHEN hvh THEN 0.45 WHEN roh_level = 'medium' THEN 0.28 ELSE 0.08 END
                   AS domestic_abuse,
               {draw("children")} < CASE WHEN hvh THEN 0.22 WHEN roh_level = 'medium' THEN 0.07 ELSE 0.02 END
                   AS child_safeguarding,
               coalesce(custody_months >= 12, false) AND {draw("victim")} < 0.38 AS statutory_victim_contact,
               {draw("drugs")} < CASE WHEN ppo THEN 0.7 ELSE 0.28 END AS drug_related_offending,
               CASE WHEN NOT recorded THEN NULL
                    WHEN place < {MINORITY} THEN pick({draw("minority")}, ['B1', 'B1', 'B2', 'B2', 'B9', 'M1',
                        'M1',
                        'M2', 'M3', 'M9', 'A1', 'A2', 'A3', 'A9', 'O1', 'O9'])
                    WHEN place < {MINORITY + WHITE} THEN pick({draw("white")}, ['W1', 'W1', 'W1', 'W1', 'W1',
                        'W1',
                        'W1', 'W1', 'W1', 'W1', 'W1', 'W1', 'W1', 'W1', 'W1', 'W1', 'W1', 'W1', 'W2', 'W9'])
                    ELSE 'NS' END AS ethnicity,
               CASE WHEN woman THEN 'female' ELSE 'male' END AS gender,
               {draw("disability")} < 0.15 AS disability, {draw("literacy")} < 0.24 AS literacy_need,
               CASE WHEN roh_level = 'medium' AND {draw("interval")} < 0.04 THEN 12 END
                   AS review_interval_weeks,
               7 * coalesce(review_interval_weeks, 16)::INTEGER AS review_days,
               CASE WHEN age >= 60 AND NOT hvh AND review_interval_weeks IS NULL
                   AND {draw("resentenced")} < 0.04
                    THEN next_wd((start_date + 56 + whole({draw("resentence")}, least(12, age - 58)))::DATE)
               END AS resentenced_date
        FROM ranked
    """


def _requirement_kinds_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE sentenced AS
        WITH drawn AS (
            SELECT *, {draw("programme")} < CASE WHEN community THEN 0.24 ELSE 0.14 END AS has_programme,
                   {draw("drr")} < CASE WHEN community AND drug_related_offending THEN 0.22 WHEN community
                       THEN 0.02
                        ELSE 0 END AS has_drr,
                   community AND {draw("unpaid")} < 0.36 AS drawn_unpaid,
                   CASE WHEN {draw("other")} < 0.26 THEN pick({draw("other kind")}, ['curfew', 'curfew',
                       'activity',
                        'activity', 'alcohol_treatment', 'alcohol_treatment', 'residence', 'exclusion',
                        'mental_health_treatment', 'other']) END AS other_kind
            FROM profile
        )
        SELECT * EXCLUDE (drawn_unpaid),
               NOT community OR has_programme OR has_drr OR hvh OR {draw("supervision")} < 0.72
                   AS has_supervision,
               drawn_unpaid OR (NOT has_supervision AND other_kind IS NULL) AS has_unpaid_work,
               -- A transfer in comes after the first 16 weeks, where nothing else is judged by its rows.
               NOT has_unpaid_work AND resentenced_date IS NULL AND horizon - start_date >= 136
                   AND {draw("transfer")} < 0.11 AS transferred_in
        FROM drawn
    """


def _tiers_sql() -> str:
    matched = topped_up("tier-matches-risk", "minimum", "true", "minimum_tier = 1", "minimum_tier > 1")
    return f"""
        CREATE OR REPLACE TABLE tiered AS
        WITH minimum AS (
            SELECT *, CASE WHEN hvh OR ppo THEN 4 WHEN has_programme OR has_drr THEN 3 WHEN has_supervision
                THEN 2
                           ELSE 1 END AS minimum_tier
            FROM sentenced
        ), drawn AS (
            SELECT *, {draw("tier-matches-risk")} < {matched} AS right_tier FROM minimum
        )
        SELECT * EXCLUDE (right_tier),
               (CASE WHEN NOT right_tier AND minimum_tier > 1 THEN minimum_tier - 1
                     WHEN {draw("higher tier")} < 0.12 THEN least(4, minimum_tier + 1)
                     ELSE minimum_tier END)::INTEGER AS tier
        FROM drawn
    """


def _held_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE people AS
        WITH drawn AS (
            -- Assistants hold the lower tiers; high Risk of Harm is a probation officer's.
            SELECT *, NOT hvh AND {draw("assistant")} < CASE WHEN tier <= 2 THEN 0.6 ELSE 0.12 END AS assisted
            FROM tiered
        ), holders AS (
            SELECT *, grade = 'pso' AS assistant, place AS officer_place,
                   row_number() OVER (PARTITION BY grade = 'pso' ORDER BY staff_id)::INTEGER - 1 AS number
            FROM officers WHERE grade <> 'spo'
        ), counted AS (
            SELECT count(*) FILTER (assistant) AS assistants, count(*) FILTER (NOT assistant) AS others
            FROM holders
        ), given AS (
            SELECT drawn.*,
                   whole({draw("officer")}, CASE WHEN assisted THEN assistants ELSE others END) AS number
            FROM drawn, counted
        )
        SELECT given.* EXCLUDE (assisted, number), printf('M%07d', case_no + 1) AS case_id, '{AREA}' AS area,
               team_no, division, team, staff_id AS offender_manager, grade, officer_place
        FROM given JOIN holders ON holders.number = given.number AND assistant = assisted
        ORDER BY case_no
    """
