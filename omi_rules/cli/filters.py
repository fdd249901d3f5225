"""Chooses rules by what the command line names, and refuses names that the rulebook does not have."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from omi_rules.problems import UsageError, nearest

if TYPE_CHECKING:
    from omi_rules.rulebook.model import Rule, Rulebook

Filters = Mapping[str, tuple[Any, ...]]


def choose_rules(book: "Rulebook", filters: Filters, *, shadows: bool = True) -> "list[Rule]":
    """The rules that every filter lets through, in order of criterion and id; without `shadows` only those that count.

    A rule in shadow that is named where only others are wanted is a slip."""
    rules, criteria, recommendations = (filters[name] for name in ("rule", "criterion", "recommendation"))
    for name in rules:
        if name in book.conclusions and name not in book.rules:
            from omi_rules.rulebook.usage import rules_below

            below = " or ".join(sorted(rules_below(book.conclusions[name], book)))
            raise UsageError(f"{name} is a conclusion: name a rule that it rests on, {below}")
    check_known(rules, book.rules, "rule")
    for name in () if shadows else rules:
        if book.rules[name].shadow:
            raise UsageError(f"the rule {name} is in shadow and counts nowhere: `omi-rules rules impact` shows it")
    check_known(criteria, {rule.criterion for rule in book.rules.values()}, "criterion")
    chosen = [
        rule
        for rule in book.rules.values()
        if (shadows or not rule.shadow)
        and (not rules or rule.id in rules)
        and (not criteria or rule.criterion in criteria)
        and (not recommendations or set(recommendations) & set(rule.recommendations))
    ]
    if not chosen:
        raise UsageError("no rule is left by --rule, --criterion and --recommendation together: name fewer")
    return sorted(chosen, key=lambda rule: (rule.criterion, rule.id))


def check_known(names: Iterable[str], known: Iterable[str], noun: str) -> None:
    """UsageError with the nearest name if one is not known."""
    words = list(known)
    for name in names:
        if name not in words:
            listed = "; `omi-rules rules list` names the rules" if noun.startswith("rule") else ""
            raise UsageError(f"there is no {noun} {name}{nearest(name, words) or listed}")
