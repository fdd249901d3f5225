"""Follows a document: runs each command that it shows, in a folder, and gives what the command says."""

import contextlib
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from omi_rules.cli.main import main
from tests.cli.running import TOP, environment

#: A command of the program's alone, that a shell would hand on word for word.
PLAIN = re.compile(r"""omi-rules(?: (?:[\w./:=%@,-]+|"[\w ./:=%@,-]*"))*""")


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
    """A shell in a folder, to which the program is known as `omi-rules`.

    What needs no shell is run in this process, in which the program is imported and its rulebook read already, unless
    every command should have a process of its own.
    """

    def __init__(self, folder: Path, *, apart: bool = False) -> None:
        self.folder = folder
        self.apart = apart
        #: How the latest command ended.
        self.code = 0
        program = folder / ".bin" / "omi-rules"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m omi_rules.cli "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        self._settings = environment({})
        self._settings["PATH"] = f"{program.parent}:{Path(sys.executable).parent}:{self._settings['PATH']}"

    def run(self, command: str) -> str:
        """What a command says, messages and all."""
        if PLAIN.fullmatch(command) and not self.apart:
            return self._run_here(shlex.split(command)[1:])
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=self._settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.code = done.returncode
        return done.stdout

    def _run_here(self, arguments: list[str]) -> str:
        """The same of arguments of the program."""
        # as `environment` has it: None takes a variable away
        colourless = {"NO_COLOR": None, "FORCE_COLOR": None}
        with contextlib.chdir(self.folder):
            result = CliRunner().invoke(main, arguments, prog_name="omi-rules", env=colourless, catch_exceptions=False)
        self.code = result.exit_code
        return result.output
