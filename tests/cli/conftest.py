"""Exports, and a run on one of them, that the tests of the command line share."""

from pathlib import Path

import pytest

from tests.areas import shared_area
from tests.cli.running import Ran, run
from tests.data.exports import AS_AT, write_csv
from tests.reports.runs import SMALL, write_rulebook


@pytest.fixture(scope="session")
def area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of 200 cases."""
    return shared_area(tmp_path_factory, 200)


@pytest.fixture(scope="session")
def checked(area: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """What a check of it with the whole rulebook says, and the folder of the run. Nothing may change that."""
    folder = tmp_path_factory.mktemp("checked") / "run"
    return run("check", area, "--output", folder), folder


@pytest.fixture(scope="session")
def small_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of ten cases, for tests to which it is all the same what a check finds."""
    return write_csv(SMALL, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small_options(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Options for it: the small rulebook, with which a check takes a third of the time, and a day."""
    return ("--rules", str(write_rulebook(tmp_path_factory.mktemp("rules"))), "--as-at", AS_AT.isoformat())
