"""Follows a document: runs each command that it shows, in a folder, and gives what the command says."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.cli.running import TOP, environment


def read_document(name: str) -> str:
    """A document of the folder `docs`."""
    return (TOP / "docs" / name).read_text("utf-8")


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of the console blocks, or of one of them, with the output shown below it."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL) or [text]
    for part in (part for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]):
        command, _, shown = part.partition("\n")
        yield command, shown


class Shell:
    """A shell in a folder, to which the program is known as `omi-rules`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / ".bin" / "omi-rules"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m omi_rules.cli "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        self._settings = environment({})
        self._settings["PATH"] = f"{program.parent}:{Path(sys.executable).parent}:{self._settings['PATH']}"

    def run(self, command: str) -> str:
        """What a command says, messages and all."""
        return subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=self._settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        ).stdout
