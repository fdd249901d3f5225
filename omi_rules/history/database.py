"""Connections to a store: one that writes, and any number that read beside it, in SQLite or PostgreSQL.

SQLite runs in WAL mode: readers see the last whole run while the next is written. No message holds what a driver
says of its values: only what went wrong, and what to do.
"""

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from omi_rules.history.migrations import MIGRATIONS, check_version, upgrade, version_of
from omi_rules.history.place import Place
from omi_rules.problems import HeldError, OutputError, UsageError

#: How long a statement waits for another's, in seconds; only copying a store aside ever takes so long.
_PATIENCE = 30
#: What the writer sets: readers beside it, nothing lost with the power, and no row that refers to none.
_WRITING = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
#: How every file of SQLite begins.
_MAGIC = b"SQLite format 3\0"
_NO_STORE = "it is no store: name another file, or put back a copy of it"
_DAMAGED = "it is damaged: put back a copy of it, and check the export again"
_REMEDIES = (
    ("disk is full", "there is no space left: free some"),
    ("disk i/o error", "the disk failed or is full: free some space, and look at the disk"),
    ("readonly", "it is read-only: give its owner the right to write, or name another store"),
    ("unable to open", "it cannot be opened: look at its folder, and who may write there"),
    ("not a database", _NO_STORE),
    ("malformed", _DAMAGED),
    ("no such table", _DAMAGED),
)


@contextmanager
def plain_faults(place: Place) -> Iterator[None]:
    """Whatever a driver raises becomes a sentence about the store."""
    try:
        yield
    except (UnicodeDecodeError, zlib.error, json.JSONDecodeError):
        raise OutputError(damaged(place)) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        said = str(cause).lower()
        if "database is locked" in said:
            raise HeldError(
                f"the store {place.words} is held by another program. Wait for it, and run again."
            ) from None
        known = (remedy for words, remedy in _REMEDIES if words in said)
        remedy = next(known, f"the database answered {type(cause).__name__}. Look at it, and run again")
        raise OutputError(f"the store {place.words} could not be used: {remedy}.") from None


def open_for_writing(place: Place) -> Engine:
    """An engine for the one writer; a new or older store is brought to the latest version. Call `dispose` at the end.

    A transaction of it holds SQLite's write lock from its first moment."""
    with plain_faults(place):
        if place.path is None:
            engine = connect_postgresql(place)
        else:
            _create_file(place.path)
            _check_beginning(place, place.path)
            _check_owner(place.path)
            engine = _sqlite(place.path, "rw", "BEGIN IMMEDIATE", _WRITING)
            _check_pages(place, engine)
        upgrade(engine)
    return engine


def _check_beginning(place: Place, path: Path) -> None:
    """OutputError for a file of a few bytes: SQLite would take what is left of a store for a new one."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) not in (b"", _MAGIC):
            raise OutputError(f"the store {place.words} could not be used: {_NO_STORE}.")


def _check_owner(path: Path) -> None:
    """OutputError for a file of another program, before a writer sets so much as the file's mode."""
    engine = _to_read(path)
    try:
        with engine.begin() as connection:
            version_of(connection)
    finally:
        engine.dispose()


def _check_pages(place: Place, engine: Engine) -> None:
    """OutputError for a file whose pages do not fit together: nothing more is written to it."""
    with engine.begin() as connection:
        if faults_in_pages(connection, thorough=False):
            raise OutputError(damaged(place))


def faults_in_pages(connection: Connection, *, thorough: bool) -> bool:
    """Whether SQLite finds its own file damaged; `thorough` compares the indexes with the rows too. PostgreSQL looks
    after its own pages."""
    if connection.dialect.name != "sqlite":
        return False
    check = "integrity_check" if thorough else "quick_check"
    return bool(connection.exec_driver_sql(f"PRAGMA {check}(1)").scalar_one() != "ok")


def damaged(place: Place) -> str:
    """What is said of a store that is not as it was recorded."""
    return f"the store {place.words} could not be used: {_DAMAGED}."


@contextmanager
def read_store(place: Place) -> Iterator[Connection]:
    """A connection that sees one moment of a store, whatever is written meanwhile."""
    if place.path is not None and not place.path.is_file():
        raise UsageError(f"there is no store {place.words}: `omi-rules check EXPORT --store {place.words}` makes one.")
    with plain_faults(place):
        engine = connect_postgresql(place) if place.path is None else _to_read(place.path)
        if place.path is None:
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        try:
            with engine.begin() as connection:
                version = version_of(connection)
                check_version(version)
                if version < len(MIGRATIONS):
                    raise UsageError(
                        f"the store {place.words} is of an older version: the next "
                        f"`omi-rules check EXPORT --store {place.words}` upgrades it."
                    )
                yield connection
        finally:
            engine.dispose()


def _to_read(path: Path) -> Engine:
    return _sqlite(path, _reading(path), "BEGIN", ("query_only = ON",))


def _reading(path: Path) -> str:
    """How to open a store for reading: like the writer, where one may, so that the last one out leaves no other file.

    Where nothing can be written, SQLite has to be told that nobody writes.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "rw"
    still = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    return "ro&immutable=1" if still else "ro"


def _create_file(path: Path) -> None:
    """An empty file that is its owner's alone from the first moment; SQLite gives its other files the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise OutputError(f"the store {path} cannot be made: {error.strerror}. Name another file.") from None


def _sqlite(path: Path, mode: str, begin: str, pragmas: Sequence[str]) -> Engine:
    def connect() -> sqlite3.Connection:
        # SQLAlchemy's transactions are begun below; the driver is to begin none of its own
        return sqlite3.connect(
            f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=_PATIENCE, isolation_level=None
        )

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def connect_postgresql(place: Place) -> Engine:
    """An engine for a database as it is."""
    try:
        return create_engine(
            place.url,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"connect_timeout": _PATIENCE, "application_name": f"omi-rules {os.getpid()}"},
        )
    except ModuleNotFoundError:
        raise UsageError(
            "a store in PostgreSQL needs its driver: python -m pip install 'omi-rules[postgresql]'"
        ) from None
