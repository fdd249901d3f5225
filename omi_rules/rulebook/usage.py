"""What a rule reads and uses: named values, tables, columns with their tests; and on which rules a conclusion rests."""

from collections.abc import Iterator, Mapping

from omi_rules.rulebook.model import (
    Clue,
    Conclusion,
    Count,
    Deadline,
    Distinct,
    Falls,
    Form,
    Matches,
    Paired,
    PerEvent,
    Presence,
    ReviewChain,
    Rule,
    Rulebook,
    Selection,
    Test,
    Weekly,
)
from omi_rules.shapes import load_tables

#: The tables of which a failure, and what answered it, are worked out.
FAILURE_TABLES = (Selection("appointments"), Selection("breaches"))


def rules_below(conclusion: Conclusion, rulebook: Rulebook) -> frozenset[str]:
    """The rules that a conclusion rests on, by itself, by a clue or through other conclusions."""
    found: set[str] = set()
    for fact in {fact for way in conclusion.ways for fact in way}:
        if fact.kind == "rule":
            found.add(fact.name)
        elif fact.kind == "flag":
            found |= rules_below(rulebook.conclusions[fact.name], rulebook)
        elif rule := rulebook.clues[fact.name].rule:
            found.add(rule[0])
    return frozenset(found)


def clue_reads(clue: Clue) -> tuple[str, ...]:
    """What a clue that may be open goes by: columns of the case, as `cases.column`, or a table."""
    if clue.any_row:
        return (clue.any_row.table,)
    return tuple(f"cases.{test.column}" for test in clue.case)


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
    if isinstance(require, Paired):
        return (require.within,)
    if isinstance(require, Distinct):
        return (require.at_most,)
    ages = tuple(test.value for selection in selections_read(rule) for test in selection.tests if test.value)
    if isinstance(require, Weekly):
        return (*ages, require.at_least)
    if isinstance(require, Matches):
        return (*ages, *(test.value for test in (*require.satisfies, *require.where) if test.value))
    return ages


def selections_read(rule: Rule) -> Iterator[Selection]:
    """Every selection of a rule: its population's, and its requirement's."""
    yield from rule.population.any_row
    require = rule.require
    if isinstance(require, PerEvent):
        if isinstance(require.event, Selection):
            yield require.event
        if require.deadline.from_failure or isinstance(require.event, str):
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
    else:
        yield from _rows_of_form(require)


def _rows_of_form(form: Form) -> Iterator[Selection]:
    if isinstance(form, Presence):
        yield from form.selections
    elif isinstance(form, Weekly):
        yield form.each
        yield form.rows
    elif isinstance(form, Falls):
        yield Selection(form.table, (Test(form.column, "recorded"),))
    elif isinstance(form, Distinct):
        yield Selection(form.table)
    elif form.rows:
        yield form.rows


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
        yield from ((table, test) for test in (*require.satisfies, *require.where))
    elif isinstance(require, PerEvent) and isinstance(require.event, Selection):
        tests = (*(require.excluded.tests if require.excluded else ()), *require.deadline.also)
        yield from ((require.event.table, test) for test in tests)


def tables_read(rule: Rule, rulebook: Rulebook) -> frozenset[str]:
    """The tables that can change what a rule gives, that of the case (or of staff) itself among them.

    A clock or a limit may start with the day on which a case became high Risk of Harm, so that is one of them always.
    """
    tables = {"staff"} if rule.about_staff else {"cases", "roh_assessments"}
    tables.update(selection.table for selection in selections_read(rule))
    for name in values_used(rule):
        tables.update(selection.table for arm in rulebook.values[name].arms for selection in arm.any_row)
    return frozenset(tables)


def record_read(rule: Rule, rulebook: Rulebook) -> Mapping[str, tuple[str, ...]]:
    """The record behind a rule's answer, by table: whole rows, and of the case (or staff) itself what the rule asks.

    A clock may start or stop with any of the days of a case, so those are among its columns always.
    """
    subject = load_tables()["staff" if rule.about_staff else "cases"]
    arms = [arm for name in values_used(rule) for arm in rulebook.values[name].arms]
    selections = [*selections_read(rule), *(rows for arm in arms for rows in arm.any_row)]
    tests = [test for _, test in columns_read(rule)]
    tests += [test for arm in arms for test in arm.tests]
    tests += [test for rows in selections for test in rows.tests]
    asked = {column for test in tests for column in (test.column, test.other)}
    asked |= {column.name for column in subject.columns if column.type == "date"} | {"order_type"}
    if isinstance(rule.require, ReviewChain) and rule.require.shorter_if_set:
        asked.add(rule.require.shorter_if_set)
    tables = {rows.table for rows in selections}
    if _depends_on_high_roh(rule) or any(arm.high_roh_at_start for arm in arms):
        asked.add("roh_level")
        tables.add("roh_assessments")
    read = {name: tuple(column.name for column in load_tables()[name].columns[1:]) for name in sorted(tables)}
    return {**read, subject.name: tuple(column.name for column in subject.columns[1:] if column.name in asked)}


def _depends_on_high_roh(rule: Rule) -> bool:
    require = rule.require
    deadline = require.deadline if isinstance(require, PerEvent) else require
    return isinstance(deadline, Deadline) and deadline.trigger == "high-roh-trigger"
