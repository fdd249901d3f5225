"""Which outcomes a rule can give, by its kind."""

from typing import Any

from omi_rules.rulebook.model import Outcome, PerEvent, Rule

_BY_KIND: dict[str, frozenset[Outcome]] = {
    "deadline": frozenset({"met", "late", "missing", "due"}),
    "exists": frozenset({"met", "missing", "due"}),
    "review_chain": frozenset({"met", "late", "missing", "due"}),
    "count": frozenset({"met", "not_met", "due"}),
    "matches": frozenset({"met", "not_met"}),
    "paired": frozenset({"met", "not_met", "due"}),
}
_ALWAYS: frozenset[Outcome] = frozenset({"unknown", "not_applicable"})

#: Kinds whose outcomes have no dates.
UNDATED = ("matches", "paired")


def outcomes_of(kind: str, excluded: bool) -> frozenset[Outcome]:
    """The outcomes of a kind; of a per_event rule ask for the kind of its deadline."""
    return _BY_KIND[kind] | _ALWAYS | (frozenset({"excluded"}) if excluded else frozenset())


def outcomes_of_file(content: dict[str, Any]) -> frozenset[Outcome]:
    """The outcomes that the rule of a rule file can give."""
    ((kind, spec),) = content["require"].items()
    excluded = "excluded" in content
    if kind == "per_event":
        excluded = excluded or "excluded" in spec
        kind = "exists" if "exists" in spec else "deadline"
        if "also" in spec[kind]:
            return outcomes_of(kind, excluded) | {"not_met"}
    return outcomes_of(kind, excluded)


def possible_outcomes(rule: Rule) -> frozenset[Outcome]:
    """The outcomes that a rule can give."""
    require = rule.require
    excluded = rule.excluded is not None
    if isinstance(require, PerEvent):
        excluded = excluded or require.excluded is not None
        outcomes = outcomes_of("exists" if require.deadline.grace else "deadline", excluded)
        return outcomes | {"not_met"} if require.deadline.also else outcomes
    return outcomes_of(rule.kind, excluded)
