"""The options that commands share, and how the command line and a configuration file settle them."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from omi_rules.problems import UsageError, nearest

Command = TypeVar("Command", bound=Callable[..., Any])
FORMATS = ("table", "json", "jsonl", "csv")
FAIL_ON = ("never", "critical", "missing", "any")
_FILTERS = ("team", "division", "officer", "case", "criterion", "recommendation", "rule")


def take_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """The date of an option; it is written YYYY-MM-DD, and no other way. A callback of click."""

    def fail(why: str) -> None:
        raise click.UsageError(f"{param.opts[0]} {why}", ctx)

    return None if value is None else _read_day(value, fail)


def _read_day(text: str, fail: Callable[[str], Any]) -> date:
    wanted = "should be a date written YYYY-MM-DD, as in 2006-11-30."
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        fail(wanted)
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{wanted} There is no such day.")
        raise


@dataclass(frozen=True)
class Options:
    """What the command line and the configuration file say together; None and () where they say nothing."""

    as_at: date | None = None
    rules: Path | None = None
    map: Path | None = None
    output: Path | None = None
    fail_on: str = "never"
    memory: str | None = None
    threads: int | None = None
    format: str = "table"
    informational: bool = False
    quiet: bool = False
    verbose: bool = False
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def read_options(given: Mapping[str, Any]) -> Options:
    """The options of a command line over those of the file that `--config` names."""
    if given.get("quiet") and given.get("verbose"):
        raise UsageError("-q and -v say opposite things: give one of them.")
    settled = _read_config(given["config"]) if given.get("config") else {}
    settled |= {name: value for name, value in given.items() if value is not None and name in _NAMES}
    options = Options(**settled, filters={name: tuple(given.get(name) or ()) for name in _FILTERS})
    _check_path(options.rules, "--rules", "folder", Path.is_dir)
    _check_path(options.map, "--map", "file", Path.is_file)
    return options


_NAMES = frozenset(Options.__dataclass_fields__) - {"filters"}


def _check_path(path: Path | None, option: str, what: str, is_there: Callable[[Path], bool]) -> None:
    if path is not None and not is_there(path):
        raise UsageError(f"{option}: there is no {what} {path}.")


def _read_config(path: Path) -> dict[str, Any]:
    """The settings of a configuration file; paths in it start from its own folder."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the configuration file {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"the configuration file {path} is not UTF-8: save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the configuration file {path} is no TOML: {error}.") from None
    for key in content:
        if key not in _CONFIG:
            raise UsageError(f"{path}: there is no setting {key}{nearest(key, _CONFIG)}")
    return {key: _CONFIG[key](value, f"{path}: {key}", path.parent) for key, value in content.items()}


def _as_day(value: object, place: str, _folder: Path) -> date:
    if type(value) is date:
        return value

    def fail(why: str) -> None:
        raise UsageError(f"{place} {why}")

    return _read_day(value if isinstance(value, str) else "", fail)


def _as_path(value: object, place: str, folder: Path) -> Path:
    if not isinstance(value, str) or not value:
        raise UsageError(f'{place} should be a path in quotes, as in {place.split()[-1]} = "rules".')
    return folder / value


def _as_fail_on(value: object, place: str, _folder: Path) -> str:
    if value not in FAIL_ON:
        hint = nearest(value, FAIL_ON) if isinstance(value, str) else ""
        raise UsageError(f"{place} should be one of {', '.join(FAIL_ON)}{hint}")
    return str(value)


def _as_memory(value: object, place: str, _folder: Path) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]+(\.[0-9]+)? ?[KMGT]i?B", value):
        raise UsageError(f'{place} should be a size in quotes, as in memory = "2GB".')
    return value


def _as_threads(value: object, place: str, _folder: Path) -> int:
    if type(value) is not int or value < 1:
        raise UsageError(f"{place} should be a whole number from 1 on, as in threads = 2.")
    return value


_CONFIG: Mapping[str, Callable[[object, str, Path], Any]] = {
    "as_at": _as_day,
    "rules": _as_path,
    "map": _as_path,
    "fail_on": _as_fail_on,
    "memory": _as_memory,
    "threads": _as_threads,
    "output": _as_path,
}


def _together(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def config_options() -> Callable[[Command], Command]:
    """--rules and --config."""
    return _together(
        click.option("--rules", type=click.Path(path_type=Path), metavar="DIR", help="Another rulebook."),
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Settings in TOML: as_at, rules, map, fail_on, memory, threads, output.",
        ),
    )


def export_options() -> Callable[[Command], Command]:
    """How an export is read and judged: --as-at, --map, --rules, --config."""
    return _together(
        click.option(
            "--as-at",
            callback=take_day,
            metavar="YYYY-MM-DD",
            help="Judge the records as they stood at the end of this day.  [default: as_at of export.yaml, else today]",
        ),
        click.option(
            "--map",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="How local tables, columns and codes are read.",
        ),
        config_options(),
    )


def rule_filters() -> Callable[[Command], Command]:
    """--criterion, --recommendation and --rule."""
    return _together(
        click.option("--criterion", multiple=True, metavar="ID", help="Only rules of this criterion."),
        click.option(
            "--recommendation",
            type=click.IntRange(1, 8),
            multiple=True,
            metavar="N",
            help="Only rules that this recommendation, 1 to 8, rests on.",
        ),
        click.option("--rule", multiple=True, metavar="ID", help="Only this rule."),
    )


def case_filters() -> Callable[[Command], Command]:
    """--team, --division, --officer and --case."""
    return _together(
        click.option("--team", multiple=True, metavar="NAME", help="Only cases of this team."),
        click.option("--division", multiple=True, metavar="NAME", help="Only cases of this division."),
        click.option("--officer", multiple=True, metavar="ID", help="Only cases of this offender manager."),
        click.option("--case", multiple=True, metavar="ID", help="Only this case."),
    )


def format_option(*formats: str) -> Callable[[Command], Command]:
    """--format, of the formats that the command has."""
    return click.option(
        "--format", type=click.Choice(formats), default="table", show_default=True, help="How to print it."
    )


def loudness_options() -> Callable[[Command], Command]:
    """-q and -v."""
    return _together(
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors and what was asked for."),
        click.option("-v", "--verbose", is_flag=True, help="Say more: every table, every finding's remedy."),
    )
