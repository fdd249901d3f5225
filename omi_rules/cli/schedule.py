"""`omi-rules schedule`: what a scheduler has to be told, for the person who looks after it to install."""

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.helping import ExampleGroup
from omi_rules.cli.options import config_option, find_config, store_option
from omi_rules.cli.settings import PREFIX, read_file, read_toml
from omi_rules.cli.streams import say, write_text
from omi_rules.problems import UsageError

if TYPE_CHECKING:
    from omi_rules.notify.settings import Way
    from omi_rules.operation.job import Job

_WSL = r"C:\Windows\System32\wsl.exe"
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
        ("omi-rules schedule print windows export --output runs", "a task in XML, that starts it inside WSL"),
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

    Installs nothing. Teams are told of changes then, if the configuration file has a table [notify]. Paths are made
    whole. What the configuration file says holds at night too; what the environment says does not.
    """
    if unit and scheduler != "systemd":
        raise UsageError("--unit goes with systemd alone: leave it out.")
    job = _plan(scheduler, export, given)
    if job.is_doubtful:
        say("omi-rules: between 01:00 and 02:00 one night a year comes twice, and one not at all: choose another --at.")
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


def _plan(scheduler: str, export: str, given: Mapping[str, Any]) -> "Job":
    """The job that the options and the configuration file describe."""
    from omi_rules.history.place import find_place
    from omi_rules.notify.settings import Files
    from omi_rules.operation.job import Job
    from omi_rules.reports.folder import folder_of_nights

    file = find_config(given)
    said = {name: found.value for name, found in read_file(file).items()} if file else {}
    _say_what_does_not_hold(said)
    if given["store"] and set("@?") & set(given["store"].partition("://")[2]):
        raise UsageError("--store: others can read the command of a job. Write the URL into omi-rules.toml.")
    output, store = (given[name] or said.get(name) for name in ("output", "store"))
    if not (output or store):
        raise UsageError("a night that keeps nothing is of no use: name --output or --store.")
    nightly = _nightly(Path(output)) if output else None
    log = _whole(given["log_json"]) if given["log_json"] else None
    kept = find_place(str(store)) if store else None
    store_file = _whole(kept.path) if kept and kept.path else None
    settings = _named("--config", _whole(file) if file else None)
    named_store = _whole(kept.words) if kept and kept.path else given["store"]
    settings += _named("--store", given["store"] and named_store)
    keeping = [*_named("--output", nightly), *_named("--log-json", log)]
    ways = _ways(file)
    messages = [_whole(way.folder) for way in ways.values() if isinstance(way, Files)]
    places = [folder_of_nights(Path(nightly))] if nightly else []
    places += [Path(path).parent for path in (store_file, log, *messages) if path]
    return Job(
        program=_program(scheduler, given["program"]),
        arguments=("check", _whole(export), "-q", *settings, *keeping),
        at=given["at"],
        writable=tuple(dict.fromkeys(map(str, places))),
        online=given["network"] or bool(ways.keys() - {"files"}) or bool(kept and kept.path is None),
        user=given["user"] or ("" if scheduler == "windows" else _this_user()),
        afterwards=("notify", "-q", *settings) if ways and kept else (),
    )


def _this_user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("the system has no name for who runs this: say with --user who runs the job.") from None


def _ways(file: Path | None) -> "Mapping[str, Way]":
    """The ways that messages go; their secrets have to stand in files, for a night has no others."""
    from omi_rules.notify.settings import read_settings

    return read_settings(file, {}).ways if file and "notify" in read_toml(file) else {}


def _nightly(output: Path) -> str:
    """The folder of one night: the output itself if the day is in its path, else one in it that is named by the day."""
    from omi_rules.reports.folder import AS_AT, check_name

    check_name(output)
    return _whole(output if AS_AT in str(output) else output / AS_AT)


def _named(option: str, value: str | None) -> list[str]:
    return [option, value] if value else []


def _say_what_does_not_hold(said: Mapping[str, Any]) -> None:
    if "max_age" not in said:
        say("omi-rules: no file sets max_age: an export that nobody renews would be checked night by night.")
    for name in sorted(name for name in os.environ if name.startswith(PREFIX)):
        say(f"omi-rules: {name} is set here, and will not be at night: a night is told by files alone.")


def _whole(path: str | Path) -> str:
    """A path from the root on; links are not followed, for one may be what is meant."""
    return os.path.abspath(path)  # noqa: PTH100 - `resolve` would follow them


def _program(scheduler: str, named: str | None) -> tuple[str, ...]:
    """What starts the program: on Windows, which it runs on inside WSL, by way of that."""
    script = Path(named or Path(sys.executable).with_name("omi-rules"))
    words = (_whole(script),) if named or script.is_file() else (sys.executable, "-m", "omi_rules.cli")
    if scheduler != "windows":
        return words
    distribution = os.environ.get("WSL_DISTRO_NAME")
    where = ("--distribution", distribution) if distribution else ()
    return (_WSL, *where, "--exec", *words)
