"""A run folder that is there whole, or not at all, and is its owner's alone."""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from omi_rules.paths import check_path
from omi_rules.problems import OutputError, UsageError
from omi_rules.reports.scratch import put_in_place, scratch_beside

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
        "waivers.csv",
    }
)
#: Stands in the name of an output for the as-at date, so that every night has its own folder.
AS_AT = "{as_at}"


@dataclass(frozen=True)
class Kind:
    """A sort of folder that the program writes: what it is called, the file that tells it, and every file it may have.

    One that is not `replaceable` is written once."""

    noun: str
    marker: str
    files: frozenset[str]
    replaceable: bool = True


_RUN = Kind("run", "run.json", RUN_FILES)


def check_name(output: Path) -> None:
    """UsageError where a name in braces, or a brace alone, stands for nothing, or the path is none to write to."""
    check_path("--output", output)
    for name in re.findall(r"\{[^{}]*\}|[{}]", str(output)):
        if name != AS_AT:
            raise UsageError(f"--output: {name} stands for nothing; only {AS_AT} stands for the as-at date.")


def name_for(output: Path, as_at: date) -> Path:
    """The folder of a run as at a day: the output, with the day in place of `{as_at}`."""
    return Path(str(output).replace(AS_AT, as_at.isoformat()))


def folder_of_nights(output: Path) -> Path:
    """The folder that all nights share: where the first name with `{as_at}` in it is made."""
    return next(place for place in output.parents if AS_AT not in str(place))


def new_run_folder(folder: Path) -> AbstractContextManager[Path]:
    """A new folder for a run; only an earlier run is ever replaced."""
    return new_folder(folder, _RUN)


@contextmanager
def new_folder(folder: Path, kind: Kind) -> Iterator[Path]:
    """A scratch folder beside `folder` that takes its place at the end; on any failure nothing is left of it.

    Only an earlier one of its kind is ever replaced; anything else there is an OutputError.
    """
    with prepare_folder(folder, kind) as new:
        yield new.scratch
        new.put_in_place()


@dataclass(frozen=True)
class NewFolder:
    """What is to be a folder: it is written in `scratch`, and takes its place when it is told to."""

    scratch: Path
    put_in_place: Callable[[], None]


@contextmanager
def prepare_folder(folder: Path, kind: Kind = _RUN) -> Iterator[NewFolder]:
    """A new folder, as `new_folder` makes it, that is put in place within the block.

    If the block fails after that, what was there before is there again."""
    check_target(folder, kind)
    # a folder named `.` has a name, and neighbours, only when it is spelt out
    place = folder.absolute()
    with ExitStack() as left:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            scratch = left.enter_context(scratch_beside(place))
        except OSError as error:
            raise OutputError(f"{folder} cannot be written: {error.strerror}. Choose another --output.") from None
        try:
            with ExitStack() as placed:

                def put() -> None:
                    settle(scratch.iterdir())
                    scratch.chmod(0o700)
                    check_target(folder, kind)
                    placed.enter_context(put_in_place(scratch, place))

                yield NewFolder(scratch, put)
        except OSError as error:
            raise OutputError(
                f"{folder} could not be written: {error.strerror}. Free some space or choose another --output."
            ) from None


def check_target(folder: Path, kind: Kind = _RUN) -> None:
    """OutputError unless a new folder may be put at `folder`: nothing is there, an empty one, or one of its kind."""
    try:
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise OutputError(f"{folder} is not a folder. Choose another --output.")
        held = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
        if held and not _is(folder, kind):
            raise OutputError(f"{folder} holds something that is not a {kind.noun}. Choose a new folder for --output.")
        if held and not kind.replaceable:
            raise OutputError(f"{folder} holds a {kind.noun} already. Choose a new folder for --output.")
    except OSError as error:
        raise OutputError(f"{folder} cannot be read: {error.strerror}. Choose another --output.") from None
    if strange := sorted(held - kind.files):
        raise OutputError(
            f"{folder} holds {strange[0]} beside an earlier {kind.noun}, and would lose it. "
            "Move it away, or choose another --output."
        )


def _is(folder: Path, kind: Kind) -> bool:
    """Whether the file that tells this kind of folder is there and is this program's."""
    try:
        content = json.loads((folder / kind.marker).read_bytes())
    except (FileNotFoundError, IsADirectoryError, ValueError):
        return False
    program = content.get("program") if isinstance(content, dict) else None
    return isinstance(program, dict) and program.get("name") == "omi-rules"


def settle(files: Iterable[Path]) -> None:
    """Make every file its owner's alone, and have it on the disk: one that is there already costs nothing more."""
    for path in files:
        path.chmod(0o600)
        with path.open("rb") as file:
            os.fsync(file.fileno())
