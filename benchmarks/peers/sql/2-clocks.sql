-- Every clock of every duty that has one, in each way that the empty cells allow, and all that may stop it.

-- The days on which the clock of a high Risk of Harm case may have started.
CREATE TABLE triggers AS
WITH high AS (
    SELECT case_id, start_date FROM cases WHERE roh_level IS NULL OR roh_level IN ('high', 'very_high')
), assessed AS (
    SELECT case_id, day, level FROM roh WHERE level IS NULL OR level IN ('high', 'very_high')
), firsts AS (
    SELECT h.case_id, start_date, min(a.day) FILTER (level IS NOT NULL) AS first_on,
        bool_or(a.case_id IS NOT NULL AND a.day IS NULL) AS undated
    FROM high h LEFT JOIN assessed a USING (case_id) GROUP BY h.case_id, start_date
)
SELECT case_id, start_date, greatest(start_date, first_on) AS day FROM firsts
UNION
SELECT case_id, start_date, greatest(start_date, a.day) FROM firsts JOIN assessed a USING (case_id)
WHERE a.level IS NULL AND (a.day < first_on OR (first_on IS NULL AND a.day IS NOT NULL))
UNION
SELECT case_id, start_date, unnest(generate_series(start_date, coalesce(first_on, as_at()), INTERVAL 1 DAY))::DATE
FROM firsts WHERE undated;

-- Five working days for high Risk of Harm at the start and for a PPO, and tier 4 for a plan; else fifteen.
CREATE TABLE limits AS
WITH risks AS (
    SELECT case_id, ppo, tier, coalesce(at_start, false) AS high, coalesce(later, true) OR roh_level IS NULL AS not_high
    FROM cases LEFT JOIN (
        SELECT case_id, bool_or(day = start_date) AS at_start, bool_or(day > start_date) AS later
        FROM triggers GROUP BY case_id) USING (case_id)
)
SELECT case_id, 'assessment' AS what, 5 AS days FROM risks WHERE ppo IS NOT false OR high
UNION ALL
SELECT case_id, 'assessment', 15 FROM risks WHERE ppo IS NOT true AND not_high
UNION ALL
SELECT case_id, 'plan', 5 FROM risks WHERE ppo IS NOT false OR high OR tier IS NULL OR tier = 4
UNION ALL
SELECT case_id, 'plan', 15 FROM risks WHERE ppo IS NOT true AND not_high AND tier IS DISTINCT FROM 4;

-- Work that may be what a duty asks for; `counts` where it surely is.
CREATE TABLE work AS
SELECT case_id, 'screening' AS work, day, true AS counts FROM screenings
UNION ALL SELECT case_id, 'any roh', day, true FROM roh
UNION ALL SELECT case_id, 'full analysis', day, kind IS NOT NULL FROM roh WHERE kind IS NULL OR kind = 'full_analysis'
UNION ALL SELECT case_id, 'roh review', day, kind IS NOT NULL FROM roh WHERE kind IS NULL OR kind = 'review'
UNION ALL SELECT case_id, 'oasys', day, true FROM oasys
UNION ALL SELECT case_id, 'rmp', day, true FROM rmps
UNION ALL SELECT case_id, 'rmp update', day, kind IS NOT NULL FROM rmps WHERE kind IS NULL OR kind = 'update'
UNION ALL SELECT case_id, 'initial plan', day, kind IS NOT NULL FROM plans WHERE kind IS NULL OR kind = 'initial'
UNION ALL SELECT case_id, 'mappa', day, kind IS NOT NULL FROM mappa WHERE kind IS NULL OR kind IN ('referral', 'meeting')
UNION ALL SELECT case_id, 'visit', day, purposeful IS NOT NULL FROM visits WHERE purposeful IS NOT false;

CREATE TABLE clocks AS
SELECT case_id, 'roh-screening-at-start' AS rule, 0 AS event, 'screening' AS work, start_date - 56 AS opens,
    due_on, false AS grace, end_date
FROM cases JOIN limits USING (case_id) JOIN due USING (days) WHERE due.day = start_date AND what = 'assessment'
UNION ALL
SELECT case_id, 'roh-full-analysis-when-indicated', event, 'full analysis', s.day, due_on, false, end_date
FROM cases JOIN screenings s USING (case_id) JOIN limits USING (case_id) JOIN due USING (days)
WHERE due.day = s.day AND what = 'assessment' AND full_analysis_indicated IS NOT false AND exempted IS NOT true
UNION ALL
SELECT case_id, 'ppo-oasys-on-time', 0, 'oasys', start_date - 56, due_on, false, end_date
FROM cases JOIN due ON day = start_date AND days = 5 WHERE ppo IS NOT false
UNION ALL
SELECT case_id, 'high-roh-managed-in-mappa', 0, 'mappa', t.day - 56, due_on, false, end_date
FROM cases JOIN triggers t USING (case_id) JOIN due ON due.day = t.day AND days = 10 WHERE NOT excepted AND NOT in_mappa
UNION ALL
SELECT case_id, 'risk-management-plan-on-time', 0, 'rmp',
    CASE WHEN t.day = cases.start_date THEN t.day - 56 ELSE t.day END, due_on, false, end_date
FROM cases JOIN triggers t USING (case_id) JOIN due ON due.day = t.day AND days = 5 WHERE community
UNION ALL
SELECT case_id, 'high-roh-home-visit-on-time', 0, 'visit', t.day, due_on, false, end_date
FROM cases JOIN triggers t USING (case_id) JOIN due ON due.day = t.day AND days = 10
UNION ALL
SELECT case_id, rule, 0, 'initial plan', start_date - 56, due_on, rule = 'initial-plan-exists', end_date
FROM cases JOIN limits USING (case_id) JOIN due USING (days)
CROSS JOIN (VALUES ('initial-plan-exists'), ('initial-plan-on-time')) r(rule)
WHERE due.day = start_date AND what = 'plan' AND community
    AND (rule = 'initial-plan-exists' OR case_id IN (SELECT case_id FROM work WHERE work = 'initial plan'))
UNION ALL
SELECT case_id, 'transfer-in-rmp-updated', event, 'rmp update', t.day, due_on, false, end_date
FROM cases JOIN transfers t USING (case_id) JOIN due ON due.day = t.day AND days = 5
WHERE direction IS DISTINCT FROM 'out' AND (roh_level IS NULL OR roh_level IN ('high', 'very_high'))
UNION ALL
SELECT case_id, 'roh-first-review-on-time', 0, 'roh review', start_date, start_date + interval_days, false, end_date
FROM cases WHERE roh_level IS DISTINCT FROM 'low'
UNION ALL
SELECT case_id, 'roh-reviewed-after-change', event, 'any roh', c.day, due_on, false, end_date
FROM cases JOIN changes c USING (case_id) JOIN due ON due.day = c.day AND days = 10;
