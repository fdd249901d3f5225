"""The files of a run, written by the store itself: outcomes, findings, conclusions and rejects."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from omi_rules.checks.run import Judged
from omi_rules.checks.sayings import create_reasons, worded_sql
from omi_rules.data.store import Store, create_from, run_together
from omi_rules.rulebook.model import INSUFFICIENT, SEVERITIES, Rulebook

#: Rows of outcomes.parquet that share a dictionary of their words.
_ROW_GROUP = 1_000_000
#: A spreadsheet runs a cell that starts like this; some take the wide forms of the signs for them.
_FORMULA = "^[-=+@\\t\\r\\n＝＋－＠]"


def neutral_sql(column: str) -> str:
    """A text cell that no spreadsheet takes for a formula."""
    # the signs sort before the letters, or after all of ASCII: most cells need no closer look
    risky = f"CASE WHEN {column} < 'A' OR {column} > '~' THEN regexp_matches({column}, '{_FORMULA}') ELSE FALSE END"
    return f"CASE WHEN {risky} THEN '''' || {column} ELSE {column} END"


def create_findings(store: Store, rulebook: Rulebook, judged: Judged, as_at: date, *, informational: bool) -> None:
    """Create `findings`, a row an insufficient outcome and a row a conclusion, and the tables of words behind it."""
    create_reasons(store, rulebook, judged, as_at)
    _create_rules(store, judged)
    _create_flags(store, rulebook)
    words = ", ".join(f"'{word}'" for word in INSUFFICIENT)
    shown = "TRUE" if informational else "rule_no NOT IN (SELECT rule_no FROM rule_words WHERE severity = 3)"
    store.execute(f"""CREATE OR REPLACE TABLE findings AS
        WITH because AS (
            SELECT case_no, r.rule_no, list_sort(list_distinct(list(f.cause))) AS causes
            FROM rests_on b JOIN rule_words r USING (rule) JOIN flag_words f USING (flag) GROUP BY ALL
        )
        SELECT j.case_no, w.rule, 0 AS part, j.outcome::VARCHAR AS outcome, j.due_on, j.done_on, j.days_late,
            w.severity, w.criterion, w.questions, w.recommendations, coalesce(b.causes, []) AS causes, j.reason,
            w.action
        FROM ({worded_sql(f"outcome IN ({words}) AND {shown}")}) j
        JOIN rule_words w USING (rule_no) LEFT JOIN because b ON b.case_no = j.case_no AND b.rule_no = j.rule_no
        UNION ALL
        SELECT d.case_no, d.flag, 1, NULL, NULL, NULL, NULL, f.severity, NULL, [], f.recommendations, [f.cause],
            f.reason, f.action
        FROM derived d JOIN flag_words f USING (flag)""")


def _create_rules(store: Store, judged: Judged) -> None:
    rows = [
        {
            "rule_no": number,
            "rule": rule.id,
            "severity": SEVERITIES.index(rule.severity),
            "criterion": rule.criterion,
            "questions": list(rule.answers),
            "recommendations": list(rule.recommendations),
            "action": rule.to_do,
        }
        for number, rule in enumerate(judged.rules)
    ]
    create_from(
        store,
        "rule_words",
        {
            "rule_no": "SMALLINT",
            "rule": "VARCHAR",
            "severity": "TINYINT",
            "criterion": "VARCHAR",
            "questions": "VARCHAR[]",
            "recommendations": "INTEGER[]",
            "action": "VARCHAR",
        },
        rows,
    )


def _create_flags(store: Store, rulebook: Rulebook) -> None:
    rows = [
        {
            "flag": conclusion.flag,
            "severity": SEVERITIES.index(conclusion.severity),
            "recommendations": list(conclusion.recommendations),
            "cause": conclusion.cause,
            "reason": conclusion.title if conclusion.title.endswith(".") else conclusion.title + ".",
            "action": conclusion.action,
        }
        for conclusion in rulebook.conclusions.values()
    ]
    types = {
        "flag": "VARCHAR",
        "severity": "TINYINT",
        "recommendations": "INTEGER[]",
        "cause": "VARCHAR",
        "reason": "VARCHAR",
        "action": "VARCHAR",
    }
    create_from(store, "flag_words", types, rows)


def severity_sql(column: str = "severity") -> str:
    """The word of a severity's number."""
    return "[" + ", ".join(f"'{word}'" for word in SEVERITIES) + f"][{column} + 1]"


def write_files(store: Store, folder: Path) -> None:
    """Write every file of the run about cases, but run.json, into `folder`."""
    writers: list[Callable[[Store], None]] = [
        partial(_write_outcomes, folder=folder),
        partial(_write_both_findings, folder=folder),
        partial(_write_conclusions, folder=folder),
        partial(_write_rejects, folder=folder),
    ]
    run_together(store, writers)


_FOUND = f"""CREATE OR REPLACE TEMP TABLE found AS
    SELECT c.case_id, rule, outcome, due_on, done_on, days_late, {severity_sql()} AS severity, criterion,
        questions, recommendations, causes, reason, action, c.division, c.team, c.offender_manager
    FROM findings f JOIN cases c USING (case_no) ORDER BY f.case_no, rule, part"""


def _write_both_findings(store: Store, folder: Path) -> None:
    """Put the findings in order once, for both of their files."""
    store.execute(_FOUND)
    _write_findings(store, folder)
    _write_flat_findings(store, folder)


def _write_findings(store: Store, folder: Path) -> None:
    _copy(store, "FROM found", folder / "findings.jsonl", "FORMAT JSON, DATEFORMAT '%Y-%m-%d'")


def _write_flat_findings(store: Store, folder: Path) -> None:
    flat = f"""SELECT {neutral_sql("case_id")} AS case_id, rule, outcome, due_on, done_on, days_late, severity,
            criterion, array_to_string(questions, ';') AS questions,
            array_to_string(recommendations, ';') AS recommendations,
            {neutral_sql("array_to_string(causes, ' ')")} AS causes, {neutral_sql("reason")} AS reason,
            {neutral_sql("action")} AS action, {neutral_sql("division")} AS division, {neutral_sql("team")} AS team,
            {neutral_sql("offender_manager")} AS offender_manager FROM found"""
    _copy(store, flat, folder / "findings.csv", "FORMAT CSV, HEADER, DATEFORMAT '%Y-%m-%d'")


def _write_conclusions(store: Store, folder: Path) -> None:
    concluded = f"""SELECT c.case_id, recommendation, flag, {severity_sql()} AS severity, [cause] AS causes, action,
            from_json(because, '[{{"rule": "VARCHAR", "outcome": "VARCHAR"}}]') AS because
        FROM (SELECT d.*, f.severity, f.cause, f.action,
                unnest(CASE WHEN len(f.recommendations) = 0 THEN [NULL] ELSE f.recommendations END) AS recommendation
              FROM derived d JOIN flag_words f USING (flag)) d JOIN cases c USING (case_no)
        ORDER BY c.case_no, recommendation NULLS LAST, flag"""
    _copy(store, concluded, folder / "conclusions.jsonl", "FORMAT JSON")


def _write_rejects(store: Store, folder: Path) -> None:
    # one file of records holds the rows of many tables, each counted from 1
    rejected = f"""SELECT {neutral_sql("file")} AS file, row, "column", reason, table_name AS "table",
            {neutral_sql("record")} AS record FROM rejects ORDER BY rejects.file, row, table_name"""
    _copy(store, rejected, folder / "rejects.csv", "FORMAT CSV, HEADER")


def _copy(store: Store, query: str, path: Path, options: str) -> None:
    target = str(path).replace("'", "''")
    store.execute(f"COPY ({query}) TO '{target}' ({options})")


def _write_outcomes(store: Store, folder: Path) -> None:
    # Few words make up millions of rows: as ENUMs they are sorted and written as numbers. The file lists an ENUM's
    # words whole, so the types hold none that is not in some row.
    for name, words in (
        ("written_case", "SELECT case_id FROM cases WHERE case_no IN (SELECT case_no FROM judged) ORDER BY case_no"),
        ("written_rule", "SELECT rule FROM rule_words ORDER BY rule_no"),
        ("written_reason", "SELECT DISTINCT reason FROM reasons WHERE reason IS NOT NULL ORDER BY reason"),
    ):
        store.execute(f"CREATE TEMP TYPE {name} AS ENUM ({words})")
    store.execute(
        "CREATE TEMP TABLE written_reasons AS SELECT * REPLACE (reason::written_reason AS reason) FROM reasons"
    )
    # each word is looked up here, before the joins spread it over the rows
    cases = "SELECT case_no, case_id::written_case AS case_id FROM cases WHERE case_no IN (SELECT case_no FROM judged)"
    rules = "SELECT rule_no, rule::written_rule AS rule FROM rule_words"
    query = f"""SELECT c.case_id, w.rule, o.outcome, o.due_on, o.done_on, o.days_late, o.reason
        FROM ({worded_sql(reasons="written_reasons")}) o
        JOIN ({cases}) c ON c.case_no = o.case_no JOIN ({rules}) w ON w.rule_no = o.rule_no
        ORDER BY o.case_no, o.rule_no"""
    _copy(store, query, folder / "outcomes.parquet", f"FORMAT PARQUET, ROW_GROUP_SIZE {_ROW_GROUP}")


def worst_findings(store: Store, most: int = 20) -> list[dict[str, Any]]:
    """The findings to look at first: alerts, then by severity, what is missing, and how long."""
    cursor = store.execute(f"""SELECT c.case_id, rule, outcome, due_on, done_on, days_late,
            {severity_sql()} AS severity, reason, action, c.team, c.offender_manager AS officer
        FROM findings f JOIN cases c USING (case_no)
        ORDER BY (rule = 'public-protection-alert') DESC, f.severity, part DESC, (outcome = 'missing') DESC NULLS LAST,
            days_late DESC NULLS LAST, f.case_no, rule LIMIT {most}""")
    names = [column[0] for column in cursor.description or ()]
    return [_plain(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
