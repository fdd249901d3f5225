-- Relevant failures: the absences that complete the number allowed, and the breach action after them. Two of a day are
-- one failure, told by that day.

CREATE TABLE absences AS
SELECT case_id, a.event, a.day, a.day IS NOT NULL AND outcome IS NOT NULL AS surely
FROM appointments a JOIN cases USING (case_id)
WHERE (outcome IS NULL OR outcome = 'unacceptable_absence') AND (a.day IS NULL OR a.day >= start_date);

-- An appointment without an outcome may have been an absence, an undated absence was on any day, and an undated
-- breach too: the days of absences say it all for it. Three such rows in one case leave everything open.
CREATE TABLE failure_worlds AS
WITH days AS (
    SELECT case_id, start_date, list(DISTINCT a.day) FILTER (a.day IS NOT NULL) AS known,
        bool_or(a.day IS NULL) AS floats
    FROM absences a JOIN cases USING (case_id) GROUP BY case_id, start_date
), open_rows AS (
    SELECT case_id, 'absence' AS what, event, CASE WHEN day IS NULL THEN
        generate_series(start_date, as_at(), INTERVAL 1 DAY)::DATE[] ELSE [day] END AS days
    FROM absences JOIN days USING (case_id) WHERE NOT surely
    UNION ALL
    SELECT case_id, 'breach', event, CASE WHEN floats THEN
        generate_series(start_date, as_at(), INTERVAL 1 DAY)::DATE[] ELSE known END
    FROM breaches JOIN days USING (case_id) WHERE day IS NULL
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY case_id) AS number, count(*) OVER (PARTITION BY case_id) AS all_open
    FROM open_rows
), choices AS (
    SELECT case_id, number, all_open, what, event, unnest(list_append(days, NULL)) AS day FROM numbered
)
SELECT a.case_id, a.what AS what_1, a.event AS event_1, a.day AS day_1, b.what AS what_2, b.event AS event_2,
    b.day AS day_2, row_number() OVER () AS world
FROM choices a LEFT JOIN choices b ON b.case_id = a.case_id AND b.number = 2
WHERE a.number = 1 AND a.all_open <= 2
UNION ALL
SELECT case_id, NULL, NULL, NULL, NULL, NULL, NULL, -row_number() OVER ()
FROM (SELECT DISTINCT case_id FROM absences) WHERE case_id NOT IN (SELECT case_id FROM open_rows);

CREATE TABLE failures AS
WITH tried AS (
    SELECT world, case_id, event, day FROM failure_worlds JOIN absences USING (case_id) WHERE surely
    UNION ALL
    SELECT world, case_id, event_1, day_1 FROM failure_worlds WHERE what_1 = 'absence' AND day_1 IS NOT NULL
    UNION ALL
    SELECT world, case_id, event_2, day_2 FROM failure_worlds WHERE what_2 = 'absence' AND day_2 IS NOT NULL
), instigated AS (
    SELECT world, day FROM failure_worlds JOIN breaches USING (case_id) WHERE day IS NOT NULL
    UNION
    SELECT world, day_1 FROM failure_worlds WHERE what_1 = 'breach' AND day_1 IS NOT NULL
    UNION
    SELECT world, day_2 FROM failure_worlds WHERE what_2 = 'breach' AND day_2 IS NOT NULL
), since AS (
    SELECT t.*, i.day AS counted_from FROM tried t ASOF LEFT JOIN instigated i ON i.world = t.world AND i.day < t.day
), counted AS (
    SELECT s.world, s.case_id, s.event, s.day, counted_from, community,
        lag(s.day) OVER segment AS before, lag(s.day, 2) OVER segment AS before_that
    FROM since s JOIN cases USING (case_id)
    WINDOW segment AS (PARTITION BY s.world, counted_from ORDER BY s.day, s.event)
), opening AS (
    SELECT world, case_id, min(day) - DATE '1970-01-01' AS event, min(day) AS day FROM counted
    WHERE CASE WHEN community THEN day <= before + INTERVAL 12 MONTH
        WHEN day < DATE '2007-09-30' THEN before_that IS NOT NULL
        ELSE day <= before_that + INTERVAL 12 MONTH END
    GROUP BY world, case_id, counted_from
)
SELECT o.*, i.day AS done_on FROM opening o ASOF LEFT JOIN instigated i ON i.world = o.world AND i.day >= o.day;

INSERT INTO readings
SELECT case_id, 'breach-instigated-on-time', event, due_on, done_on,
    CASE WHEN done_on <= due_on THEN 'met'
        WHEN end_date < due_on THEN 'not_applicable'
        WHEN done_on IS NOT NULL THEN 'late'
        WHEN as_at() > due_on THEN 'missing'
        ELSE 'due' END
FROM failures f JOIN cases USING (case_id) JOIN due ON due.day = f.day AND days = 10
UNION ALL
-- What is a failure in one way and not in another may be none.
SELECT case_id, 'breach-instigated-on-time', event, NULL, NULL, 'not_applicable'
FROM (SELECT case_id, event, count(*) AS ways FROM failures GROUP BY case_id, event)
JOIN (SELECT case_id, count(*) AS all_ways FROM failure_worlds GROUP BY case_id) USING (case_id)
WHERE ways < all_ways
UNION ALL
SELECT case_id, 'breach-instigated-on-time', 0, NULL, NULL, 'unknown'
FROM (SELECT DISTINCT case_id FROM absences) WHERE case_id NOT IN (SELECT case_id FROM failure_worlds);
