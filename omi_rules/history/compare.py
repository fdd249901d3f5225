"""Tonight's findings beside those of the last run: what began, and what ended and how, as sets.

A rule gives one outcome a case, so a case and a rule have at most one finding at a time; `due_on` says which duty it
is about. `BEGAN` and `ENDED` are the words of the store.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from omi_rules.checks.staff import SCHEMA as STAFF
from omi_rules.data.store import Store, create_from
from omi_rules.history.endangered import by_vanishing_sql, compare_endangered
from omi_rules.history.known import SCHEMA, Known
from omi_rules.history.possible import Possible
from omi_rules.history.rule_contents import Judge
from omi_rules.rulebook.model import INSUFFICIENT

#: How a state of a finding began.
BEGAN: Mapping[str, str] = {
    "first": "found by the first run that judged it",
    "new": "new",
    "worse": "worse than before",
    "done_late": "done at last, after its day",
    "changed": "the same duty, with another date of work or another outcome",
    "vanished": "found because a record vanished from the export, then or while the answer was open",
    "rule_changed": "found because the rule or its values changed",
    "case_back": "found in a case that is back in the export",
    "other_duty": "another duty of a rule that was broken already, and overdue then",
    "undecided": "not seen: no longer decidable",
    "seen_again": "decided again, and still insufficient",
}
#: How it ended. After done_late, replaced, decided and undecided the finding goes on in another state.
ENDED: Mapping[str, str] = {
    "put_right": "the standard is met now",
    "done_late": "done at last, after its day",
    "replaced": "the same duty, in another state",
    "decided": "decided again",
    "undecided": "no longer decidable",
    "other_duty": "another duty of the rule counts now",
    "due_again": "due again, and still in time",
    "excluded": "taken out for a recorded reason",
    "not_applicable": "the rule is no longer about the case",
    "case_ended": "supervision ended, and the case left the export",
    "case_gone": "the case is no longer in the export",
    "rule_changed": "the rule or its values changed",
}
_INSUFFICIENT = ", ".join(f"'{word}'" for word in INSUFFICIENT)
#: Not done weighs more than done late; a standard without a date lies between.
_RANK = "CASE {} WHEN 'missing' THEN 2 WHEN 'not_met' THEN 1 ELSE 0 END"


def compare_findings(
    store: Store,
    known: Known,
    judges: Sequence[Judge],
    numbers: Mapping[str, int],
    changed: set[tuple[str, str]],
    failed: set[tuple[str, str]],
    ids: Mapping[tuple[str, str], int],
    possible: Mapping[str, Possible],
) -> None:
    """Create `endings(finding_id, ended)` and `beginnings`, the differences from the latest run.

    `numbers` are the rules' numbers in `judged`, `changed` and `failed` rules and conclusions by part and name,
    `possible` says of cases and of staff which conclusions may follow.
    """
    _create_rules(store, known, judges, numbers, changed, failed, ids)
    _create_found(store)
    _create_fates(store, possible)
    _create_beginnings(store, known)
    compare_endangered(store)


def _create_rules(
    store: Store,
    known: Known,
    judges: Sequence[Judge],
    numbers: Mapping[str, int],
    changed: set[tuple[str, str]],
    failed: set[tuple[str, str]],
    ids: Mapping[tuple[str, str], int],
) -> None:
    rows = [
        {
            "rule_id": ids[judge.part, judge.name],
            "part": judge.part,
            "name": judge.name,
            "about": judge.about,
            "rule_no": numbers[judge.name] if judge.part == "rule" else None,
            "severity": judge.severity,
            "changed": (judge.part, judge.name) in changed,
            "held": (judge.part, judge.name) in failed,
            "judged_before": (judge.part, judge.name) in known.last_judged,
        }
        for judge in judges
    ]
    types = {"rule_id": "INTEGER", "part": "VARCHAR", "name": "VARCHAR", "about": "VARCHAR", "rule_no": "SMALLINT"}
    types |= {"severity": "TINYINT", "changed": "BOOLEAN", "held": "BOOLEAN", "judged_before": "BOOLEAN"}
    create_from(store, f"{SCHEMA}.rules", types, rows)
    reads = [
        {"rule_id": ids[judge.part, judge.name], "table_name": table}
        for judge in judges
        for table in sorted(judge.tables)
    ]
    create_from(store, f"{SCHEMA}.reads", {"rule_id": "INTEGER", "table_name": "VARCHAR"}, reads)
    rests = [
        {"rule_id": ids[judge.part, judge.name], "rule_no": numbers[name]}
        for judge in judges
        if judge.part == "conclusion"
        for name in sorted(judge.rests_on)
    ]
    create_from(store, f"{SCHEMA}.rests", {"rule_id": "INTEGER", "rule_no": "SMALLINT"}, rests)


def _create_found(store: Store) -> None:
    """Create `found`: what is insufficient tonight, and the conclusions; what is informational is no finding."""
    parts = []
    for about, schema in (("case", "main"), ("staff", STAFF)):
        here = f"{SCHEMA}.present p ON p.about = '{about}' AND p.case_no ="
        parts.append(f"""SELECT p.subject_id, r.rule_id, j.outcome::VARCHAR AS outcome, j.due_on, j.done_on, r.severity
            FROM (SELECT * FROM {schema}.judged WHERE outcome IN ({_INSUFFICIENT})) j JOIN {here} j.case_no
            JOIN {SCHEMA}.rules r ON r.part = 'rule' AND r.about = '{about}' AND r.rule_no = j.rule_no
            WHERE r.severity < 3""")
        parts.append(f"""SELECT DISTINCT p.subject_id, r.rule_id, '', NULL::DATE, NULL::DATE, r.severity
            FROM {schema}.derived d JOIN {here} d.case_no
            JOIN {SCHEMA}.rules r ON r.part = 'conclusion' AND r.about = '{about}' AND r.name = d.flag
            WHERE r.severity < 3""")
    store.execute(f"CREATE OR REPLACE TABLE {SCHEMA}.found AS {' UNION ALL '.join(parts)}")


def _create_fates(store: Store, possible: Mapping[str, Possible]) -> None:
    """Create `fates`: what became of each finding that was open, NULL if it stays as it was."""
    decided = []
    for about, schema in (("case", "main"), ("staff", STAFF)):
        lacking = f"""(SELECT * FROM {SCHEMA}.kept_findings ANTI JOIN {SCHEMA}.found USING (subject_id, rule_id)) f
            JOIN {SCHEMA}.present p ON p.subject_id = f.subject_id AND p.about = '{about}'
            JOIN {SCHEMA}.rules r ON r.rule_id = f.rule_id"""
        decided.append(f"""SELECT f.subject_id, f.rule_id, j.outcome::VARCHAR AS decided
            FROM {lacking} JOIN {schema}.judged j ON j.case_no = p.case_no AND j.rule_no = r.rule_no
            WHERE r.part = 'rule'""")
        gone = f"SELECT DISTINCT r.name FROM {lacking} WHERE r.part = 'conclusion' ORDER BY 1"
        for (flag,) in store.execute(gone).fetchall():
            open_ = possible[about].conclusion_sql(possible[about].rulebook.conclusions[flag])
            decided.append(f"""SELECT f.subject_id, f.rule_id, CASE WHEN {open_} THEN 'unknown'
                    WHEN EXISTS (SELECT 1 FROM {SCHEMA}.rests b JOIN {schema}.judged j USING (rule_no)
                        WHERE b.rule_id = f.rule_id AND j.case_no = p.case_no AND j.outcome = 'met')
                    THEN 'met' ELSE 'not_applicable' END
                FROM {lacking} WHERE r.part = 'conclusion' AND r.name = '{flag}'""")
    store.execute(f"CREATE OR REPLACE TABLE {SCHEMA}.decided AS {' UNION ALL '.join(decided)}")
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.fates AS
        WITH beside AS (
            SELECT f.*, n.subject_id IS NOT NULL AS is_found, n.outcome AS outcome_now, n.due_on AS due_now,
                n.done_on AS done_now, n.severity AS severity_now, a.state, r.rule_id IS NULL AS is_dropped,
                r.changed, r.held, d.decided
            FROM {SCHEMA}.kept_findings f LEFT JOIN {SCHEMA}.found n USING (subject_id, rule_id)
            LEFT JOIN {SCHEMA}.absent a USING (subject_id) LEFT JOIN {SCHEMA}.rules r USING (rule_id)
            LEFT JOIN {SCHEMA}.decided d USING (subject_id, rule_id)
        ), judged AS (SELECT *, {_ENDED} AS ended_now FROM beside)
        SELECT * EXCLUDE (ended_now), CASE WHEN ended_now = 'undecided' AND outcome = 'unknown' THEN NULL
            ELSE ended_now END AS ended FROM judged""")
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.endings AS
        SELECT finding_id, rule_id, ended FROM {SCHEMA}.fates WHERE ended IS NOT NULL ORDER BY finding_id""")


#: Unknown never resolves a finding, and nor does a rule that could not run, or a case whose row was rejected. A duty
#: whose day cannot be told, for want of a tier, is the one that it was: an emptied cell makes no new failure.
_ENDED = """CASE
    WHEN state = 'ended' THEN 'case_ended'
    WHEN state = 'gone' THEN 'case_gone'
    WHEN state = 'unreadable' THEN 'undecided'
    WHEN state = 'left_out' THEN 'not_applicable'
    WHEN is_dropped THEN 'rule_changed'
    WHEN is_found AND (outcome, due_on, done_on, severity)
        IS NOT DISTINCT FROM (outcome_now, due_now, done_now, severity_now) THEN NULL
    WHEN is_found AND changed THEN 'rule_changed'
    WHEN is_found AND due_on <> due_now THEN 'other_duty'
    WHEN is_found AND outcome = 'unknown' THEN 'decided'
    WHEN is_found AND outcome = 'missing' AND outcome_now = 'late' THEN 'done_late'
    WHEN is_found THEN 'replaced'
    WHEN held THEN NULL
    WHEN decided = 'unknown' THEN 'undecided'
    WHEN changed THEN 'rule_changed'
    WHEN decided = 'met' THEN 'put_right'
    WHEN decided = 'due' THEN 'due_again'
    WHEN decided IN ('excluded', 'not_applicable') THEN decided
    ELSE 'rule_changed' END"""


def _create_beginnings(store: Store, known: Known) -> None:
    """Create `beginnings`: the states that begin tonight, in the order of the cases and rules."""
    worse = f"({_RANK.format('outcome_now')} > {_RANK.format('outcome')} OR severity_now < severity)"
    vanished = by_vanishing_sql("f")
    store.execute(f"""CREATE OR REPLACE TABLE {SCHEMA}.beginnings AS
        SELECT subject_id, rule_id, outcome_now AS outcome, due_now AS due_on, done_now AS done_on,
            severity_now AS severity, CASE ended
                WHEN 'rule_changed' THEN ended WHEN 'done_late' THEN ended WHEN 'decided' THEN 'seen_again'
                WHEN 'other_duty' THEN CASE WHEN {vanished} THEN 'vanished'
                    WHEN due_now < DATE '{known.as_at or date.max}' THEN ended ELSE 'new' END
                ELSE CASE WHEN NOT {worse} THEN 'changed' WHEN {vanished} THEN 'vanished' ELSE 'worse' END
            END AS began
        FROM {SCHEMA}.fates f WHERE is_found AND ended IS NOT NULL
        UNION ALL
        SELECT subject_id, rule_id, 'unknown', due_on, NULL, severity, 'undecided'
        FROM {SCHEMA}.fates WHERE ended = 'undecided'
        UNION ALL
        SELECT f.subject_id, f.rule_id, f.outcome, f.due_on, f.done_on, f.severity, CASE
            WHEN {known.number} = 0 THEN 'first'
            WHEN p.was_gone THEN 'case_back'
            WHEN r.changed THEN 'rule_changed'
            WHEN NOT r.judged_before THEN 'first'
            WHEN {vanished} THEN 'vanished' ELSE 'new' END
        FROM {SCHEMA}.found f ANTI JOIN {SCHEMA}.kept_findings k USING (subject_id, rule_id)
        JOIN {SCHEMA}.present p USING (subject_id) JOIN {SCHEMA}.rules r USING (rule_id)
        ORDER BY subject_id, rule_id""")
