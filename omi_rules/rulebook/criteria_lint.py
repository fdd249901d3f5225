"""Whether rules, questions and targets agree, read from both sides; and the words of criteria and targets."""

from collections.abc import Iterator
from pathlib import Path

from omi_rules.problems import Problem, nearest
from omi_rules.rulebook.example_lint import Finding, lint_sentence
from omi_rules.rulebook.keywords import Path as Place
from omi_rules.rulebook.lint import Places, lint_title
from omi_rules.rulebook.model import Rule, Rulebook
from omi_rules.rulebook.questions import Criteria, Criterion, Question, Target, Targets


def lint_criteria(criteria: Criteria, rulebook: Rulebook) -> list[Problem]:
    """Everything that the criteria, the targets and the rules say differently; nothing if there are no criteria."""
    places = Places(Path(rulebook.folder))
    findings: list[tuple[str, Finding]] = []
    for criterion in criteria.criteria.values():
        findings += [(criterion.file, finding) for finding in _lint_criterion(criterion, rulebook)]
    for targets in criteria.targets.values():
        findings += [(targets.file, finding) for finding in _lint_targets(targets, rulebook)]
    for rule in rulebook.rules.values():
        findings += [(rule.file, finding) for finding in _lint_rule(rule, criteria)]
    return sorted(places.problem(file, *finding) for file, finding in findings)


def _lint_criterion(criterion: Criterion, rulebook: Rulebook) -> Iterator[Finding]:
    yield from lint_title(criterion.title)
    yield from _lint_note(criterion.note, ("note",))
    if criterion.bands:
        yield from _lint_note(criterion.bands.because, ("bands", "because"))
    for number, question in enumerate(criterion.questions):
        yield from _lint_question(question, ("questions", number), rulebook)
    if criterion.summary:
        yield from _lint_question(criterion.summary, ("summary",), rulebook)
    for number, point in enumerate(criterion.points):
        place: Place = ("points", number)
        yield from _lint_asks(point.asks, place)
        if point.rule:
            yield from _lint_rule_name(point.rule, (*place, "evidence", "rule"), rulebook)


def _lint_question(question: Question, place: Place, rulebook: Rulebook) -> Iterator[Finding]:
    yield from _lint_asks(question.asks, place)
    yield from _lint_note(question.note, (*place, "note"))
    if question.about.endswith("."):
        yield (*place, "about"), "this names the cases, it is no sentence: leave out the full stop"
    if question.figure:
        yield from _lint_note(question.figure.note, (*place, "figure", "note"))
    if question.rule:
        yield from _lint_decider(question, question.rule, place, rulebook)


def _lint_decider(question: Question, name: str, place: Place, rulebook: Rulebook) -> Iterator[Finding]:
    """The rule that decides a question names it, and stands for the same thread and recommendations."""
    decided_by: Place = (*place, "decided_by", "rule")
    yield from _lint_rule_name(name, decided_by, rulebook)
    rule = rulebook.rules.get(name)
    if rule is None:
        return
    if question.id not in rule.answers:
        yield decided_by, f"the rule {name} does not answer {question.id}: add it to the rule's answers"
    if question.risk_of_harm_thread != rule.risk_of_harm_thread:
        yield (
            (*place, "risk_of_harm_thread"),
            f"the rule {name} says {_word(rule.risk_of_harm_thread)} to the Risk of Harm thread: make them agree",
        )
    if set(question.recommendations) != set(rule.recommendations):
        yield (
            (*place, "recommendations"),
            f"the rule {name} has the recommendations {list(rule.recommendations)}: make them agree",
        )


def _lint_targets(targets: Targets, rulebook: Rulebook) -> Iterator[Finding]:
    yield from lint_title(targets.title)
    for number, target in enumerate(targets.targets):
        place: Place = ("targets", number)
        yield from _lint_target(target, place, rulebook)


def _lint_target(target: Target, place: Place, rulebook: Rulebook) -> Iterator[Finding]:
    yield from lint_sentence(target.why, (*place, "why"))
    yield from _lint_note(target.tolerance_because, (*place, "near_miss", "because"))
    if target.rule:
        yield from _lint_rule_name(target.rule, (*place, "from", "rule"), rulebook)


def _lint_rule(rule: Rule, criteria: Criteria) -> Iterator[Finding]:
    """What a rule answers is a question that it decides; a rule of `targets` serves a target. In shadow it does not."""
    for number, id_ in enumerate(rule.answers if criteria.criteria else ()):
        question = criteria.questions.get(id_)
        if question is None:
            yield ("answers", number), f"there is no question {id_} in criteria/{nearest(id_, criteria.questions)}"
        elif question.rule != rule.id and not rule.shadow:
            other = f"the rule {question.rule}" if question.rule else question.decided_by
            yield ("answers", number), f"criteria/{question.criterion}.yaml says that {id_} is decided by {other}"
    if criteria.targets and rule.criterion == "targets" and not rule.shadow:
        served = {target.rule for targets in criteria.targets.values() for target in targets.targets}
        if rule.id not in served:
            yield (), "no target of targets/ is measured by this rule: name it there, or move the rule"


def _lint_rule_name(name: str, place: Place, rulebook: Rulebook) -> Iterator[Finding]:
    if name not in rulebook.rules:
        yield place, f"there is no rule {name}{nearest(name, rulebook.rules)}"
    elif rulebook.rules[name].shadow:
        yield place, f"{name} is in shadow and counts nowhere: take `shadow` out of it, or leave this out"


def _lint_asks(asks: str, place: Place) -> Iterator[Finding]:
    if not asks.endswith("?"):
        yield (*place, "asks"), "a question ends with a question mark"


def _lint_note(note: str, place: Place) -> Iterator[Finding]:
    yield from lint_sentence(note or ".", place)


def _word(flag: bool) -> str:
    return "yes" if flag else "no"
