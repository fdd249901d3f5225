"""The facts that conclusions are drawn from, and the components that can be reasoned about apart.

A conclusion depends only on the pattern of outcomes and clues of a case, never on dates or ids. An atom
is one such fact; a pattern is an integer whose bit k says whether atom k of the component holds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Literal

from omi_rules.rulebook.model import Conclusion, Fact, Rulebook

#: A pattern travels as a HUGEINT, which has 127 bits beside its sign.
MOST_BITS = 120
#: A BIGINT has 63, and one is left in hand.
_BITS_OF_BIGINT = 62


@dataclass(frozen=True, order=True)
class Atom:
    """One rule with one outcome, or one clue with "true" or "false"."""

    kind: Literal["rule", "clue"]
    name: str
    value: str


@dataclass(frozen=True)
class Way:
    """One conjunction of facts that leads to a flag."""

    flag: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Condition:
    """A way in bits: the pattern shares a bit with each of `needs`, and each of `flags` follows too.

    `atoms` are the bits of all its facts, `rules` those of the rules among them.
    """

    needs: tuple[int, ...]
    flags: tuple[str, ...]
    atoms: int
    rules: int

    def holds_but_for_flags(self, mask: int) -> bool:
        """Whether the rules and clues of the way are as it needs them."""
        return all(mask & need for need in self.needs)


@dataclass(frozen=True)
class Component:
    """Conclusions that share facts or flags. Atom k is bit k of a pattern."""

    number: int
    conclusions: tuple[Conclusion, ...]
    atoms: tuple[Atom, ...]

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Every way of every conclusion; its place in here is the way's number."""
        return tuple(Way(conclusion.flag, facts) for conclusion in self.conclusions for facts in conclusion.ways)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The ways in bits, in the same order."""
        return tuple(self._condition(way) for way in self.ways)

    def _condition(self, way: Way) -> Condition:
        needs = [(fact.kind, self.mask(atoms_of(fact))) for fact in way.facts if fact.kind != "flag"]
        return Condition(
            needs=tuple(need for _, need in needs),
            flags=tuple(fact.name for fact in way.facts if fact.kind == "flag"),
            atoms=reduce(or_, (need for _, need in needs), 0),
            rules=reduce(or_, (need for kind, need in needs if kind == "rule"), 0),
        )

    @cached_property
    def bits(self) -> Mapping[Atom, int]:
        """The bit of each atom."""
        return {atom: place for place, atom in enumerate(self.atoms)}

    @cached_property
    def _rivals(self) -> tuple[int, ...]:
        masks: dict[tuple[str, str], int] = {}
        for place, atom in enumerate(self.atoms):
            masks[atom.kind, atom.name] = masks.get((atom.kind, atom.name), 0) | 1 << place
        return tuple(mask for mask in masks.values() if mask.bit_count() > 1)

    def mask(self, atoms: Iterable[Atom]) -> int:
        """The pattern in which exactly these atoms hold; atoms that no conclusion mentions leave no trace."""
        return sum(1 << self.bits[atom] for atom in set(atoms) if atom in self.bits)

    def essence(self, mask: int) -> int:
        """The pattern without the facts that lead nowhere: those of ways that other facts rule out.

        Patterns of one essence have the same conclusions, and there are far fewer essences than patterns:
        the clues of a case make many patterns, and few of them lead anywhere in a case that is in order.
        """
        kept = 0
        for condition in self.conditions:
            if condition.holds_but_for_flags(mask):
                kept |= condition.atoms
        return mask & kept

    def check_mask(self, mask: int) -> None:
        """Raise ValueError for a pattern that no case can have: a bit of no atom, two values of one name."""
        if mask < 0 or mask >> len(self.atoms):
            raise ValueError(f"component {self.number}: a pattern has bits that stand for no fact")
        if any((mask & rivals).bit_count() > 1 for rivals in self._rivals):
            raise ValueError(f"component {self.number}: a pattern gives two values to one rule or clue")


def atoms_of(fact: Fact) -> tuple[Atom, ...]:
    """The atoms of which any one makes the fact hold; none for a flag."""
    if fact.kind == "flag":
        return ()
    return tuple(Atom(fact.kind, fact.name, value) for value in sorted(set(fact.values)))


def components(rulebook: Rulebook) -> tuple[Component, ...]:
    """The rulebook's conclusions in components, in the order of their first flags."""
    return connect(rulebook.conclusions.values())


def connect(conclusions: Iterable[Conclusion]) -> tuple[Component, ...]:
    """Group conclusions that share a fact or a flag, directly or through others, whatever their order."""
    groups: list[tuple[list[Conclusion], set[object]]] = []
    for conclusion in sorted(conclusions, key=lambda conclusion: conclusion.flag):
        members, links = [conclusion], _links(conclusion)
        apart = []
        for group in groups:
            if links.isdisjoint(group[1]):
                apart.append(group)
            else:
                members = group[0] + members
                links |= group[1]
        groups = [*apart, (members, links)]
    ordered = sorted((sorted(members, key=lambda one: one.flag) for members, _ in groups), key=lambda one: one[0].flag)
    return tuple(_component(number, members) for number, members in enumerate(ordered))


def _links(conclusion: Conclusion) -> set[object]:
    facts = [fact for way in conclusion.ways for fact in way]
    flags = {conclusion.flag} | {fact.name for fact in facts if fact.kind == "flag"}
    return {*flags, *(atom for fact in facts for atom in atoms_of(fact))}


def _component(number: int, conclusions: list[Conclusion]) -> Component:
    facts = (fact for conclusion in conclusions for way in conclusion.ways for fact in way)
    atoms = sorted({atom for fact in facts for atom in atoms_of(fact)})
    return Component(number, tuple(conclusions), tuple(atoms))


def mask_sql(component: Component, column_for: Callable[[Atom], str]) -> str:
    """An expression for a case's pattern, from a boolean expression for each atom, of which null is false."""
    if len(component.atoms) > MOST_BITS:
        raise ValueError(f"component {component.number} has more than {MOST_BITS} facts")
    number = _number_sql(component)
    terms = [
        f"CASE WHEN {column_for(atom)} THEN {1 << place}::{number} ELSE 0::{number} END"
        for place, atom in enumerate(component.atoms)
    ]
    return "(" + (" + ".join(terms) or f"0::{number}") + ")"


def essence_sql(component: Component, mask: str) -> str:
    """An expression for the essence of a pattern that a column holds; group by it to reason least."""
    number = _number_sql(component)
    kept = []
    for condition in dict.fromkeys(component.conditions):
        tests = [f"{mask} & {need}::{number} <> 0" for need in condition.needs]
        if tests:
            kept.append(f"CASE WHEN {' AND '.join(tests)} THEN {condition.atoms}::{number} ELSE 0::{number} END")
    return f"({mask} & ({' | '.join(kept) or f'0::{number}'}))"


def _number_sql(component: Component) -> str:
    return "BIGINT" if len(component.atoms) <= _BITS_OF_BIGINT else "HUGEINT"
