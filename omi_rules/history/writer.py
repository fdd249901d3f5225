"""One writer at a time: a second one is told at once who holds the store, and since when.

The lock is the kernel's, or PostgreSQL's: it is gone with the process that held it, however that ended. What stays
behind of a writer that was killed is a file without a lock, and the next writer takes it over.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from omi_rules.history.database import connect_postgresql, open_for_writing, plain_faults
from omi_rules.history.place import Place
from omi_rules.problems import HeldError, OutputError

#: The number of the lock in PostgreSQL: these letters, and the schema beside it.
_LOCK_CLASS = int.from_bytes(b"omi1", "big")


@contextmanager
def hold_store(place: Place) -> Iterator[Engine]:
    """The store, for this process alone to write to; HeldError if another writes to it."""
    with ExitStack() as stack:
        if place.path is not None:
            stack.enter_context(_hold_file(place, lock_file(place.path)))
        else:
            with plain_faults(place):
                _hold_database(place, stack)
        engine = open_for_writing(place)
        stack.callback(engine.dispose)
        yield engine


def lock_file(path: Path) -> Path:
    """The file beside the store that says who writes to it, while someone does."""
    return path.with_name(f"{path.name}-writer")


@contextmanager
def _hold_file(place: Place, path: Path) -> Iterator[None]:
    handle = _take(place, path)
    try:
        _sign(place, handle)
        yield
    finally:
        # first the name, then the lock: whoever opened the file meanwhile finds that it is no longer there
        path.unlink(missing_ok=True)
        os.close(handle)


def _sign(place: Place, handle: int) -> None:
    """Write who holds the store into its lock file."""
    holder = {"process": os.getpid(), "host": gethostname(), "since": _now()}
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(holder).encode(), 0)
    except OSError as error:
        raise _unwritable(place, error) from None


def _unwritable(place: Place, error: OSError) -> OutputError:
    return OutputError(
        f"the store {place.words} cannot be written: {error.strerror}. Look at its folder and disk, or name another."
    )


def _take(place: Place, path: Path) -> int:
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise _unwritable(place, error) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held = os.pread(handle, 1000, 0)
            os.close(handle)
            raise HeldError(_held_sentence(place, held)) from None
        if _is_still(handle, path):
            return handle
        os.close(handle)


def _is_still(handle: int, path: Path) -> bool:
    """Whether the file that was locked is the one that stands there: the writer before may have just removed it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _held_sentence(place: Place, held: bytes) -> str:
    try:
        holder = json.loads(held)
        who = f"process {int(holder['process'])} on {holder['host']} since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        who = "another run, just now"
    return f"the store {place.words} is held by {who}. Wait until it has ended, and run again."


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _hold_database(place: Place, stack: ExitStack) -> None:
    """Lock the database for as long as the connection lives that is opened here."""
    engine = connect_postgresql(place)
    stack.callback(engine.dispose)
    keeper = stack.enter_context(engine.connect().execution_options(isolation_level="AUTOCOMMIT"))
    taken = keeper.execute(text("SELECT pg_try_advisory_lock(:class, hashtext(current_schema()))"), _key()).scalar()
    if not taken:
        raise HeldError(_held_sentence_of(place, keeper))
    stack.callback(_let_go, keeper)


def _let_go(keeper: Connection) -> None:
    """Unlock at once: PostgreSQL notices some time after the end that a connection has gone, and the next writer may
    be there before."""
    with suppress(SQLAlchemyError):  # a connection that is lost holds nothing
        keeper.execute(text("SELECT pg_advisory_unlock(:class, hashtext(current_schema()))"), _key())


def _key() -> dict[str, int]:
    return {"class": _LOCK_CLASS}


def _held_sentence_of(place: Place, connection: Connection) -> str:
    row = connection.execute(
        text("""SELECT a.application_name, a.client_addr::TEXT,
                to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :class
                AND l.objid::BIGINT = (hashtext(current_schema())::BIGINT & 4294967295)
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"""),
        _key(),
    ).first()
    who = "another run"
    if row:
        program = str(row[0] or "a process").replace("omi-rules", "process")
        who = f"{program} on {row[1] or 'the same host'} since {row[2]}"
    return f"the store {place.words} is held by {who}. Wait until it has ended, and run again."
