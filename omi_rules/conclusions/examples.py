"""Conclusions tried on their own examples, by durable-rules and by the plain evaluator.

What an example does not state does not hold: a rule has an outcome that no conclusion asks for, a clue is
false. A flag that an example states is taken as given, whatever it would follow from.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, product

from omi_rules.conclusions import plain
from omi_rules.conclusions.facts import Atom, Component, connect
from omi_rules.conclusions.reason import Reasoner
from omi_rules.problems import Problem, nearest
from omi_rules.rulebook.model import Conclusion, ConclusionExample, Fact, Rulebook

#: An example may list several outcomes of a rule; each combination is tried, up to this many.
_MOST_COMBINATIONS = 500


def run_examples(rulebook: Rulebook) -> list[Problem]:
    """A problem for each example that does not come out as it says, or on which the evaluators disagree."""
    connected = connect(_take_flags_as_given(rulebook.conclusions.values()))
    problems: list[Problem] = []
    with Reasoner(connected) as reasoner:
        for component in connected:
            problems.extend(_try_component(component, reasoner, rulebook))
    return sorted(problems)


def _try_component(component: Component, reasoner: Reasoner, rulebook: Rulebook) -> Iterator[Problem]:
    told: list[tuple[Conclusion, int, ConclusionExample, int]] = []
    for conclusion in component.conclusions:
        for place, example in enumerate(conclusion.examples):
            yield from _check_flags(conclusion, place, example, rulebook)
            told += [(conclusion, place, example, mask) for mask in _masks(component, example)]
    answers = reasoner.reason(component, [mask for *_, mask in told])
    said: set[tuple[str, int]] = set()
    for (conclusion, place, example, mask), answer in zip(told, answers, strict=True):
        oracle = plain.derive(component, mask, plain.satisfied_ways(component, mask))
        follows = any(derived.flag == conclusion.flag for derived in answer)
        if (conclusion.flag, place) in said or (answer == oracle and follows == example.expect):
            continue
        said.add((conclusion.flag, place))
        if answer != oracle:
            sentence = "durable-rules and the plain evaluator disagree; please report this"
        else:
            sentence = f"{conclusion.flag} {'follows' if follows else 'does not follow'}, but expect says otherwise"
        yield _problem(conclusion, place, example, sentence)


def _check_flags(
    conclusion: Conclusion, place: int, example: ConclusionExample, rulebook: Rulebook
) -> Iterator[Problem]:
    for fact in example.facts:
        if fact.kind == "flag" and fact.name not in rulebook.conclusions:
            hint = nearest(fact.name, rulebook.conclusions)
            yield _problem(conclusion, place, example, f"no conclusion has the flag {fact.name}{hint}")
        if fact.kind == "flag" and fact.name == conclusion.flag:
            yield _problem(conclusion, place, example, "it states the flag that it is about; take it out")


def _take_flags_as_given(conclusions: Iterable[Conclusion]) -> list[Conclusion]:
    """The conclusions, with a way of its own to every flag that some example states."""
    ordered = list(conclusions)
    given = {
        fact.name
        for conclusion in ordered
        for example in conclusion.examples
        for fact in example.facts
        if fact.kind == "flag"
    }
    return [
        replace(one, ways=(*one.ways, (Fact("clue", _given(one.flag), ("true",)),))) if one.flag in given else one
        for one in ordered
    ]


def _given(flag: str) -> str:
    """The clue that stands for a flag taken as given; no clue of a file has a space in its name."""
    return f"given {flag}"


def _masks(component: Component, example: ConclusionExample) -> Iterator[int]:
    """The pattern of each combination of the outcomes that an example lists."""
    clues = {atom.name: "false" for atom in component.atoms if atom.kind == "clue"}
    rules: list[list[Atom]] = []
    for fact in example.facts:
        if fact.kind == "rule":
            rules.append([Atom("rule", fact.name, value) for value in fact.values])
        elif fact.kind == "clue":
            clues[fact.name] = fact.values[0]
        else:
            clues[_given(fact.name)] = "true"
    stated = [Atom("clue", name, value) for name, value in clues.items()]
    for outcomes in islice(product(*rules), _MOST_COMBINATIONS):
        yield component.mask([*stated, *outcomes])


def _problem(conclusion: Conclusion, place: int, example: ConclusionExample, sentence: str) -> Problem:
    return Problem(conclusion.file, example.line, f"examples[{place}]", f"{example.name}: {sentence}")
