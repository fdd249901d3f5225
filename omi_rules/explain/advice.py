"""What rests on the outcome, what to do now, and which record would change it."""

from collections.abc import Sequence
from datetime import date

from omi_rules.explain.evidence import rows_that_may_count
from omi_rules.explain.judgement import CaseJudgement, Judged
from omi_rules.explain.layout import Line, Section
from omi_rules.explain.records import Records
from omi_rules.explain.words import both, day_in_words, outcome_in_words, reference_in_words
from omi_rules.explain.working import Working
from omi_rules.rulebook.model import INSUFFICIENT, SEVERITIES, Conclusion, Rule, Rulebook


def conclusions_section(judgement: CaseJudgement, rule_id: str | None) -> Section:
    """The conclusions that rest on a rule, or all of the case."""
    lines: list[Line] = []
    for conclusion, because in sorted(judgement.derived, key=lambda each: _place(each[0])):
        if rule_id is None or rule_id in (rule for rule, _ in because):
            lines += _conclusion_lines(judgement.rulebook, conclusion, because)
    nothing = "No conclusion rests on this outcome." if rule_id else "No conclusion follows for this case."
    heading = "Conclusions that rest on it" if rule_id else "Conclusions"
    return Section(heading, tuple(lines) or (Line(nothing),))


def _place(conclusion: Conclusion) -> tuple[int, bool, str]:
    """The most severe first, and of those the ones that sum up others."""
    sums_up = any(fact.kind == "flag" for way in conclusion.ways for fact in way)
    return SEVERITIES.index(conclusion.severity), not sums_up, conclusion.flag


def _conclusion_lines(rulebook: Rulebook, conclusion: Conclusion, because: Sequence[tuple[str, str]]) -> list[Line]:
    lines = [
        Line(f"{conclusion.title} ({conclusion.flag}, {conclusion.severity})."),
        Line(f"Cause: {conclusion.cause}", depth=1),
        Line(f"Action: {conclusion.action}", depth=1),
        Line("Because:", depth=1),
    ]
    for rule_id, outcome in because:
        rule = rulebook.rules.get(rule_id)
        lines.append(Line(f"{rule.title if rule else rule_id}: {outcome_in_words(outcome)}.", depth=2))
    return lines


def advice_section(records: Records, rule: Rule, judged: Judged, working: Working) -> Section:
    """What to do now, and the record that would give another outcome."""
    lines: list[Line] = []
    if judged.outcome in INSUFFICIENT:
        lines.append(Line(with_end(records.end, records.as_at, rule.to_do)))
    match judged.outcome:
        case "missing" | "late" | "not_met":
            changes = (
                "what the outcome rests on, and others have failed too" if working.others_failed else "the outcome"
            )
            lines += _would_change(f"If the records are wrong or incomplete, this would change {changes}:", working)
        case "due":
            by = f" by {day_in_words(judged.due_on)}" if judged.due_on else ""
            lines.append(Line(f"It is still to be done{by}. {rule.to_do}"))
            lines += _would_change("This would meet the rule:", working)
        case "unknown":
            lines += _to_record(records, rule, judged, working)
        case "error":
            lines.append(Line("Report this: the rule could not be run on this case."))
        case _:
            lines.append(Line(f"Nothing: the rule {_SETTLED[judged.outcome]}."))
    return Section("What to do now", tuple(lines))


def with_end(end: date | None, as_at: date, to_do: str) -> str:
    """What to do, but for a case whose supervision has ended."""
    if end is None or end > as_at:
        return to_do
    ended = f"Supervision ended on {day_in_words(end)}: what was not done then can no longer be done."
    return f"{ended} For a case that is open: {to_do}"


_SETTLED = {
    "met": "is met",
    "excluded": "does not judge this case, for a recorded reason",
    "not_applicable": "does not apply to this case",
}


def _would_change(introduction: str, working: Working) -> list[Line]:
    if not working.change:
        return []
    return [Line(introduction), *(Line(sentence, depth=1) for sentence in working.change)]


def _to_record(records: Records, rule: Rule, judged: Judged, working: Working) -> list[Line]:
    if not judged.undecided:
        return [Line("What is recorded leaves the answer open. See the evidence for what is not recorded.")]
    gaps = [f"{reference_in_words(each)}{_where(records, rule, working, each)}." for each in judged.undecided]
    return [Line("Record, or correct, what would decide it:"), *(Line(gap, depth=1) for gap in gaps)]


def _where(records: Records, rule: Rule, working: Working, reference: str) -> str:
    """Where the gap is: the rows with an empty cell, the table that is not there, or the rejected rows."""
    table, _, column = reference.partition(".")
    if not column:
        if table in records.missing:
            return ": the table is not in the export"
        lost = records.lost.get(table)
        return f": {lost} rejected, see rejects.csv of a run that was kept (check --output)" if lost else ""
    if table in records.missing:
        return ": the table is not in the export"
    open_rows = rows_that_may_count(records, rule, working, table)
    empty = [str(row.get("row")) for row in open_rows if row.get(column) is None]
    return f": {'row' if len(empty) == 1 else 'rows'} {both(empty)}" if empty else ""
