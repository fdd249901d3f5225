"""Findings as intervals: what a store holds after random nights is what a slow reading of them remembers."""

import copy
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from omi_rules.history.chain import verify
from omi_rules.history.database import read_store
from omi_rules.history.place import find_place
from tests.history.nights import (
    FIRST,
    Area,
    change_randomly,
    intervals,
    lose_a_table,
    random_area,
)
from tests.history.remembering import Memory
from tests.history.server import Server

NIGHTS = 6


def live_through(area: Area, output: Path, seed: int) -> Memory:
    """Some random nights, recorded in the area's store and remembered."""
    rng, memory = Random(seed), Memory()
    whole = random_area(rng)
    day = 0
    for _ in range(NIGHTS):
        night = lose_a_table(rng, whole)
        area.night(night, day, output)
        memory.add(output, night, FIRST + timedelta(days=day))
        day += rng.randint(1, 9)
        whole = change_randomly(rng, whole, day)
    return memory


@pytest.mark.parametrize("seed", range(4))
def test_store_holds_what_a_slow_reading_remembers(area: Area, tmp_path: Path, seed: int) -> None:
    memory = live_through(area, tmp_path / "run", seed)

    assert intervals(area.store) == memory.rows()


def test_sqlite_and_postgresql_hold_the_same(area: Area, tmp_path: Path, server: Server) -> None:
    other = Area(area.folder, area.rules, server.new_database())

    live_through(area, tmp_path / "run", 7)
    live_through(other, tmp_path / "run", 7)

    assert intervals(other.store) == intervals(area.store)
    verified = []
    for store in (area.store, other.store):
        with read_store(find_place(store)) as connection:
            verified.append(verify(connection))
    assert [(found.count, found.faults) for found in verified] == [(NIGHTS, ()), (NIGHTS, ())]


def test_same_night_again_changes_nothing(area: Area) -> None:
    night = random_area(Random(3))
    first = area.changes(night)
    before = intervals(area.store)

    again = area.changes(copy.deepcopy(night))

    assert (first.is_new, again.is_new, again.run, again.rows_written) == (True, False, 1, 0)
    assert again.hash == first.hash
    assert intervals(area.store) == before
