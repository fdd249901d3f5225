"""The named values of a rulebook: every amount, on what authority, and the rules that depend on it.

Bands of criteria and tolerances of targets are no named values, but where they are assumed they are listed with them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from omi_rules.authoring.rule_words import amounts_words, conditions_words
from omi_rules.reports.terminal import paint_colour, paint_plain
from omi_rules.reports.words import count, folded, listed
from omi_rules.rulebook.model import Arm, Rulebook, Value
from omi_rules.rulebook.questions import Bands, Criteria, Line
from omi_rules.rulebook.usage import values_used


def choose_values(book: Rulebook, assumed: bool) -> list[Value]:
    """Every value in order of name; with `assumed`, those of which an amount is an assumption."""
    return [value for value in book.values.values() if value.assumed or not assumed]


def rules_using(name: str, book: Rulebook) -> list[str]:
    """The rules that depend on a value, in order of id."""
    return [rule.id for rule in book.rules.values() if name in values_used(rule)]


def show_values(values: Sequence[Value], book: Rulebook, colour: bool) -> Iterator[str]:
    """The lines that `rules values` prints."""
    for value in values:
        yield from show_value(value, book, colour)
        yield ""
    assumed = sum(value.assumed for value in values)
    yield f"{count(len(values), 'value')}, {assumed:,} with an amount that is assumed."


def show_value(value: Value, book: Rulebook, colour: bool) -> list[str]:
    """The lines about one value."""
    paint = paint_colour if colour else paint_plain
    lines = [paint("heading", line) for line in folded(f"{value.name}: {value.title}.")]
    for amount in amounts_words(value):
        lines += folded(f"{amount}.", "    ", "  ")
    used = rules_using(value.name, book)
    return lines + folded(f"Used by {listed(used)}." if used else "No rule uses it.", "    ", "  ")


def describe_values(values: Sequence[Value], book: Rulebook) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "kind": "value",
            "value": value.name,
            "title": value.title,
            "unit": value.unit,
            "assumed": value.assumed,
            "amounts": [_describe(arm, entry.start.isoformat()) for entry in value.dated for arm in entry.arms],
            "rules": rules_using(value.name, book),
        }
        for value in values
    ]


def _describe(arm: Arm, start: str) -> dict[str, Any]:
    return {
        "from": start,
        "if": conditions_words(arm),
        "amount": arm.amount,
        "within_months": arm.within_months,
        "assumed": arm.assumed,
        "because": arm.because or None,
        "source": {"document": arm.source.document, "place": arm.source.place} if arm.source else None,
    }


def assumed_bands(criteria: Criteria) -> dict[Bands, list[str]]:
    """The bands that are assumed, each with the criteria that it holds for."""
    found: dict[Bands, list[str]] = {}
    for criterion in criteria.criteria.values():
        if criterion.bands and criterion.bands.assumed:
            found.setdefault(criterion.bands, []).append(criterion.id)
    return found


def assumed_tolerances(criteria: Criteria) -> dict[tuple[str, str], dict[str, str]]:
    """The tolerances that are assumed, by target, for each file of targets and each reason."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for targets in criteria.targets.values():
        for target in targets.targets:
            if target.tolerance_because:
                found.setdefault((targets.id, target.tolerance_because), {})[target.id] = str(target.tolerance)
    return found


def _assumed_line(criteria: Criteria) -> Line | None:
    return criteria.scoring.line if criteria.scoring and criteria.scoring.line.assumed else None


def show_assumed_of_scoring(criteria: Criteria, colour: bool) -> Iterator[str]:
    """What is assumed in scoring, for the page of a terminal."""
    paint = paint_colour if colour else paint_plain
    for bands, names in assumed_bands(criteria).items():
        yield from (paint("heading", line) for line in folded(f"Bands of criteria {listed(names)}."))
        told = f"Good from {bands.good_from}% on, a priority from {bands.priority_from}% on"
        yield from folded(f"{told} (assumed: {bands.because.rstrip('.')}).", "    ", "  ")
        yield ""
    if line := _assumed_line(criteria):
        yield from (paint("heading", text) for text in folded("Line of priority for improvement."))
        yield from folded(f"{line.percent}% (assumed: {line.because.rstrip('.')}).", "    ", "  ")
        yield ""
    for (file, because), tolerances in assumed_tolerances(criteria).items():
        yield from (paint("heading", line) for line in folded(f"Near misses of targets/{file}.yaml."))
        told = listed(f"{name} {amount}" for name, amount in tolerances.items())
        yield from folded(f"{told} (assumed: {because.rstrip('.')}).", "    ", "  ")
        yield ""


def describe_assumed_of_scoring(criteria: Criteria) -> list[dict[str, Any]]:
    """The same for programs."""
    line = _assumed_line(criteria)
    lines = [{"kind": "line_of_priority", "percent": line.percent, "because": line.because}] if line else []
    bands = [
        {
            "kind": "bands",
            "criteria": names,
            "good_from": bands.good_from,
            "priority_from": bands.priority_from,
            "because": bands.because,
        }
        for bands, names in assumed_bands(criteria).items()
    ]
    near_misses = [
        {"kind": "near_misses", "targets": file, "tolerances": tolerances, "because": because}
        for (file, because), tolerances in assumed_tolerances(criteria).items()
    ]
    return [*bands, *lines, *near_misses]
