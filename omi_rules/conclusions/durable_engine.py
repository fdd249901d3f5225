"""Conclusions by durable-rules: the only file that imports it.

The library goes wrong or crashes outside a narrow form, so only that form is written here: `all` of
constant patterns over text fields, several values of one field as an `$or`; no joins, negation,
retraction or events; the C module itself, so no background threads; one live state at a time, which an
opening fact enters first and which is always deleted. Every fact has a rule that takes it: an atom the way
that mentions it, the opening fact and a flag the catch-all. What the library says it did with each fact is
checked: one that it drops becomes a `DurableFault`, never a conclusion that is silently missing.
"""

import json
from collections.abc import Sequence
from typing import Any

import durable_rules_engine as durable  # type: ignore[import-not-found,import-untyped,unused-ignore]

from omi_rules.conclusions.facts import Atom, Way, atoms_of
from omi_rules.rulebook.model import Fact

_HANDLED = 0
_CATCH_ALL = "taken"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class DurableFault(Exception):
    """The library did something that it never does in the permitted form; its answer is worth nothing."""


def _pattern(fact: Fact) -> dict[str, Any]:
    """The pattern that a fact must match; several values are an `$or` over the one field `value`."""
    terms: list[dict[str, Any]] = [{fact.kind: fact.name}]
    if fact.kind != "flag":
        values = [{"value": value} for value in sorted(set(fact.values))]
        terms.append(values[0] if len(values) == 1 else {"$or": values})
    return {"$and": terms}


def _write_rules(ways: Sequence[Way]) -> str:
    """Each way as a rule of its own, named by its number, and the catch-all."""
    rules: dict[str, Any] = {_CATCH_ALL: {"all": [{"m": {"$and": [{"take": "always"}]}}]}}
    for number, way in enumerate(ways):
        rules[str(number)] = {"all": [{f"m{place}": _pattern(fact)} for place, fact in enumerate(way.facts)]}
    return _encode(rules)


def _open_fact(**fields: str) -> str:
    """A fact as text up to the id of its state, which is still to follow, with `"}`."""
    return _encode({**fields, "sid": ""})[: -len('"}')]


class DurableEngine:
    """The ways of one component as a durable-rules ruleset. Not for use from several threads."""

    def __init__(self, name: str, ways: Sequence[Way], atoms: Sequence[Atom]) -> None:
        mentioned = {atom for way in ways for fact in way.facts for atom in atoms_of(fact)}
        if not mentioned.issuperset(atoms):
            raise ValueError("no way takes some of the facts")
        self._flags = [way.flag for way in ways]
        self._atoms = [_open_fact(**{atom.kind: atom.name, "value": atom.value}) for atom in atoms]
        self._flag_facts = {flag: _open_fact(take="always", flag=flag) for flag in self._flags}
        self._opening = _open_fact(take="always", begin="case")
        self._states = 0
        self._handle = durable.create_ruleset(name, _write_rules(ways))
        # The slot of a state is only sound once an action has fired in it: the first state is an empty one.
        self.satisfied_ways(0)

    def satisfied_ways(self, mask: int) -> frozenset[int]:
        """The numbers of the ways that fired; DurableFault if the library lost or doubled anything."""
        self._states += 1
        state = f"s{self._states}"
        facts = [fact for place, fact in enumerate(self._atoms) if mask >> place & 1]
        try:
            return self._fire(state, facts)
        finally:
            durable.delete_state(self._handle, state)

    def _fire(self, state: str, facts: list[str]) -> frozenset[int]:
        close = f'{state}"}}'
        answer, place = durable.assert_fact(self._handle, self._opening + close)
        if answer == _HANDLED and facts:
            batch = ",".join(fact + close for fact in facts)
            answer, place = durable.assert_facts(self._handle, f"[{batch}]")
        if answer != _HANDLED:
            raise DurableFault("a fact was not taken")

        fired: set[int] = set()
        flags: set[str] = set()
        taken = 0
        first = durable.start_action_for_state(self._handle, place)
        message = first and first[1]
        while message:
            # A message is {"<rule>":{<facts>}}, and the names of the rules are ours.
            rule = message[2 : message.index('"', 2)]
            if rule == _CATCH_ALL:
                taken += 1
            elif (number := int(rule)) in fired:
                raise DurableFault("a way fired twice")
            else:
                fired.add(number)
                flag = self._flags[number]
                if flag not in flags:
                    flags.add(flag)
                    if durable.assert_fact(self._handle, self._flag_facts[flag] + close)[0] != _HANDLED:
                        raise DurableFault("a flag was not taken")
            message = durable.complete_and_start_action(self._handle, place)
        if taken != 1 + len(flags):
            raise DurableFault("not every rule fired")
        return frozenset(fired)

    def close(self) -> None:
        """Give the ruleset's memory back."""
        durable.delete_ruleset(self._handle)
