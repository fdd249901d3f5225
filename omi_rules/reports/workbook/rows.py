"""The rows of the workbook's large tables, a batch at a time: asked of the store, and never all of them held."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from omi_rules.data.store import Store, create_from
from omi_rules.reports.audience import Audience
from omi_rules.rulebook.model import SEVERITIES

Row = Sequence[Any]

_BATCH = 5_000
_CASES = 5_000
_SEVERITIES = ", ".join(f"'{word}'" for word in SEVERITIES)
#: What is open and can still be done: nobody can do what a case that has ended is missing.
_OPEN = """run_outcomes o JOIN page_cases c ON o.case_id::VARCHAR = c.case_id
    JOIN run_rules r ON o.rule::VARCHAR = r.rule
    WHERE o.outcome::VARCHAR IN ('missing', 'due') AND r.gravity < 3"""
_STILL = "(c.end_date IS NULL OR c.end_date > $as_at)"


@dataclass(frozen=True)
class Told:
    """What is said of a rule wherever it has something open: its words stand here once, and not in every row."""

    title: str
    recommendations: str
    action: str | None


def create_rules(store: Store, rules: Sequence[Mapping[str, Any]], remedies: Mapping[str, str]) -> Mapping[str, Told]:
    """Create `run_rules`, the gravity of the rules of run.json, and give their words by id.

    What to do is said in the words of the findings, and where there is none in those of `remedies`.
    """
    rows = [{"rule": rule["rule"], "gravity": SEVERITIES.index(rule["severity"])} for rule in rules]
    create_from(store, "run_rules", {"rule": "VARCHAR", "gravity": "TINYINT"}, rows)
    actions = dict(
        store.execute(
            "SELECT rule, any_value(action) FROM run_findings WHERE outcome IS NOT NULL GROUP BY rule"
        ).fetchall()
    )
    return {
        rule["rule"]: Told(
            rule["title"],
            ", ".join(map(str, rule["recommendations"])),
            actions.get(rule["rule"], remedies.get(rule["rule"])),
        )
        for rule in rules
    }


def duty_rows(store: Store, as_at: str, told: Mapping[str, Told]) -> Iterator[Row]:
    """What is overdue and what is due, the gravest and then the longest overdue first."""
    query = f"""SELECT o.outcome::VARCHAR = 'missing', r.gravity, o.due_on, ($as_at::DATE - o.due_on)::INTEGER, c.name,
            r.rule, c.team, c.officer, c.division
        FROM {_OPEN} AND {_STILL}
        ORDER BY r.gravity, o.due_on NULLS LAST, c.case_no, r.rule"""
    for overdue, gravity, due_on, days, name, rule, *held, division in _rows(store, query, {"as_at": as_at}):
        words = told[rule]
        state = ("overdue" if overdue else "due", SEVERITIES[gravity], due_on, days if overdue else None)
        yield (*state, name, words.title, words.action, *held, division, words.recommendations or None)


def count_duties(store: Store, as_at: str) -> Mapping[str, int]:
    """How many duties are overdue and due, how many have no day, and how many are missing in cases that have ended."""
    query = f"""SELECT count(*) FILTER (o.outcome::VARCHAR = 'missing' AND {_STILL}),
            count(*) FILTER (o.outcome::VARCHAR = 'due' AND {_STILL}),
            count(*) FILTER (o.due_on IS NULL AND {_STILL}),
            count(*) FILTER (o.outcome::VARCHAR = 'missing' AND NOT {_STILL})
        FROM {_OPEN}"""
    counted = store.execute(query, {"as_at": as_at}).fetchone() or (0, 0, 0, 0)
    return dict(zip(("overdue", "due", "undated", "ended"), counted, strict=True))


def finding_rows(store: Store, told: Mapping[str, Told]) -> Iterator[Row]:
    """The findings case by case, the gravest of a case first; what follows from them with its cause."""
    query = f"""SELECT c.name, f.severity, coalesce(replace(f.outcome, '_', ' '), 'conclusion'),
            if(f.outcome IS NULL, concat_ws(' ', f.reason, array_to_string(f.causes, ' ')), f.reason), f.action,
            f.due_on, f.days_late, c.team, c.officer, f.done_on, f.outcome IS NULL,
            if(f.outcome IS NULL, rtrim(f.reason, '.'), f.rule), f.criterion,
            array_to_string(f.recommendations, ', '), c.division
        FROM run_findings f JOIN (FROM page_cases WHERE case_no BETWEEN $first AND $last) c USING (case_id)
        ORDER BY c.case_no, list_position([{_SEVERITIES}], f.severity), f.due_on NULLS LAST, f.rule, f.outcome"""
    (cases,) = store.execute("SELECT count(*) FROM page_cases").fetchone() or (0,)
    # so many cases at a time: the sentences of all of them are never in memory at once
    for first in range(0, cases, _CASES):
        for row in _rows(store, query, {"first": first, "last": first + _CASES - 1}):
            *before, concluded, name, criterion, recommendations, division = row
            title = name if concluded else told[name].title
            yield (*before, title, criterion, recommendations or None, division)


def group_rows(store: Store, audience: Audience, as_at: str) -> Iterator[Row]:
    """Each officer, or where they are not shown each team: cases, findings by severity, and what is open."""
    levels = [level for level in audience.levels if level != "case"]
    by = ", ".join(f"c.{level}" for level in levels)
    query = f"""WITH found AS (
            SELECT case_id, count(*) AS findings, count(*) FILTER (severity = 'critical') AS critical,
                count(*) FILTER (severity = 'high') AS high, count(*) FILTER (severity = 'medium') AS medium
            FROM run_findings GROUP BY case_id),
        still AS (
            SELECT c.case_id, count(*) FILTER (o.outcome::VARCHAR = 'missing') AS overdue,
                count(*) FILTER (o.outcome::VARCHAR = 'due') AS due
            FROM {_OPEN} AND {_STILL} GROUP BY c.case_id)
        SELECT {by}, count(*), count(f.case_id), {_summed("f", "findings", "critical", "high", "medium")},
            {_summed("s", "overdue", "due")}
        FROM page_cases c LEFT JOIN found f USING (case_id) LEFT JOIN still s USING (case_id)
        GROUP BY {by} ORDER BY {", ".join(f"{level} NULLS LAST" for level in by.split(", "))}"""
    return _rows(store, query, {"as_at": as_at})


def _summed(table: str, *columns: str) -> str:
    return ", ".join(f"coalesce(sum({table}.{column}), 0)::INTEGER" for column in columns)


def _rows(store: Store, query: str, given: Mapping[str, Any]) -> Iterator[Row]:
    with store.cursor() as cursor:
        cursor.execute(query, given)
        while batch := cursor.fetchmany(_BATCH):
            yield from batch
