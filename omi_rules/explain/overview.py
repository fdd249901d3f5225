"""All rules of one case at a glance: insufficient first, then what is unknown, then the rest."""

from omi_rules.explain.advice import conclusions_section
from omi_rules.explain.judgement import CaseJudgement, Judged
from omi_rules.explain.layout import Explanation, Line, Section
from omi_rules.explain.words import day_in_words, outcome_in_words, plain
from omi_rules.rulebook.model import INSUFFICIENT, SEVERITIES, Rule

_ORDER = ("error", "missing", "late", "not_met", "unknown", "due", "met", "excluded", "not_applicable")
_GROUPS = (
    ("Insufficient", INSUFFICIENT),
    ("Could not be run", ("error",)),
    ("Unknown", ("unknown",)),
    ("Not due yet", ("due",)),
    ("Met", ("met",)),
    ("Outside", ("excluded", "not_applicable")),
)
_LABEL = 16


def overview_of(judgement: CaseJudgement) -> Explanation:
    """One line a rule, and the conclusions of the case."""
    sections = [_group(judgement, heading, outcomes) for heading, outcomes in _GROUPS]
    case_id = plain(str(judgement.case["case_id"]))
    return Explanation(
        case_id=str(judgement.case["case_id"]),
        as_at=judgement.as_at,
        rule="",
        title=f"Case {case_id} as at {day_in_words(judgement.as_at)}: {len(judgement.outcomes)} rules",
        sections=(*filter(lambda section: section.lines, sections), conclusions_section(judgement, None)),
    )


def _group(judgement: CaseJudgement, heading: str, outcomes: tuple[str, ...]) -> Section:
    found = [
        (judgement.rulebook.rules[rule], judged)
        for rule, judged in judgement.outcomes.items()
        if judged.outcome in outcomes
    ]
    found.sort(key=lambda each: _place(*each))
    return Section(f"{heading} ({len(found)})", tuple(_line(rule, judged) for rule, judged in found))


def _place(rule: Rule, judged: Judged) -> tuple[int, int, str]:
    return SEVERITIES.index(rule.severity), _ORDER.index(judged.outcome), rule.id


def _line(rule: Rule, judged: Judged) -> Line:
    text = rule.id
    if judged.outcome in INSUFFICIENT:
        text += f" ({rule.severity})"
    if judged.due_on and judged.outcome in (*INSUFFICIENT, "due"):
        text += f"; due {day_in_words(judged.due_on)}"
    return Line(text, outcome_in_words(judged.outcome), _LABEL)
