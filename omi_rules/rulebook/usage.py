"""What a rule reads and uses: named values, tables, columns with their tests."""

from collections.abc import Iterator

from omi_rules.rulebook.model import (
    Count,
    Deadline,
    Matches,
    Paired,
    PerEvent,
    ReviewChain,
    Rule,
    Selection,
    Test,
)

#: The tables of which a failure, and what answered it, are worked out.
FAILURE_TABLES = (Selection("appointments"), Selection("breaches"))


def values_used(rule: Rule) -> tuple[str, ...]:
    """The named values that a rule uses, in the order in which it names them."""
    lengths = (rule.population.started_longer_ago_than, rule.population.lasted_at_least)
    return tuple(dict.fromkeys((*filter(None, lengths), *_values_of(rule))))


def _values_of(rule: Rule) -> tuple[str, ...]:
    require = rule.require
    if isinstance(require, PerEvent):
        # a worked-out event has the name of the value that says how many make one
        deadline = require.deadline
        counted = require.event if isinstance(require.event, str) else "relevant-failure"
        names = (counted if deadline.from_failure or isinstance(require.event, str) else None, deadline.limit)
        by_code = deadline.limits_by[1] if deadline.limits_by else ()
        return tuple(name for name in (*names, *(name for _, name in by_code)) if name)
    if isinstance(require, Deadline):
        return (require.limit,) if require.limit else ()
    if isinstance(require, ReviewChain):
        return (require.every,)
    if isinstance(require, Count):
        return (require.within_first, require.at_least)
    return (require.within,) if isinstance(require, Paired) else ()


def selections_read(rule: Rule) -> Iterator[Selection]:
    """Every selection of a rule: its population's, and its requirement's."""
    yield from rule.population.any_row
    require = rule.require
    if isinstance(require, PerEvent):
        if isinstance(require.event, Selection):
            yield require.event
        if require.deadline.from_failure:
            yield from FAILURE_TABLES
        yield from require.deadline.done
    elif isinstance(require, Deadline):
        if require.first:
            yield require.first
        yield from require.done
    elif isinstance(require, ReviewChain):
        yield require.reviews
    elif isinstance(require, Count):
        yield require.rows
    elif isinstance(require, Paired):
        yield require.each
        yield from require.partners
    elif require.rows:
        yield require.rows


def columns_read(rule: Rule) -> Iterator[tuple[str, Test]]:
    """Every test of a rule with the name of the table whose column it reads."""
    subject = "staff" if rule.about_staff else "cases"
    require = rule.require
    yield from ((subject, test) for test in rule.population.tests)
    yield from ((subject, test) for test in (rule.excluded.tests if rule.excluded else ()))
    yield from ((selection.table, test) for selection in selections_read(rule) for test in selection.tests)
    if isinstance(require, Deadline):
        yield from ((subject, test) for test in require.met_at_once)
    elif isinstance(require, Matches):
        table = require.rows.table if require.rows else subject
        yield from ((table, test) for test in require.satisfies)
    elif isinstance(require, PerEvent) and isinstance(require.event, Selection):
        tests = (*(require.excluded.tests if require.excluded else ()), *require.deadline.also)
        yield from ((require.event.table, test) for test in tests)
