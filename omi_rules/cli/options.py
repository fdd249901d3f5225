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
#: The configuration file that is read where it lies, unless another is named.
CONFIG_FILE = Path("omi-rules.toml")
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
    store: str | None = None
    max_age: int | None = None
    max_rejects: str | None = None
    min_cases: int | None = None
    drop_limit: str | None = None
    fail_on: str = "never"
    memory: str | None = None
    threads: int | None = None
    format: str = "table"
    informational: bool = False
    quiet: bool = False
    verbose: bool = False
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def read_options(given: Mapping[str, Any]) -> Options:
    """The options of a command line over those of the file that `--config` names, or of omi-rules.toml.

    A command without `--config` has nothing to do with the settings of the folder that it is called in.
    """
    if given.get("quiet") and given.get("verbose"):
        raise UsageError("-q and -v say opposite things: give one of them.")
    config = given.get("config") or (CONFIG_FILE if "config" in given and CONFIG_FILE.is_file() else None)
    settled = _read_config(config) if config else {}
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
    content.pop("notify", None)  # read where messages are made, by omi_rules/notify/settings.py
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


def _as_store(value: object, place: str, folder: Path) -> str:
    if not isinstance(value, str) or not value:
        raise UsageError(f'{place} should be a file or a URL in quotes, as in store = "omi-rules.db".')
    return value if "://" in value else str(folder / value)


def _as_share(value: object, place: str, _folder: Path) -> str:
    text = str(value) if type(value) in (int, float, str) else ""
    if not _SHARE.fullmatch(text):
        raise UsageError(f'{place} should be a share in quotes or a number, as in {place.split()[-1]} = "2%".')
    return text


def _as_count(value: object, place: str, _folder: Path) -> int:
    if type(value) is not int or value < 0:
        raise UsageError(f"{place} should be a whole number, as in {place.split()[-1]} = 3.")
    return value


def _take_share(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _SHARE.fullmatch(value):
        raise click.UsageError(f"{param.opts[0]} should be a number or a share, as in 20 or 2%.", ctx)
    return value


_SHARE = re.compile(r"[0-9]+(\.[0-9]+)?%?")


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
    "store": _as_store,
    "max_age": _as_count,
    "max_rejects": _as_share,
    "min_cases": _as_count,
    "drop_limit": _as_share,
}


def _together(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def config_option() -> Callable[[Command], Command]:
    """--config."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Settings in TOML: " + ", ".join(_CONFIG) + ".  [default: omi-rules.toml, if it is there]",
    )


def config_options() -> Callable[[Command], Command]:
    """--rules and --config."""
    return _together(
        click.option("--rules", type=click.Path(path_type=Path), metavar="DIR", help="Another rulebook."),
        config_option(),
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


def store_option() -> Callable[[Command], Command]:
    """--store."""
    return click.option(
        "--store",
        metavar="FILE_OR_URL",
        help="The store of runs: a file, or postgresql://server/database.",
    )


def gate_options() -> Callable[[Command], Command]:
    """The limits beyond which an export is not checked: --max-age, --max-rejects, --min-cases, --drop-limit."""
    return _together(
        click.option(
            "--max-age",
            type=click.IntRange(0),
            metavar="DAYS",
            help="Stop if the newest record is older, counted to --as-at, else to today.",
        ),
        click.option(
            "--max-rejects",
            callback=_take_share,
            metavar="N_OR_PERCENT",
            help="Stop if more rows are rejected: a number, or a share such as 2%.",
        ),
        click.option("--min-cases", type=click.IntRange(0), metavar="N", help="Stop if the export has fewer cases."),
        click.option(
            "--drop-limit",
            callback=_take_share,
            metavar="PERCENT",
            help="Stop if more of the store's cases under supervision are not in the export.",
        ),
    )


def rule_filter() -> Callable[[Command], Command]:
    """--rule."""
    return click.option("--rule", multiple=True, metavar="ID", help="Only this rule.")


def recommendation_filter() -> Callable[[Command], Command]:
    """--recommendation."""
    return click.option(
        "--recommendation",
        type=click.IntRange(1, 8),
        multiple=True,
        metavar="N",
        help="Only rules that this recommendation, 1 to 8, rests on.",
    )


def rule_filters() -> Callable[[Command], Command]:
    """--criterion, --recommendation and --rule."""
    return _together(
        click.option("--criterion", multiple=True, metavar="ID", help="Only rules of this criterion."),
        recommendation_filter(),
        rule_filter(),
    )


def holder_filters() -> Callable[[Command], Command]:
    """--team, --division and --officer."""
    return _together(
        click.option("--team", multiple=True, metavar="NAME", help="Only cases of this team."),
        click.option("--division", multiple=True, metavar="NAME", help="Only cases of this division."),
        click.option("--officer", multiple=True, metavar="ID", help="Only cases of this offender manager."),
    )


def case_filters() -> Callable[[Command], Command]:
    """--team, --division, --officer and --case."""
    return _together(
        holder_filters(),
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
