"""`omi-rules due`: who has to do what, and by when."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.event_log import EventLog
from omi_rules.cli.filters import choose_rules
from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import (
    Options,
    case_filters,
    export_options,
    log_option,
    loudness_options,
    read_options,
    rule_filters,
    store_option,
)
from omi_rules.cli.streams import Progress, has_colour, say, write_bytes, write_lines
from omi_rules.problems import RulebookError, UsageError

if TYPE_CHECKING:
    from omi_rules.duties.find import Waived
    from omi_rules.rulebook.model import Rulebook

_BY = ("officer", "team", "rule")
_FORMATS = ("table", "json", "csv", "xlsx", "ics")


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules due export", "what is overdue, and due within ten working days, by officer"),
        ("omi-rules due export --within 4w --by team", "four weeks ahead, by team"),
        ("omi-rules due export --officer OM00501 -v", "one officer's duties, and what to do"),
        ("omi-rules due export --format xlsx --output due.xlsx", "a workbook"),
        ("omi-rules due export --team 'Wirral team 1' --format ics --output wirral.ics", "a calendar feed"),
    ),
)
@click.argument("export", type=click.Path(path_type=Path))
@click.option(
    "--within",
    default="10wd",
    show_default=True,
    metavar="AHEAD",
    help="How far to look ahead: working days, days or weeks, as in 10wd, 14d, 2w.",
)
@click.option("--by", type=click.Choice(_BY), default="officer", show_default=True, help="How to part the list.")
@export_options()
@case_filters()
@rule_filters()
@click.option("--format", type=click.Choice(_FORMATS), default="table", show_default=True, help="How to print it.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file, readable by you.")
@log_option()
@store_option()
@loudness_options()
def due(export: Path, within: str, by: str, **given: Any) -> int:
    """Lists the duties of EXPORT that are overdue or soon due.

    Critical ones come first, then the earliest. A duty that cannot be told for want of a record is counted, and not
    listed. With a store, a duty that is waived is marked."""
    from omi_rules.duties.find import Wanted, find_duties
    from omi_rules.duties.within import read_within
    from omi_rules.rulebook.load import load_to_judge

    options = read_options(given)
    if options.format == "xlsx" and given["output"] is None:
        raise UsageError("a workbook is not for the terminal: add --output FILE.xlsx.")
    filters = options.filters
    book = load_to_judge(options.rules)
    wanted = Wanted(
        until=read_within(within),
        as_at=options.as_at,
        teams=filters["team"],
        divisions=filters["division"],
        officers=filters["officer"],
        cases=filters["case"],
        means=options.means,
        waived=_waived(options, book, is_named=given["store"] is not None),
    )
    rules = choose_rules(book, filters, shadows=False)
    with Progress(options.quiet) as progress:
        found = find_duties(export, book, rules, wanted, progress)
    if options.format == "table" and given["output"] is None:
        from omi_rules.reports.duty_text import show_duties
        from omi_rules.reports.terminal import paint_colour, paint_plain

        paint = paint_colour if has_colour() else paint_plain
        write_lines(show_duties(found, by, verbose=options.verbose, paint=paint))
    else:
        _write(_render(found, by, options.format, options.verbose), given["output"], options.quiet)
    if not found.faults:
        return 0
    log = EventLog.current()
    for fault in found.faults:
        say(f"omi-rules: {fault}")
        log.tell("rule_fault", because=fault)
    log.because = f"{len(found.faults)} rules could not run"
    return RulebookError.exit_code


def _waived(options: Options, book: "Rulebook", *, is_named: bool) -> "Sequence[Waived]":
    """What the store says is waived; one that the settings name need not be there yet."""
    if options.store is None:
        return ()
    from omi_rules.history.database import read_store
    from omi_rules.history.place import find_place
    from omi_rules.history.waivers import waived_duties

    place = find_place(options.store)
    if place.path is not None and not place.path.is_file() and not is_named:
        return ()
    with read_store(place) as connection:
        return waived_duties(connection, book)


def _render(found: Any, by: str, form: str, verbose: bool) -> bytes:
    from omi_rules.reports import duty_files
    from omi_rules.reports.duty_text import show_duties

    if form == "xlsx":
        return duty_files.duties_workbook(found)
    if form == "ics":
        return duty_files.duties_calendar(found)
    if form == "csv":
        return duty_files.duties_csv(found).encode()
    if form == "json":
        return duty_files.duties_json(found).encode()
    return "".join(f"{line}\n" for line in show_duties(found, by, verbose=verbose)).encode()


def _write(content: bytes, output: Path | None, quiet: bool) -> None:
    if output is None:
        write_bytes([content])
        return
    from omi_rules.reports.kept_file import keep_file

    keep_file(output, content)
    if not quiet:
        say(f"Written: {output}")
