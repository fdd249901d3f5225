"""What durable-rules can bear, checked when the rulebook is loaded: beyond it, it crashes or misleads."""

from collections import Counter
from collections.abc import Iterable, Iterator

from omi_rules.conclusions.facts import Component, connect
from omi_rules.problems import Problem
from omi_rules.rulebook.model import Conclusion, Fact

#: The library's own limits: 16 facts a rule, 64 rules that one fact reaches, 511 tests at one point.
MOST_FACTS_IN_A_WAY = 16
MOST_WAYS_WITH_ONE_NAME = 60
MOST_ATOMS = 100
MOST_CONCLUSIONS = 100
MOST_WAYS = 400
LONGEST_NAME = 200


def check_limits(conclusions: Iterable[Conclusion]) -> list[Problem]:
    """Problems of each conclusion, and each group of connected ones, that durable-rules could not bear."""
    ordered = sorted(conclusions, key=lambda conclusion: conclusion.flag)
    problems = [problem for conclusion in ordered for problem in _check_conclusion(conclusion)]
    for component in connect(ordered):
        problems.extend(_check_component(component))
    return problems


def _check_conclusion(conclusion: Conclusion) -> Iterator[Problem]:
    several = len(conclusion.ways) > 1
    if not conclusion.ways:
        yield _problem(conclusion, "when", "state at least one fact that the flag follows from")
    for place, facts in enumerate(conclusion.ways):
        path = f"when_any[{place}]" if several else "when"
        if not facts:
            yield _problem(conclusion, path, "state at least one fact that the flag follows from")
        if len(facts) > MOST_FACTS_IN_A_WAY:
            yield _problem(
                conclusion,
                path,
                f"has {len(facts)} facts; at most {MOST_FACTS_IN_A_WAY} are allowed",
            )
        for (kind, name), times in Counter((fact.kind, fact.name) for fact in facts).items():
            if times > 1:
                yield _problem(
                    conclusion,
                    path,
                    f"names the {kind} {name} {times} times; name it once",
                )
        for fact in facts:
            if len(fact.name) > LONGEST_NAME or any(len(value) > LONGEST_NAME for value in fact.values):
                yield _problem(conclusion, path, f"has a name longer than {LONGEST_NAME} characters")
            if fact.kind != "flag" and not fact.values:
                yield _problem(conclusion, path, f"gives the {fact.kind} {fact.name} no value; state one")


def _check_component(component: Component) -> Iterator[Problem]:
    first = component.conclusions[0]
    connected = f"this and the {len(component.conclusions) - 1} conclusions connected with it"
    for count, most, things in (
        (len(component.conclusions), MOST_CONCLUSIONS, "conclusions"),
        (len(component.ways), MOST_WAYS, "ways"),
        (len(component.atoms), MOST_ATOMS, "facts"),
    ):
        if count > most:
            yield _problem(first, "when", f"{connected} have {count} {things}; at most {most} are allowed")
    for (kind, name), users in sorted(_users(component).items()):
        if len(users) > MOST_WAYS_WITH_ONE_NAME:
            yield _problem(
                users[0],
                "when",
                f"the {kind} {name} is named in {len(users)} ways to a flag; "
                f"at most {MOST_WAYS_WITH_ONE_NAME} are allowed: draw a flag from it and use the flag",
            )


def _users(component: Component) -> dict[tuple[str, str], list[Conclusion]]:
    """For each rule, clue or flag that is named: its conclusion, once for each way that names it."""
    users: dict[tuple[str, str], list[Conclusion]] = {}
    for conclusion in component.conclusions:
        for facts in conclusion.ways:
            for name in sorted({_name(fact) for fact in facts}):
                users.setdefault(name, []).append(conclusion)
    return users


def _name(fact: Fact) -> tuple[str, str]:
    return fact.kind, fact.name


def _problem(conclusion: Conclusion, path: str, sentence: str) -> Problem:
    return Problem(conclusion.file, 0, path, sentence)
