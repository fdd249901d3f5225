"""The plain evaluator: try every way until nothing new follows. Oracle in tests, fallback in a run."""

from dataclasses import dataclass

from omi_rules.conclusions.facts import Component

Reason = tuple[str, str]


@dataclass(frozen=True, order=True)
class Derived:
    """A flag that follows, and the (rule, outcome) pairs that it rests on, through chained flags, sorted."""

    flag: str
    because: tuple[Reason, ...]


def satisfied_ways(component: Component, mask: int) -> frozenset[int]:
    """The numbers of the ways whose facts all hold, flags of satisfied ways included."""
    waiting = [
        (number, condition.flags)
        for number, condition in enumerate(component.conditions)
        if condition.holds_but_for_flags(mask)
    ]
    satisfied: set[int] = set()
    flags: set[str] = set()
    while new := {number for number, needed in waiting if number not in satisfied and flags.issuperset(needed)}:
        satisfied |= new
        flags |= {component.ways[number].flag for number in new}
    return frozenset(satisfied)


def derive(component: Component, mask: int, satisfied: frozenset[int]) -> tuple[Derived, ...]:
    """The flags of the satisfied ways in order, each with what it rests on in all of its satisfied ways."""
    ways = [(component.ways[number].flag, component.conditions[number]) for number in sorted(satisfied)]
    because = dict.fromkeys((flag for flag, _ in ways), 0)
    growing = True
    while growing:
        growing = False
        for flag, condition in ways:
            before = because[flag]
            because[flag] |= mask & condition.rules
            for below in condition.flags:
                because[flag] |= because.get(below, 0)
            growing |= because[flag] != before
    return tuple(Derived(flag, _reasons(component, bits)) for flag, bits in sorted(because.items()))


def _reasons(component: Component, bits: int) -> tuple[Reason, ...]:
    """The rule outcomes behind some bits of a pattern; atoms are in order, and so are they."""
    reasons = []
    while bits:
        lowest = bits & -bits
        atom = component.atoms[lowest.bit_length() - 1]
        reasons.append((atom.name, atom.value))
        bits ^= lowest
    return tuple(reasons)
