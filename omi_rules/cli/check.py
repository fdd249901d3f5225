"""`omi-rules check`: run the rules over an export."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.event_log import EventLog
from omi_rules.cli.filters import choose_rules
from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import (
    FORMATS,
    Options,
    case_filters,
    engine_options,
    export_options,
    format_option,
    log_option,
    loudness_options,
    read_options,
    rule_filters,
    run_options,
)
from omi_rules.cli.streams import Progress, has_colour, say, write_bytes, write_lines, write_text
from omi_rules.problems import UsageError

if TYPE_CHECKING:
    from omi_rules.cli.spark import Engine
    from omi_rules.pipeline import Run, Settings

_PIECE = 1 << 20


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules check export", "check a folder of CSV, and print the summary"),
        ("omi-rules check export.zip --as-at 2006-11-30 --output run", "on a given day; keep the results"),
        ("omi-rules check export --team 'Wirral team 1' --recommendation 1", "one team, one recommendation"),
        ("omi-rules check export --format csv > findings.csv", "the findings for a spreadsheet"),
        ("omi-rules check export --fail-on critical", "exit code 1 if a critical rule is broken"),
        ("omi-rules check export --store omi-rules.db", "keep the run in a store, and say what changed"),
        ("omi-rules check export --engine spark --output run", "on Spark: see docs/scale.md"),
    ),
)
@click.argument("export", type=click.Path(path_type=Path))
@export_options()
@case_filters()
@rule_filters()
@format_option(*FORMATS)
@run_options()
@click.option("--informational", is_flag=True, help="List informational findings too.")
@engine_options()
@log_option()
@loudness_options()
def check(export: Path, engine: str, master: str | None, shards: int | None, **given: Any) -> int:
    """Runs the rules over EXPORT and says what they find.

    EXPORT is a folder or zip of CSV, a folder of Parquet, or a file of JSON or JSON Lines.
    The table format is a summary; json is the summary for programs; jsonl and csv are the findings.
    """
    options = read_options(given)
    if options.store and given["store"] is None and any(options.filters.values()):
        options = _without_store(options, typed_limit=given["drop_limit"])
    if engine == "spark":
        from omi_rules.cli.spark import on_spark

        return check_export(export, options, on_spark(master, shards))
    if master or shards:
        raise UsageError(f"{'--master' if master else '--shards'} is for --engine spark: add it, or leave this out.")
    return check_export(export, options)


def _without_store(options: Options, *, typed_limit: str | None) -> Options:
    """The options of a part, which the store of the settings does not keep; without it, no case can have vanished."""
    if typed_limit is not None:
        raise UsageError("--drop-limit is for whole runs: leave it out, or the filters of cases and rules.")
    unheld = " The setting drop_limit does not hold: it goes by the store." if options.drop_limit else ""
    say(f"omi-rules: only a part was asked for, so this run is not kept in the store, which keeps whole runs.{unheld}")
    return replace(options, store=None, drop_limit=None)


def check_export(export: Path, options: Options, engine: "Engine | None" = None) -> int:
    """Run the rules, print what was asked for, and give the exit code; on this machine, if no engine is given."""
    if any(options.filters[name] for name in ("rule", "criterion", "recommendation")):
        from omi_rules.rulebook.load import load_to_judge

        choose_rules(load_to_judge(options.rules), options.filters, shadows=False)
    if options.output is None and options.format in ("jsonl", "csv"):
        from omi_rules.temporary import temporary_folder

        with temporary_folder() as scratch:
            return _run(export, Path(scratch) / "run", options, engine, kept=False)
    return _run(export, options.output, options, engine, kept=options.output is not None)


def _run(export: Path, output: Path | None, options: Options, engine: "Engine | None", *, kept: bool) -> int:
    from omi_rules import pipeline

    log = EventLog.current()
    with Progress(options.quiet) as progress:
        run = (engine or pipeline.check)(export, output, settings_of(options), progress, log.tell)
    log.because = run.summary["exit_because"]
    if options.format == "table":
        write_lines(_table(run, options, kept))
        return run.exit_code
    if options.format == "json":
        write_text(json.dumps(dict(run.summary), ensure_ascii=False, indent=2) + "\n")
    elif run.folder is not None:
        write_bytes(_pieces(run.folder / f"findings.{options.format}"))
    _say_apart(run, options)
    return run.exit_code


def settings_of(options: Options) -> "Settings":
    """The options as the pipeline takes them."""
    from omi_rules.data.gates import Amount, Gates
    from omi_rules.pipeline import Filters, Settings

    filters = options.filters
    return Settings(
        as_at=options.as_at,
        rules=options.rules,
        filters=Filters(
            rules=filters["rule"],
            criteria=filters["criterion"],
            recommendations=filters["recommendation"],
            teams=filters["team"],
            divisions=filters["division"],
            officers=filters["officer"],
            cases=filters["case"],
        ),
        fail_on=options.fail_on,
        informational=options.informational,
        means=options.means,
        store=options.store,
        gates=Gates(
            max_age=options.max_age,
            max_rejects=Amount.read(options.max_rejects) if options.max_rejects else None,
            min_cases=options.min_cases,
            drop_limit=Amount.read(options.drop_limit) if options.drop_limit else None,
        ),
    )


def _table(run: "Run", options: Options, kept: bool) -> list[str]:
    from omi_rules.reports import terminal

    if options.quiet:
        return []
    paint = terminal.paint_colour if has_colour() else terminal.paint_plain
    folder = run.folder if kept else None
    lines = terminal.summarise(run.summary, run.worst, folder, verbose=options.verbose, paint=paint)
    if run.changes is None:
        return lines
    from omi_rules.cli.changes_text import show_changes
    from omi_rules.cli.waive_text import show_standings

    # the summary's last words stay the last: where the results are, the exit code and why
    end = len(lines) - lines[::-1].index("")
    waivers = show_standings(run.waivers, paint)
    return [*lines[:end], *waivers, *([""] if waivers else []), *show_changes(run.changes, paint), "", *lines[end:]]


def _say_apart(run: "Run", options: Options) -> None:
    """What the summary would have said beside the data."""
    from omi_rules.reports.terminal import last_line

    if options.quiet:
        return
    for sentence in [*run.summary["warnings"], *run.summary["notes"]]:
        say(f"omi-rules: {sentence}")
    if run.changes is not None:
        from omi_rules.cli.changes_text import show_changes
        from omi_rules.cli.waive_text import show_standings

        say("\n".join([*show_standings(run.waivers), *show_changes(run.changes)]))
    say("\n".join(last_line(run.summary)))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
