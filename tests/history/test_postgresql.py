"""A store on PostgreSQL holds what one in a file holds, and is free as soon as its writer has ended."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from omi_rules.history.chain import verify
from omi_rules.history.database import read_store
from omi_rules.history.place import find_place
from omi_rules.history.writer import hold_store
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


def test_postgresql_is_unlocked_before_it_notices_that_the_writer_has_gone(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = find_place(server.new_database())
    lingering = create_engine(place.url)
    with monkeypatch.context() as patched:
        # a connection that stays, as PostgreSQL's own process does for a while after the connection has gone
        patched.setattr("omi_rules.history.writer.connect_postgresql", lambda _: lingering)
        patched.setattr(lingering, "dispose", lambda: None)
        with hold_store(place):
            pass

    with hold_store(place):
        pass
    lingering.dispose()
