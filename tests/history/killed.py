"""Runs a command many times over, and kills each run at another moment:
`python killed.py FOLDER WATCHED EVERY NEVER_LEFT_OUT ARGUMENT...`.

FOLDER/before is what lies there before the run; `@` in an argument stands for the copy of it that the run works in. A
rehearsal notes which functions of the files WATCHED end, in the order of their first end; each run that follows is
killed at one of these moments: no handler, no `finally` and no rollback runs, and what is on the disk is all that is
left. Of so many moments as EVERY says one is taken, and those named in NEVER_LEFT_OUT are in any case. The copies stay,
as FOLDER/000 and so on, and FOLDER/moments.json names the moments that were taken.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import omi_rules
from omi_rules import pipeline
from omi_rules.cli.main import main
from omi_rules.history import recorder, writer
from omi_rules.reports import run_files, staff_files

#: Imported once, here: every run is a fork of this process.
LOADED = (pipeline, recorder, writer, run_files, staff_files)
PACKAGE = Path(omi_rules.__file__).parent


@dataclass(frozen=True)
class Run:
    """What is run, and the files whose functions are watched."""

    watched: frozenset[str]
    arguments: Sequence[str]


def watch(watched: frozenset[str], arrive: Callable[[str], None]) -> None:
    """Call `arrive` with the name of every function of the watched files that ends, from now on, in this thread."""

    def profile(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "return" and code.co_filename in watched and "<" not in code.co_qualname:
            arrive(f"{Path(code.co_filename).stem}.{code.co_qualname}")

    sys.setprofile(profile)


def run_apart(folder: Path, arguments: Sequence[str], prepare: Callable[[], None]) -> int:
    """Run the command in a process of its own that begins with `prepare`; how it ended."""
    if (child := os.fork()) == 0:
        words = [argument.replace("@", str(folder)) for argument in arguments]
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        prepare()
        main(words)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def rehearse(folder: Path, watched: frozenset[str], arguments: Sequence[str]) -> list[str]:
    """The moments of a run that is not killed: the names of the functions, in the order in which they first end."""
    notes = folder / "moments.txt"

    def prepare() -> None:
        met: set[str] = set()
        file = notes.open("w")

        def note(name: str) -> None:
            if name not in met:
                met.add(name)
                print(name, file=file, flush=True)

        watch(watched, note)

    assert run_apart(folder, arguments, prepare) == 0
    return notes.read_text().splitlines()


def kill_at(watched: frozenset[str], moment: str) -> Callable[[], None]:
    """What makes a process kill itself at a moment."""

    def arrive(name: str) -> None:
        if name == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    return lambda: watch(watched, arrive)


def some_of(moments: Sequence[str], every: int, never_left_out: frozenset[str]) -> list[str]:
    """One moment of so many, from the first to the last, and those that are never left out."""
    ends = {0, len(moments) - 1}
    return [
        moment
        for number, moment in enumerate(moments)
        if number % every == 0 or number in ends or moment in never_left_out
    ]


def kill_everywhere(folder: Path, choose: Callable[[list[str]], list[str]], run: Run) -> None:
    """One run for each moment that is chosen."""
    before, rehearsal = folder / "before", folder / "rehearsal"
    shutil.copytree(before, rehearsal)
    moments = choose(rehearse(rehearsal, run.watched, run.arguments))
    for number, moment in enumerate(moments):
        place = folder / f"{number:03}"
        shutil.copytree(before, place)
        ended = run_apart(place, run.arguments, kill_at(run.watched, moment))
        assert ended == -signal.SIGKILL, (moment, ended)
    (folder / "moments.json").write_text(json.dumps(moments))


if __name__ == "__main__":
    where, watched, every, never_left_out, *arguments = sys.argv[1:]
    kill_everywhere(
        Path(where),
        lambda moments: some_of(moments, int(every), frozenset(never_left_out.split(","))),
        Run(frozenset(str(PACKAGE / name) for name in watched.split(",")), arguments),
    )
