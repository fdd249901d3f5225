"""A run folder that is there whole, or not at all, and is its owner's alone."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from omi_rules.problems import OutputError


@contextmanager
def new_run_folder(folder: Path) -> Iterator[Path]:
    """A scratch folder beside `folder` that takes its place at the end; on any failure nothing is left of it.

    Only an earlier run is ever replaced; anything else there is an OutputError.
    """
    _check_target(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}. Choose another --output.") from None
    try:
        yield scratch
        _settle(scratch)
        _put_in_place(scratch, folder)
    except OSError as error:
        raise OutputError(
            f"{folder} could not be written: {error.strerror}. Free some space or choose another --output."
        ) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _check_target(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise OutputError(f"{folder} is not a folder. Choose another --output.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "run.json").is_file():
        raise OutputError(f"{folder} holds something that is not a run. Choose a new folder for --output.")


def _settle(scratch: Path) -> None:
    """Make every file its owner's alone, and have it on the disk before the folder appears."""
    for path in scratch.iterdir():
        path.chmod(0o600)
        with path.open("rb") as file:
            os.fsync(file.fileno())
    scratch.chmod(0o700)


def _put_in_place(scratch: Path, folder: Path) -> None:
    if not folder.exists():
        scratch.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    try:
        folder.rename(old / "run")
        try:
            scratch.rename(folder)
        except OSError:
            (old / "run").rename(folder)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
