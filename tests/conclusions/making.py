"""Conclusions for tests: made by hand or by chance, always of the permitted form.

The worker of the tests is started many times, and needs what is here: hypothesis, which takes a second to import, draws
conclusions in another module.
"""

import random
from collections.abc import Iterable, Iterator
from itertools import product

from omi_rules.conclusions.facts import Atom, Component
from omi_rules.rulebook.model import OUTCOMES, Conclusion, ConclusionExample, Fact, Rulebook, Source

try:
    import omi_rules.conclusions.durable_engine  # noqa: F401
except ImportError:
    DURABLE = False
else:
    DURABLE = True


def rule(name: str, *outcomes: str) -> Fact:
    return Fact("rule", name, outcomes)


def clue(name: str, is_: bool = True) -> Fact:
    return Fact("clue", name, ("true" if is_ else "false",))


def flag(name: str) -> Fact:
    return Fact("flag", name, ("true",))


def conclude(
    name: str, *ways: Iterable[Fact], examples: tuple[ConclusionExample, ...] = (), file: str = ""
) -> Conclusion:
    return Conclusion(
        flag=name,
        title=name,
        ways=tuple(tuple(way) for way in ways),
        recommendations=(1,),
        severity="high",
        cause="",
        action="",
        source=Source("document", "place"),
        examples=examples,
        file=file or f"conclusions/{name}.yaml",
    )


def rulebook_of(*conclusions: Conclusion) -> Rulebook:
    named = {one.flag: one for one in sorted(conclusions, key=lambda one: one.flag)}
    return Rulebook("test", "1", "", "", {}, {}, {}, {}, named, {}, {})


def masks_of(component: Component, most: int = 100_000) -> list[int]:
    """Every pattern that a case can have: at most one value of each rule and clue."""
    choices = [[None, *atoms] for atoms in _atoms_by_name(component)]
    assert len(choices) < 18
    masks = [component.mask(atom for atom in chosen if atom) for chosen in product(*choices)]
    assert len(masks) <= most
    return masks


def some_masks(component: Component, chance: random.Random, number: int) -> list[int]:
    """Patterns by chance, most of them rich in facts."""
    by_name = list(_atoms_by_name(component))
    rich = [chance.random() ** 0.3 for _ in range(number)]
    return [component.mask(chance.choice(atoms) for atoms in by_name if chance.random() < share) for share in rich]


def _atoms_by_name(component: Component) -> Iterator[list[Atom]]:
    names = dict.fromkeys((atom.kind, atom.name) for atom in component.atoms)
    for kind, name in names:
        yield [atom for atom in component.atoms if (atom.kind, atom.name) == (kind, name)]


def conclusions_by_chance(seed: int, prefix: str = "") -> list[Conclusion]:
    """Conclusions of the same form by a seed, where hypothesis would have to start a process for each."""
    chance = random.Random(seed)
    rules, clues = chance.randint(2, 12), chance.randint(1, 8)

    def fact(flags: int) -> Fact:
        sort = chance.choice("rrrccf" if flags else "rrc")
        if sort == "r":
            outcomes = chance.sample(OUTCOMES, chance.choice([1, 1, 2, 3, 9]))
            return rule(f"{prefix}rule-{chance.randrange(rules)}", *outcomes)
        if sort == "c":
            return clue(f"{prefix}clue-{chance.randrange(clues)}", chance.random() < 0.7)
        return flag(f"{prefix}flag-{chance.randrange(flags)}")

    made = []
    for place in range(chance.randint(1, 14)):
        ways = []
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            facts = [fact(place) for _ in range(chance.randint(1, 4))]
            ways.append(tuple({(one.kind, one.name): one for one in facts}.values()))
        made.append(conclude(f"{prefix}flag-{place}", *ways))
    return made
