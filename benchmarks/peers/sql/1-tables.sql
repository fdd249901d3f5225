-- The tables of the export as they stood on the as-at date, and the calendar.
CREATE MACRO as_at() AS getvariable('as_at');

CREATE TABLE cases AS
SELECT case_id, order_type IN ('community_order', 'suspended_sentence_order') AS community,
    CASE WHEN order_type = 'licence' THEN release_date ELSE sentence_date END AS start_date,
    CASE WHEN end_date <= as_at() THEN end_date END AS end_date,
    tier, roh_level, ppo, ethnicity IS NOT NULL AS ethnicity, mappa_level IS NOT NULL AS in_mappa,
    mappa_exception_reason IS NOT NULL AS excepted, 7 * least(16, coalesce(review_interval_weeks, 16)) AS interval_days
FROM read_csv(getvariable('export') || '/cases.csv', header = true, types = {
    'case_id': 'VARCHAR', 'order_type': 'VARCHAR', 'sentence_date': 'DATE', 'release_date': 'DATE', 'end_date': 'DATE',
    'tier': 'INTEGER', 'roh_level': 'VARCHAR', 'ppo': 'BOOLEAN', 'ethnicity': 'VARCHAR', 'mappa_level': 'INTEGER',
    'mappa_exception_reason': 'VARCHAR', 'review_interval_weeks': 'INTEGER'})
WHERE sentence_date <= as_at();

CREATE TABLE screenings AS
SELECT case_id, row_number() OVER () AS event, completed_on AS day, full_analysis_indicated, exempted,
    exemption_reason IS NOT NULL AND coalesce(countersigned_on <= as_at(), false) AS countersigned
FROM read_csv(getvariable('export') || '/roh_screenings.csv', header = true, types = {
    'case_id': 'VARCHAR', 'completed_on': 'DATE', 'full_analysis_indicated': 'BOOLEAN', 'exempted': 'BOOLEAN',
    'exemption_reason': 'VARCHAR', 'countersigned_on': 'DATE'})
WHERE completed_on IS NULL OR completed_on <= as_at();

CREATE TABLE roh AS
SELECT case_id, completed_on AS day, kind, level FROM read_csv(getvariable('export') || '/roh_assessments.csv',
    header = true, types = {'case_id': 'VARCHAR', 'completed_on': 'DATE', 'kind': 'VARCHAR', 'level': 'VARCHAR'})
WHERE completed_on IS NULL OR completed_on <= as_at();

CREATE TABLE oasys AS
SELECT case_id, completed_on AS day, kind FROM read_csv(getvariable('export') || '/oasys_assessments.csv',
    header = true, types = {'case_id': 'VARCHAR', 'completed_on': 'DATE', 'kind': 'VARCHAR'})
WHERE completed_on IS NULL OR completed_on <= as_at();

CREATE TABLE rmps AS
SELECT case_id, completed_on AS day, kind, standard_headings AS headed
FROM read_csv(getvariable('export') || '/risk_management_plans.csv', header = true, types = {
    'case_id': 'VARCHAR', 'completed_on': 'DATE', 'kind': 'VARCHAR', 'standard_headings': 'BOOLEAN'})
WHERE completed_on IS NULL OR completed_on <= as_at();

CREATE TABLE plans AS
SELECT case_id, completed_on AS day, kind FROM read_csv(getvariable('export') || '/sentence_plans.csv',
    header = true, types = {'case_id': 'VARCHAR', 'completed_on': 'DATE', 'kind': 'VARCHAR'})
WHERE completed_on IS NULL OR completed_on <= as_at();

CREATE TABLE mappa AS
SELECT case_id, occurred_on AS day, kind FROM read_csv(getvariable('export') || '/mappa_events.csv',
    header = true, types = {'case_id': 'VARCHAR', 'occurred_on': 'DATE', 'kind': 'VARCHAR'})
WHERE occurred_on IS NULL OR occurred_on <= as_at();

CREATE TABLE visits AS
SELECT case_id, occurred_on AS day, purposeful FROM read_csv(getvariable('export') || '/home_visits.csv',
    header = true, types = {'case_id': 'VARCHAR', 'occurred_on': 'DATE', 'purposeful': 'BOOLEAN'})
WHERE occurred_on IS NULL OR occurred_on <= as_at();

CREATE TABLE appointments AS
SELECT case_id, row_number() OVER () AS event, scheduled_on AS day, kind, outcome
FROM read_csv(getvariable('export') || '/appointments.csv', header = true, types = {
    'case_id': 'VARCHAR', 'scheduled_on': 'DATE', 'kind': 'VARCHAR', 'outcome': 'VARCHAR'})
WHERE scheduled_on IS NULL OR scheduled_on <= as_at();

CREATE TABLE breaches AS
SELECT case_id, row_number() OVER () AS event, instigated_on AS day FROM read_csv(
    getvariable('export') || '/breaches.csv', header = true, types = {'case_id': 'VARCHAR', 'instigated_on': 'DATE'})
WHERE instigated_on IS NULL OR instigated_on <= as_at();

CREATE TABLE transfers AS
SELECT case_id, row_number() OVER () AS event, transferred_on AS day, direction
FROM read_csv(getvariable('export') || '/transfers.csv', header = true, types = {
    'case_id': 'VARCHAR', 'transferred_on': 'DATE', 'direction': 'VARCHAR'})
WHERE transferred_on IS NULL OR transferred_on <= as_at();

CREATE TABLE changes AS
SELECT case_id, row_number() OVER () AS event, occurred_on AS day FROM read_csv(
    getvariable('export') || '/significant_changes.csv', header = true,
    types = {'case_id': 'VARCHAR', 'occurred_on': 'DATE'})
WHERE occurred_on IS NULL OR occurred_on <= as_at();

CREATE TABLE holidays AS
SELECT date AS day FROM read_csv(getvariable('holidays'), header = true, types = {'date': 'DATE', 'name': 'VARCHAR'});

-- Day 0 is the day itself: `due_on` is the last day in time of so many working days after `day`.
CREATE TABLE due AS
WITH days AS (
    SELECT unnest(generate_series(DATE '1995-01-01', DATE '2035-12-31', INTERVAL 1 DAY))::DATE AS day
), counted AS (
    SELECT d.day, works, count(*) FILTER (works) OVER (ORDER BY d.day) AS number
    FROM (SELECT d.day, isodow(d.day) < 6 AND h.day IS NULL AS works FROM days d LEFT JOIN holidays h USING (day)) d
)
SELECT c.day, l.days, w.day AS due_on
FROM counted c CROSS JOIN (VALUES (5), (10), (15)) l(days) JOIN counted w ON w.works AND w.number = c.number + l.days;

-- The days that lie within ten working days of a day, before and after it.
CREATE TABLE near AS
WITH firsts AS (SELECT due_on, min(day) AS earliest FROM due WHERE days = 10 GROUP BY due_on)
SELECT d.day, f.earliest, d.due_on AS latest
FROM due d ASOF JOIN firsts f ON f.due_on >= d.day
WHERE d.days = 10;
