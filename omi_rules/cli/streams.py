"""Data to stdout, messages and progress to stderr, and no fuss when a reader goes away."""

import os
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import TextIO

import click

from omi_rules.cli.event_log import EventLog
from omi_rules.problems import OutputError
from omi_rules.reports.words import printable

_STDOUT, _STDERR = 1, 2


def open_closed() -> None:
    """Lead to nowhere what was closed by whoever started the program: else the first files that it opens would stand in
    the place of stdout and stderr."""
    while (handle := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        pass
    os.close(handle)
    if sys.stdout is None:
        sys.stdout = os.fdopen(_STDOUT, "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(_STDERR, "w", encoding="utf-8")


def say(message: str) -> None:
    """A message to the person at the terminal, on stderr; one that cannot be written is let go."""
    try:
        click.echo(printable(message), err=True)
    except OSError:
        _point_at_nothing(sys.stderr)


def write_lines(lines: Iterable[str]) -> None:
    """Lines of text to stdout, with whatever colour they hold."""
    write_text("".join(f"{line}\n" for line in lines))


def write_text(text: str) -> None:
    """Text to stdout in UTF-8."""
    write_bytes([text.encode("utf-8", "backslashreplace")])


def write_bytes(pieces: Iterable[bytes]) -> None:
    """Bytes to stdout, piece by piece; stops quietly if their reader has gone."""
    try:
        sys.stdout.flush()
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _point_at_nothing(sys.stdout)
    except OSError as error:
        _point_at_nothing(sys.stdout)
        raise OutputError(f"standard output could not be written: {error.strerror}") from None


def close_stdout() -> bool:
    """Whether everything said on stdout has arrived; a reader that has gone wanted no more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _point_at_nothing(sys.stdout)
    except OSError:
        _point_at_nothing(sys.stdout)
        return False
    return True


def _point_at_nothing(stream: TextIO) -> None:
    """Let what is still buffered go to nowhere, so that nothing complains at exit."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)


def has_colour() -> bool:
    """Whether stdout is a terminal that may be coloured."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Progress:
    """One line on stderr that says what is being done, and is wiped at the end; nothing but on a terminal.

    The log of the command, if it has one, is told as well."""

    def __init__(self, quiet: bool = False) -> None:
        self._log = EventLog.current()
        wanted = not quiet and not self._log.is_on_stderr
        self._shown = wanted and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> "Progress":
        return self

    def __call__(self, doing: str) -> None:
        """Say what is being done now."""
        self._log.tell("stage", doing=doing)
        if self._shown:
            click.echo(f"\r\x1b[K{printable(doing)[:78]}", err=True, nl=False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
