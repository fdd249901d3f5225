"""What is published of all groups, taken together with the totals, is too little to solve for any number in it.

The published numbers are equations: the groups inside a group add up to it. Here they are solved exactly, for
areas made up at random; a number that the equations leave only one value for has leaked.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from omi_rules.scoring.dimensions import DIMENSIONS
from tests.scoring.group_runs import SCREENED, Case, grouped, question

Equation = dict[int, Fraction]
Numbers = Mapping[tuple[str | None, ...], int | None]


def area(seed: int) -> list[Case]:
    """Some 200 cases, with teams, officers and subgroups of one case to a hundred."""
    chance = Random(seed)
    made: list[Case] = []
    for _ in range(chance.randint(60, 200)):
        division = chance.choice("AAAAB")
        columns = {
            "division": division,
            "team": chance.choice([f"{division}{number}" for number in (1, 1, 1, 2, 2, 3)] + [None]),
            "offender_manager": chance.choice("XXXXYYYZZW"),
            "gender": chance.choices(["M", "F", None], [90, 10, 1])[0],
            "ethnicity": chance.choices(["W1", "W2", "A1", "B1", "M1"], [60, 3, 3, 2, 1])[0],
            "ppo": chance.random() < 0.05,
        }
        outcome = chance.choices(["met", "late", "unknown", "not_applicable"], [5, 3, 1, 12])[0]
        made.append((columns, {"screened": outcome}))
    return made


def solved(total: int, levels: list[Numbers]) -> set[tuple[str | None, ...]]:
    """The hidden groups whose number follows from the others': Gauss-Jordan elimination over the fractions."""
    numbers = {(): total, **{path: number for level in levels for path, number in level.items()}}
    unknown = {path: place for place, path in enumerate(path for path, number in numbers.items() if number is None)}
    known = len(unknown)
    rows: list[Equation] = []
    for around in numbers:
        inside = [path for path in numbers if path and path[:-1] == around]
        if inside:
            row: Equation = {}
            for path, sign in [(around, -1), *((path, 1) for path in inside)]:
                number = numbers[path]
                place, amount = (unknown[path], sign) if number is None else (known, sign * number)
                row[place] = row.get(place, Fraction()) + amount
            rows.append(row)
    reduced: list[Equation] = []
    for column in range(known):
        pivot = next((row for row in rows if row.get(column)), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = {place: amount / pivot[column] for place, amount in pivot.items()}
        rows = [eliminated(row, pivot, column) for row in rows]
        reduced = [*(eliminated(row, pivot, column) for row in reduced), pivot]
    found = [[place for place, amount in row.items() if amount and place != known] for row in reduced]
    names = list(unknown)
    return {names[places[0]] for places in found if len(places) == 1}


def eliminated(row: Equation, pivot: Equation, column: int) -> Equation:
    factor = row.get(column, Fraction())
    return {place: row.get(place, Fraction()) - factor * pivot.get(place, Fraction()) for place in {*row, *pivot}}


def published(entries: list[dict[str, Any]], number: Callable[[dict[str, Any]], int | None]) -> list[list[Numbers]]:
    """By dimension, the levels that add up to one another."""
    by_name = {
        entry["dimension"]: {tuple(group["path"]): number(group) for group in entry["groups"]} for entry in entries
    }
    held = [by_name.pop(level) for level in ("division", "team", "officer")]
    return [held, *([level] for level in by_name.values())]


@pytest.mark.parametrize("seed", range(6))
def test_no_hidden_number_follows_from_those_that_are_published(seed: int, rules: Path) -> None:
    cases = area(seed)
    outcomes = [found["screened"] for _, found in cases]
    met, relevant = outcomes.count("met"), outcomes.count("met") + outcomes.count("late")
    entries = grouped(cases, rules, *DIMENSIONS)
    numbers: list[tuple[int, Callable[[dict[str, Any]], int | None]]] = [
        (len(cases), lambda group: group["cases"]),
        (relevant, lambda group: question(group, SCREENED)["relevant"]),
        (met, lambda group: question(group, SCREENED)["sufficient"]),
    ]

    for total, number in numbers:
        tables = published(entries, number)
        assert any(None in level.values() for levels in tables for level in levels)
        for levels in tables:
            assert solved(total, levels) == set()


def test_the_equations_find_a_number_that_was_hidden_alone() -> None:
    teams: Numbers = {("A", "s"): None, ("A", "t"): 7, ("B", "u"): None, ("B", "v"): None}

    assert solved(30, [{("A",): 10, ("B",): 20}, teams]) == {("A", "s")}
    assert solved(30, [{("A",): None, ("B",): 20}, teams]) == {("A",), ("A", "s")}
    assert solved(30, [{("A",): None, ("B",): None}, teams]) == set()
