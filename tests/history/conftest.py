"""Stores that the tests of history share: a small area on SQLite, and a real PostgreSQL of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.history.mounting import mounting
from tests.history.nights import Area
from tests.history.server import Server, find_programs, start_server
from tests.reports.runs import write_rulebook

#: Where PostgreSQL is not installed what needs it is left out, and the run says so; the gate installs it first. So is
#: what needs a small disk, where the system lets nobody mount one.
collect_ignore = [
    *([] if find_programs() else ["test_postgresql.py"]),
    *([] if mounting() else ["test_full_disk.py"]),
]
PLACES = ["file", "server"] if find_programs() else ["file"]


@pytest.fixture(scope="session")
def small_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small rulebook."""
    return write_rulebook(tmp_path_factory.mktemp("rules"))


@pytest.fixture
def area(tmp_path: Path, small_rules: Path) -> Area:
    """A folder for exports, and a store in SQLite."""
    (tmp_path / "export").mkdir()
    return Area(tmp_path / "export", small_rules, str(tmp_path / "omi-rules.db"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server that is gone with the tests."""
    with start_server() as server:
        yield server


@pytest.fixture(params=PLACES)
def store(request: pytest.FixtureRequest, area: Area) -> str:
    """Where a store may lie: a file, and a new database of the server."""
    if request.param == "file":
        return area.store
    url: str = request.getfixturevalue("server").new_database()
    return url
