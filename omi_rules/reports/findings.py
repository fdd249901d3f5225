"""Findings: what was insufficient and what follows from it, kept as numbers of the words they are told in."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from omi_rules.checks.run import Judged
from omi_rules.checks.sayings import worded_sql
from omi_rules.data.store import Store, create_from
from omi_rules.reports.lines import cell_sql, json_sql, neutral_sql, share_words, write_lines
from omi_rules.rulebook.model import INSUFFICIENT, SEVERITIES, Rulebook

_INSUFFICIENT = ", ".join(f"'{word}'" for word in INSUFFICIENT)
FLAT_HEADER = (
    "case_id,rule,outcome,due_on,done_on,days_late,severity,criterion,questions,recommendations,causes,reason,"
    "action,division,team,offender_manager"
)
#: What makes a finding of `said` worth looking at first, and which way.
WORST = {
    "(s.rule = 'public-protection-alert')": "DESC",
    "s.severity": "",
    "part": "DESC",
    "(outcome = 'missing')": "DESC NULLS LAST",
    "days_late": "DESC NULLS LAST",
}
#: A line of findings.jsonl, and one of findings.csv, of a row of `found`.
LINE_PIECES = ("'{\"case_id\":'", "case_json", "start_json", "causes_json", "end_json", "whose_json")
FLAT_PIECES = ("case_csv", "start_csv", "causes_csv", "end_csv", "whose_csv")


def create_findings(store: Store, rulebook: Rulebook, judged: Judged, *, informational: bool) -> None:
    """Create `findings`, a row an insufficient outcome and a row a conclusion, and the tables of words behind it.

    A row is the case, the place of the rule or flag among all of them, and the numbers of what is `said` of it and
    of its causes. Needs the `reasons`.
    """
    _create_words(store, rulebook, judged)
    _create_causes(store)
    shown = "TRUE" if informational else "rule_no NOT IN (SELECT rule_no FROM rule_words WHERE severity = 3)"
    insufficient = worded_sql("j.case_no, j.rule_no, r.rowid AS said", f"outcome IN ({_INSUFFICIENT}) AND {shown}")
    store.execute(f"""CREATE OR REPLACE TABLE findings AS
        SELECT j.case_no, w.place, j.said, coalesce(b.causes, 0) AS causes
        FROM ({insufficient}) j JOIN rule_words w USING (rule_no)
        LEFT JOIN because b ON b.case_no = j.case_no AND b.rule_no = j.rule_no
        UNION ALL
        SELECT d.case_no, f.place, -f.place, l.causes
        FROM derived d JOIN flag_words f USING (flag) JOIN cause_lists l ON l.numbers = [f.cause_no]""")
    store.execute(f"""CREATE OR REPLACE VIEW said AS
        SELECT r.rowid AS said, w.place, w.rule, 0 AS part, r.outcome::VARCHAR AS outcome, r.due_on, r.done_on,
            r.days_late, w.severity, r.reason, w.action
        FROM reasons r JOIN rule_words w USING (rule_no) WHERE r.outcome IN ({_INSUFFICIENT})
        UNION ALL
        SELECT -place, place, flag, 1, NULL, NULL, NULL, NULL, severity, reason, action FROM flag_words""")


def _create_words(store: Store, rulebook: Rulebook, judged: Judged) -> None:
    """Create `rule_words` and `flag_words`; `place` is the order of both in the files, from 1."""
    conclusions = rulebook.conclusions.values()
    causes = sorted({conclusion.cause for conclusion in conclusions})
    ordered = sorted([(rule.id, 0) for rule in judged.rules] + [(conclusion.flag, 1) for conclusion in conclusions])
    places = {name: place for place, name in enumerate(ordered, 1)}
    rules = [
        {
            "rule_no": number,
            "place": places[rule.id, 0],
            "rule": rule.id,
            "severity": SEVERITIES.index(rule.severity),
            "criterion": rule.criterion,
            "questions": list(rule.answers),
            "recommendations": list(rule.recommendations),
            "action": rule.to_do,
        }
        for number, rule in enumerate(judged.rules)
    ]
    types = {"place": "SMALLINT", "severity": "TINYINT", "recommendations": "INTEGER[]", "action": "VARCHAR"}
    of_rules = {"rule_no": "SMALLINT", "rule": "VARCHAR", "criterion": "VARCHAR", "questions": "VARCHAR[]"}
    create_from(store, "rule_words", {**types, **of_rules}, rules)
    flags = [
        {
            "flag": conclusion.flag,
            "place": places[conclusion.flag, 1],
            "severity": SEVERITIES.index(conclusion.severity),
            "recommendations": list(conclusion.recommendations),
            "cause": conclusion.cause,
            "cause_no": causes.index(conclusion.cause),
            "reason": conclusion.title if conclusion.title.endswith(".") else conclusion.title + ".",
            "action": conclusion.action,
        }
        for conclusion in conclusions
    ]
    of_flags = {"flag": "VARCHAR", "cause": "VARCHAR", "cause_no": "INTEGER", "reason": "VARCHAR"}
    create_from(store, "flag_words", {**types, **of_flags}, flags)


def _create_causes(store: Store) -> None:
    """Create `cause_lists`, the lists of causes that occur, and `because`, the list of each case and rule with any."""
    store.execute("""CREATE OR REPLACE TABLE because AS
        SELECT case_no, r.rule_no, list_sort(list_distinct(list(f.cause_no))) AS numbers
        FROM derived d JOIN rests_on b USING (drawn) JOIN rule_words r USING (rule)
        JOIN flag_words f ON f.flag = d.flag GROUP BY ALL""")
    store.execute("""CREATE OR REPLACE TABLE cause_lists AS
        WITH numbered AS (SELECT numbers, row_number() OVER () AS causes FROM (
            SELECT numbers FROM because UNION SELECT [cause_no] FROM flag_words))
        SELECT 0 AS causes, []::INTEGER[] AS numbers, []::VARCHAR[] AS words
        UNION ALL
        SELECT causes, any_value(numbers), list(cause ORDER BY cause_no)
        FROM (SELECT causes, numbers, unnest(numbers) AS cause_no FROM numbered)
        JOIN (SELECT DISTINCT cause_no, cause FROM flag_words) USING (cause_no) GROUP BY causes""")
    store.execute("""CREATE OR REPLACE TABLE because AS
        SELECT case_no, rule_no, causes FROM because JOIN cause_lists USING (numbers)""")


def mark_waived(store: Store, waived: Sequence[tuple[str, str]]) -> None:
    """Create `waived`, the findings of these cases and rules, and the conclusions that rest on no other finding.

    They stay findings: only what decides the exit code looks here.
    """
    if not waived:
        create_from(store, "waived", {"case_no": "INTEGER", "place": "SMALLINT"}, ())
        return
    rows = [{"case_id": case_id, "rule": rule} for case_id, rule in waived]
    create_from(store, "waived_rules", {"case_id": "VARCHAR", "rule": "VARCHAR"}, rows)
    store.execute(f"""CREATE OR REPLACE TABLE waived AS
        WITH given AS (SELECT c.case_no, w.rule, w.place FROM waived_rules JOIN rule_words w USING (rule)
            JOIN cases c ON c.case_id::VARCHAR = waived_rules.case_id)
        SELECT case_no, place FROM given
        UNION ALL
        SELECT d.case_no, f.place FROM derived d JOIN rests_on b USING (drawn) JOIN flag_words f ON f.flag = d.flag
        LEFT JOIN given g ON g.case_no = d.case_no AND g.rule = b.rule
        WHERE b.outcome IN ({_INSUFFICIENT}) GROUP BY d.case_no, f.place HAVING bool_and(g.rule IS NOT NULL)""")


def severity_sql(column: str = "severity") -> str:
    """The word of a severity's number."""
    return "[" + ", ".join(f"'{word}'" for word in SEVERITIES) + f"][{column} + 1]"


def lay_out_findings(store: Store) -> None:
    """Create `found`, the pieces of each line in order: the case, what is said, its causes, the rest, whose case."""
    _create_said_text(store)
    causes = "array_to_string(words, ' ')"
    store.execute(f"""CREATE OR REPLACE TABLE cause_text AS SELECT causes, {json_sql("words")} AS causes_json,
            {cell_sql(neutral_sql(causes))} AS causes_csv FROM cause_lists""")
    store.execute(f"""CREATE OR REPLACE TABLE case_text AS SELECT case_no, {json_sql("case_id")} AS case_json,
            concat(',"division":', {json_sql("division")}, ',"team":', {json_sql("team")}, ',"offender_manager":',
                {json_sql("offender_manager")}, '}}') AS whose_json,
            {cell_sql(neutral_sql("case_id"))} AS case_csv,
            concat_ws(',', '', {cell_sql(neutral_sql("division"))}, {cell_sql(neutral_sql("team"))},
                {cell_sql(neutral_sql("offender_manager"))}) AS whose_csv
        FROM cases WHERE case_no IN (SELECT case_no FROM findings)""")
    share_words(store, "said_text", ["start_json", "end_json", "start_csv", "end_csv"])
    share_words(store, "cause_text", ["causes_json", "causes_csv"])
    share_words(store, "case_text", ["whose_json", "whose_csv"])
    store.execute("""CREATE OR REPLACE TABLE found AS
        SELECT c.* EXCLUDE (case_no), s.* EXCLUDE (said), l.* EXCLUDE (causes)
        FROM findings f JOIN said_text s USING (said) JOIN case_text c USING (case_no) JOIN cause_text l USING (causes)
        ORDER BY f.case_no, f.place""")


def write_findings(store: Store, folder: Path) -> None:
    """Write findings.jsonl."""
    write_lines(store, "found", LINE_PIECES, folder / "findings.jsonl")


def write_flat_findings(store: Store, folder: Path) -> None:
    """Write findings.csv."""
    write_lines(store, "found", FLAT_PIECES, folder / "findings.csv", header=FLAT_HEADER)


def _create_said_text(store: Store) -> None:
    """Create `said_text`: all that is said, before and after the causes; the words of a rule or flag quoted once."""
    severity = severity_sql()
    store.execute(f"""CREATE OR REPLACE TABLE said_text AS
        WITH words AS (
            SELECT place, rule, severity, criterion, questions, recommendations, action FROM rule_words
            UNION ALL SELECT place, flag, severity, NULL, [], recommendations, action FROM flag_words
        ), pieces AS (
            SELECT place, concat(',"rule":', {json_sql("rule")}, ',"outcome":') AS rule_json,
                concat(',"severity":', {json_sql(severity)}, ',"criterion":', {json_sql("criterion")},
                    ',"questions":', {json_sql("questions")}, ',"recommendations":', {json_sql("recommendations")},
                    ',"causes":') AS words_json,
                concat(',"action":', {json_sql("action")}) AS action_json,
                concat(',', {cell_sql("rule")}, ',') AS rule_csv,
                concat_ws(',', '', {cell_sql(severity)}, {cell_sql("criterion")},
                    {cell_sql("array_to_string(questions, ';')")}, {cell_sql("array_to_string(recommendations, ';')")},
                    '') AS words_csv,
                concat(',', {cell_sql(neutral_sql("action"))}) AS action_csv
            FROM words
        )
        SELECT s.said,
            concat(rule_json, {json_sql("outcome")}, ',"due_on":', {json_sql("due_on")}, ',"done_on":',
                {json_sql("done_on")}, ',"days_late":', coalesce(days_late::VARCHAR, 'null'), words_json) AS start_json,
            concat(',"reason":', {json_sql("reason")}, action_json) AS end_json,
            concat(rule_csv, outcome, ',', due_on, ',', done_on, ',', days_late, words_csv) AS start_csv,
            concat(',', {cell_sql(neutral_sql("reason"))}, action_csv) AS end_csv
        FROM said s JOIN pieces USING (place)""")


def worst_findings(store: Store, most: int = 20) -> list[dict[str, Any]]:
    """The findings to look at first: alerts, then by severity, what is missing, and how long."""
    cursor = store.execute(worst_sql(most))
    names = [column[0] for column in cursor.description or ()]
    return [_plain(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def worst_sql(most: int, more: str = "") -> str:
    """The findings to look at first, with `more` columns; `WORST` is their order."""
    order = ", ".join(f"{what} {way}" for what, way in WORST.items())
    return f"""SELECT c.case_id, s.rule, outcome, due_on, done_on, days_late,
            {severity_sql()} AS severity, reason, action, c.team, c.offender_manager AS officer{more}
        FROM findings f JOIN said s USING (said) JOIN cases c USING (case_no)
        ORDER BY {order}, f.case_no, s.rule LIMIT {most}"""


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
