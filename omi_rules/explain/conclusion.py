"""Explains one conclusion: whether it follows for the case, the facts that it rests on, and what to do."""

from collections.abc import Iterator
from typing import Literal

from omi_rules.explain.judgement import CaseJudgement
from omi_rules.explain.layout import Explanation, Line, Section
from omi_rules.explain.words import day_in_words, fact_in_words, outcome_in_words, plain, source_in_words
from omi_rules.problems import UsageError
from omi_rules.rulebook.model import Conclusion, Fact, Rulebook
from omi_rules.rulebook.usage import rules_below

#: Whether a fact holds: a rule that could not be decided, or a clue that is not recorded, leaves it open.
Answer = Literal["yes", "no", "unknown"]

_LABEL = 9
_OUTCOME_LABEL = 16
_FOLLOWS: dict[Answer, str] = {
    "yes": "It follows for this case.",
    "no": "It does not follow from what is recorded.",
    "unknown": "Whether it follows is unknown: it depends on what is not recorded.",
}


def explain_conclusion(judgement: CaseJudgement, conclusion: Conclusion) -> Explanation:
    """Why one conclusion follows for the case, or does not; UsageError if it is about members of staff."""
    rules = judgement.rulebook.rules
    if any(rules[rule].about_staff for rule in rules_below(conclusion, judgement.rulebook)):
        raise UsageError(f"the conclusion {conclusion.flag} is about members of staff, not cases: name another")
    answer = _answer_of(judgement, conclusion)
    case_id = str(judgement.case["case_id"])
    return Explanation(
        case_id=case_id,
        as_at=judgement.as_at,
        rule="",
        conclusion=conclusion.flag,
        title=f"{conclusion.flag}, case {plain(case_id)} as at {day_in_words(judgement.as_at)}",
        sections=(
            _conclusion_section(judgement.rulebook, conclusion),
            Section("Answer", (Line(_FOLLOWS[answer]), *((Line(f"Cause: {conclusion.cause}"),) * (answer == "yes")))),
            Section("Facts", tuple(_facts(judgement, conclusion, answer))),
            _rules_section(judgement, conclusion),
            Section("What to do now", (Line(_to_do(conclusion, answer)),)),
        ),
        reason=_FOLLOWS[answer],
    )


def _conclusion_section(rulebook: Rulebook, conclusion: Conclusion) -> Section:
    recommendations = ", ".join(map(str, conclusion.recommendations)) or "none"
    return Section(
        "Conclusion",
        (
            Line(f"{conclusion.title}."),
            Line(f"Source: {source_in_words(conclusion.source, rulebook)}."),
            Line(f"Severity: {conclusion.severity}. Recommendations: {recommendations}."),
        ),
    )


def _answer_of(judgement: CaseJudgement, conclusion: Conclusion) -> Answer:
    """What was drawn follows; where nothing was, a fact that is unknown may be all that is missing."""
    if any(conclusion.flag == drawn.flag for drawn, _ in judgement.derived):
        return "yes"
    ways = [{_holds(judgement, fact) for fact in way} for way in conclusion.ways]
    return "unknown" if any("no" not in way for way in ways) else "no"


def _holds(judgement: CaseJudgement, fact: Fact) -> Answer:
    match fact.kind:
        case "flag":
            return _answer_of(judgement, judgement.rulebook.conclusions[fact.name])
        case "clue":
            holds = judgement.clues[fact.name]
            return "unknown" if holds is None else "yes" if holds == ("true" in fact.values) else "no"
    judged = judgement.outcomes.get(fact.name)
    if judged is None or judged.outcome in ("unknown", "error"):
        return "yes" if judged and judged.outcome in fact.values else "unknown"
    return "yes" if judged.outcome in fact.values else "no"


def _facts(judgement: CaseJudgement, conclusion: Conclusion, answer: Answer) -> Iterator[Line]:
    """The facts of the ways that lead to it here; of every way, where none does."""
    ways = conclusion.ways
    if len(ways) == 1:
        yield Line("All of these must hold:")
        yield from _way(judgement, ways[0])
        return
    those = "Those that hold" if answer == "yes" else "They are"
    yield Line(f"Any one of {len(ways)} combinations is enough. {those}:")
    for number, way in enumerate(ways, 1):
        if answer != "yes" or all(_holds(judgement, fact) == "yes" for fact in way):
            yield Line(f"Combination {number}:", depth=1)
            yield from _way(judgement, way, depth=2)


def _way(judgement: CaseJudgement, way: tuple[Fact, ...], depth: int = 1) -> Iterator[Line]:
    for fact in way:
        answer = _holds(judgement, fact)
        found = _found(judgement, fact, answer) if answer != "yes" else ""
        yield Line(f"{fact_in_words(fact, judgement.rulebook)}.{found}", answer, _LABEL, depth)


def _found(judgement: CaseJudgement, fact: Fact, answer: Answer) -> str:
    """What is so instead."""
    if fact.kind == "rule":
        judged = judgement.outcomes.get(fact.name)
        return f" It is {outcome_in_words(judged.outcome)}." if judged else " It was not run on this case."
    if fact.kind == "clue":
        return " The records do not show it." if answer == "no" else " The records leave it open."
    return ""


def _rules_section(judgement: CaseJudgement, conclusion: Conclusion) -> Section:
    """What was found by the rules that it rests on; where it does not follow, by all that it asks."""
    resting = [because for drawn, because in judgement.derived if drawn.flag == conclusion.flag]
    rules = {rule for because in resting for rule, _ in because} or rules_below(conclusion, judgement.rulebook)
    lines = []
    for rule_id in sorted(rules & judgement.outcomes.keys()):
        judged = judgement.outcomes[rule_id]
        lines.append(Line(f"{rule_id}: {judged.reason}", outcome_in_words(judged.outcome), _OUTCOME_LABEL))
    lines.append(Line("`omi-rules explain EXPORT CASE RULE` shows the days and the records of each."))
    return Section("Rules it rests on" if resting else "Rules it asks", tuple(lines))


def _to_do(conclusion: Conclusion, answer: Answer) -> str:
    if answer == "yes":
        return conclusion.action
    if answer == "unknown":
        return "Record what is unknown above: the explanation of a rule names the column."
    return "Nothing: the conclusion does not follow for this case."
