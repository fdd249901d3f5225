"""Turns whatever goes wrong into a sentence on stderr and an exit code, without the value of any cell."""

import errno
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from omi_rules.cli.event_log import EventLog
from omi_rules.cli.streams import close_stdout, say
from omi_rules.problems import NO_ROOM, OmiError, OutputError, RulebookError, UsageError

INTERRUPTED = 130
OWN_FAULT = 70
_WRONG_USE = "the command, an option or a setting is wrong: the message on stderr says which"
_MAY_NOT = "a file or folder may not be opened by this user: the message on stderr says which"
_FULL = NO_ROOM | {errno.EROFS}
_PACKAGE = Path(__file__).resolve().parent.parent


def guard(run: Callable[[], Any], log: EventLog | None = None) -> int:
    """Run a command and give its exit code, whatever happens in it; the last line of its log says how it ended."""
    log = log or EventLog()
    code, because = _guard(run, log)
    if not close_stdout():
        code, because = max(code, OutputError.exit_code), "standard output could not be written"
    elif log.is_broken:
        code, because = max(code, OutputError.exit_code), "a line of this log could not be written"
    try:
        log.finish(code, because)
    except OutputError as error:
        _say_error(error)
    if log.is_broken:
        say("omi-rules: the log could not be written to its end: free some space.")
        code = max(code, OutputError.exit_code)
    return code


def _guard(run: Callable[[], Any], log: EventLog) -> tuple[int, str]:
    """The exit code, and why; a wrong command line is not repeated there, for it may name a case."""
    try:
        code = run()
    except click.ClickException as error:
        _say_usage(error)
        return UsageError.exit_code, _WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        return _say_stopped()
    except OmiError as error:
        _say_error(error)
        return error.exit_code, _WRONG_USE if isinstance(error, UsageError) else log.without_what_was_typed(str(error))
    except SystemExit:
        # click's own answer to a reader of stdout that has gone: nothing is wrong
        return 0, log.because
    except PermissionError as error:
        what = error.filename or "a file"
        say(f"omi-rules: {what} may not be opened by this user. Run as its owner, or name another.")
        return OutputError.exit_code, _MAY_NOT
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of the program, said without values
        if _was_stopping(error):
            return _say_stopped()
        full = _full_disk(error)
        if full is None:
            return OWN_FAULT, _say_fault(error)
        sentence = f"what should be written could not be: {full.strerror}"
        say(f"omi-rules: {sentence}. Free some space, or write to another disk.")
        return OutputError.exit_code, sentence
    return code if isinstance(code, int) else 0, log.because


def _say_stopped() -> tuple[int, str]:
    say("omi-rules: stopped before the end.")
    return INTERRUPTED, "it was stopped before the end"


def _was_stopping(error: BaseException | None) -> bool:
    """Whether it came of stopping: a second Ctrl-C may end what the first one had begun to tidy up."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _full_disk(error: Exception) -> OSError | None:
    """The system's word that a disk is full; xlsxwriter hands it on inside an error of its own."""
    for each in (error, *error.args):
        if isinstance(each, OSError) and each.errno in _FULL:
            return each
    return None


#: What click 8.2 and newer raise for a command of others without one of them: its message is the help, and no fault.
_ONLY_HELP: type[Exception] | tuple[()] = getattr(click.exceptions, "NoArgsIsHelpError", ())


def _say_usage(error: click.ClickException) -> None:
    message = error.format_message()
    if isinstance(error, _ONLY_HELP):
        say(message)
        return
    say(f"omi-rules: {message[:1].lower() + message[1:]}")
    context = getattr(error, "ctx", None)
    if context is not None:
        say(f"Try '{context.command_path} --help'.")


def _say_error(error: OmiError) -> None:
    for problem in error.problems if isinstance(error, RulebookError) else ():
        say(str(problem))
    say(f"omi-rules: {error}")


def _say_fault(error: Exception) -> str:
    """The sort of error and our own lines only: its message, and the lines of others, may hold values."""
    fault = f"a fault of the program itself ({_full_name(type(error))})"
    say(f"omi-rules: {fault}. No result can be relied on.")
    for place in _own_places(error.__traceback__):
        say(f"  {place}")
    say(
        "Please report it with these lines, the command without its paths, and the output of "
        "`omi-rules --version`.\nThe lines hold no data of the export; send none of it."
    )
    return fault


def _full_name(type_: type) -> str:
    return type_.__qualname__ if type_.__module__ == "builtins" else f"{type_.__module__}.{type_.__qualname__}"


def _own_places(trace: TracebackType | None) -> list[str]:
    places = []
    for frame in traceback.extract_tb(trace):
        file = Path(frame.filename)
        if file.is_relative_to(_PACKAGE):
            places.append(f"{file.relative_to(_PACKAGE.parent).as_posix()}:{frame.lineno} in {frame.name}")
    return places
