"""Findings as intervals: what a store holds after random nights is what a slow reading of them remembers."""

import copy
from pathlib import Path
from random import Random

import pytest

from tests.history.living import live_through
from tests.history.nights import Area, intervals, random_area
from tests.sizes import sized


@pytest.mark.parametrize("seed", range(sized(3, 4)))
def test_store_holds_what_a_slow_reading_remembers(area: Area, tmp_path: Path, seed: int) -> None:
    memory = live_through(area, tmp_path / "run", seed)

    assert intervals(area.store) == memory.rows()


def test_same_night_again_changes_nothing(area: Area) -> None:
    night = random_area(Random(3))
    first = area.changes(night)
    before = intervals(area.store)

    again = area.changes(copy.deepcopy(night))

    assert (first.is_new, again.is_new, again.run, again.rows_written) == (True, False, 1, 0)
    assert again.hash == first.hash
    assert intervals(area.store) == before
