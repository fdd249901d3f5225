"""Checks an export on a disk that is too small: `python filled.py FOLDER STEP ARGUMENT...`, alone in a mount namespace.

FOLDER/before is what lies there before the night; `@` in an argument stands for the small disk, and `%` for a folder
with the same in it that has room. The night is run on disks that leave it STEP more bytes each time, until it
succeeds. What it left on each is moved to FOLDER/000 and so on, that of a disk which nobody may write to is moved to
FOLDER/read-only, what is beside it stays in FOLDER/000-beside and so on, and FOLDER/ended.json has the exit codes and
what was said.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from omi_rules import pipeline
from omi_rules.cli.main import main
from omi_rules.history import recorder
from omi_rules.reports import run_files, staff_files

#: Imported once, here: every run is a fork of this process.
LOADED = (pipeline, recorder, run_files, staff_files)


def run_apart(arguments: Sequence[str], notes: Path) -> int:
    """Run the command in a process of its own; its exit code, or the signal that ended it as a negative number."""
    if (child := os.fork()) == 0:
        handle = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        main(list(arguments))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def fill(folder: Path, step: int, arguments: Sequence[str]) -> None:
    """The nights, on larger and larger disks; then one on a disk that nobody may write to."""
    ended = []
    while not ended or ended[-1]["code"] != 0:
        ended.append(run_on_disk(folder, f"{len(ended):03}", leaving(len(ended) * step), arguments))
    ended.append(run_on_disk(folder, "read-only", lambda _: "ro", arguments))
    (folder / "ended.json").write_text(json.dumps(ended))


def leaving(room: int) -> Callable[[int], str]:
    """What limits a disk to so many bytes more than are used."""
    return lambda used: f"size={used + room}"


def run_on_disk(folder: Path, name: str, limit: Callable[[int], str], arguments: Sequence[str]) -> dict[str, Any]:
    """One night on a disk of its own, with what lay there before, and a limit set after that."""
    disk, notes, beside = folder / "disk", folder / "notes.txt", folder / f"{name}-beside"
    shutil.copytree(folder / "before", beside)
    disk.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "none", disk], check=True)
    shutil.copytree(folder / "before", disk, dirs_exist_ok=True)
    state = os.statvfs(disk)
    used = (state.f_blocks - state.f_bfree) * state.f_frsize
    subprocess.run(["mount", "-o", f"remount,{limit(used)}", disk], check=True)
    places = [argument.replace("@", str(disk)).replace("%", str(beside)) for argument in arguments]
    code = run_apart(places, notes)
    shutil.copytree(disk, folder / name)
    subprocess.run(["umount", disk], check=True)
    return {"code": code, "said": notes.read_text()}


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
