"""A small soak of the worker: what benchmarks/conclusions.py does with a million patterns."""

import runpy
from typing import Any

import pytest

from omi_rules.conclusions.facts import Component
from tests.cli.running import TOP

PATTERNS = 4_000
#: Seconds from when a worker is first asked to its death, at least and at most.
LIFETIME = (0.05, 0.3)
ROOM = 2 * 1024 * 1024


@pytest.fixture(scope="module")
def soak() -> dict[str, Any]:
    return runpy.run_path(str(TOP / "benchmarks" / "conclusions.py"), run_name="soak")


@pytest.fixture(scope="module")
def among(soak: dict[str, Any]) -> tuple[Component, ...]:
    made: tuple[Component, ...] = soak["made_components"](5)
    return made


def test_one_worker_stays_right_and_small(soak: dict[str, Any], among: tuple[Component, ...]) -> None:
    readings, differing = soak["keep_one_alive"](among, PATTERNS, 1)

    assert differing == 0
    assert readings[-1].patterns == PATTERNS
    assert readings[-1].held - readings[1].held < ROOM


def test_workers_that_die_by_chance_change_no_answer(soak: dict[str, Any], among: tuple[Component, ...]) -> None:
    fire = soak["put_under_fire"](among, PATTERNS, 2, LIFETIME)

    assert (fire.patterns, fire.differing) == (PATTERNS, 0)
    assert fire.died > 0
