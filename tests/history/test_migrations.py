"""Stores of other versions: an older one is brought up at the next write, a newer one refused, none is half-made."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select

from omi_rules.history.chain import verify
from omi_rules.history.database import open_for_writing, read_store
from omi_rules.history.migrations import MIGRATIONS, Migration, upgrade, version_of
from omi_rules.history.place import find_place
from omi_rules.history.tables import SCHEMA, told
from omi_rules.problems import OutputError, UsageError
from tests.cli.running import run
from tests.history.nights import Area, case, intervals, plan, tables
from tests.history.server import Server

#: A store of two runs as version 1 wrote it, made once by code and never changed since.
VERSION_1 = Path(__file__).with_name("stores") / "version-1.sql"


@pytest.fixture
def old_store(area: Area) -> str:
    """The store of version 1."""
    with sqlite3.connect(area.store) as connection:
        connection.executescript(VERSION_1.read_text("utf-8"))
    connection.close()
    return area.store


def test_older_store_is_upgraded_by_the_next_write_and_keeps_what_it_knew(area: Area, old_store: str) -> None:
    with pytest.raises(UsageError, match="is of an older version"), read_store(find_place(old_store)):
        pass

    changes = area.changes(tables(case("A"), case("B"), plans=[plan("A"), plan("B")]), 2)

    assert (changes.before, changes.run) == (2, 3)
    with read_store(find_place(old_store)) as connection:
        assert version_of(connection) == len(MIGRATIONS)
        assert verify(connection).faults == ()
    ended = {(row[0], row[1]): row[8:] for row in intervals(old_store)}
    assert ended["B", "ethnicity-recorded"] == ("put_right", 2)
    assert ended["A", "risk-management-plan-on-time"][1] == 3


def test_newer_store_is_refused_and_left_alone(area: Area) -> None:
    area.night(tables(case("A")))
    with sqlite3.connect(area.store) as connection:
        connection.execute(f"INSERT INTO schema_versions VALUES ({len(MIGRATIONS) + 1}, 'to come', '')")
    connection.close()
    export = area.export(tables(case("A")))

    for shown in (
        run("check", export, "--store", area.store, "--rules", area.rules),
        run("history", "list", "--store", area.store),
    ):
        assert (shown.code, shown.out) == (6, "")
        assert "a newer omi-rules has written it. Update omi-rules" in shown.err


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE runs (distance INTEGER)",
        "CREATE TABLE places (name TEXT)",
        "CREATE TABLE records (artist TEXT)",
        "CREATE VIEW findings AS SELECT 1 AS one",
        "CREATE TABLE schema_versions (version TEXT)",
        "CREATE TABLE schema_versions (version TEXT, name TEXT, applied_at TEXT)",
    ],
)
def test_file_of_another_program_is_refused_and_left_alone(area: Area, statement: str) -> None:
    with sqlite3.connect(area.store) as connection:
        connection.execute(statement)
    connection.close()
    before = Path(area.store).read_bytes()

    for shown in (
        run("check", area.export(tables(case("A"))), "--store", area.store, "--rules", area.rules),
        run("history", "list", "--store", area.store),
    ):
        assert (shown.code, shown.out) == (6, "")
        assert "the store holds tables of another program: name another file or database" in shown.err
    assert Path(area.store).read_bytes() == before
    assert [entry.name for entry in Path(area.store).parent.glob("*.db*")] == [Path(area.store).name]


def test_schema_of_postgresql_may_have_tables_of_others_that_are_not_called_like_ours(
    area: Area, server: Server
) -> None:
    for name, is_refused in (("places", False), ("records", True)):
        place = find_place(server.new_database())
        engine = create_engine(place.url)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE TABLE {name} (name TEXT)")
        if is_refused:
            with pytest.raises(OutputError, match="tables of another program"):
                open_for_writing(place)
        else:
            open_for_writing(place).dispose()
        assert (inspect(engine).get_table_names() == [name]) == is_refused
        engine.dispose()


def test_steps_make_the_tables_that_the_program_reads(store: str) -> None:
    engine = open_for_writing(find_place(store))

    made = inspect(engine)
    assert set(made.get_table_names()) == set(SCHEMA.tables)
    for name, table in SCHEMA.tables.items():
        columns = {
            column["name"]: (type(column["type"])._type_affinity, column["nullable"])
            for column in made.get_columns(name)
        }
        wanted = {column.name: (type(column.type)._type_affinity, column.nullable) for column in table.columns}
        if "://" not in store:  # SQLite takes a key of whole numbers for one that may be absent
            columns = {name: (kind, wanted[name][1]) for name, (kind, _) in columns.items()}
        assert columns == wanted, name
    engine.dispose()


def test_step_that_fails_leaves_the_steps_before_it(store: str) -> None:
    engine = open_for_writing(find_place(store))

    def fail(connection: object) -> None:
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")  # type: ignore[attr-defined]
        raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        upgrade(engine, (*MIGRATIONS, Migration("that fails", fail)))

    with engine.begin() as connection:
        assert version_of(connection) == len(MIGRATIONS)
        assert "half" not in inspect(connection).get_table_names()
    engine.dispose()


#: What a store of version 5 knew of messages: runs that were told of, each with the run that it was set beside, and
#: messages by way and run; and what each way has told from version 6 on, as (way, run, beside).
_TOLD = {
    "two ways": ([(1, 0), (2, 1)], ["mail 1", "mail 2", "files 2"], ["files 2 1", "mail 1 0", "mail 2 1"]),
    "a night without news": ([(1, 0), (2, 1), (3, 2)], ["mail 1", "mail 3"], ["mail 1 0", "mail 3 2"]),
    "never any news": ([(1, 0), (2, 1)], [], ["files 1 0", "mail 1 0", "webhook 1 0"]),
    "no news beside a run that was not told of": ([(3, 2)], [], []),
}


@pytest.mark.parametrize("told_of", _TOLD)
def test_store_of_version_5_has_told_what_each_way_told(store: str, told_of: str) -> None:
    notified, sent, expected = _TOLD[told_of]
    place = find_place(store)
    engine = create_engine(place.url if place.path is None else f"sqlite:///{place.path}")
    upgrade(engine, MIGRATIONS[:5])
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO rulebooks VALUES (1, 'hash', 'small', '2006.1')")
        for run in (1, 2, 3):
            values = f"{run}, '', '2006-12-0{run}', 1, '1.0', '', 1, 0, '[]', '', '', ''"
            connection.exec_driver_sql(f"INSERT INTO runs VALUES ({values})")
        for run, since in notified:
            connection.exec_driver_sql(f"INSERT INTO notified VALUES ({run}, {since})")
        for name in sent:
            way, number = name.split()
            for kind in ("alerts", "area"):
                values = f"'{kind} {name}', '{way}', {number}, 1, '{kind}', NULL, 1, 1, NULL, '', NULL"
                connection.exec_driver_sql(f"INSERT INTO messages VALUES ({values})")
    engine.dispose()

    open_for_writing(place).dispose()

    with read_store(place) as connection:
        known = connection.execute(select(told.c.way, told.c.run, told.c.since)).all()
    assert sorted(" ".join(map(str, row)) for row in known) == expected
