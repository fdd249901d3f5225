"""Which outcomes a rule can give, by its kind."""

from typing import Any

from omi_rules.rulebook.model import Deadline, Outcome, PerEvent, Rule, Selection
from omi_rules.shapes import load_tables

_BY_KIND: dict[str, frozenset[Outcome]] = {
    "deadline": frozenset({"met", "late", "missing", "due"}),
    "exists": frozenset({"met", "missing", "due"}),
    "review_chain": frozenset({"met", "late", "missing", "due"}),
    "count": frozenset({"met", "not_met", "due"}),
    "matches": frozenset({"met", "not_met"}),
    "paired": frozenset({"met", "not_met", "due"}),
}
_ALWAYS: frozenset[Outcome] = frozenset({"unknown", "not_applicable"})

_NOT_DONE: frozenset[Outcome] = frozenset({"missing", "due"})

#: Kinds whose outcomes have no dates.
UNDATED = ("matches", "paired")


def outcomes_of(kind: str, excluded: bool) -> frozenset[Outcome]:
    """The outcomes of a kind; of a per_event rule ask for the kind of its deadline."""
    return _BY_KIND[kind] | _ALWAYS | (frozenset({"excluded"}) if excluded else frozenset())


def _is_own_date(table: str, done_column: str | None) -> bool:
    """Whether a row of the table has been done by being there; the latest such row is never missing nor due."""
    known = load_tables().get(table)
    return done_column is not None and known is not None and known.own_date == done_column


def _is_over(longer: str | None, trigger: object, limit: str | None) -> bool:
    """Whether the population has only cases whose limit has passed: those that started longer ago than it is."""
    return longer is not None and trigger == "start" and longer == limit


def outcomes_of_file(content: dict[str, Any]) -> frozenset[Outcome]:
    """The outcomes that the rule of a rule file can give."""
    ((kind, spec),) = content["require"].items()
    excluded = "excluded" in content
    if kind == "per_event":
        excluded = excluded or "excluded" in spec
        kind = "exists" if "exists" in spec else "deadline"
        event, done = spec["event"], spec[kind].get("done_column")
        if spec.get("of") == "latest" and not isinstance(event, str) and _is_own_date(next(iter(event)), done):
            return outcomes_of(kind, excluded) - _NOT_DONE
        if "also" in spec[kind]:
            return outcomes_of(kind, excluded) | {"not_met"}
    population = content.get("population", {})
    limit = spec.get("grace") or spec.get("within")
    over = _is_over(population.get("started_longer_ago_than"), spec.get("trigger"), limit)
    return outcomes_of(kind, excluded) - ({"due"} if over else set())


def possible_outcomes(rule: Rule) -> frozenset[Outcome]:
    """The outcomes that a rule can give."""
    require = rule.require
    excluded = rule.excluded is not None
    if isinstance(require, PerEvent):
        excluded = excluded or require.excluded is not None
        outcomes = outcomes_of("exists" if require.deadline.grace else "deadline", excluded)
        if require.latest and isinstance(require.event, Selection):
            done = _is_own_date(require.event.table, require.deadline.done_column)
            outcomes -= _NOT_DONE if done else frozenset()
        return outcomes | {"not_met"} if require.deadline.also else outcomes
    outcomes = outcomes_of(rule.kind, excluded)
    longer = rule.population.started_longer_ago_than
    over = isinstance(require, Deadline) and _is_over(longer, require.trigger, require.limit)
    return outcomes - ({"due"} if over else set())
