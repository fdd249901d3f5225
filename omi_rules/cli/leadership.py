"""`omi-rules assess leadership`: the workbook of section 4, with what a run says of it."""

from pathlib import Path
from typing import Any

import click

from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import config_options, loudness_options, read_options
from omi_rules.cli.streams import Progress, say


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules assess leadership run --output leadership.xlsx", "the workbook of section 4"),
        (
            "omi-rules assess leadership run --figures figures.yaml \\\n      --output leadership.xlsx",
            "with figures that no case record gives",
        ),
        (
            "omi-rules assess import leadership.xlsx --sample sample.json --output answers",
            "take in what was filled in",
        ),
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", required=True, help="A new file for the workbook."
)
@click.option(
    "--figures",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Figures for targets that no case record gives, in YAML.",
)
@config_options()
@loudness_options()
def leadership(run: Path, output: Path, figures: Path | None, **given: Any) -> None:
    """Makes the workbook of section 4, leadership.

    RUN is a folder that `omi-rules check --output` wrote. The workbook has a
    sheet for each criterion from 4.1 to 4.6 with its points and four levels,
    the national targets, and the run's figures about staff."""
    from omi_rules.assess.leadership import write_leadership

    options = read_options({**given, "output": output})
    with Progress(options.quiet) as progress:
        progress("writing the workbook")
        write_leadership(run, output, figures, options.rules)
    if not options.quiet:
        say(f"Workbook: {output}")
