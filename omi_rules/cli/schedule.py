"""`omi-rules schedule`: what a scheduler has to be told, for the person who looks after it to install."""

import getpass
import os
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path, PurePath, PureWindowsPath
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.helping import ExampleGroup
from omi_rules.cli.options import config_option, find_config, store_option
from omi_rules.cli.settings import PREFIX, read_file, read_toml
from omi_rules.cli.streams import say, write_text
from omi_rules.problems import UsageError

if TYPE_CHECKING:
    from omi_rules.operation.job import Job

_SCHEDULERS = ("systemd", "cron", "windows")


@click.group(
    cls=ExampleGroup,
    examples=(("omi-rules schedule print cron export --at 02:30", "what a crontab has to say"),),
)
def schedule() -> None:
    """Prints what runs a check every night. Installs nothing."""


def _take_time(context: click.Context, _param: click.Parameter, value: str) -> time:
    hour, _, minute = value.partition(":")
    digits = hour + minute
    if len(hour) != 2 or len(minute) != 2 or not (digits.isascii() and digits.isdigit()):
        raise click.UsageError("--at should be a time written HH:MM, as in 02:30.", context)
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise click.UsageError("--at should be a time from 00:00 to 23:59.", context) from None


@schedule.command(
    "print",
    examples=(
        ("omi-rules schedule print systemd export --at 02:30", "a service and a timer"),
        ("omi-rules schedule print systemd export --unit timer", "one of them, for a file"),
        ("omi-rules schedule print cron export --output runs --store omi-rules.db", "lines for a crontab"),
        ("omi-rules schedule print windows C:\\export --program C:\\omi\\omi-rules.exe", "a task, in XML"),
    ),
)
@click.argument("scheduler", type=click.Choice(_SCHEDULERS))
@click.argument("export")
@click.option(
    "--at",
    default="02:30",
    show_default=True,
    callback=_take_time,
    metavar="HH:MM",
    help="When, by the clock of London with systemd, of the machine otherwise.",
)
@config_option()
@click.option("--output", metavar="DIR", help="A folder in which every night gets its own, named by its as-at date.")
@store_option()
@click.option("--log-json", metavar="FILE", help="A log, to which every night adds lines of JSON.")
@click.option("--user", metavar="NAME", help="Who runs it.  [default: you; for windows, whom schtasks is told]")
@click.option("--program", metavar="FILE", help="The program, as the scheduler finds it.  [default: this one]")
@click.option("--network", is_flag=True, help="Leave the network open, though no setting needs it.")
@click.option("--unit", type=click.Choice(("service", "timer")), help="Only this unit of systemd.")
def print_(scheduler: str, export: str, unit: str | None, **given: Any) -> None:
    """Prints what a scheduler is told to check EXPORT every night.

    Installs nothing. Paths are made whole. What the configuration file says holds at night too; what the environment
    says does not.
    """
    if unit and scheduler != "systemd":
        raise UsageError("--unit goes with systemd alone: leave it out.")
    place = _Windows() if scheduler == "windows" else _Here()
    job = _plan(export, given, place)
    if job.is_doubtful:
        say("omi-rules: between 01:00 and 02:00 one night a year comes twice, and one not at all: choose another --at.")
    if scheduler != "windows":
        _say_what_is_missing(job)
    write_text(_print(scheduler, unit)(job))


def _say_what_is_missing(job: "Job") -> None:
    """What has to be there before the first night."""
    export = Path(job.arguments[1])
    if not export.exists():
        say(f"omi-rules: there is no export at {export} yet.")
    for folder in job.writable:
        if not Path(folder).is_dir():
            say(f"omi-rules: {folder} has to be there before the first night: mkdir -p -m 700 {shlex.quote(folder)}")


def _print(scheduler: str, unit: str | None) -> "Callable[[Job], str]":
    from omi_rules.operation import cron, systemd, windows

    if scheduler == "cron":
        return cron.crontab_of
    if scheduler == "windows":
        return windows.task_of
    return {None: systemd.units_of, "service": systemd.service_of, "timer": systemd.timer_of}[unit]


@dataclass(frozen=True)
class _Said:
    """What the configuration file says of a night."""

    output: str | None = None
    store: str | None = None
    max_age: int | None = None
    sends: bool = False


class _Here:
    """This machine: paths start from the current folder, and the configuration file is read."""

    def whole(self, path: str) -> str:
        """A path from the root on."""
        return os.path.abspath(path)  # noqa: PTH100 - without following links: a link may be what is meant

    def split(self, path: str) -> PurePath:
        """A path in its parts."""
        return Path(path)

    def program(self, named: str | None) -> tuple[str, ...]:
        """What starts the program."""
        if named:
            return (self.whole(named),)
        script = Path(sys.executable).with_name("omi-rules")
        return (str(script),) if script.is_file() else (sys.executable, "-m", "omi_rules.cli")

    def user(self, named: str | None) -> str:
        """Who runs it."""
        return named or getpass.getuser()

    def config(self, given: Mapping[str, Any]) -> tuple[str | None, _Said | None]:
        """The configuration file, and what it says, if it can be read here."""
        file = find_config(given)
        if file is None:
            return None, None
        values = {name: found.value for name, found in read_file(file).items()}
        output = str(values["output"]) if "output" in values else None
        said = _Said(output, values.get("store"), values.get("max_age"), "notify" in read_toml(file))
        if said.max_age is None:
            say("omi-rules: no max_age is set: an export that nobody renews would be checked night by night.")
        for name in sorted(name for name in os.environ if name.startswith(PREFIX)):
            say(f"omi-rules: {name} is set here, and will not be at night: write it into {file}.")
        return self.whole(str(file)), said


class _Windows(_Here):
    """A Windows machine, which need not be this one: paths have to be whole as they are."""

    def whole(self, path: str) -> str:
        """The path, which has to begin with its drive."""
        if os.name == "nt":
            return super().whole(path)
        if not PureWindowsPath(path).is_absolute():
            raise UsageError(f"{path} should be a whole path, as in C:\\omi\\export.")
        return path

    def split(self, path: str) -> PurePath:
        """A path in its parts."""
        return PureWindowsPath(path)

    def program(self, named: str | None) -> tuple[str, ...]:
        """What starts the program, which only a Windows machine can tell."""
        if named is None and os.name != "nt":
            raise UsageError("--program is needed: where omi-rules.exe is on the machine that runs it.")
        return super().program(named)

    def user(self, named: str | None) -> str:
        """Who runs it; nobody, where schtasks is to be told."""
        return named or ""

    def config(self, given: Mapping[str, Any]) -> tuple[str | None, _Said | None]:
        """The configuration file of that machine, which is read only if it is this one."""
        if os.name == "nt":
            return super().config(given)
        return (self.whole(str(given["config"])) if given["config"] else None), None


def _plan(export: str, given: Mapping[str, Any], place: _Here) -> "Job":
    """The job that the options and the configuration file describe."""
    from omi_rules.history.place import find_place
    from omi_rules.operation.job import Job
    from omi_rules.reports.folder import AS_AT, check_name

    file, said = place.config(given)
    if given["store"] and "@" in given["store"].partition("://")[2]:
        raise UsageError("--store: others can read the command of a job. Write the URL into omi-rules.toml.")
    output: str | None = given["output"] or (said.output if said else None)
    store: str | None = given["store"] or (said.store if said else None)
    if not (output or store) and (said or not file):
        raise UsageError("a night that keeps nothing is of no use: name --output or --store.")
    arguments, written = ["check", place.whole(export), "-q"], []
    if file:
        arguments += ["--config", file]
    if output:
        check_name(Path(output))
        folder = place.split(place.whole(output))
        nightly = str(folder if AS_AT in folder.name else folder / AS_AT)
        arguments += ["--output", nightly]
        written.append(nightly)
    is_url = store is not None and find_place(store).path is None
    if store and not is_url:
        store = place.whole(store.removeprefix("sqlite:///"))
        written.append(store)
    if store and given["store"]:
        arguments += ["--store", store]
    if given["log_json"]:
        log = place.whole(given["log_json"])
        arguments += ["--log-json", log]
        written.append(log)
    return Job(
        program=place.program(given["program"]),
        arguments=tuple(arguments),
        at=given["at"],
        writable=tuple(dict.fromkeys(str(place.split(path).parent) for path in written)),
        online=given["network"] or bool(said and said.sends) or is_url,
        user=place.user(given["user"]),
    )
