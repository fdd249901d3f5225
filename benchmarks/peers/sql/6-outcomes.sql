-- What all readings of a duty or event agree on, and the worst of a duty's events.
COPY (
    WITH rules AS (
        SELECT unnest([
            'roh-screening-at-start', 'roh-full-analysis-when-indicated', 'roh-exemption-countersigned',
            'high-roh-managed-in-mappa', 'risk-management-plan-on-time', 'rmp-standard-headings', 'ppo-oasys-on-time',
            'ethnicity-recorded', 'initial-plan-exists', 'initial-plan-on-time', 'plan-reviewed-every-16-weeks',
            'plan-review-with-risk-review', 'transfer-in-rmp-updated', 'high-roh-home-visit-on-time',
            'roh-first-review-on-time', 'roh-reviewed-every-16-weeks', 'roh-reviewed-after-change',
            'contact-frequency', 'breach-instigated-on-time', 'bank-holiday-absence']) AS rule
    ), agreed AS (
        SELECT case_id, rule, event,
            CASE WHEN min(outcome) = max(outcome) THEN min(outcome) ELSE 'unknown' END AS outcome,
            CASE WHEN min(due_on) = max(due_on) AND count(due_on) = count(*) THEN min(due_on) END AS due_on,
            CASE WHEN min(done_on) = max(done_on) AND count(done_on) = count(*) THEN min(done_on) END AS done_on
        FROM readings GROUP BY case_id, rule, event
    ), ranked AS (
        SELECT case_id, rule, arg_min((outcome, due_on, done_on), (list_position(
            ['missing', 'late', 'not_met', 'unknown', 'due', 'met', 'excluded', 'not_applicable'], outcome),
            coalesce(due_on, DATE '9999-12-31'), event)) AS worst
        FROM agreed GROUP BY case_id, rule
    ), settled AS (
        SELECT case_id, rule, coalesce(worst[1], 'not_applicable') AS outcome,
            outcome IN ('met', 'late', 'missing', 'due', 'not_met') AS dated, worst[2] AS due_on, worst[3] AS done_on
        FROM cases CROSS JOIN rules LEFT JOIN ranked USING (case_id, rule)
    )
    SELECT case_id, rule, outcome, CASE WHEN dated THEN due_on END AS due_on, CASE WHEN dated THEN done_on END AS done_on
    FROM settled
) TO 'OUTPUT' (FORMAT csv, HEADER);
