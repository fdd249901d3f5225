"""The small changes that could be made to the parts of a rule: tests, selections, exclusions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from omi_rules.rulebook.keywords import Path
from omi_rules.rulebook.model import Exclusion, Selection, Test, Tests
from omi_rules.rulebook.selections import Operator
from omi_rules.shapes import load_tables

T = TypeVar("T")
S = TypeVar("S")
Part = TypeVar("Part", covariant=True)

_OPPOSITES: dict[Operator, Operator] = {
    "in": "not_in",
    "not_in": "in",
    "recorded": "not_recorded",
    "not_recorded": "recorded",
    "at_least": "at_most",
    "at_most": "at_least",
    "on_or_before": "on_or_after",
    "on_or_after": "on_or_before",
    "before": "after",
    "after": "before",
}
#: The same, but for the day itself.
_DAY_ITSELF: dict[Operator, Operator] = {
    "on_or_before": "before",
    "before": "on_or_before",
    "on_or_after": "after",
    "after": "on_or_after",
}


@dataclass(frozen=True)
class Change(Generic[Part]):
    """A part as it could be instead: its place inside what holds it, and what is otherwise, in words."""

    place: Path
    words: str
    changed: Part


def inside(changes: Iterable[Change[T]], place: Path, wrap: Callable[[T], S]) -> Iterator[Change[S]]:
    """The same changes seen from what holds the part at `place`."""
    for change in changes:
        yield Change((*place, *change.place), change.words, wrap(change.changed))


def change_test(test: Test, table: str) -> Iterator[Change[Test]]:
    """Another operator, a number one more or less, a code more or less."""
    place: Path = (test.column,)
    if test.operator in _OPPOSITES:
        opposite = _OPPOSITES[test.operator]
        yield Change(place, f"{opposite} for {test.operator}", replace(test, operator=opposite))
    if test.operator in _DAY_ITSELF:
        near = _DAY_ITSELF[test.operator]
        yield Change(place, f"{near} for {test.operator}", replace(test, operator=near))
    if test.operator == "is":
        words = f"{str(not test.flag).lower()} for {str(test.flag).lower()}"
        yield Change(place, words, replace(test, flag=not test.flag))
    if test.operator in ("at_least", "at_most") and not test.value:
        for number in (test.number - 1, test.number + 1):
            yield Change(place, f"{number} for {test.number}", replace(test, number=number))
    if test.values:
        yield from _change_codes(test, table, place)


def _change_codes(test: Test, table: str, place: Path) -> Iterator[Change[Test]]:
    codes = load_tables()[table].column(test.column).codes
    for code in codes:
        kept = tuple(value for value in test.values if value != code)
        if code not in test.values:
            # a list of all codes decides nothing, and is the same as no test
            if len(test.values) + 1 < len(codes):
                yield Change(place, f"with {code}", replace(test, values=(*test.values, code)))
        elif kept:
            yield Change(place, f"without {code}", replace(test, values=kept))


def change_tests(tests: Tests, table: str) -> Iterator[Change[Tests]]:
    """One of the tests changed, or left out."""
    for number, test in enumerate(tests):
        before, after = tests[:number], tests[number + 1 :]
        for change in change_test(test, table):
            yield Change(change.place, change.words, (*before, change.changed, *after))
        yield Change((test.column,), "left out", before + after)


def change_selection(selection: Selection) -> Iterator[Change[Selection]]:
    """One of its tests changed, or left out."""
    return inside(
        change_tests(selection.tests, selection.table),
        (selection.table,),
        lambda tests: replace(selection, tests=tests),
    )


def change_selections(selections: tuple[Selection, ...], least: int) -> Iterator[Change[tuple[Selection, ...]]]:
    """One of the selections changed, or left out where at least so many stay."""
    for number, selection in enumerate(selections):
        before, after = selections[:number], selections[number + 1 :]
        place: Path = (number,) if len(selections) > 1 else ()
        for change in change_selection(selection):
            yield Change((*place, *change.place), change.words, (*before, change.changed, *after))
        if len(selections) > least:
            yield Change((*place, selection.table), "left out", before + after)


def change_exclusion(excluded: Exclusion | None, table: str) -> Iterator[Change[Exclusion | None]]:
    """One of its tests changed, or left out; or nothing excluded."""
    if excluded is None:
        return
    for change in change_tests(excluded.tests, table):
        if change.changed:
            yield Change(("when", *change.place), change.words, replace(excluded, tests=change.changed))
    yield Change((), "left out", None)
