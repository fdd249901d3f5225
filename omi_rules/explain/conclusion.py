"""Explains one conclusion: whether it follows for the case, the facts that it rests on, and what to do."""

from collections.abc import Iterator
from typing import Literal

from omi_rules.explain.advice import with_end
from omi_rules.explain.judgement import CaseJudgement
from omi_rules.explain.layout import Explanation, Line, Section
from omi_rules.explain.words import (
    both,
    day_in_words,
    fact_in_words,
    outcome_in_words,
    plain,
    reference_in_words,
    source_in_words,
)
from omi_rules.problems import UsageError
from omi_rules.rulebook.model import Conclusion, Fact, Rulebook
from omi_rules.rulebook.usage import clue_reads, rules_below

#: Whether a fact holds: a rule that could not be decided, or a clue that is not recorded, leaves it open. Of a clue
#: that is never surely false, no more can be said than that the records do not show it.
Answer = Literal["yes", "no", "not shown", "unknown"]

_LABEL = 11
_OUTCOME_LABEL = 16
_FOLLOWS: dict[Answer, str] = {
    "yes": "It follows for this case.",
    "no": "It does not follow for this case.",
    "not shown": "It does not follow from what is recorded.",
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
            _answer_section(conclusion, answer),
            Section("Facts", tuple(_facts(judgement, conclusion, answer))),
            _rules_section(judgement, conclusion),
            Section("What to do now", (Line(_to_do(judgement, conclusion, answer)),)),
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


def _answer_section(conclusion: Conclusion, answer: Answer) -> Section:
    lines = [Line(_FOLLOWS[answer])]
    if answer == "yes":
        lines.append(Line(f"Cause: {conclusion.cause}"))
    return Section("Answer", tuple(lines))


def _answer_of(judgement: CaseJudgement, conclusion: Conclusion) -> Answer:
    """What was drawn follows; where nothing was, a fact that is unknown may be all that is missing."""
    if any(conclusion.flag == drawn.flag for drawn, _ in judgement.derived):
        return "yes"
    ways = [{_holds(judgement, fact) for fact in way} for way in conclusion.ways]
    if any(way <= {"yes", "unknown"} for way in ways):
        return "unknown"
    return "no" if all("no" in way for way in ways) else "not shown"


def _holds(judgement: CaseJudgement, fact: Fact) -> Answer:
    match fact.kind:
        case "flag":
            return _answer_of(judgement, judgement.rulebook.conclusions[fact.name])
        case "clue":
            state = judgement.clues[fact.name]
            if state in ("open", "not shown"):
                return "unknown" if state == "open" else "not shown"
            return "yes" if state in fact.values else "no"
    outcome = judgement.outcomes[fact.name].outcome
    if outcome in fact.values:
        return "yes"
    return "unknown" if outcome in ("unknown", "error") else "no"


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
        return f" It is {outcome_in_words(judgement.outcomes[fact.name].outcome)}."
    if fact.kind == "flag" or answer == "no":
        return " But it is so." if "false" in fact.values else ""
    if answer == "not shown":
        return " The records do not show it."
    clue = judgement.rulebook.clues[fact.name]
    if clue.rule:
        rule, _ = clue.rule
        return f" The rule {rule} is {outcome_in_words(judgement.outcomes[rule].outcome)}."
    reads = [reference_in_words(each) for each in clue_reads(clue)]
    return f" The records leave it open: it goes by {both(reads)}."


def _rules_section(judgement: CaseJudgement, conclusion: Conclusion) -> Section:
    """What was found by the rules that it rests on; where it does not follow, by all that it asks."""
    resting = [because for drawn, because in judgement.derived if drawn.flag == conclusion.flag]
    rules = {rule for because in resting for rule, _ in because}
    if not resting:
        rules |= rules_below(conclusion, judgement.rulebook)
    lines = []
    for rule_id in sorted(rules):
        judged = judgement.outcomes[rule_id]
        lines.append(Line(f"{rule_id}: {judged.reason}", outcome_in_words(judged.outcome), _OUTCOME_LABEL))
    shows = "`omi-rules explain EXPORT CASE RULE` shows the days and the records of each."
    lines.append(Line(shows if rules else "None: it goes by what is recorded alone."))
    return Section("Rules it rests on" if resting else "Rules it asks", tuple(lines))


def _to_do(judgement: CaseJudgement, conclusion: Conclusion, answer: Answer) -> str:
    outcomes = {judgement.outcomes[rule].outcome for rule in rules_below(conclusion, judgement.rulebook)}
    match answer:
        case "yes":
            return with_end(judgement.case["end_date"], judgement.as_at, conclusion.action)
        case "unknown" if "error" in outcomes:
            return "Report this: a rule could not be run on this case."
        case "unknown":
            return "Record what is unknown above: the explanation of a rule names the column."
        case "not shown":
            return "Nothing, if the records are complete: they do not show that the conclusion follows."
    return "Nothing: the conclusion does not follow for this case."
