"""How two rulebooks differ: rules added, removed and changed, values, and conclusions."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

from omi_rules.authoring.rule_words import amounts_words
from omi_rules.rulebook.model import Conclusion, Rule, Rulebook
from omi_rules.rulebook.usage import values_used

Status = Literal["added", "removed", "changed"]

#: What can change without the rule saying anything else of a case.
_NOT_JUDGED = ("examples", "file", "shadow")


@dataclass(frozen=True)
class ChangedValue:
    """A value that the two rulebooks state differently, in words; nothing where one of them does not have it."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class ChangedRule:
    """A rule that the two rulebooks state differently: in which of its keys, and by which values.

    `shadow` says that the second rulebook tries it out: it is judged as if it counted, and would be added.
    """

    id: str
    status: Status
    before: Rule | None
    after: Rule | None
    keys: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    shadow: bool = False

    @property
    def rule(self) -> Rule:
        """The rule as it is now, or as it was."""
        rule = self.after or self.before
        assert rule is not None
        return rule


@dataclass(frozen=True)
class Differences:
    """Everything that differs, in order of name; `conclusions` by flag, with what became of each."""

    rules: tuple[ChangedRule, ...]
    values: tuple[ChangedValue, ...]
    conclusions: Mapping[str, Status]


def find_differences(before: Rulebook, after: Rulebook) -> Differences:
    """What would be otherwise if the second rulebook took the place of the first."""
    values = tuple(_changed_values(before, after))
    names = frozenset(value.name for value in values)
    ids = sorted({*before.rules, *after.rules})
    rules = [_changed_rule(id_, before, after, names) for id_ in ids]
    flags = sorted({*before.conclusions, *after.conclusions})
    fates = {flag: _fate_of_conclusion(before.conclusions.get(flag), after.conclusions.get(flag)) for flag in flags}
    conclusions = {flag: fate for flag, fate in fates.items() if fate}
    return Differences(tuple(rule for rule in rules if rule), values, conclusions)


def _changed_values(before: Rulebook, after: Rulebook) -> list[ChangedValue]:
    said = [{name: tuple(amounts_words(value)) for name, value in book.values.items()} for book in (before, after)]
    return [
        ChangedValue(name, said[0].get(name, ()), said[1].get(name, ()))
        for name in sorted({*said[0], *said[1]})
        if said[0].get(name) != said[1].get(name)
    ]


def _changed_rule(id_: str, before: Rulebook, after: Rulebook, values: frozenset[str]) -> ChangedRule | None:
    was, now = before.rules.get(id_), after.rules.get(id_)
    was = was if was and not was.shadow else None
    # in shadow in the place of a rule that counted: that one is gone; else it is looked at as if it were added
    now = None if now and now.shadow and was else now
    if was and now:
        keys = [field.name for field in fields(Rule) if field.name not in _NOT_JUDGED]
        differing = tuple(key for key in keys if getattr(was, key) != getattr(now, key))
        used = tuple(name for name in dict.fromkeys(values_used(now)) if name in values)
        return ChangedRule(id_, "changed", was, now, differing, used) if differing or used else None
    fate = _fate(was, now)
    return ChangedRule(id_, fate, was, now, shadow=bool(now and now.shadow)) if fate else None


def _fate_of_conclusion(was: Conclusion | None, now: Conclusion | None) -> Status | None:
    if was and now:
        return "changed" if replace(was, examples=(), file="") != replace(now, examples=(), file="") else None
    return _fate(was, now)


def _fate(was: object | None, now: object | None) -> Status | None:
    """What became of a thing that one of the rulebooks does not have."""
    return "added" if now else "removed" if was else None
