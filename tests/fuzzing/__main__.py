"""Attacks every target in turn until the time is over: `python -m tests.fuzzing --minutes 10`.

What breaks something is made as small as it goes, and told so that it can be repeated.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzzing.damage import DAMAGES, Damage
from tests.fuzzing.targets import TARGETS, Attack

_EXAMPLES = 50


def attack_once(attack: Attack, number: int) -> bool:
    """Some attacks that come with a number; whether nothing broke."""

    @seed(number)
    @settings(
        max_examples=_EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 99), DAMAGES)
    def strike(chosen: int, damages: list[Damage]) -> None:
        attack.strike(chosen, damages)

    try:
        strike()
    except AssertionError as error:
        print(error, *getattr(error, "__notes__", ()), sep="\n")
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given_ = parser.parse_args()
    end, broken, rounds = time.monotonic() + given_.minutes * 60, 0, 0
    with tempfile.TemporaryDirectory(prefix="omi-fuzzing-") as scratch:
        attacks = {name: prepare(Path(scratch) / name) for name, prepare in TARGETS.items()}
        while time.monotonic() < end:
            for name, attack in attacks.items():
                if not attack_once(attack, given_.seed + rounds):
                    print(f"{name}, seed {given_.seed + rounds}, broke.", flush=True)
                    broken += 1
            rounds += 1
    print(f"{rounds} rounds of {_EXAMPLES} damaged files for each of {len(TARGETS)} targets; {broken} broke something.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
