"""A store on PostgreSQL holds what one in a file holds."""

from pathlib import Path

from omi_rules.history.chain import verify
from omi_rules.history.database import read_store
from omi_rules.history.place import find_place
from tests.history.living import NIGHTS, live_through
from tests.history.nights import Area, intervals
from tests.history.server import Server


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
