"""The options that commands share, and what the command line, the environment and a file settle together."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from omi_rules.cli.event_log import OPTION, EventLog, open_log
from omi_rules.cli.settings import CONFIG_FILE, FAIL_ON, SETTINGS, Settled, is_share, read_day, settle
from omi_rules.cli.whole_number import WholeNumber
from omi_rules.problems import UsageError

if TYPE_CHECKING:
    from omi_rules.data.means import Means

Command = TypeVar("Command", bound=Callable[..., Any])
Texts = TypeVar("Texts", str, tuple[str, ...])
FORMATS = ("table", "json", "jsonl", "csv")
#: Settings that name a folder, a file or a database.
_PLACES = frozenset({"rules", "map", "output", "store"})
_FILTERS = ("team", "division", "officer", "case", "criterion", "recommendation", "rule")


def take_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """The date of an option; it is written YYYY-MM-DD, and no other way. A callback of click."""
    try:
        return None if value is None else read_day(value)
    except ValueError as error:
        wanted = f"{param.opts[0]} should be a date written YYYY-MM-DD, as in 2006-11-30"
        raise click.UsageError(f"{wanted}{str(error) or '.'}", ctx) from None


@dataclass(frozen=True)
class Options:
    """What the command line and the settings say together; None and () where they say nothing."""

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
    unpack_limit: str | None = None
    format: str = "table"
    informational: bool = False
    quiet: bool = False
    verbose: bool = False
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def means(self) -> "Means":
        """With what means an export is read."""
        from omi_rules.data.means import Means

        return Means(self.map, self.memory, self.threads, self.unpack_limit)


def read_options(given: Mapping[str, Any]) -> Options:
    """The options of a command line over the environment, and both over the file that `--config` names, or
    omi-rules.toml.

    A command without `--config` has nothing to do with the settings of the folder that it is called in.
    """
    if given.get("quiet") and given.get("verbose"):
        raise UsageError("-q and -v say opposite things: give one of them.")
    settled = settle_options(given)
    others = {name: value for name, value in given.items() if value is not None and name in _OTHERS}
    values = {name: found.value for name, found in settled.items()}
    for name in _PLACES & values.keys():
        EventLog.current().keep_out(str(values[name]))
    options = Options(**values, **others, filters={name: tuple(given.get(name) or ()) for name in _FILTERS})
    for name, what, is_there in (("rules", "folder", Path.is_dir), ("map", "file", Path.is_file)):
        if name in settled:
            _check_there(settled[name].origin.place(name), what, values[name], is_there)
    return options


def _check_there(place: str, what: str, path: Path, is_there: Callable[[Path], bool]) -> None:
    try:
        found = is_there(path)
    except OSError as error:
        raise UsageError(f"{place}: {path} cannot be looked at: {error.strerror}. Run as its owner.") from None
    if not found:
        raise UsageError(f"{place}: there is no {what} {path}.")


def settle_options(given: Mapping[str, Any]) -> dict[str, Settled]:
    """Every setting that the options of a command, the environment or its configuration file give, with its origin."""
    environment = os.environ if "config" in given else {}
    return settle(find_config(given), environment, given)


def find_config(given: Mapping[str, Any]) -> Path | None:
    """The configuration file of a command, if it takes one and there is one."""
    named: Path | None = given.get("config")
    return named or (CONFIG_FILE if "config" in given and CONFIG_FILE.is_file() else None)


_OTHERS = frozenset(Options.__dataclass_fields__) - {"filters", *SETTINGS}


def _take_share(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_share(value):
        raise click.UsageError(f"{param.opts[0]} should be a number or a share, as in 20 or 2%.", ctx)
    return value


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
        help="Settings in TOML: " + ", ".join(SETTINGS) + ".  [default: omi-rules.toml, if it is there]",
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


def store_option(
    says: str = "The store of runs: a file, or postgresql://server/database.",
) -> Callable[[Command], Command]:
    """--store."""
    return click.option("--store", metavar="FILE_OR_URL", help=says)


def answers_option(says: str) -> Callable[[Command], Command]:
    """--answers."""
    return click.option("--answers", type=click.Path(path_type=Path), metavar="DIR", help=says)


def figures_option() -> Callable[[Command], Command]:
    """--figures."""
    return click.option(
        "--figures",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Figures of targets that no record gives, such as sickness, in YAML.",
    )


def gate_options() -> Callable[[Command], Command]:
    """The limits beyond which an export is not checked: --max-age, --max-rejects, --min-cases, --drop-limit."""
    return _together(
        click.option(
            "--max-age",
            type=WholeNumber(0),
            metavar="DAYS",
            help="Stop if the newest record is older, counted to --as-at, else to today.",
        ),
        click.option(
            "--max-rejects",
            callback=_take_share,
            metavar="N_OR_PERCENT",
            help="Stop if more rows are rejected: a number, or a share such as 2%.",
        ),
        click.option("--min-cases", type=WholeNumber(0), metavar="N", help="Stop if the export has fewer cases."),
        click.option(
            "--drop-limit",
            callback=_take_share,
            metavar="N_OR_PERCENT",
            help="Stop if more of the store's cases under supervision are not in the export: a number, or a share.",
        ),
    )


def run_options() -> Callable[[Command], Command]:
    """What becomes of a run: --output, --store, the limits of the export, --fail-on."""
    return _together(
        click.option(
            "--output",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="Keep the results in this folder; {as_at} in its name stands for the as-at date.",
        ),
        store_option(),
        gate_options(),
        click.option(
            "--fail-on",
            type=click.Choice(FAIL_ON),
            help="Exit with 1 if there is a finding like this.  [default: never]",
        ),
    )


def engine_options() -> Callable[[Command], Command]:
    """What judges: --engine, --master, --shards."""
    return _together(
        click.option(
            "--engine",
            type=click.Choice(("duckdb", "spark")),
            default="duckdb",
            show_default=True,
            help="What judges the cases: this machine, or Spark, for which EXPORT is a folder of Parquet.",
        ),
        click.option(
            "--master", metavar="URL", help="The Spark cluster, as Spark writes it.  [default: Spark on this machine]"
        ),
        click.option(
            "--shards",
            type=WholeNumber(1),
            metavar="N",
            help="Share the cases among so many tasks of Spark.  [default: by cores and cases]",
        ),
    )


def log_option() -> Callable[[Command], Command]:
    """--log-json."""
    return click.option(
        OPTION,
        callback=open_log,
        is_eager=True,
        expose_value=False,
        metavar="FILE",
        help="Add what happens to this file, a line of JSON an event; or stderr.",
    )


def take_utf8(ctx: click.Context, param: click.Parameter, value: Texts) -> Texts:
    """A text, or several, as given, if every byte of it is text. A callback of click."""
    try:
        "".join(value).encode()
    except UnicodeEncodeError:
        raise click.UsageError(f"{param.opts[0]} should be text in UTF-8.", ctx) from None
    return value


def _names(option: str, metavar: str, says: str) -> Callable[[Command], Command]:
    return click.option(option, multiple=True, callback=take_utf8, metavar=metavar, help=says)


def rule_filter() -> Callable[[Command], Command]:
    """--rule."""
    return _names("--rule", "ID", "Only this rule.")


def recommendation_filter() -> Callable[[Command], Command]:
    """--recommendation."""
    return click.option(
        "--recommendation",
        type=WholeNumber(1, 8),
        multiple=True,
        metavar="N",
        help="Only rules that this recommendation, 1 to 8, rests on.",
    )


def rule_filters() -> Callable[[Command], Command]:
    """--criterion, --recommendation and --rule."""
    return _together(
        _names("--criterion", "ID", "Only rules of this criterion."),
        recommendation_filter(),
        rule_filter(),
    )


def holder_filters() -> Callable[[Command], Command]:
    """--team, --division and --officer."""
    return _together(
        _names("--team", "NAME", "Only cases of this team."),
        _names("--division", "NAME", "Only cases of this division."),
        _names("--officer", "ID", "Only cases of this offender manager."),
    )


def case_filters() -> Callable[[Command], Command]:
    """--team, --division, --officer and --case."""
    return _together(
        holder_filters(),
        _names("--case", "ID", "Only this case."),
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
