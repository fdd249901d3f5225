"""What a rulebook that loads can still do better: outcomes not shown, words that do not fit, unused parts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from omi_rules.problems import Problem
from omi_rules.rulebook.keywords import Path as Place
from omi_rules.rulebook.model import (
    INSUFFICIENT,
    Conclusion,
    Deadline,
    Example,
    Matches,
    PerEvent,
    Rule,
    Rulebook,
)
from omi_rules.rulebook.outcomes import UNDATED, possible_outcomes
from omi_rules.rulebook.strict_yaml import Document, read_yaml, write_path
from omi_rules.rulebook.usage import columns_read, values_used
from omi_rules.shapes import load_tables

Finding = tuple[Place, str]

#: The outcomes in whose sentences a placeholder is filled in.
_FILLED_IN = {
    "done_on": ("met", "late"),
    "days_late": ("late", "missing"),
}


def lint(rulebook: Rulebook) -> list[Problem]:
    """Everything that the house rules for rule files ask and loading does not."""
    places = _Places(Path(rulebook.folder))
    problems = []
    for rule in rulebook.rules.values():
        problems += [places.problem(rule.file, *finding) for finding in _lint_rule(rule, rulebook)]
    for conclusion in rulebook.conclusions.values():
        problems += [places.problem(conclusion.file, *finding) for finding in _lint_conclusion(conclusion)]
    problems += [places.problem(file, *finding) for file, finding in _lint_book(rulebook)]
    return sorted(problems)


class _Places:
    """Finds lines by reading a file again, which only a file with a finding needs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._documents: dict[str, Document] = {}

    def problem(self, file: str, place: Place, sentence: str) -> Problem:
        if file not in self._documents:
            self._documents[file], _ = read_yaml((self._folder / file).read_bytes(), file)
        return Problem(file, self._documents[file].line(place), write_path(place), sentence)


def _lint_rule(rule: Rule, rulebook: Rulebook) -> Iterator[Finding]:
    yield from _lint_words(rule)
    yield from _lint_says(rule)
    yield from _lint_answers(rule)
    shown = {example.expect["outcome"] for example in rule.examples}
    for outcome in sorted(_outcomes_to_show(rule) - shown):
        yield ("examples",), f"no example shows {outcome}: add one"
    if rule.kind not in UNDATED:
        yield from _lint_boundary(rule, rulebook.example_case["as_at"])
    for number, example in enumerate(rule.examples):
        yield from _lint_name(example.name, ("examples", number, "name"))


def _lint_words(rule: Rule) -> Iterator[Finding]:
    if not rule.asks.endswith("?"):
        yield ("asks",), "a question ends with a question mark"
    yield from _lint_title(rule.title)
    yield from _lint_sentence(rule.to_do, ("to_do",))
    if rule.excluded:
        yield from _lint_sentence(rule.excluded.because, ("excluded", "because"))
    if isinstance(rule.require, PerEvent) and rule.require.excluded:
        place = ("require", "per_event", "excluded", "because")
        yield from _lint_sentence(rule.require.excluded.because, place)


def _lint_title(title: str) -> Iterator[Finding]:
    if title.endswith((".", "?", "!")):
        yield ("title",), "a title is no sentence: leave out the mark at its end"


def _lint_sentence(text: str, place: Place) -> Iterator[Finding]:
    if not text.endswith("."):
        yield place, "a sentence ends with a full stop"


def _lint_name(name: str, place: Place) -> Iterator[Finding]:
    if len(name.split()) < 3:
        yield place, "an example's name says what it shows, in at least three words"
    elif name.endswith("."):
        yield place, "an example's name has no full stop"


def _lint_says(rule: Rule) -> Iterator[Finding]:
    for outcome, sentence in rule.says.items():
        yield from _lint_sentence(sentence, ("says", outcome))
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


def _outcomes_to_show(rule: Rule) -> set[str]:
    """The outcomes that some case could get, so that an example has to show them."""
    outcomes: set[str] = set(possible_outcomes(rule))
    if isinstance(rule.require, Deadline) and rule.require.limit == rule.population.started_longer_ago_than:
        # nobody is judged before the time is over
        outcomes.discard("due")
    on_case = isinstance(rule.require, Matches) and rule.require.of == "case"
    if on_case and not (rule.population.tests or rule.population.any_row):
        outcomes.discard("not_applicable")
    if on_case and not rule.population.any_row and not _can_leave_open(rule):
        outcomes.discard("unknown")
    return outcomes


def _can_leave_open(rule: Rule) -> bool:
    """Whether an empty column of the case or member of staff can leave the rule undecided."""
    table = load_tables()["staff" if rule.about_staff else "cases"]
    return any(
        not test.decided_by_null and not table.column(test.column).required
        for name, test in columns_read(rule)
        if name == table.name
    )


def _lint_boundary(rule: Rule, as_at: date) -> Iterator[Finding]:
    if not any(_on_the_day(example, as_at) for example in rule.examples):
        yield (
            ("examples",),
            "no example stands on the due day: state due_on, with done_on or as_at the same day",
        )
    if not any(_after_the_day(example) for example in rule.examples):
        yield (
            ("examples",),
            "no example stands after the due day: state due_on with days_late, or a missing one",
        )


def _on_the_day(example: Example, as_at: date) -> bool:
    expect = example.expect
    due_on = expect.get("due_on")
    if due_on is None or expect["outcome"] not in ("met", "due"):
        return False
    return due_on in (expect.get("done_on"), example.as_at or as_at)


def _after_the_day(example: Example) -> bool:
    expect = example.expect
    return expect["outcome"] in INSUFFICIENT and (expect.get("days_late") or 0) >= (
        1 if expect["outcome"] == "late" else 0
    )


def _lint_conclusion(conclusion: Conclusion) -> Iterator[Finding]:
    yield from _lint_title(conclusion.title)
    yield from _lint_sentence(conclusion.cause, ("then", "cause"))
    yield from _lint_sentence(conclusion.action, ("then", "action"))
    for expected in (True, False):
        if all(example.expect is not expected for example in conclusion.examples):
            yield ("examples",), f"no example expects {str(expected).lower()}: add one"
    used = {(fact.kind, fact.name) for way in conclusion.ways for fact in way}
    # a chained flag may be shown by the facts that it rests on
    chained = any(kind == "flag" for kind, _ in used)
    for number, example in enumerate(conclusion.examples):
        yield from _lint_name(example.name, ("examples", number, "name"))
        for place, fact in enumerate(example.facts):
            if (fact.kind, fact.name) not in used and not chained:
                yield ("examples", number, "facts", place), f"the conclusion does not ask about {fact.name}"


def _lint_book(rulebook: Rulebook) -> Iterator[tuple[str, Finding]]:
    rules = rulebook.rules.values()
    titles = Counter(rule.title.lower() for rule in rules)
    questions = Counter(question for rule in rules for question in rule.answers)
    for rule in rules:
        if titles[rule.title.lower()] > 1:
            yield rule.file, (("title",), "another rule has the same title: say what sets this one apart")
        for number, question in enumerate(rule.answers):
            if questions[question] > 1:
                yield (
                    rule.file,
                    (("answers", number), f"another rule also answers {question}: one rule a question"),
                )
    used = {name for rule in rules for name in values_used(rule)}
    for value in rulebook.values.values():
        yield from ((value.file, finding) for finding in _lint_title(value.title))
        for entry, dated in enumerate(value.dated):
            for number, arm in enumerate(dated.arms):
                place = ("dated", entry, "choose", number, "because")
                yield from ((value.file, finding) for finding in _lint_sentence(arm.because or ".", place))
        if value.name not in used:
            yield value.file, ((), "no rule uses this value: use it or remove it")
    asked = {fact.name for item in rulebook.conclusions.values() for way in item.ways for fact in way}
    for clue in rulebook.clues.values():
        yield from ((clue.file, finding) for finding in _lint_title(clue.title))
        if clue.id not in asked:
            yield clue.file, ((), "no conclusion uses this clue: use it or remove it")
    for name, trigger in rulebook.triggers.items():
        yield from (("values/triggers.yaml", finding) for finding in _lint_sentence(trigger["says"], (name, "says")))
