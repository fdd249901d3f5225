"""One plain sentence for each outcome, put together in SQL from the rules' own words and the dates of the case."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from omi_rules.checks.conditions import date_sql
from omi_rules.checks.run import Judged
from omi_rules.checks.verdict import CALENDAR
from omi_rules.data.store import Store, create_from
from omi_rules.rulebook.model import (
    OUTCOMES,
    Count,
    Deadline,
    Outcome,
    Paired,
    PerEvent,
    ReviewChain,
    Rule,
    Rulebook,
    Value,
)
from omi_rules.rulebook.usage import values_used
from omi_rules.shapes import load_tables

_TIMED: Mapping[str, str] = {
    "met": "Done on {done_on}, due by {due_on}.",
    "late": "Done on {done_on}, {days_late} days after it was due on {due_on}.",
    "missing": "Not done. It was due on {due_on}, {days_late} days ago.",
    "due": "Not done yet. It is due by {due_on}.",
}
_UNDATED: Mapping[Outcome, str] = {
    "met": "The standard is met.",
    "late": "Done, but after the due date.",
    "missing": "Not done, and the due date has passed.",
    "not_met": "The standard is not met.",
    "due": "Not done yet, and the due date has not passed.",
    "unknown": "Cannot be decided: {columns}.",
    "excluded": "Taken out for a recorded reason.",
    "not_applicable": "Not applicable: not in the rule's population, nothing to judge, or supervision ended first.",
    "error": "The rule could not run; this is a fault of the rule, not of the case.",
}
_UNITS = {
    "working_days": "working day",
    "days": "day",
    "weeks": "week",
    "appointments": "appointment",
    "hours": "hour",
    "tier": "tier",
    "absences": "absence",
    "offender_managers": "offender manager",
}
#: What a sentence depends on, of a row of `judged`.
_ANSWER = "rule_no, outcome, due_on, done_on, arm, undecided"
_ASSUMED = " The limit is an assumption of the rulebook."


def limit_words(value: Value, amount: int) -> str:
    """An amount with its unit, such as `5 working days`."""
    unit = _UNITS[value.unit]
    return f"{amount} {unit if amount == 1 else unit + 's'}"


def limit_of(rulebook: Rulebook, rule: Rule) -> Value | None:
    """The value that a rule's sentences call its limit."""
    require = rule.require
    if isinstance(require, PerEvent):
        require = require.deadline
    name = None
    if isinstance(require, Deadline):
        name = require.limit
    elif isinstance(require, ReviewChain):
        name = require.every
    elif isinstance(require, Count):
        name = require.at_least
    elif isinstance(require, Paired):
        name = require.within
    elif not isinstance(require, ReviewChain | PerEvent):
        name = next(iter(values_used(rule)), None)
    return rulebook.values[name] if name else None


def _texts(rule: Rule) -> Iterator[tuple[str, bool, str]]:
    """Outcome, whether its dates are known, and the sentence."""
    for outcome in OUTCOMES:
        plain = _UNDATED[outcome]
        if outcome == "excluded":
            exclusion = rule.excluded or (rule.require.excluded if isinstance(rule.require, PerEvent) else None)
            plain = exclusion.because if exclusion else plain
        own = rule.says.get(outcome)
        if own and "{due_on}" not in own and "{done_on}" not in own and "{days_late}" not in own:
            plain = own
        yield outcome, False, plain
        yield outcome, True, own or _TIMED.get(outcome, plain)


def doubt_words(label: str) -> str:
    """What is missing, for a person who can record it."""
    if label == CALENDAR:
        return "the clock leaves the years of the calendar, 1995 to 2035"
    if label in load_tables():
        return f"rows of {label} were rejected, or the table is not in the export"
    return f"{label.removeprefix('cases.')} is not recorded"


def create_sayings(store: Store, rulebook: Rulebook, judged: Judged) -> None:
    """Create `sayings`, `limits` and `doubt_words`: the words by rule and outcome, arm, and pattern of doubts."""
    _create_date_words(store)
    sayings: list[Mapping[str, Any]] = []
    limits: list[Mapping[str, Any]] = []
    for number, rule in enumerate(judged.rules):
        for outcome, dated, text in _texts(rule):
            row = {"rule_no": number, "outcome": outcome, "dated": dated, "text": text, "plain": "{" not in text}
            sayings.append(row)
        value = limit_of(rulebook, rule)
        for arm, choice in enumerate(value.arms if value else ()):
            assert value is not None
            note = _ASSUMED if choice.assumed else ""
            limits.append({"rule_no": number, "arm": arm, "words": limit_words(value, choice.amount), "note": note})
        alike = value is not None and len({choice.amount for choice in value.arms}) == 1
        # of an event with a day of its own to be due on, the limit was not used
        planned = isinstance(rule.require, PerEvent) and rule.require.deadline.due_column
        assumed = value is not None and all(choice.assumed for choice in value.arms) and not planned
        if value and (alike or assumed):
            note = _ASSUMED if assumed else ""
            words = limit_words(value, value.arms[0].amount) if alike else ""
            limits.append({"rule_no": number, "arm": -1, "words": words, "note": note})
    patterns = store.execute("SELECT DISTINCT rule_no, undecided FROM judged WHERE outcome = 'unknown'").fetchall()
    doubts = [
        {"rule_no": number, "undecided": bits, "words": _join(doubts_in(judged, judged.rules[number], bits))}
        for number, bits in patterns
    ]
    create_from(
        store,
        "sayings",
        {"rule_no": "SMALLINT", "outcome": "outcome", "dated": "BOOLEAN", "text": "VARCHAR", "plain": "BOOLEAN"},
        sayings,
    )
    create_from(
        store,
        "limits",
        {"rule_no": "SMALLINT", "arm": "TINYINT", "words": "VARCHAR", "note": "VARCHAR"},
        limits,
    )
    create_from(store, "doubt_words", {"rule_no": "SMALLINT", "undecided": "INTEGER", "words": "VARCHAR"}, doubts)


def _create_date_words(store: Store) -> None:
    """Create `date_words`: each date that occurs, as people write it."""
    store.execute(
        "CREATE OR REPLACE TABLE date_words AS SELECT day, strftime(day, '%-d %B %Y') AS words FROM ("
        "SELECT due_on AS day FROM judged WHERE due_on IS NOT NULL "
        "UNION SELECT done_on FROM judged WHERE done_on IS NOT NULL)"
    )


def doubts_in(judged: Judged, rule: Rule, bits: int) -> tuple[str, ...]:
    """The names of the doubts of a pattern."""
    return tuple(label for bit, label in enumerate(judged.doubts.get(rule.id, ())) if bits >> bit & 1)


def _join(labels: tuple[str, ...]) -> str:
    if not labels:
        return "something that the rule reads is not recorded"
    return ", or ".join(doubt_words(label) for label in labels)


def days_late_sql(as_at: str) -> str:
    """Calendar days late, of a row of `judged`."""
    return f"CASE outcome WHEN 'late' THEN done_on - due_on WHEN 'missing' THEN {as_at} - due_on END"


def create_reasons(store: Store, rulebook: Rulebook, judged: Judged, as_at: date) -> None:
    """Create `reasons`: the sentence, and the days late, for every answer that occurs.

    Cases share answers, so there are far fewer sentences to put together than there are outcomes.
    """
    create_sayings(store, rulebook, judged)
    store.execute(f"""CREATE OR REPLACE TABLE reasons AS
        SELECT j.*, CASE WHEN s.plain THEN s.text ELSE {_fill_sql()} END
            || CASE WHEN l.note <> '' AND j.outcome IN ('late', 'missing', 'not_met', 'due') THEN l.note ELSE '' END
            AS reason
        FROM (SELECT DISTINCT {_ANSWER}, {days_late_sql(date_sql(as_at))}::INTEGER AS days_late,
                due_on IS NOT NULL AND (done_on IS NOT NULL OR outcome NOT IN ('met', 'late')) AS dated
              FROM judged) j
        JOIN sayings s ON s.rule_no = j.rule_no AND s.outcome = j.outcome AND s.dated = j.dated
        LEFT JOIN limits l ON l.rule_no = j.rule_no AND l.arm = coalesce(j.arm, -1)
        LEFT JOIN doubt_words d ON d.rule_no = j.rule_no AND d.undecided = j.undecided
        LEFT JOIN date_words due ON due.day = j.due_on LEFT JOIN date_words done ON done.day = j.done_on""")


def worded_sql(columns: str = "j.*, r.days_late, r.reason", where: str = "TRUE", *, reasons: str = "reasons") -> str:
    """Columns of `judged` (j) and `reasons` (r); `where` chooses rows, `reasons` may name a copy of that table."""
    same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM j.{name}" for name in _ANSWER.split(", ")[2:])
    return f"""SELECT {columns} FROM (SELECT * FROM judged WHERE {where}) j
        JOIN {reasons} r ON r.rule_no = j.rule_no AND r.outcome = j.outcome AND {same}"""


def _fill_sql() -> str:
    """The words put in for the placeholders."""
    steps = (
        ("{due_on}", "coalesce(due.words, '')"),
        ("{done_on}", "coalesce(done.words, '')"),
        ("{days_late} days", "coalesce(j.days_late || if(j.days_late = 1, ' day', ' days'), '')"),
        ("{days_late}", "coalesce(j.days_late::VARCHAR, '')"),
        ("{limit}", "coalesce(l.words, 'the number required')"),
        ("{columns}", "coalesce(d.words, '')"),
    )
    text = "s.text"
    for placeholder, words in steps:
        text = f"replace({text}, '{placeholder}', {words})"
    return text
