-- Reviews in a chain, and plan reviews with the risk reviews beside them.

CREATE TABLE reviews AS
SELECT case_id, 'plan' AS what, day, kind IS NOT NULL AS surely FROM plans WHERE kind IS NULL OR kind = 'review'
UNION ALL SELECT case_id, 'roh', day, kind IS NOT NULL FROM roh WHERE kind IS NULL OR kind = 'review'
UNION ALL SELECT case_id, 'oasys', day, kind IS NOT NULL FROM oasys WHERE kind IS NULL OR kind = 'review';

CREATE TABLE chained AS
SELECT case_id, what, rule, start_date, end_date, interval_days
FROM cases JOIN (VALUES ('plan', 'plan-reviewed-every-16-weeks'), ('roh', 'roh-reviewed-every-16-weeks')) r(what, rule)
    ON what = 'plan' OR roh_level IS DISTINCT FROM 'low';

-- What may be a review was none, or it was one on its day; one of unknown day on any day since the start.
-- Three of them in one case leave everything open.
CREATE TABLE review_worlds AS
WITH open_reviews AS (
    SELECT case_id, what, start_date, r.day,
        row_number() OVER (PARTITION BY case_id, what) AS number, count(*) OVER (PARTITION BY case_id, what) AS all_open
    FROM chained JOIN reviews r USING (case_id, what)
    WHERE r.day IS NULL OR (NOT surely AND r.day >= start_date)
), choices AS (
    SELECT case_id, what, number, all_open, NULL::DATE AS day FROM open_reviews
    UNION ALL
    SELECT case_id, what, number, all_open, coalesce(day, any_day) FROM (
        SELECT *, CASE WHEN day IS NULL THEN generate_series(start_date, as_at(), INTERVAL 1 DAY) ELSE [day] END AS days
        FROM open_reviews), unnest(days::DATE[]) u(any_day)
), chosen AS (
    SELECT a.case_id, a.what, a.day AS one, b.day AS other
    FROM choices a LEFT JOIN choices b ON b.case_id = a.case_id AND b.what = a.what AND b.number = 2
    WHERE a.number = 1 AND a.all_open <= 2
    UNION
    SELECT case_id, what, NULL, NULL FROM chained WHERE (case_id, what) NOT IN (SELECT case_id, what FROM open_reviews)
)
SELECT *, row_number() OVER () AS world FROM chosen;

INSERT INTO readings
WITH days AS (
    SELECT DISTINCT world, case_id, what, r.day
    FROM review_worlds JOIN reviews r USING (case_id, what) JOIN cases c USING (case_id)
    WHERE surely AND r.day >= start_date
    UNION
    SELECT world, case_id, what, one FROM review_worlds WHERE one IS NOT NULL
    UNION
    SELECT world, case_id, what, other FROM review_worlds WHERE other IS NOT NULL
), placed AS (
    SELECT world, d.day, c.end_date, row_number() OVER chain AS number,
        coalesce(lag(d.day) OVER chain, c.start_date) + c.interval_days AS due_on
    FROM days d JOIN chained c USING (case_id, what)
    WINDOW chain AS (PARTITION BY world ORDER BY d.day)
), judged AS (
    SELECT world, max(number) AS reviews, max(day) AS last_on, max(due_on) AS last_due,
        min(day) FILTER (late) AS late_on, min(due_on) FILTER (late) AS late_due,
        coalesce(bool_or(day <= due_on), false) AS in_time
    FROM (
        SELECT p.*, day > due_on AND NOT coalesce(end_date < due_on, false) AS late
        FROM placed p JOIN review_worlds USING (world) WHERE what = 'plan' OR number > 1
    ) GROUP BY world
), lasts AS (
    SELECT world, max(day) AS day FROM placed GROUP BY world
), decided AS (
    SELECT c.*, j.*, coalesce(l.day, c.start_date) + interval_days AS open_due,
        coalesce(end_date < open_due, false) AS ended,
        CASE WHEN what = 'roh' AND l.day IS NULL THEN 'not_applicable'
            WHEN as_at() > open_due AND NOT ended THEN 'missing'
            WHEN late_on IS NOT NULL THEN 'late'
            WHEN in_time THEN 'met'
            WHEN ended THEN 'not_applicable'
            ELSE 'due' END AS outcome
    FROM review_worlds w JOIN chained c USING (case_id, what)
    LEFT JOIN judged j USING (world) LEFT JOIN lasts l USING (world)
)
SELECT case_id, rule, 0,
    CASE outcome WHEN 'late' THEN late_due WHEN 'met' THEN last_due ELSE open_due END,
    CASE outcome WHEN 'late' THEN late_on WHEN 'met' THEN last_on END, outcome
FROM decided
UNION ALL
SELECT case_id, rule, 0, NULL, NULL, 'unknown' FROM chained
WHERE (case_id, what) NOT IN (SELECT case_id, what FROM review_worlds);

-- Each plan review asks for a review of risk and one of OASys within ten working days.
-- `many` is true where those that may be plan reviews are counted with those that are.
CREATE TABLE plan_reviews AS
SELECT DISTINCT r.case_id, many, r.day, n.earliest, least(n.latest, as_at()) AS latest, as_at() > n.latest AS is_past
FROM reviews r JOIN near n ON n.day = r.day CROSS JOIN (VALUES (false), (true)) v(many)
WHERE what = 'plan' AND (surely OR many);

CREATE TABLE lacking AS
WITH partners AS (
    SELECT p.case_id, many, p.day, t.what, coalesce(bool_or(r.surely), false) AS surely, count(r.day) > 0 AS perhaps
    FROM plan_reviews p CROSS JOIN (VALUES ('roh'), ('oasys')) t(what) JOIN near n ON n.day = p.day
    LEFT JOIN reviews r ON r.case_id = p.case_id AND r.what = t.what AND r.day BETWEEN n.earliest AND n.latest
    GROUP BY p.case_id, many, p.day, t.what
)
SELECT case_id, many, what, day, earliest, latest, is_past, perhaps
FROM partners JOIN plan_reviews USING (case_id, many, day) WHERE NOT surely;

-- How many undated reviews it takes to have had one near each of them: each as late as the first still allows.
CREATE TABLE covers AS
WITH RECURSIVE undated AS (
    SELECT case_id, what, count(*) AS undated FROM reviews WHERE day IS NULL GROUP BY case_id, what
), asked AS (
    SELECT l.*, past_only, undated FROM lacking l JOIN undated USING (case_id, what)
    CROSS JOIN (VALUES (false), (true)) v(past_only) WHERE NOT perhaps AND (is_past OR NOT past_only)
), steps AS (
    SELECT case_id, what, many, past_only, 1 AS used, min(latest) AS reach FROM asked
    GROUP BY case_id, what, many, past_only
    UNION ALL
    SELECT s.case_id, s.what, s.many, s.past_only, s.used + 1, min(a.latest)
    FROM steps s JOIN asked a USING (case_id, what, many, past_only) WHERE a.earliest > s.reach
    GROUP BY s.case_id, s.what, s.many, s.past_only, s.used
)
SELECT case_id, what, many, past_only, max(used) <= any_value(undated) AS covered
FROM steps JOIN undated USING (case_id, what) GROUP BY case_id, what, many, past_only;

INSERT INTO readings (case_id, rule, event, outcome)
WITH helped AS (
    SELECT l.*, NOT perhaps AND NOT coalesce(whole.covered, false) AND NOT coalesce(is_past AND past.covered, false)
        AS still
    FROM lacking l
    LEFT JOIN covers whole ON whole.case_id = l.case_id AND whole.what = l.what AND whole.many = l.many
        AND NOT whole.past_only
    LEFT JOIN covers past ON past.case_id = l.case_id AND past.what = l.what AND past.many = l.many AND past.past_only
), reviewed AS (
    SELECT case_id, many, count(*) AS reviews FROM plan_reviews GROUP BY case_id, many
)
SELECT case_id, 'plan-review-with-risk-review', 0,
    CASE WHEN bool_or(is_past) THEN 'not_met' WHEN count(day) > 0 THEN 'due' ELSE 'met' END
FROM reviewed LEFT JOIN lacking USING (case_id, many) GROUP BY case_id, many
UNION ALL
SELECT case_id, 'plan-review-with-risk-review', 0,
    CASE WHEN bool_or(is_past AND still) THEN 'not_met' WHEN bool_or(still) THEN 'due' ELSE 'met' END
FROM helped GROUP BY case_id, many
UNION ALL
-- What may be a review may be none.
SELECT case_id, 'plan-review-with-risk-review', 0, 'not_applicable' FROM cases
WHERE case_id NOT IN (SELECT case_id FROM reviews WHERE what = 'plan' AND surely)
UNION ALL
-- An undated one may have been long ago and by itself, or today.
SELECT case_id, 'plan-review-with-risk-review', 0, 'not_met' FROM reviews WHERE what = 'plan' AND day IS NULL
UNION ALL
SELECT case_id, 'plan-review-with-risk-review', 0, 'due' FROM reviews WHERE what = 'plan' AND day IS NULL
    AND case_id NOT IN (SELECT case_id FROM plan_reviews WHERE NOT many);
