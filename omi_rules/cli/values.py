"""The named values of a rulebook: every amount, on what authority, and the rules that depend on it."""

from collections.abc import Iterator, Sequence
from typing import Any

from omi_rules.cli.rule_words import amounts_words, conditions_words
from omi_rules.reports.terminal import paint_colour, paint_plain
from omi_rules.reports.words import count, folded, listed
from omi_rules.rulebook.model import Arm, Rulebook, Value
from omi_rules.rulebook.usage import values_used


def choose_values(book: Rulebook, assumed: bool) -> list[Value]:
    """Every value in order of name; with `assumed`, those of which an amount is an assumption."""
    return [value for value in book.values.values() if value.assumed or not assumed]


def rules_using(name: str, book: Rulebook) -> list[str]:
    """The rules that depend on a value, in order of id."""
    return [rule.id for rule in book.rules.values() if name in values_used(rule)]


def show_values(values: Sequence[Value], book: Rulebook, colour: bool) -> Iterator[str]:
    """The lines that `rules values` prints."""
    paint = paint_colour if colour else paint_plain
    for value in values:
        yield from (paint("heading", line) for line in folded(f"{value.name}: {value.title}."))
        for amount in amounts_words(value):
            yield from folded(f"{amount}.", "    ", "  ")
        used = rules_using(value.name, book)
        yield from folded(f"Used by {listed(used)}." if used else "No rule uses it.", "    ", "  ")
        yield ""
    assumed = sum(value.assumed for value in values)
    yield f"{count(len(values), 'value')}, {assumed:,} with an amount that is assumed."


def describe_values(values: Sequence[Value], book: Rulebook) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
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
