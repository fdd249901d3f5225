"""The requirements of a sentence: which were started, unpaid work by the week, reviews of drug treatment."""

from omi_rules.demo.chance import draw, fate, load_shares, meets, topped_up


def requirements_sql() -> list[str]:
    """Statements that make the tables of requirements, and `unpaid_weeks` with the unpaid work offered."""
    return [_starts_sql(), _requirements_sql(), _unpaid_weeks_sql(), _court_reviews_sql()]


def _starts_sql() -> str:
    # What is past its planned start and not begun counts against the case, whatever becomes of the programme.
    rest = topped_up("requirements-implemented", "programme", "age > 30", "false", "NOT stalled")
    return f"""
        CREATE OR REPLACE TABLE starts AS
        WITH programme AS (
            SELECT *, (start_date + 28 + whole({draw("programme planned")}, 75))::DATE
                AS programme_planned_on,
                   {fate("programme-starts-on-plan")} AS programme, add_wd(programme_planned_on, 20)
                       AS programme_due,
                   CASE WHEN has_programme THEN done_day(programme, (programme_planned_on - 7)::DATE,
                       programme_due, 40,
                        {draw("programme day")}) END AS programme_on,
                   has_programme AND programme_planned_on < as_at() AND coalesce(programme_on > as_at(), true)
                       AS stalled
            FROM assessed
        ), left_waiting AS (
            SELECT *,
                   -- The requirement that is left waiting, if any: the first in this order that there is.
                   CASE WHEN stalled OR {draw("requirements-implemented")} < {rest} THEN 'none'
                        WHEN other_kind IS NOT NULL THEN 'other' WHEN has_unpaid_work THEN 'unpaid_work'
                        WHEN has_drr THEN 'drug_rehabilitation' ELSE 'supervision' END AS waiting
            FROM programme
        ), begun AS (
            SELECT *, next_wd((start_date + 4 + whole({draw("unpaid planned")}, 10))::DATE)
                AS unpaid_planned_on,
                   next_wd((start_date + 2 + whole({draw("drr planned")}, 12))::DATE) AS drr_planned_on,
                   CASE WHEN has_unpaid_work AND waiting <> 'unpaid_work' THEN unpaid_planned_on END
                       AS unpaid_on,
                   CASE WHEN has_drr AND waiting <> 'drug_rehabilitation' THEN drr_planned_on END AS drr_on,
                   10 + whole({draw("unpaid weeks")}, 26) AS unpaid_weeks
            FROM left_waiting
        )
        SELECT *, CASE WHEN unpaid_on + 7 * unpaid_weeks <= horizon
            THEN (unpaid_on + 7 * unpaid_weeks)::DATE END
                   AS unpaid_completed_on
        FROM begun
    """


def _requirements_sql() -> str:
    consent = meets("singleton-consent")
    return f"""
        CREATE OR REPLACE TABLE out_requirements AS
        WITH rows AS (
            SELECT case_no, base, 'supervision' AS kind, NULL::DATE AS planned_start_on,
                   CASE WHEN waiting <> 'supervision' THEN start_date END AS started_on,
                   end_date AS completed_on, false AS singleton_placement, NULL::DATE AS consent_recorded_on
            FROM starts WHERE has_supervision
            UNION ALL
            SELECT case_no, row_base(base, 110), 'unpaid_work', unpaid_planned_on, unpaid_on,
                unpaid_completed_on,
                   (gender = 'female' OR ethnicity[1] NOT IN ('W', 'N')) AND {draw("singleton")} < 0.4
                       AS singleton,
                   CASE WHEN NOT coalesce(singleton, false) THEN NULL
                        WHEN {consent} THEN prev_wd((coalesce(unpaid_on, unpaid_planned_on) - 1)::DATE)
                        WHEN {draw("late consent")} < 0.4 AND unpaid_on IS NOT NULL
                        THEN next_wd((unpaid_on + 1 + whole({draw("consent")}, 20))::DATE) END
            FROM starts WHERE has_unpaid_work
            UNION ALL
            SELECT case_no, row_base(base, 111), 'accredited_programme', programme_planned_on, programme_on,
                   CASE WHEN {draw("programme done")} < 0.6
                       THEN next_wd((programme_on + 90)::DATE) END, false, NULL
            FROM starts WHERE has_programme
            UNION ALL
            SELECT case_no, row_base(base, 112), 'drug_rehabilitation', drr_planned_on, drr_on, NULL, false,
                NULL
            FROM starts WHERE has_drr
            UNION ALL
            SELECT case_no, row_base(base, 113), other_kind,
                   CASE WHEN {draw("other planned")} < 0.5 THEN next_wd((start_date + 10)::DATE) END,
                   CASE WHEN waiting <> 'other' THEN next_wd((start_date + whole({draw("other day")},
                       10))::DATE)
                        END, NULL, false, NULL
            FROM starts WHERE other_kind IS NOT NULL
        )
        SELECT * REPLACE (
            CASE WHEN started_on <= as_at() THEN started_on END AS started_on,
            CASE WHEN started_on <= as_at() AND completed_on <= as_at() THEN completed_on END AS completed_on,
            CASE WHEN consent_recorded_on <= as_at() THEN consent_recorded_on END AS consent_recorded_on)
        FROM rows
    """


def _unpaid_weeks_sql() -> str:
    # Two days on from a bank holiday is never another one, and still within the week.
    return f"""
        CREATE OR REPLACE TABLE unpaid_weeks AS
        WITH weeks AS (
            SELECT case_no, row_base(base, 200 + week) AS base, week, unpaid_on,
                   1 + whole({draw("unpaid day")}, 4) AS offset_days, {meets("unpaid-work-hours-offered")}
                       AS full_offer
            FROM starts, (SELECT week::INTEGER AS week FROM range(40) AS weeks (week))
            WHERE unpaid_on + 7 * week <= least(horizon, as_at() + 7) AND week < unpaid_weeks
        ), drawn AS (
            SELECT *, (unpaid_on + 7 * week + offset_days)::DATE AS day, {draw("unpaid hours")} AS u,
                   full_offer OR (week > 0 AND {draw("unpaid short")} < 0.75) AS enough
            FROM weeks
        )
        SELECT case_no, base,
               CASE WHEN NOT on_holiday(day) THEN day WHEN NOT on_holiday((day + 1)::DATE)
                   THEN (day + 1)::DATE
                    ELSE (day + 2)::DATE END AS scheduled_on,
               'unpaid_work' AS kind,
               CASE WHEN NOT enough AND u < 0.5 THEN 'cancelled_by_service' WHEN u < 0.9 THEN 'attended'
                    ELSE 'acceptable_absence' END AS outcome,
               CASE WHEN enough THEN CASE WHEN u < 0.4 THEN 7.0 ELSE 6.0 END WHEN u < 0.5 THEN 6.0
                    ELSE 3.5 END::DECIMAL(4, 1) AS hours
        FROM drawn
    """


def _court_reviews_sql() -> str:
    good = load_shares()["drr-court-reviews"].sufficient
    return f"""
        CREATE OR REPLACE TABLE out_court_reviews AS
        WITH rows AS (
            SELECT case_no, row_base(base, 130 + number)
                AS base, next_wd((drr_planned_on + 28 * number)::DATE) AS due_on,
                   {draw("drr-court-reviews")} < {good} AS good
            FROM starts, (SELECT number::INTEGER AS number FROM range(1, 13) AS numbers (number))
            WHERE has_drr AND drr_planned_on + 28 * number <= least(horizon, as_at() + 14)
        )
        SELECT case_no, base, due_on,
               CASE WHEN due_on <= as_at() THEN CASE WHEN good
                   THEN add_wd(due_on, -whole({draw("review report")}, 5))
                    ELSE next_wd((due_on + 3)::DATE) END END AS report_completed_on,
               CASE WHEN due_on <= as_at() THEN true END AS attended
        FROM rows
    """
