"""Appointments, absences and breaches.

In the first 16 weeks each case has as many appointments as its draw says, evenly spread, so that a standard
of contact is met or not by their number; afterwards they follow the tier. Absences stand together, and from
the second of an order, or the third of a licence, a breach is drawn.
"""

from omi_rules.demo.chance import draw, fate, load_shares, meets, topped_up

#: National standards 2005: appointments in the first 16 weeks by tier; a tier of 1 has no minimum.
_MINIMUM = "CASE tier WHEN 4 THEN 32 WHEN 1 THEN 0 ELSE 16 END"
_PPO_MINIMUM = 32


def contact_sql() -> list[str]:
    """Statements that make the tables of appointments and breaches."""
    return [_contact_plan_sql(), _contacts_sql(), _absences_sql(), _appointments_sql(), _breaches_sql()]


def _contact_plan_sql() -> str:
    judged = "tier > 1"
    seen = topped_up("contact-frequency", "drawn", judged, "ppo AND (ppo_seen OR tier < 4)", "NOT ppo")
    return f"""
        CREATE OR REPLACE TABLE contact_plan AS
        WITH drawn AS (
            SELECT *, {_MINIMUM} AS minimum, {meets("ppo-enhanced-contact")} AS ppo_seen FROM assessed
        ), fated AS (
            SELECT *, CASE WHEN ppo THEN ppo_seen ELSE {draw("contact-frequency")} < {seen} END AS seen,
                   greatest(minimum, CASE WHEN ppo THEN {_PPO_MINIMUM} ELSE 0 END) AS wanted
            FROM drawn
        )
        SELECT fated.*,
               CASE WHEN wanted = 0 THEN 4 + whole({draw("contacts")}, 4)
                    WHEN seen THEN wanted + 1
                    WHEN ppo AND tier < 4 THEN 18 + whole({draw("contacts")}, 10)
                    ELSE wanted * 6 // 10 + whole({draw("contacts")}, wanted // 4) END AS contacts,
               CASE tier WHEN 4 THEN 4 WHEN 3 THEN 5 WHEN 2 THEN 6 ELSE 14 END AS spacing,
               least(horizon, as_at() + 14)::DATE AS last_on,
               -- A compliant case has no absence; the rest have one, or enough to fail the sentence, or more.
               CASE WHEN {meets("full-compliance")} THEN 0 WHEN {draw("absences")} < 0.45 THEN 1
                    WHEN {draw("absences")} < 0.75 THEN 2 WHEN {draw("absences")} < 0.93 OR community THEN 3
                    ELSE 4 END AS absences,
               {meets("attendance-recorded")} AS recorded, has_programme AS programme, has_drr AS drug_tests
        FROM fated
    """


def _contacts_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE contacts AS
        WITH early AS (
            SELECT case_no, base, start_date, programme, drug_tests, last_on, contacts, 0 AS spacing,
                   unnest(range(contacts))::INTEGER AS number
            FROM contact_plan
        ), later AS (
            SELECT case_no, base, start_date, programme, drug_tests, last_on, contacts, spacing,
                   unnest(range(1 + (last_on - start_date - 112) // spacing))::INTEGER AS number
            FROM contact_plan WHERE last_on >= start_date + 112
        ), every_contact AS (
            -- In the first 16 weeks so far apart in working days that no two fall on one day.
            SELECT *, row_base(base, 300 + number) AS contact_base,
                   add_wd(start_date, floor(
                       (number + {draw("early contact", "row_base(base, 300 + number)")} / 2) / contacts
                       * (wd((start_date + 111)::DATE) - wd(start_date) + 1))::INTEGER) AS aim_on
            FROM early
            UNION ALL
            SELECT * REPLACE (40 + number AS number), row_base(base, 340 + number) AS contact_base,
                   next_wd((start_date + 112 + spacing * number
                       + whole({draw("later contact", "row_base(base, 340 + number)")}, 3))::DATE) AS aim_on
            FROM later
        )
        SELECT every_contact.case_no, contact_base AS base, number, aim_on AS scheduled_on,
               CASE WHEN drug_tests AND {draw("contact kind", "contact_base")} < 0.35 THEN 'drug_test'
                    WHEN programme AND aim_on > start_date + 35
                        AND {draw("contact kind", "contact_base")} < 0.7
                    THEN 'programme'
                    WHEN {draw("contact kind", "contact_base")} < 0.94 THEN 'office' ELSE 'other' END AS kind
        FROM every_contact LEFT JOIN moves USING (case_no)
        WHERE aim_on <= last_on
            -- Around a transfer in only the appointment drawn for it is there.
            AND coalesce(aim_on NOT BETWEEN transferred_on AND add_wd(transferred_on, 25), true)
    """


def _absences_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE attended AS
        WITH placed AS (
            SELECT *, row_number() OVER (PARTITION BY case_no ORDER BY scheduled_on, number) AS place
                FROM contacts
        ), counted AS (
            SELECT case_no, (count(*) FILTER (scheduled_on <= as_at()))::INTEGER AS past,
                   count(*) FILTER (scheduled_on < add_wd(as_at(), -3)) AS settled
            FROM placed GROUP BY case_no
        ), failing AS (
            SELECT case_no, absences, recorded, past, settled,
                   -- The first absence leaves room for the others among the appointments there have been.
                   1 + whole({draw("first absence")}, greatest(1, past - absences + 1)) AS first_absence
            FROM contact_plan JOIN counted USING (case_no)
        )
        SELECT placed.case_no, placed.base, scheduled_on, kind,
               absences > 0 AND place BETWEEN first_absence AND first_absence + absences - 1 AS failed,
               NOT recorded AND place = CASE WHEN absences > 0 AND first_absence = 1 AND absences < settled
                                             THEN absences + 1 ELSE 1 END AS forgotten,
               CASE WHEN scheduled_on > as_at() OR forgotten THEN NULL
                    WHEN failed THEN 'unacceptable_absence'
                    WHEN {draw("outcome", "placed.base")} < 0.9 THEN 'attended'
                    ELSE 'acceptable_absence' END AS outcome
        FROM placed JOIN failing USING (case_no)
    """


def _appointments_sql() -> str:
    return f"""
        CREATE OR REPLACE TABLE out_appointments AS
        SELECT case_no, base, scheduled_on, kind, outcome, NULL::DECIMAL(4, 1) AS hours FROM attended
        UNION ALL
        -- The service cancels some on top of those that count.
        SELECT case_no, row_base(base, 1), scheduled_on, 'office', 'cancelled_by_service', NULL
        FROM attended WHERE scheduled_on <= as_at() AND {draw("cancelled")} < 0.025
        UNION ALL
        SELECT case_no, base, scheduled_on, kind, CASE WHEN scheduled_on <= as_at() THEN outcome END, hours
        FROM unpaid_weeks
        UNION ALL
        SELECT * FROM ({_on_holidays_sql()})
        UNION ALL
        SELECT case_no, row_base(base, 3), done_day(appointment, transferred_on, add_wd(transferred_on, 5),
            12,
                   not_early({draw("moved appointment")})) AS moved_on, 'office',
               CASE WHEN moved_on <= as_at() THEN 'attended' END, NULL
        FROM moves
    """


def _on_holidays_sql() -> str:
    return f"""
        SELECT case_no, row_base(base, 2), list_last(holidays), 'office',
               -- Wrong: the day counts as missed for a good reason. Right: it was arranged anew.
               CASE WHEN {meets("bank-holiday-absence")} THEN 'cancelled_by_service'
                   ELSE 'acceptable_absence' END, NULL
        FROM (SELECT case_no, base, list_filter(getvariable('bank_holidays'), lambda day: day >= start_date
                                                AND day <= horizon) AS holidays
              FROM assessed WHERE NOT transferred_in AND {draw("on holiday")} < 0.13)
        WHERE len(holidays) > 0
    """


def _breaches_sql() -> str:
    resolved = load_shares()["breach-resolved-on-time"]
    return f"""
        CREATE OR REPLACE TABLE out_breaches AS
        WITH placed AS (
            SELECT case_no, scheduled_on, row_number() OVER (PARTITION BY case_no ORDER BY scheduled_on)
                AS place
            FROM attended WHERE outcome = 'unacceptable_absence'
        ), breached AS (
            SELECT case_no, base, scheduled_on AS failed_on, {fate("breach-instigated-on-time")} AS plan
            FROM placed JOIN assessed USING (case_no)
            WHERE place = CASE WHEN community THEN 2 ELSE 3 END
        ), instigated AS (
            SELECT *, done_day(plan, failed_on, add_wd(failed_on, 10), 8, {draw("instigated")})
                AS instigated_on,
                   fate({draw(resolved.rule)}, {resolved.sufficient}, {resolved.late}) AS resolution
            FROM breached WHERE plan <> 'missing'
        ), decided AS (
            SELECT *, done_day(resolution, instigated_on, add_wd(failed_on, 25), 50,
                not_early({draw("resolved")})) AS decided_on
            FROM instigated
        )
        SELECT case_no, base, instigated_on, CASE WHEN decided_on <= as_at() THEN decided_on END
            AS resolved_on,
               CASE WHEN decided_on <= as_at() THEN pick({draw("breach outcome")}, ['order continued',
                    'order continued', 'revoked and resentenced', 'fine', 'withdrawn', 'recalled']) END
                        AS outcome
        FROM decided
    """
