-- `readings`: what each duty finds in each way that the empty cells allow; several to a duty where they leave it open.

-- Work done as late and as early as it may have been: an earlier day only helps, so these two say it all.
CREATE TABLE stopped AS
SELECT case_id, rule, event, due_on, grace, end_date,
    min(day) FILTER (counts AND day >= opens) AS surely,
    min(coalesce(day, opens)) FILTER (
        (day IS NULL AND counts IS NOT NULL OR NOT counts) AND coalesce(day, opens) >= opens AND coalesce(day, opens) <= as_at()
    ) AS perhaps
FROM clocks LEFT JOIN work USING (case_id, work)
GROUP BY case_id, rule, event, due_on, opens, grace, end_date;

CREATE TABLE readings AS
WITH done AS (
    SELECT *, surely AS done_on FROM stopped
    UNION ALL
    SELECT *, perhaps FROM stopped WHERE perhaps < surely OR (surely IS NULL AND perhaps IS NOT NULL)
)
SELECT case_id, rule, event, due_on, done_on,
    CASE WHEN done_on <= due_on OR (grace AND done_on IS NOT NULL) THEN 'met'
        WHEN end_date < due_on THEN 'not_applicable'
        WHEN done_on IS NOT NULL THEN 'late'
        WHEN as_at() > due_on THEN 'missing'
        ELSE 'due' END AS outcome
FROM done;

-- Where a duty may have nothing to judge, or be excluded, or have an event of unknown day.
INSERT INTO readings (case_id, rule, event, outcome)
SELECT case_id, 'roh-full-analysis-when-indicated', event, 'not_applicable'
FROM screenings WHERE full_analysis_indicated IS NOT true
UNION ALL
SELECT case_id, 'roh-full-analysis-when-indicated', event, 'excluded'
FROM screenings WHERE full_analysis_indicated IS NOT false AND exempted IS NOT false
UNION ALL
SELECT case_id, 'roh-full-analysis-when-indicated', event, 'unknown'
FROM screenings WHERE full_analysis_indicated IS NOT false AND exempted IS NOT true AND day IS NULL;

INSERT INTO readings (case_id, rule, event, outcome)
SELECT case_id, 'ppo-oasys-on-time', 0, 'not_applicable' FROM cases WHERE ppo IS NOT true
UNION ALL
SELECT case_id, rule, 0, 'not_applicable'
FROM cases CROSS JOIN (VALUES ('high-roh-managed-in-mappa'), ('risk-management-plan-on-time'),
    ('high-roh-home-visit-on-time')) r(rule)
WHERE roh_level IS NULL OR roh_level NOT IN ('high', 'very_high')
    OR (rule = 'risk-management-plan-on-time' AND NOT community)
UNION ALL
SELECT case_id, 'high-roh-managed-in-mappa', 0, 'excluded'
FROM cases WHERE excepted AND (roh_level IS NULL OR roh_level IN ('high', 'very_high'))
UNION ALL
SELECT case_id, 'initial-plan-on-time', 0, 'not_applicable' FROM cases
WHERE case_id NOT IN (SELECT case_id FROM plans WHERE kind = 'initial')
UNION ALL
SELECT case_id, 'transfer-in-rmp-updated', event, CASE WHEN day IS NULL THEN 'unknown' ELSE 'not_applicable' END
FROM cases JOIN transfers USING (case_id)
WHERE direction IS DISTINCT FROM 'out' AND (roh_level IS NULL OR roh_level IN ('high', 'very_high'))
    AND (day IS NULL OR direction IS NULL OR roh_level IS NULL)
UNION ALL
SELECT case_id, rule, 0, 'not_applicable'
FROM cases CROSS JOIN (VALUES ('roh-first-review-on-time'), ('roh-reviewed-every-16-weeks')) r(rule)
WHERE roh_level IS NULL OR roh_level = 'low'
UNION ALL
SELECT case_id, 'roh-reviewed-after-change', event, 'unknown' FROM changes WHERE day IS NULL;

INSERT INTO readings
SELECT case_id, 'high-roh-managed-in-mappa', 0, due_on, NULL, 'met'
FROM cases JOIN triggers t USING (case_id) JOIN due ON due.day = t.day AND days = 10 WHERE NOT excepted AND in_mappa;

INSERT INTO readings (case_id, rule, event, outcome)
SELECT case_id, 'ethnicity-recorded', 0, CASE WHEN ethnicity THEN 'met' ELSE 'not_met' END FROM cases
UNION ALL
SELECT case_id, 'roh-exemption-countersigned', 0,
    CASE WHEN bool_or(exempted AND NOT countersigned) THEN 'not_met'
        WHEN bool_or(exempted IS NULL AND NOT countersigned) OR NOT bool_or(coalesce(exempted, false)) THEN 'unknown'
        ELSE 'met' END
FROM screenings WHERE exempted IS NOT false GROUP BY case_id;

-- The latest plan, which any undated one may be; one of today has them all beside it.
INSERT INTO readings (case_id, rule, event, outcome)
WITH latest AS (
    SELECT case_id, max(day) AS day FROM rmps GROUP BY case_id
), dated AS (
    SELECT case_id, day, CASE WHEN bool_or(NOT headed) THEN false WHEN count(headed) = count(*) THEN true END AS held
    FROM rmps JOIN latest USING (case_id, day) GROUP BY case_id, day
), candidates AS (
    SELECT case_id, held FROM dated
    UNION ALL
    SELECT u.case_id, CASE WHEN d.day = as_at() THEN u.headed AND d.held ELSE u.headed END
    FROM rmps u LEFT JOIN dated d USING (case_id) WHERE u.day IS NULL
)
SELECT case_id, 'rmp-standard-headings', 0, 'met' FROM candidates WHERE held IS NOT false
UNION ALL
SELECT case_id, 'rmp-standard-headings', 0, 'not_met' FROM candidates WHERE held IS NOT true;

-- Appointments on a bank holiday; an undated one may have been on one, and one without an outcome an absence.
INSERT INTO readings (case_id, rule, event, outcome)
WITH held AS (
    SELECT case_id, day IS NOT NULL AS surely, outcome = 'acceptable_absence' AS absent
    FROM appointments WHERE day IS NULL OR day IN (FROM holidays)
)
SELECT case_id, 'bank-holiday-absence', 0,
    CASE WHEN bool_or(surely AND absent) THEN 'not_met'
        WHEN bool_or(absent IS NOT false) OR NOT bool_or(surely) THEN 'unknown'
        ELSE 'met' END
FROM held GROUP BY case_id;

-- Appointments in the first sixteen weeks: fewest, and most.
INSERT INTO readings
WITH asked AS (
    SELECT case_id, start_date, end_date, t.tier, start_date + 111 AS due_on,
        CASE t.tier WHEN 4 THEN 32 WHEN 3 THEN 16 WHEN 2 THEN
            CASE WHEN start_date >= DATE '2007-09-30' THEN 10 ELSE 16 END END AS least
    FROM cases JOIN (VALUES (1), (2), (3), (4)) t(tier) ON coalesce(cases.tier, t.tier) = t.tier
), contacts AS (
    SELECT case_id, coalesce(day, start_date) AS day, day IS NOT NULL AND kind IS NOT NULL AND outcome IS NOT NULL AS surely
    FROM appointments JOIN cases USING (case_id)
    WHERE outcome IS DISTINCT FROM 'cancelled_by_service' AND kind IS DISTINCT FROM 'unpaid_work'
        AND coalesce(day, start_date) BETWEEN start_date AND least(start_date + 111, as_at())
), numbered AS (
    SELECT case_id, day, surely, row_number() OVER (PARTITION BY case_id ORDER BY day) AS at_most,
        row_number() OVER (PARTITION BY case_id, surely ORDER BY day) AS at_least
    FROM contacts
), reached AS (
    SELECT case_id, tier, due_on, end_date, least, min(day) FILTER (at_most = least) AS early,
        min(day) FILTER (surely AND at_least = least) AS late
    FROM asked LEFT JOIN numbered USING (case_id) GROUP BY case_id, tier, due_on, end_date, least
), ways AS (
    SELECT *, early AS done_on FROM reached UNION ALL SELECT *, late FROM reached WHERE late IS DISTINCT FROM early
)
SELECT case_id, 'contact-frequency', 0, due_on, done_on,
    CASE WHEN least IS NULL THEN 'not_applicable'
        WHEN done_on IS NOT NULL THEN 'met'
        WHEN end_date < due_on THEN 'not_applicable'
        WHEN as_at() > due_on THEN 'not_met'
        ELSE 'due' END
FROM ways;
