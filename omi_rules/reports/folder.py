"""A run folder that is there whole, or not at all, and is its owner's alone."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from omi_rules.problems import OutputError

#: What a run writes; a folder with anything else in it is not ours to replace.
RUN_FILES = frozenset(
    {
        "run.json",
        "outcomes.parquet",
        "cases.parquet",
        "measures.parquet",
        "staff_outcomes.parquet",
        "staff_findings.jsonl",
        "findings.csv",
        "findings.jsonl",
        "conclusions.jsonl",
        "rejects.csv",
    }
)


@contextmanager
def new_run_folder(folder: Path) -> Iterator[Path]:
    """A scratch folder beside `folder` that takes its place at the end; on any failure nothing is left of it.

    Only an earlier run is ever replaced; anything else there is an OutputError.
    """
    check_target(folder)
    # a folder named `.` has a name, and neighbours, only when it is spelt out
    place = folder.absolute()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}. Choose another --output.") from None
    try:
        yield scratch
        _settle(scratch)
        check_target(folder)
        _put_in_place(scratch, place)
    except OSError as error:
        raise OutputError(
            f"{folder} could not be written: {error.strerror}. Free some space or choose another --output."
        ) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def check_target(folder: Path) -> None:
    """OutputError unless a run may be put at `folder`: nothing is there, an empty folder, or an earlier run."""
    try:
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise OutputError(f"{folder} is not a folder. Choose another --output.")
        held = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
        if held and not _is_run(folder):
            raise OutputError(f"{folder} holds something that is not a run. Choose a new folder for --output.")
    except OSError as error:
        raise OutputError(f"{folder} cannot be read: {error.strerror}. Choose another --output.") from None
    if strange := sorted(held - RUN_FILES):
        raise OutputError(
            f"{folder} holds {strange[0]} beside an earlier run, and would lose it. "
            "Move it away, or choose another --output."
        )


def _is_run(folder: Path) -> bool:
    """Whether run.json is there and is this program's."""
    try:
        summary = json.loads((folder / "run.json").read_bytes())
    except (FileNotFoundError, IsADirectoryError, ValueError):
        return False
    program = summary.get("program") if isinstance(summary, dict) else None
    return isinstance(program, dict) and program.get("name") == "omi-rules"


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
        scratch.rename(folder)
    finally:
        # whatever came between, even Ctrl-C: the earlier run comes back, and only goes when the new one is there
        if not folder.exists() and (old / "run").exists():
            (old / "run").rename(folder)
        shutil.rmtree(old, ignore_errors=True)
