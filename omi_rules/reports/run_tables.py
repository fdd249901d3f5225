"""The run's files as numbered tables of the store: cases, findings and the other checks, in their order in a report."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from omi_rules.data.store import Store, create_from, create_from_json_lines
from omi_rules.problems import UsageError
from omi_rules.reports.audience import Audience
from omi_rules.reports.pseudonyms import pseudonyms
from omi_rules.scoring.run_folder import RunFolder

#: Days are counted from here, the first that an export may hold; 0 is no day.
FIRST_DAY = "1950-01-01"
#: Places of the due date, of the date done and of the days late in the words of a reason.
DUE, DONE, LATE = "\ue000", "\ue001", "\ue002"

_FINDINGS = {
    "case_id": "VARCHAR",
    "rule": "VARCHAR",
    "outcome": "VARCHAR",
    "due_on": "DATE",
    "done_on": "DATE",
    "days_late": "INTEGER",
    "severity": "VARCHAR",
    "criterion": "VARCHAR",
    "recommendations": "INTEGER[]",
    "causes": "VARCHAR[]",
    "reason": "VARCHAR",
    "action": "VARCHAR",
}


def lay_out_run(store: Store, run: RunFolder, audience: Audience, key: bytes | None) -> None:
    """Create `run_findings`, as the run has them, and `page_cases`; needs the view `run_cases`.

    `case_no` counts from 0 in the order of what the report calls the cases.
    """
    findings = run.folder / "findings.jsonl"
    if not findings.is_file():
        raise UsageError(f"{run.folder} has no {findings.name}: check the export again, with --output {run.folder}.")
    if not create_from_json_lines(store, "run_findings", _FINDINGS, findings):
        raise _damaged(findings)
    _create_names(store, key)
    _create_cases(store, audience)


def lay_out_records(store: Store) -> None:
    """Create `page_findings` and `page_checks`; needs what `lay_out_run` makes, and the view `run_outcomes`."""
    _create_findings(store)
    _create_checks(store)


def _create_names(store: Store, key: bytes | None) -> None:
    """Create `named`: the reference of each case, and what the report calls it."""
    if key is None:
        store.execute("CREATE TABLE named AS SELECT case_id::VARCHAR AS case_id, case_id AS name FROM run_cases")
        return
    ids: Iterable[tuple[str]] = store.execute("SELECT case_id::VARCHAR FROM run_cases").fetchall()
    rows = [{"case_id": case_id, "name": name} for case_id, name in pseudonyms(key, (id_ for (id_,) in ids)).items()]
    create_from(store, "named", {"case_id": "VARCHAR", "name": "VARCHAR"}, rows)


def _create_cases(store: Store, audience: Audience) -> None:
    officer = "offender_manager::VARCHAR" if audience.officers else "NULL::VARCHAR"
    store.execute(f"""CREATE TABLE page_cases AS
        SELECT row_number() OVER (ORDER BY name) - 1 AS case_no, n.name, c.case_id::VARCHAR AS case_id,
            division::VARCHAR AS division, team::VARCHAR AS team, {officer} AS officer, order_type::VARCHAR AS "order",
            start_date, end_date, tier, roh_level::VARCHAR AS roh_level, ppo
        FROM run_cases c JOIN named n ON c.case_id::VARCHAR = n.case_id""")


def _create_findings(store: Store) -> None:
    """A finding with its reason as words, and where in them its dates and days stand."""
    store.execute(f"""CREATE TABLE page_findings AS
        SELECT case_no, rule, outcome IS NULL AS flag, outcome, due_on, done_on, days_late, causes,
            {_words_sql()} AS reason
        FROM run_findings JOIN page_cases USING (case_id)""")


def _words_sql() -> str:
    """The reason with its dates and days taken out, where putting them back gives the reason again."""
    marks = f"'{DUE}{DONE}{LATE}'"
    plain = f"translate(reason, {marks}, '')"
    taken, back = plain, "taken"
    fields = (
        (DUE, "strftime(due_on, '%-d %B %Y')"),
        (DONE, "strftime(done_on, '%-d %B %Y')"),
        (LATE, "days_late || if(days_late = 1, ' day', ' days')"),
    )
    for mark, value in fields:
        taken = f"coalesce(replace({taken}, {value}, '{mark}'), {taken})"
        back = f"replace({back}, '{mark}', coalesce({value}, ''))"
    return f"list_transform([{taken}], lambda taken: if({back} = reason, taken, {plain}))[1]"


def _create_checks(store: Store) -> None:
    """What is met, due or unknown: a reason only where it says what would decide."""
    store.execute("""CREATE TABLE page_checks AS
        SELECT case_no, rule::VARCHAR AS rule, outcome::VARCHAR AS outcome, due_on, done_on,
            CASE outcome::VARCHAR WHEN 'unknown' THEN reason::VARCHAR END AS reason
        FROM run_outcomes o JOIN page_cases c ON o.case_id::VARCHAR = c.case_id
        WHERE outcome::VARCHAR IN ('met', 'due', 'unknown')""")


def alerts_of(store: Store, flag: str) -> list[Mapping[str, Any]]:
    """The cases of a flag, and the critical conclusions that they rest on."""
    cursor = store.execute(
        """SELECT c.name, c.division, c.team, c.officer,
            list(DISTINCT o.reason ORDER BY o.reason) FILTER (o.severity = 'critical' AND o.rule != f.rule
                AND o.outcome IS NULL) AS because
        FROM run_findings f JOIN page_cases c USING (case_id) JOIN run_findings o USING (case_id)
        WHERE f.rule = ? AND f.outcome IS NULL GROUP BY ALL ORDER BY c.division, c.team, c.name""",
        [flag],
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def causes_of(store: Store) -> list[Mapping[str, Any]]:
    """What was concluded, with its cause and what to do, and in how many cases; the most frequent first."""
    cursor = store.execute("""SELECT rule AS flag, any_value(reason) AS title, any_value(severity) AS severity,
            any_value(causes[1]) AS cause, any_value(action) AS action, count(DISTINCT case_id) AS cases
        FROM run_findings WHERE outcome IS NULL GROUP BY rule ORDER BY cases DESC, flag""")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read_staff_findings(run: RunFolder) -> list[Mapping[str, Any]]:
    """What was found about members of staff, without what follows from it; none where the export had no staff.

    UsageError where the file is damaged, or has gone from a run that had one."""
    if not run.summary.get("staff"):
        return []
    path = run.folder / "staff_findings.jsonl"
    if not path.is_file():
        raise UsageError(f"{run.folder} has no {path.name}: check the export again, with --output {run.folder}.")
    try:
        lines = [json.loads(line) for line in path.read_bytes().splitlines()]
        return [line for line in lines if line["outcome"]]
    except (ValueError, TypeError, KeyError):
        raise _damaged(path) from None


def _damaged(path: Path) -> UsageError:
    return UsageError(f"{path} is damaged: check the export again, with --output {path.parent}.")
