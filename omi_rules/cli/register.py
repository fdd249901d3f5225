"""`omi-rules register`: high Risk of Harm, PPO and MAPPA cases, and what changed."""

from pathlib import Path
from typing import Any

import click

from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import (
    case_filters,
    export_options,
    format_option,
    log_option,
    loudness_options,
    read_options,
)
from omi_rules.cli.streams import Progress, has_colour, say, write_bytes


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules register export", "who is on a register, and what disagrees in the records"),
        ("omi-rules register export --since run", "and who joined and left since a run that was kept"),
        ("omi-rules register export --team 'Wirral team 1' -v", "every case of a team"),
        ("omi-rules register export --format csv --output register.csv", "for a spreadsheet"),
    ),
)
@click.argument("export", type=click.Path(path_type=Path))
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="A run that `omi-rules check --output` kept: who joined and left since then, and why.",
)
@export_options()
@case_filters()
@format_option("table", "json", "csv")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file, readable by you.")
@log_option()
@loudness_options()
def register(export: Path, since: Path | None, **given: Any) -> None:
    """Lists the high Risk of Harm, PPO and MAPPA cases of EXPORT.

    What disagrees in the records is a question about the data, not a finding about an officer."""
    from omi_rules.registers.find import Wanted, find_registers

    options = read_options(given)
    filters = options.filters
    wanted = Wanted(
        as_at=options.as_at,
        previous=since,
        teams=filters["team"],
        divisions=filters["division"],
        officers=filters["officer"],
        cases=filters["case"],
        means=options.means,
    )
    with Progress(options.quiet) as progress:
        found = find_registers(export, wanted, progress)
    content = _render(found, options.format, options.verbose, given["output"] is None and has_colour())
    if given["output"] is None:
        write_bytes([content])
        return
    from omi_rules.reports.kept_file import keep_file

    keep_file(given["output"], content)
    if not options.quiet:
        say(f"Written: {given['output']}")


def _render(found: Any, form: str, verbose: bool, colour: bool) -> bytes:
    from omi_rules.reports.register_files import registers_csv, registers_json
    from omi_rules.reports.register_text import show_registers
    from omi_rules.reports.terminal import paint_colour, paint_plain

    if form == "csv":
        return registers_csv(found).encode()
    if form == "json":
        return registers_json(found).encode()
    paint = paint_colour if colour else paint_plain
    return "".join(f"{line}\n" for line in show_registers(found, verbose=verbose, paint=paint)).encode()
