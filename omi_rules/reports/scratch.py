"""Scratch folders beside what they will replace, and the removal of those whose process was killed.

A scratch folder is locked for as long as its process lives. One that nobody holds was left behind, with case data in
it: the next that is made for the same place removes it, and puts back an earlier folder that was moved away into it.
"""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: Under this name an earlier folder waits in a scratch folder until the new one has taken its place.
_EARLIER = "earlier"


@contextmanager
def scratch_beside(place: Path) -> Iterator[Path]:
    """An empty folder of its owner's alone beside `place`, gone at the end with what is left in it."""
    _tidy(place)
    scratch, handle = _make(place)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        os.close(handle)


@contextmanager
def put_in_place(new: Path, place: Path) -> Iterator[None]:
    """Move `new` to `place`: for good if the block ends well, and only then an earlier folder goes."""
    with scratch_beside(place) as aside:
        try:
            if place.exists():
                place.rename(aside / _EARLIER)
            new.rename(place)
            yield
        except BaseException:
            if not new.exists():
                place.rename(new)
            raise
        finally:
            # whatever came between, even Ctrl-C: the earlier one comes back
            _put_back(aside, place)


def _put_back(aside: Path, place: Path) -> None:
    if not place.exists() and (aside / _EARLIER).exists():
        (aside / _EARLIER).rename(place)


def _make(place: Path) -> tuple[Path, int]:
    """A new scratch folder, and the handle that holds its lock."""
    while True:
        scratch = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
        try:
            handle = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue  # another process that tidies has come between
        # where the file system has no locks nobody gets one, and nothing is tidied
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        # or it came before the lock
        if scratch.exists():
            return scratch, handle
        os.close(handle)


def _tidy(place: Path) -> None:
    ours = re.compile(re.escape(_prefix(place)) + "[a-z0-9_]{8}")
    for left in sorted(place.parent.iterdir()):
        if ours.fullmatch(left.name):
            _remove_if_left(left, place)


def _remove_if_left(left: Path, place: Path) -> None:
    try:
        handle = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _put_back(left, place)
        shutil.rmtree(left, ignore_errors=True)
    except OSError:
        return  # its process lives, or nothing can be told of it
    finally:
        os.close(handle)


def _prefix(place: Path) -> str:
    return f".{place.name}.omi-rules-"
