"""Scratch files, where the machine has its own: they may hold case records, and are gone at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from omi_rules.problems import OutputError

REMEDY = "set TMPDIR to a folder that this user can write, and that has room"


@contextmanager
def temporary_folder(within: str | None = None) -> Iterator[str]:
    """A folder of its owner's alone, gone with all that is in it when the block ends."""
    with blaming_the_place():
        folder = TemporaryDirectory(prefix="omi-rules-", dir=within)
    with folder as path:
        yield path


def temporary_file() -> IO[bytes]:
    """A file without a name, gone when it is closed."""
    with blaming_the_place():
        return TemporaryFile()


@contextmanager
def blaming_the_place() -> Iterator[None]:
    """Say what to do where scratch files have no place."""
    try:
        yield
    except OSError:
        raise OutputError(f"there is no place for scratch files: {REMEDY}.") from None
