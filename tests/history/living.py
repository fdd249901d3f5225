"""Some random nights of an area, recorded in its store and remembered by a slow reading."""

from datetime import timedelta
from pathlib import Path
from random import Random

from tests.history.nights import FIRST, Area, change_randomly, lose_a_table, random_area
from tests.history.remembering import Memory
from tests.sizes import sized

NIGHTS = sized(4, 6)


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
