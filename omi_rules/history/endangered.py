"""Answers that were open when a record vanished: if one turns out insufficient, that is the record's doing too.

A record can vanish while its duty is not due yet, or leave a rule undecided; the failure is then found on a later
night. So each such case and rule is kept until its answer is decided one way or the other.
"""

from omi_rules.checks.staff import SCHEMA as STAFF
from omi_rules.data.store import Store
from omi_rules.history.known import SCHEMA


def compare_endangered(store: Store) -> None:
    """Create `endangered`, the answers that are still open tonight, from `kept_endangered` and what vanished."""
    parts = []
    for about, schema in (("case", "main"), ("staff", STAFF)):
        parts.append(f"""SELECT p.subject_id, r.rule_id FROM {schema}.judged j
            JOIN {SCHEMA}.present p ON p.about = '{about}' AND p.case_no = j.case_no
            JOIN {SCHEMA}.rules r ON r.part = 'rule' AND r.about = '{about}' AND r.rule_no = j.rule_no
            JOIN asked a ON a.subject_id = p.subject_id AND a.rule_id = r.rule_id
            WHERE j.outcome IN ('due', 'unknown', 'error')""")
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.endangered AS
        WITH asked AS (
            SELECT subject_id, rule_id FROM {SCHEMA}.kept_endangered
            UNION SELECT subject_id, rule_id FROM {SCHEMA}.vanished JOIN {SCHEMA}.reads USING (table_name))
        {" UNION ALL ".join(parts)}
        UNION ALL
        SELECT subject_id, rule_id FROM {SCHEMA}.kept_endangered
        SEMI JOIN (SELECT subject_id FROM {SCHEMA}.absent WHERE state IN ('unreadable', 'left_out')) USING (subject_id)
        ORDER BY ALL""")


def by_vanishing_sql(finding: str) -> str:
    """Whether a finding, of a case and rule, comes of a record that vanished tonight or while its answer was open."""
    return f"""(EXISTS (SELECT 1 FROM {SCHEMA}.vanished v JOIN {SCHEMA}.reads t USING (table_name)
            WHERE v.subject_id = {finding}.subject_id AND t.rule_id = {finding}.rule_id)
        OR EXISTS (SELECT 1 FROM {SCHEMA}.kept_endangered e
            WHERE e.subject_id = {finding}.subject_id AND e.rule_id = {finding}.rule_id)
        OR EXISTS (SELECT 1 FROM {SCHEMA}.kept_endangered e JOIN {SCHEMA}.found n USING (subject_id, rule_id)
            JOIN {SCHEMA}.rules r USING (rule_id) JOIN {SCHEMA}.rests b ON b.rule_no = r.rule_no
            WHERE e.subject_id = {finding}.subject_id AND b.rule_id = {finding}.rule_id))"""
