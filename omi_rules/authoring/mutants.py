"""Mutants: what a rule would be if one thing in it, or in a value that it uses, were otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from omi_rules.authoring.changes import Change, change_exclusion, change_selections, change_tests, inside
from omi_rules.authoring.kinds import change_requirement
from omi_rules.authoring.naming import use_value
from omi_rules.rulebook.build import LENGTHS
from omi_rules.rulebook.event_references import EVENTS
from omi_rules.rulebook.keywords import Path
from omi_rules.rulebook.model import (
    Arm,
    DatedArms,
    Rule,
    Rulebook,
    Value,
)
from omi_rules.rulebook.strict_yaml import write_path
from omi_rules.rulebook.usage import values_used


@dataclass(frozen=True)
class Mutant:
    """A rule with one thing changed: the file and place of the change, and its name within the rule.

    `rule` has an id of its own, so that many can be judged together. `values` are those that it uses in place of the
    rulebook's: of another name, except for one that the program knows by its name, and uses without being told to (the
    number of absences that make a failure). Then it is `alone`.
    """

    name: str
    file: str
    place: Path
    rule: Rule
    values: Mapping[str, Value] = field(default_factory=dict)
    alone: bool = False


def make_mutants(rulebook: Rulebook, rule: Rule) -> list[Mutant]:
    """Every mutant of the rule, those of its own file first."""
    mutants: list[Mutant] = []
    for change in _change_rule(rule):
        changed = replace(change.changed, id=f"{rule.id}~{len(mutants)}")
        mutants.append(Mutant(f"{write_path(change.place)} {change.words}", rule.file, change.place, changed))
    for name in dict.fromkeys(values_used(rule)):
        value = rulebook.values[name]
        for varied in change_value(value):
            alone = name in EVENTS
            changed_name = name if alone else f"{name}~{len(mutants)}"
            changed = replace(use_value(rule, name, changed_name), id=f"{rule.id}~{len(mutants)}")
            words = f"{name} {write_path(varied.place)} {varied.words}"
            values = {changed_name: replace(varied.changed, name=changed_name)}
            mutants.append(Mutant(words, value.file, varied.place, changed, values, alone))
    return mutants


def _change_rule(rule: Rule) -> Iterator[Change[Rule]]:
    subject = "staff" if rule.about_staff else "cases"
    people = rule.population
    yield from inside(
        change_tests(people.tests, subject),
        ("population",),
        lambda tests: replace(rule, population=replace(people, tests=tests)),
    )
    yield from inside(
        change_selections(people.any_row, least=0),
        ("population", "any_row"),
        lambda rows: replace(rule, population=replace(people, any_row=rows)),
    )
    ages = (replace(people, started_longer_ago_than=None), replace(people, lasted_at_least=None))
    for word, ageless in zip(LENGTHS, ages, strict=True):
        if ageless != people:
            yield Change(("population", word), "left out", replace(rule, population=ageless))
    excluded = change_exclusion(rule.excluded, subject)
    yield from inside(excluded, ("excluded",), lambda excluded: replace(rule, excluded=excluded))
    require = change_requirement(rule.require, subject)
    yield from inside(require, ("require", rule.kind), lambda require: replace(rule, require=require))


def change_value(value: Value) -> Iterator[Change[Value]]:
    """Calendar days for working days, amounts one more or less, dates a day either way, arms changed or left out."""

    def put(number: int, entry: DatedArms) -> Value:
        return replace(value, dated=(*value.dated[:number], entry, *value.dated[number + 1 :]))

    if value.unit == "working_days":
        yield Change(("unit",), "days for working_days", replace(value, unit="days"))
    for number, entry in enumerate(value.dated):
        place: Path = ("dated", number)
        # before the first entry too, the first holds; and between two that say the same there is no border
        if number and _said(entry) != _said(value.dated[number - 1]):
            for day in (entry.start - timedelta(1), entry.start + timedelta(1)):
                words = f"{day.isoformat()} for {entry.start.isoformat()}"
                yield Change((*place, "from"), words, put(number, replace(entry, start=day)))
        for change in _change_arms(entry):
            yield Change((*place, *change.place), change.words, put(number, change.changed))


def _said(entry: DatedArms) -> list[Arm]:
    """What the arms decide, without on whose authority."""
    return [replace(arm, source=None, assumed=False, because="") for arm in entry.arms]


def _change_arms(entry: DatedArms) -> Iterator[Change[DatedArms]]:
    arms = entry.arms
    for number, arm in enumerate(arms):
        place: Path = ("choose", number)
        before, after = arms[:number], arms[number + 1 :]
        for change in _change_arm(arm):
            changed = replace(entry, arms=(*before, change.changed, *after))
            yield Change((*place, *change.place), change.words, changed)
        if after:
            yield Change(place, "left out", replace(entry, arms=before + after))


def _change_arm(arm: Arm) -> Iterator[Change[Arm]]:
    for amount in (arm.amount - 1, arm.amount + 1):
        if amount >= 0:
            yield Change(("amount",), f"{amount} for {arm.amount}", replace(arm, amount=amount))
    if arm.within_months is not None:
        for months in (arm.within_months - 1, arm.within_months + 1):
            words = f"{months} for {arm.within_months}"
            yield Change(("within_months",), words, replace(arm, within_months=months))
        yield Change(("within_months",), "left out", replace(arm, within_months=None))
    if arm.high_roh_at_start:
        yield Change(("if", "high_roh_at_start"), "left out", replace(arm, high_roh_at_start=False))
    yield from inside(change_tests(arm.tests, "cases"), ("if",), lambda tests: replace(arm, tests=tests))
    rows = change_selections(arm.any_row, least=0)
    yield from inside(rows, ("if", "any_row"), lambda rows: replace(arm, any_row=rows))
