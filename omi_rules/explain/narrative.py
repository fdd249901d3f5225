"""Explains a case: one rule, one conclusion or several, or an overview and whatever is insufficient or unknown."""

from collections.abc import Sequence

from omi_rules.explain.advice import advice_section, conclusions_section
from omi_rules.explain.amounts import with_amounts
from omi_rules.explain.clock import clock_section, work_out
from omi_rules.explain.conclusion import explain_conclusion
from omi_rules.explain.evidence import evidence_section
from omi_rules.explain.judgement import CaseJudgement, Judged
from omi_rules.explain.layout import Explanation, Line, Section
from omi_rules.explain.overview import overview_of
from omi_rules.explain.population import population_section
from omi_rules.explain.records import Records, records_of
from omi_rules.explain.words import day_in_words, days_in_words, outcome_in_words, plain, source_in_words
from omi_rules.problems import UsageError, nearest
from omi_rules.rulebook.model import INSUFFICIENT, SEVERITIES, Rule, Rulebook

__all__ = ["Explanation", "explain_case"]


def explain_case(judgement: CaseJudgement, names: Sequence[str] = ()) -> list[Explanation]:
    """The explanations of the rules and conclusions named; of none, an overview and the insufficient and unknown rules.

    UsageError if a name is not known, or a rule is about members of staff.
    """
    records = records_of(judgement)
    if names:
        return [_explain_named(judgement, records, name) for name in names]
    wanting = [
        rule
        for rule_id, judged in judgement.outcomes.items()
        if judged.outcome in (*INSUFFICIENT, "unknown", "error")
        for rule in [judgement.rulebook.rules[rule_id]]
    ]
    wanting.sort(key=lambda rule: _place(rule, judgement.outcomes[rule.id]))
    return [overview_of(judgement), *(explain_rule(judgement, records, rule.id) for rule in wanting)]


def _place(rule: Rule, judged: Judged) -> tuple[bool, int, str]:
    return judged.outcome not in INSUFFICIENT, SEVERITIES.index(rule.severity), rule.id


def _explain_named(judgement: CaseJudgement, records: Records, name: str) -> Explanation:
    rulebook = judgement.rulebook
    if name in rulebook.rules:
        return explain_rule(judgement, records, name)
    if name in rulebook.conclusions:
        return explain_conclusion(judgement, rulebook.conclusions[name])
    known = [*rulebook.rules, *rulebook.conclusions]
    hint = nearest(name, known) or "; `omi-rules rules list` names the rules"
    raise UsageError(f"there is no rule or conclusion {name}{hint}")


def explain_rule(judgement: CaseJudgement, records: Records, rule_id: str) -> Explanation:
    """Why one rule says what it says."""
    rule = judgement.rulebook.rules[rule_id]
    judged = judgement.outcomes.get(rule_id)
    if judged is None:
        about = "is about members of staff, not cases" if rule.about_staff else "was not run on this case"
        about = "is in shadow and counts nowhere" if rule.shadow else about
        raise UsageError(f"the rule {rule_id} {about}: name another rule")
    rule = with_amounts(rule, judgement.rulebook)
    working = work_out(records, rule, judged)
    case_id = str(judgement.case["case_id"])
    return Explanation(
        case_id=case_id,
        as_at=judgement.as_at,
        rule=rule_id,
        title=f"{rule_id}, case {plain(case_id)} as at {day_in_words(judgement.as_at)}",
        sections=(
            _rule_section(judgement.rulebook, rule),
            _outcome_section(judged),
            population_section(records, rule),
            clock_section(records, rule, judged, working),
            evidence_section(records, rule, working),
            conclusions_section(judgement, rule_id),
            advice_section(records, rule, judged, working),
        ),
        outcome=judged.outcome,
        due_on=judged.due_on,
        done_on=judged.done_on,
        days_late=judged.days_late,
        reason=judged.reason,
    )


def _rule_section(rulebook: Rulebook, rule: Rule) -> Section:
    thread = ", Risk of Harm thread" if rule.risk_of_harm_thread else ""
    recommendations = ", ".join(map(str, rule.recommendations)) or "none"
    return Section(
        "Rule",
        (
            Line(f"{rule.title}."),
            Line(rule.asks),
            Line(f"Source: {source_in_words(rule.source, rulebook)}."),
            Line(f"Severity: {rule.severity}{thread}. Recommendations: {recommendations}."),
        ),
    )


def _outcome_section(judged: Judged) -> Section:
    lines = [Line(f"{outcome_in_words(judged.outcome).capitalize()}. {judged.reason}".strip())]
    if judged.due_on:
        lines.append(Line(f"Due on {day_in_words(judged.due_on)}."))
    if judged.done_on:
        lines.append(Line(f"Done on {day_in_words(judged.done_on)}."))
    if judged.days_late is not None:
        past = "overdue" if judged.outcome == "missing" else "late"
        lines.append(Line(f"{days_in_words(judged.days_late)} {past}."))
    return Section("Outcome", tuple(lines))
