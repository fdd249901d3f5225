"""How much is tried: `make test` tries what every change has to pass, `make test-thorough` several times as much."""

import os

#: Set by `make test-thorough`.
THOROUGH = bool(os.environ.get("THOROUGH"))


def sized(usual: int, thorough: int) -> int:
    """How many cases, examples or moments a test tries."""
    return thorough if THOROUGH else usual
