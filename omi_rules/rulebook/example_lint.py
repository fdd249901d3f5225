"""What the examples of a rule have to show before the rule can be trusted."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from omi_rules.rulebook.keywords import Path as Place
from omi_rules.rulebook.model import (
    INSUFFICIENT,
    Example,
    Matches,
    PerEvent,
    Presence,
    Rule,
    Selection,
    Test,
    Tests,
)
from omi_rules.rulebook.outcomes import UNDATED, possible_outcomes
from omi_rules.rulebook.usage import columns_read, selections_read
from omi_rules.shapes import Column, Table, load_tables

Finding = tuple[Place, str]

_EXAMPLES: Place = ("examples",)


def lint_examples(rule: Rule, as_at: date) -> Iterator[Finding]:
    """Outcomes, the due day, empty cells, exclusions, ends of supervision and careless readings that none shows.

    `as_at` is the day of an example that states none.
    """
    outcomes = _outcomes_to_show(rule)
    shown = {example.expect["outcome"] for example in rule.examples}
    for outcome in sorted(outcomes - shown):
        yield _EXAMPLES, f"no example shows {outcome}: add one"
    if rule.kind not in UNDATED:
        yield from _lint_boundary(rule, as_at)
        yield from _lint_end(rule)
    if "unknown" in outcomes & shown:
        yield from _lint_empty_cell(rule)
    if "excluded" in shown:
        yield from _lint_exclusions(rule)
    if not any(example.careless for example in rule.examples):
        yield _EXAMPLES, "no example has `careless`: add one that a careless reading of the rule would get wrong"
    for number, example in enumerate(rule.examples):
        yield from lint_name(example.name, ("examples", number, "name"))
        if example.careless:
            yield from lint_sentence(example.careless, ("examples", number, "careless"))


def lint_name(name: str, place: Place) -> Iterator[Finding]:
    """An example's name says what it shows."""
    if len(name.split()) < 3:
        yield place, "an example's name says what it shows, in at least three words"
    elif name.endswith("."):
        yield place, "an example's name has no full stop"


def lint_sentence(text: str, place: Place) -> Iterator[Finding]:
    """A sentence ends like one."""
    if not text.endswith("."):
        yield place, "a sentence ends with a full stop"


def _outcomes_to_show(rule: Rule) -> set[str]:
    """The outcomes that some case could get, so that an example has to show them."""
    outcomes: set[str] = set(possible_outcomes(rule))
    on_case = isinstance(rule.require, Matches) and rule.require.of == "case"
    # a case without rows is judged by any and none too: it has no such row
    judges_all = on_case or isinstance(rule.require, Presence)
    if judges_all and not (rule.population.tests or rule.population.any_row):
        outcomes.discard("not_applicable")
    if on_case and not rule.population.any_row and not _can_leave_open(rule):
        outcomes.discard("unknown")
    return outcomes


def _can_leave_open(rule: Rule) -> bool:
    """Whether an empty column of the case or member of staff can leave the rule undecided."""
    table = load_tables()["staff" if rule.about_staff else "cases"]
    return any(_left_open_by(test, table) for name, test in columns_read(rule) if name == table.name)


def _lint_boundary(rule: Rule, as_at: date) -> Iterator[Finding]:
    if not any(_on_the_day(example, as_at) for example in rule.examples):
        yield (
            ("examples",),
            "no example stands on the due day: state due_on, with done_on or as_at the same day",
        )
    if not any(_after_the_day(example) for example in rule.examples):
        yield (
            ("examples",),
            "no example stands after the due day: state due_on with days_late, or a missing one",
        )


def _on_the_day(example: Example, as_at: date) -> bool:
    expect = example.expect
    due_on = expect.get("due_on")
    if due_on is None or expect["outcome"] not in ("met", "due"):
        return False
    return due_on in (expect.get("done_on"), example.as_at or as_at)


def _after_the_day(example: Example) -> bool:
    expect = example.expect
    return expect["outcome"] in INSUFFICIENT and (expect.get("days_late") or 0) >= (
        1 if expect["outcome"] == "late" else 0
    )


def _lint_end(rule: Rule) -> Iterator[Finding]:
    ended = "left_on" if rule.about_staff else "end_date"
    if not any(example.case.get(ended) for example in rule.examples):
        yield _EXAMPLES, f"no example has {ended}: add one in which supervision ended before the due date"


def _lint_empty_cell(rule: Rule) -> Iterator[Finding]:
    if not _reads_what_may_be_empty(rule):
        return
    if all(one.lost or one.missing_tables for one in rule.examples if one.expect["outcome"] == "unknown"):
        yield _EXAMPLES, "no example is unknown because of an empty cell: add one with the null that leaves it open"


def _reads_what_may_be_empty(rule: Rule) -> bool:
    tables = load_tables()
    read = [tables[selection.table] for selection in selections_read(rule)]
    undated = any(_may_hide_something(table.column(table.own_date)) for table in read if table.own_date)
    return undated or any(_left_open_by(test, tables[table]) for table, test in columns_read(rule))


def _left_open_by(test: Test, table: Table) -> bool:
    """Whether an empty cell can leave the test open: in its column, or in the one that its date is held against."""
    if test.decided_by_null:
        return False
    other = table if table.has(test.other) else load_tables()["cases"]
    against = [other.column(test.other)] if other.has(test.other) else []
    return any(_may_hide_something(column) for column in (table.column(test.column), *against))


def _may_hide_something(column: Column) -> bool:
    """Whether an empty cell of the column says nothing: not even that something has not happened."""
    return not column.required and column.empty == "unknown"


def _lint_exclusions(rule: Rule) -> Iterator[Finding]:
    """A rule may exclude cases and events: an example of the one does not show the other."""
    require = rule.require
    excluded = [example for example in rule.examples if example.expect["outcome"] == "excluded"]
    if rule.excluded and not any(_states(example.case, rule.excluded.tests) for example in excluded):
        yield _EXAMPLES, "no example that is excluded states a column of excluded: add one"
    if isinstance(require, PerEvent) and require.excluded and isinstance(require.event, Selection):
        table, tests = require.event.table, require.excluded.tests
        if not any(_states(row, tests) for example in excluded for row in example.tables.get(table, ())):
            yield _EXAMPLES, f"no example that is excluded states a column of {table} that excludes: add one"


def _states(cells: Mapping[str, Any], tests: Tests) -> bool:
    return any(test.column in cells for test in tests)
