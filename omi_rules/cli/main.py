"""The program `omi-rules`: its commands, imported only when they are asked for."""

import importlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any, NoReturn

import click

from omi_rules import __version__
from omi_rules.cli.event_log import EventLog
from omi_rules.cli.faults import INTERRUPTED, guard
from omi_rules.cli.helping import ExampleGroup
from omi_rules.cli.streams import open_closed

#: Where each command lives; a module is imported when its command is run, or listed in the help.
_COMMANDS: Mapping[str, str] = {
    "action": "omi_rules.cli.action",
    "assess": "omi_rules.cli.assess",
    "check": "omi_rules.cli.check",
    "config": "omi_rules.cli.config",
    "demo": "omi_rules.cli.demo",
    "doctor": "omi_rules.cli.doctor",
    "due": "omi_rules.cli.due",
    "explain": "omi_rules.cli.explain",
    "history": "omi_rules.cli.history",
    "notify": "omi_rules.cli.notify",
    "register": "omi_rules.cli.register",
    "report": "omi_rules.cli.report",
    "rules": "omi_rules.cli.rules",
    "sample": "omi_rules.cli.sample",
    "schedule": "omi_rules.cli.schedule",
    "score": "omi_rules.cli.score",
    "waive": "omi_rules.cli.waive",
}


class Program(ExampleGroup):
    """The group of all commands: it finds them late, and turns whatever goes wrong into an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of the commands, in order."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, or None."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(_COMMANDS[cmd_name]), cmd_name)
        return command

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the program; on its own it ends the process with the contract's exit code."""

        log = EventLog(sys.argv[1:] if args is None else list(args))

        def run() -> Any:
            return super(Program, self).main(args, prog_name or "omi-rules", complete_var, False, obj=log, **extra)

        if not standalone_mode:
            return run()
        _tidy_up_when_told_to_end()
        return sys.exit(guard(run, log))


@click.group(
    cls=Program,
    examples=(
        ("omi-rules demo", "make a synthetic area, and check it"),
        ("omi-rules check export --output run", "check an export, and keep the results"),
        ("omi-rules explain export C00042", "say why a case was judged as it was"),
        ("omi-rules score run", "score it as an inspection would"),
        ("omi-rules history diff", "say what changed since the last run that a store keeps"),
        ("omi-rules rules show contact-frequency", "say what a rule asks, in plain English"),
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(__version__, prog_name="omi-rules", message="%(prog)s %(version)s")
def main() -> None:
    """Checks case records against the standards of an Offender Management Inspection."""


def _tidy_up_when_told_to_end() -> None:
    """Have a job that is told to end, or whose terminal is gone, stop as one that is stopped by hand does: no case data
    stays behind."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # one that should outlive its terminal, as under nohup, was started with that signal ignored
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _hang_up)


def _hang_up(number: int, _frame: FrameType | None) -> NoReturn:
    """Stop, once: the terminal says that it is gone, and its shell says so again, which would spoil the tidying up."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def start() -> NoReturn:
    """Be the program `omi-rules`: the process ends as soon as its command has, with the exit code of that.

    By then every file is closed and every worker gone. Python would still take its modules apart, for a twentieth of a
    second, and one of the threads that a second Ctrl-C left at work could crash it meanwhile.
    """
    open_closed()
    try:
        code = main(prog_name="omi-rules")
    except SystemExit as end:
        code = end.code
    except KeyboardInterrupt:  # once more, while the first was being told of
        code = INTERRUPTED
    os._exit(code)
