"""What a rulebook that loads can still do better: outcomes not shown, words that do not fit, unused parts."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from omi_rules.problems import Problem
from omi_rules.rulebook.example_lint import Finding, lint_examples, lint_name, lint_sentence
from omi_rules.rulebook.keywords import Path as Place
from omi_rules.rulebook.model import (
    INSUFFICIENT,
    Conclusion,
    Deadline,
    PerEvent,
    Rule,
    Rulebook,
)
from omi_rules.rulebook.outcomes import possible_outcomes
from omi_rules.rulebook.strict_yaml import Document, read_yaml, write_path
from omi_rules.rulebook.usage import values_used

#: The outcomes in whose sentences a placeholder is filled in.
_FILLED_IN = {
    "done_on": ("met", "late"),
    "days_late": ("late", "missing"),
}


def lint(rulebook: Rulebook) -> list[Problem]:
    """Everything that the house rules for rule files ask and loading does not."""
    places = Places(Path(rulebook.folder))
    problems = []
    for rule in rulebook.rules.values():
        problems += [places.problem(rule.file, *finding) for finding in _lint_rule(rule, rulebook)]
    for conclusion in rulebook.conclusions.values():
        problems += [places.problem(conclusion.file, *finding) for finding in _lint_conclusion(conclusion)]
    problems += [places.problem(file, *finding) for file, finding in _lint_book(rulebook)]
    return sorted(problems)


class Places:
    """Finds lines by reading a file again, which only a file with a finding needs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._documents: dict[str, Document] = {}

    def problem(self, file: str, place: Place, sentence: str) -> Problem:
        """A problem at a place of a file."""
        if file not in self._documents:
            self._documents[file], _ = read_yaml((self._folder / file).read_bytes(), file)
        return Problem(file, self._documents[file].line(place), write_path(place), sentence)


def _lint_rule(rule: Rule, rulebook: Rulebook) -> Iterator[Finding]:
    yield from _lint_words(rule)
    yield from _lint_says(rule)
    yield from _lint_answers(rule)
    yield from lint_examples(rule, rulebook.example_case["as_at"])


def _lint_words(rule: Rule) -> Iterator[Finding]:
    if not rule.asks.endswith("?"):
        yield ("asks",), "a question ends with a question mark"
    yield from lint_title(rule.title)
    yield from lint_sentence(rule.to_do, ("to_do",))
    if rule.excluded:
        yield from lint_sentence(rule.excluded.because, ("excluded", "because"))
    if isinstance(rule.require, PerEvent) and rule.require.excluded:
        place = ("require", "per_event", "excluded", "because")
        yield from lint_sentence(rule.require.excluded.because, place)


def lint_title(title: str) -> Iterator[Finding]:
    """A title is no sentence."""
    if title.endswith((".", "?", "!")):
        yield ("title",), "a title is no sentence: leave out the mark at its end"


def _lint_says(rule: Rule) -> Iterator[Finding]:
    for outcome, sentence in rule.says.items():
        yield from lint_sentence(sentence, ("says", outcome))
        for word, outcomes in _FILLED_IN.items():
            if f"{{{word}}}" in sentence and outcome not in outcomes:
                yield ("says", outcome), f"{{{word}}} is empty when a case is {outcome}: leave it out"
    if isinstance(rule.require, Deadline) and rule.require.met_at_once and "{done_on}" in rule.says.get("met", ""):
        yield ("says", "met"), "{done_on} is empty where the rule is met at once: leave it out"
    for outcome in INSUFFICIENT:
        if outcome in possible_outcomes(rule) and outcome not in rule.says:
            yield ("says",), f"there is no sentence for {outcome}: say what was found"


def _lint_answers(rule: Rule) -> Iterator[Finding]:
    if rule.criterion in ("targets", "staff"):
        if rule.answers:
            yield ("answers",), f"rules in {rule.criterion} answer no question of the catalogue: write []"
        return
    if not rule.answers:
        yield ("answers",), "the rule answers no question: name one, or move the rule to targets or staff"
    for number, question in enumerate(rule.answers):
        if not question.startswith(f"{rule.criterion}."):
            yield (
                ("answers", number),
                f"{question} is no question of criterion {rule.criterion}: move the rule or correct it",
            )


def _lint_conclusion(conclusion: Conclusion) -> Iterator[Finding]:
    yield from lint_title(conclusion.title)
    yield from lint_sentence(conclusion.cause, ("then", "cause"))
    yield from lint_sentence(conclusion.action, ("then", "action"))
    for expected in (True, False):
        if all(example.expect is not expected for example in conclusion.examples):
            yield ("examples",), f"no example expects {str(expected).lower()}: add one"
    used = {(fact.kind, fact.name) for way in conclusion.ways for fact in way}
    # a chained flag may be shown by the facts that it rests on
    chained = any(kind == "flag" for kind, _ in used)
    for number, example in enumerate(conclusion.examples):
        yield from lint_name(example.name, ("examples", number, "name"))
        for place, fact in enumerate(example.facts):
            if (fact.kind, fact.name) not in used and not chained:
                yield ("examples", number, "facts", place), f"the conclusion does not ask about {fact.name}"


def _lint_book(rulebook: Rulebook) -> Iterator[tuple[str, Finding]]:
    rules = rulebook.rules.values()
    titles = Counter(rule.title.lower() for rule in rules)
    # a rule in shadow may be meant to take the place of one that counts
    questions = Counter(question for rule in rules if not rule.shadow for question in rule.answers)
    for rule in rules:
        if titles[rule.title.lower()] > 1:
            yield rule.file, (("title",), "another rule has the same title: say what sets this one apart")
        for number, question in enumerate(rule.answers):
            if questions[question] > 1 and not rule.shadow:
                yield (
                    rule.file,
                    (("answers", number), f"another rule also answers {question}: one rule a question"),
                )
    used = {name for rule in rules for name in values_used(rule)}
    for value in rulebook.values.values():
        yield from ((value.file, finding) for finding in lint_title(value.title))
        for entry, dated in enumerate(value.dated):
            for number, arm in enumerate(dated.arms):
                place = ("dated", entry, "choose", number, "because")
                yield from ((value.file, finding) for finding in lint_sentence(arm.because or ".", place))
        if value.name not in used:
            yield value.file, ((), "no rule uses this value: use it or remove it")
    asked = {fact.name for item in rulebook.conclusions.values() for way in item.ways for fact in way}
    for clue in rulebook.clues.values():
        yield from ((clue.file, finding) for finding in lint_title(clue.title))
        if clue.id not in asked:
            yield clue.file, ((), "no conclusion uses this clue: use it or remove it")
    for name, trigger in rulebook.triggers.items():
        yield from (("values/triggers.yaml", finding) for finding in lint_sentence(trigger["says"], (name, "says")))
