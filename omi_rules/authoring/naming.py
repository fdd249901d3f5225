"""A rule with one named value in another's place, wherever it names it."""

from collections.abc import Callable
from dataclasses import replace

from omi_rules.rulebook.model import (
    Count,
    Deadline,
    Distinct,
    Falls,
    Matches,
    Paired,
    PerEvent,
    Presence,
    Requirement,
    ReviewChain,
    Rule,
    Selection,
    Tests,
    Weekly,
)

Put = Callable[[str], str]


def use_value(rule: Rule, old: str, new: str) -> Rule:
    """The rule with the value `new` wherever it names `old`."""

    def put(name: str) -> str:
        return new if name == old else name

    people = rule.population
    population = replace(
        people,
        any_row=_in_selections(people.any_row, put),
        started_longer_ago_than=people.started_longer_ago_than and put(people.started_longer_ago_than),
        lasted_at_least=people.lasted_at_least and put(people.lasted_at_least),
    )
    return replace(rule, population=population, require=_in_requirement(rule.require, put))


def _in_requirement(require: Requirement, put: Put) -> Requirement:
    match require:
        case Deadline():
            return replace(require, limit=require.limit and put(require.limit))
        case PerEvent():
            return replace(require, deadline=_in_event_deadline(require.deadline, put))
        case ReviewChain():
            return replace(require, every=put(require.every))
        case Count():
            return replace(require, within_first=put(require.within_first), at_least=put(require.at_least))
        case Paired():
            return replace(require, within=put(require.within))
        case Presence():
            return replace(require, selections=_in_selections(require.selections, put))
        case Distinct():
            return replace(require, at_most=put(require.at_most))
        case Weekly():
            each, rows = _in_selections((require.each, require.rows), put)
            return replace(require, each=each, rows=rows, at_least=put(require.at_least))
        case Matches():
            selected = _in_selections((require.rows,), put)[0] if require.rows else None
            satisfies, where = _in_tests(require.satisfies, put), _in_tests(require.where, put)
            return replace(require, rows=selected, satisfies=satisfies, where=where)
        case Falls():
            return require


def _in_event_deadline(deadline: Deadline, put: Put) -> Deadline:
    limits_by = deadline.limits_by
    if limits_by:
        column, by_code = limits_by
        limits_by = column, tuple((code, put(name)) for code, name in by_code)
    return replace(deadline, limit=deadline.limit and put(deadline.limit), limits_by=limits_by)


def _in_selections(selections: tuple[Selection, ...], put: Put) -> tuple[Selection, ...]:
    return tuple(replace(selection, tests=_in_tests(selection.tests, put)) for selection in selections)


def _in_tests(tests: Tests, put: Put) -> Tests:
    return tuple(replace(test, value=put(test.value)) if test.value else test for test in tests)
