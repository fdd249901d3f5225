"""What the tests of the rulebook share: the good tiny rulebook, and copies of it to spoil."""

import shutil
from pathlib import Path

import pytest

GOOD = Path(__file__).resolve().parent.parent / "bad_rules" / "good"


@pytest.fixture
def good() -> Path:
    """The good tiny rulebook."""
    return GOOD


@pytest.fixture
def good_files() -> list[Path]:
    """Every file of the good tiny rulebook."""
    return sorted(GOOD.rglob("*.yaml"))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the good tiny rulebook that a test may change."""
    return Path(shutil.copytree(GOOD, tmp_path / "rules"))
