"""Public protection: risk management plans, MAPPA, home visits, transfers in, and victims."""

from omi_rules.demo.chance import draw, fate, load_shares, meets, topped_up


def protection_sql() -> list[str]:
    """Statements that make the tables of public protection; clocks run from `trigger_on` of `assessed`."""
    return [
        _transfers_sql(),
        _risk_management_plans_sql(),
        _mappa_events_sql(),
        _home_visits_sql(),
        _victims_sql(),
    ]


def _transfers_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE moves AS
        SELECT case_no, base, hvh,
               prev_wd((start_date + 130 + whole({draw("moved")}, horizon - start_date - 130))::DATE)
                   AS transferred_on,
               {fate("transfer-in-appointment")} AS appointment, {fate("transfer-in-home-visit")} AS visit,
               {fate("transfer-in-rmp-updated")} AS updated, {meets("transfer-in-oasys-supplied")} AS supplied
        FROM assessed WHERE transferred_in;
        CREATE OR REPLACE TABLE out_transfers AS
        SELECT case_no, base, transferred_on, 'in' AS direction,
               CASE WHEN supplied THEN met_day((transferred_on - 5)::DATE, (transferred_on + 10)::DATE,
                    {draw("supplied")}) END AS oasys_received_on
        FROM moves
        UNION ALL
        SELECT case_no, base, end_date, 'out', NULL FROM assessed
        WHERE end_date IS NOT NULL AND NOT transferred_in AND {draw("moved out")} < 0.08
    """


def _risk_management_plans_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_risk_management_plans AS
        WITH fated AS (
            SELECT *, {fate("risk-management-plan-on-time")} AS plan_fate, add_wd(trigger_on, 5) AS rmp_due,
                   trigger_on = start_date AND {draw("early rmp")} < CASE WHEN community THEN 0.1 ELSE 0.4 END
                       AS early
            FROM assessed
        ), first AS (
            SELECT *, CASE WHEN hvh THEN done_day(plan_fate, CASE WHEN early THEN (start_date - 30)::DATE
                                ELSE trigger_on END, CASE WHEN early AND plan_fate = 'met'
                                    THEN (start_date - 1)::DATE
                                ELSE rmp_due END, 30, {draw("rmp")})
                           WHEN roh_level = 'medium' AND {draw("medium rmp")} < 0.35
                           THEN late_day(start_date, 25, {draw("rmp")}) END AS first_on
            FROM fated
        ), rows AS (
            SELECT case_no, base, first_on AS completed_on,
                   CASE WHEN first_on < start_date AND NOT community THEN 'pre_release' ELSE 'initial' END
                       AS kind
            FROM first WHERE first_on IS NOT NULL
            UNION ALL
            -- Half of those who have a plan bring it up to date later.
            SELECT case_no, base, prev_wd((first_on + 118 + whole({draw("rmp update")}, 20))::DATE), 'update'
            FROM first WHERE first_on IS NOT NULL AND NOT transferred_in AND {draw("rmp updated")} < 0.5
            UNION ALL
            SELECT case_no, base, done_day(updated, transferred_on, add_wd(transferred_on, 5), 20,
                   not_early({draw("rmp moved")})),
                   'update'
            FROM moves WHERE hvh AND updated <> 'missing'
        )
        SELECT case_no, base, completed_on, kind, {meets("rmp-standard-headings")} AS standard_headings
        FROM rows
    """


def _mappa_events_sql() -> str:
    judged = "hvh AND mappa_exception_reason IS NULL"
    referred = topped_up(
        "high-roh-managed-in-mappa",
        "assessed",
        among=judged,
        met="mappa_level IS NOT NULL",
        free="mappa_level IS NULL",
    )
    return f"""
        CREATE OR REPLACE TABLE out_mappa_events AS
        WITH fated AS (
            SELECT *, CASE WHEN mappa_level IS NOT NULL THEN 'met'
                           WHEN {judged} THEN {fate("high-roh-managed-in-mappa", referred)} ELSE 'missing' END
                               AS referral
            FROM assessed WHERE hvh OR mappa_level IS NOT NULL
        ), rows AS (
            SELECT case_no, base, mappa_level AS level, 'referral' AS kind,
                   done_day(referral, (trigger_on - 10)::DATE, add_wd(trigger_on, 10), 40, {draw("referred")})
                       AS occurred_on
            FROM fated WHERE referral <> 'missing'
            UNION ALL
            SELECT case_no, base, mappa_level, 'meeting', prev_wd((trigger_on + 21 + 42 * number)::DATE)
            FROM fated, (SELECT number::INTEGER AS number FROM range(12) AS meetings (number))
            WHERE mappa_level >= 2 AND trigger_on + 21 + 42 * number <= horizon
        )
        SELECT case_no, base, occurred_on, kind, level FROM rows
    """


def _home_visits_sql() -> str:
    made, on_time = load_shares()["high-roh-home-visit-made"], load_shares()["high-roh-home-visit-on-time"]
    late = (made.sufficient - on_time.sufficient) / (1 - on_time.sufficient)
    return f"""
        CREATE OR REPLACE TABLE out_home_visits AS
        WITH fated AS (
            SELECT *, fate({draw(on_time.rule)}, {on_time.sufficient}, {late}) AS visit,
                   add_wd(trigger_on, 10) AS visit_due
            FROM assessed
        )
        SELECT case_no, base, done_day(visit, trigger_on, visit_due, 40, {draw("visited")}) AS occurred_on,
               true AS purposeful
        FROM fated WHERE hvh AND visit <> 'missing'
        UNION ALL
        -- Nobody was in, or the visit served another end.
        SELECT case_no, row_base(base, 60), met_day(trigger_on, (trigger_on + 60)::DATE, {draw("vain")}),
            false
        FROM fated WHERE hvh AND NOT transferred_in AND visit <> 'met' AND {draw("vain visit")} < 0.3
        UNION ALL
        SELECT case_no, row_base(base, 61), met_day(start_date, (start_date + 90)::DATE, {draw("visited")}),
            true
        FROM fated WHERE NOT hvh AND NOT transferred_in AND {draw("any visit")} < 0.08
        UNION ALL
        SELECT case_no, row_base(base, 62), done_day(visit, transferred_on, add_wd(transferred_on, 10), 20,
                   not_early({draw("moved visit")})), NOT hvh
        FROM moves WHERE visit <> 'missing'
    """


def _victims_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_victim_contacts AS
        WITH fated AS (
            SELECT *, {fate("victim-offer-on-time")} AS offer, {meets("victim-process-information")}
                AS informed,
                   {fate("victim-licence-views-invited")} AS views, {fate("victim-release-conditions-told")}
                       AS told,
                   (sentence_date + 56)::DATE AS offer_due
            FROM assessed WHERE statutory_victim_contact
        ), rows AS (
            SELECT case_no, base, 'written_offer' AS kind,
                   done_day(offer, sentence_date, offer_due, 60, {draw("offered")}) AS occurred_on FROM fated
            UNION ALL
            SELECT case_no, base, 'process_information',
                   met_day(sentence_date, (sentence_date + 120)::DATE, {draw("informed")}) FROM fated
                       WHERE informed
            UNION ALL
            SELECT case_no, base, 'licence_conditions_views',
                   done_day(views, (start_date - 40)::DATE, start_date, 20, {draw("invited")}) FROM fated
            UNION ALL
            SELECT case_no, base, 'release_conditions_told',
                   done_day(told, (start_date - 20)::DATE, start_date, 20, {draw("told")}) FROM fated
        )
        SELECT case_no, base, occurred_on, kind FROM rows
    """
