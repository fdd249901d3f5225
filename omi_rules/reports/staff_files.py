"""What a run says about members of staff: findings and conclusions of their own, counts, and two files.

`staff` is a store that sees the staff as its cases (see checks/staff.py).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omi_rules.checks.run import Judged
from omi_rules.checks.sayings import worded_sql
from omi_rules.checks.staff import SCHEMA
from omi_rules.conclusions.draw import draw_conclusions
from omi_rules.conclusions.facts import Component
from omi_rules.conclusions.reason import Reasoner
from omi_rules.data.export import Export
from omi_rules.data.store import Store
from omi_rules.reports.findings import severity_sql
from omi_rules.reports.lines import copy_rows
from omi_rules.reports.summary import (
    assumed_by,
    count_conclusions,
    count_recommendations,
    missing_costs,
    summarise_rules,
)
from omi_rules.rulebook.model import Rulebook
from omi_rules.rulebook.usage import tables_read


def conclude_about_staff(staff: Store, judged: Judged, groups: Sequence[Component], reasoner: Reasoner) -> None:
    """Draw the conclusions that rest on staff rules alone; the loader lets no conclusion mix them with others."""
    ours = {rule.id for rule in judged.rules}
    about_staff = [group for group in groups if any(atom.name in ours for atom in group.atoms if atom.kind == "rule")]
    draw_conclusions(staff, judged.plan, judged, about_staff, reasoner)


def show_only_staff(staff: Store, shown: Sequence[str], judged: Judged, wanted: Mapping[str, Sequence[str]]) -> None:
    """Keep these rules, and who is asked for by column: everybody, if nothing is."""
    numbers = [number for number, rule in enumerate(judged.rules) if rule.id in shown]
    staff.execute(f"CREATE OR REPLACE TABLE {SCHEMA}.shown_rules AS SELECT unnest(?::SMALLINT[]) AS rule_no", [numbers])
    staff.execute("DELETE FROM judged WHERE rule_no NOT IN (SELECT rule_no FROM shown_rules)")
    resting = "SELECT drawn FROM rests_on WHERE rule IN (SELECT unnest(?::VARCHAR[]))"
    staff.execute(f"DELETE FROM derived WHERE drawn NOT IN ({resting})", [list(shown)])
    for column, values in wanted.items():
        if values:
            asked = f"SELECT case_no FROM cases WHERE {column} IN (SELECT unnest(?::VARCHAR[]))"
            for table in ("judged", "derived"):
                staff.execute(f"DELETE FROM {table} WHERE case_no NOT IN ({asked})", [list(values)])


def add_staff(summary: dict[str, Any], staff: Store, export: Export, rulebook: Rulebook, judged: Judged) -> None:
    """Put the staff rules among those of the summary, and `staff` with the counts of members of staff.

    Without the table of staff they judge nobody, and each table of theirs that is not there costs them.
    """
    account = next((table for table in export.accounting if table.table == "staff"), None)
    shown = {number for (number,) in staff.execute("SELECT rule_no FROM shown_rules").fetchall()}
    if account is None:
        for number in sorted(shown):
            for table in tables_read(judged.rules[number], rulebook) & export.missing:
                summary["missing_costs"].setdefault(table, []).append(judged.rules[number].id)
    if account is None or not staff.execute("SELECT 1 FROM judged LIMIT 1").fetchone():
        summary["staff"] = None
        return
    rules = [*summary["rules"], *summarise_rules(staff, rulebook, judged, shown)]
    summary["rules"] = sorted(rules, key=lambda rule: str(rule["rule"]))
    summary["missing_costs"] = missing_costs(export, summary["rules"])
    summary["assumed"] = assumed_by(rulebook, summary["rules"])
    members, findings = (
        staff.execute(f"SELECT count({what}) FROM {table}").fetchone() or (0,)
        for what, table in (("DISTINCT case_no", "judged"), ("*", "findings"))
    )
    summary["staff"] = {
        "members": members[0],
        "left_out": account.left_out,
        "findings": findings[0],
        "recommendations": [
            {"recommendation": each["recommendation"], "breaches": each["breaches"], "members": each["cases"]}
            for each in count_recommendations(staff)
            if each["breaches"]
        ],
        "conclusions": [
            {"flag": each["flag"], "severity": each["severity"], "members": each["cases"]}
            for each in count_conclusions(staff)
        ],
    }


def write_staff_files(staff: Store, folder: Path) -> None:
    """Write staff_outcomes.parquet and staff_findings.jsonl."""
    copy_rows(staff, outcomes_sql("staff_id"), folder / "staff_outcomes.parquet", "FORMAT PARQUET")
    findings = staff_findings_sql()
    copy_rows(staff, findings, folder / "staff_findings.jsonl", "FORMAT JSON, DATEFORMAT '%Y-%m-%d'")


def outcomes_sql(key: str) -> str:
    """The rows of a file of outcomes, in order, of those whose `key` tells them apart."""
    columns = "j.case_no, j.rule_no, r.outcome::VARCHAR AS outcome, r.due_on, r.done_on, r.days_late, r.reason"
    return f"""SELECT c.{key}, w.rule, o.* EXCLUDE (case_no, rule_no)
        FROM ({worded_sql(columns)}) o JOIN cases c USING (case_no) JOIN rule_words w USING (rule_no)
        ORDER BY o.case_no, o.rule_no"""


def staff_findings_sql() -> str:
    """The rows of staff_findings.jsonl, in order."""
    return f"""SELECT c.staff_id, s.rule, s.outcome, s.due_on, s.done_on, s.days_late,
            {severity_sql("s.severity")} AS severity, w.criterion,
            coalesce(w.recommendations, g.recommendations) AS recommendations, l.words AS causes, s.reason, s.action,
            c.division, c.team, c.grade
        FROM findings f JOIN said s USING (said) JOIN cases c USING (case_no) JOIN cause_lists l USING (causes)
        LEFT JOIN rule_words w ON w.place = f.place LEFT JOIN flag_words g ON g.place = f.place
        ORDER BY f.case_no, f.place"""
