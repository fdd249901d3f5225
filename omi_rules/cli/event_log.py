"""`--log-json`: what a command went through, one line of JSON an event, held to schemas/log.schema.json.

Lines are added to what the file holds. The last one of a command is `finished`, however it ends; only a command that
was killed has none. No line holds the value of a cell, a case reference, what was typed on the command line, or a place
that the settings name.
"""

import json
import os
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import click

from omi_rules import __version__
from omi_rules.problems import OutputError

OPTION = "--log-json"
_STDERR = "stderr"
#: Names of files and folders that the documents use; they tell of nobody, and stand in many a sentence.
_OWN_WORDS = frozenset({"", ".", "/", "export", "run", "runs", "store", "output", "rules"})
#: Options whose number a sentence has to tell: which limit an export has passed.
_LIMITS = frozenset({"--max-age", "--max-rejects", "--min-cases", "--drop-limit", "--fail-on"})
#: What some programs take for it, and this one refuses: stdout is for data.
_STDOUT = ("", "-")


class EventLog:
    """The log of one command, which nothing is written to before it is opened.

    `because` is what the last line says of an end without an error; `is_broken` that a line could not be written.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self.because = "it ran"
        self.is_broken = False
        self.is_on_stderr = False
        self._arguments = arguments
        self._places: set[str] = set()
        self._file: int | None = None
        self._was_opened = False
        self._run = os.urandom(8).hex()
        self._began = time.monotonic()

    @classmethod
    def current(cls) -> Self:
        """The log of the command that is running; one that is not open where there is none."""
        context = click.get_current_context(silent=True)
        return (context.find_object(cls) if context else None) or cls()

    def open(self, destination: str, command: str) -> None:
        """Begin to write to a file, or to `stderr`; OutputError if that is not possible."""
        self._open(destination)
        self.tell("started", command=command, program=__version__, python=".".join(map(str, sys.version_info[:3])))
        if self.is_broken:
            self.is_broken = False
            self._close()
            raise OutputError(f"{OPTION}: {destination} cannot be written. Free some space, or name another file.")

    def _open(self, destination: str) -> None:
        self._was_opened = True
        self.is_on_stderr = destination == _STDERR
        if self.is_on_stderr:
            return
        try:
            self._file = os.open(Path(destination), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as error:
            raise OutputError(
                f"{OPTION}: {destination} cannot be written: {error.strerror}. Name another file, or stderr."
            ) from None

    def tell(self, event: str, **facts: object) -> None:
        """Write an event with what there is to say of it; one that cannot be written makes the log broken."""
        if self._file is None and not self.is_on_stderr:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"time": now, "run": self._run, "event": event, **facts}) + "\n"
        try:
            if self._file is None:
                click.echo(line, err=True, nl=False)
            elif os.write(self._file, line.encode()) < len(line):
                self.is_broken = True
        except OSError:
            self.is_broken = True

    def finish(self, code: int, because: str) -> None:
        """Write the last line, and close the log.

        Where the command line itself is wrong, the log's place is not known yet, and is looked for in it: a job that
        was set up wrongly is to leave a line too.
        """
        if not self._was_opened and code and (place := _named_in(self._arguments)):
            self._open(place)
        self.tell("finished", exit_code=code, because=because, seconds=round(time.monotonic() - self._began, 3))
        self._close()

    def keep_out(self, place: str) -> None:
        """Have no line hold a place that the settings name."""
        self._places.add(place)

    def without_what_was_typed(self, sentence: str) -> str:
        """A sentence with a mark in place of every word of the command line, and every place that the settings name,
        however a message spells it: a folder may be named after a case."""
        from omi_rules.reports.folder import AS_AT

        spellings = {spelling for value in _typed(self._arguments) | self._places for spelling in _spellings(value)}
        for word in sorted(spellings - _OWN_WORDS, key=len, reverse=True):
            pattern = re.escape(word).replace(re.escape(AS_AT), "[0-9-]{10}")
            sentence = re.sub(rf"(?<!\w){pattern}(?!\w)", "…", sentence)
        return sentence

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
        self._file, self.is_on_stderr = None, False


def _named_in(arguments: Sequence[str]) -> str:
    """The file of --log-json among arguments that could not be understood, or nothing."""
    for word, following in pairwise([*arguments, ""]):
        option, _, value = word.partition("=")
        if option == OPTION:
            place = value or following
            return place if place not in _STDOUT else ""
    return ""


def _typed(arguments: Sequence[str]) -> set[str]:
    """What was typed after the command's name, but for limits."""
    values = set()
    for before, word in pairwise(arguments):
        option, _, value = word.partition("=") if word.startswith("--") else (before, "", word)
        if option not in _LIMITS:
            values.add(value)
    return values


def _spellings(value: str) -> set[str]:
    """How messages may spell a value: as it is; a path in short, or its end; a URL without what is not told of it."""
    rest = value.partition("://")[2]
    named = (value, rest.removeprefix("/"), rest.rpartition("@")[2].partition("?")[0])
    return {spelling for text in named for spelling in (text, str(Path(text)), Path(text).name)}


def open_log(context: click.Context, _param: click.Parameter, value: str | None) -> None:
    """Open the log of a command before anything else is done. A callback of click."""
    if value is None:
        return
    if value in _STDOUT:
        raise click.UsageError(f"{OPTION} should be a file, or stderr: stdout is for data.", context)
    log: Any = context.find_object(EventLog)
    log.open(value, context.command_path.removeprefix("omi-rules "))
