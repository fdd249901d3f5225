"""Damaged files of every kind, half a minute of them in every run of the tests: the same ones each time.

`python -m tests.fuzzing --minutes 10` goes on for longer; what it finds becomes a test of its own.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing.damage import DAMAGES, Damage
from tests.fuzzing.targets import TARGETS
from tests.sizes import sized

#: How many damaged files of each kind: about half a minute's worth in all.
EXAMPLES = sized(8, 25)


@pytest.mark.parametrize("target", TARGETS)
def test_damaged_file_is_no_fault_of_the_program_and_loses_no_row(target: str, tmp_path: Path) -> None:
    attack = TARGETS[target](tmp_path)

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 99), DAMAGES)
    def strike(number: int, damages: list[Damage]) -> None:
        attack.strike(number, damages)

    strike()
