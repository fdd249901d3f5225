"""`omi-rules demo`: a synthetic area, or the sample of the report, and the main job on it."""

from pathlib import Path
from typing import Any

import click

from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import loudness_options, read_options
from omi_rules.cli.streams import Progress, say
from omi_rules.cli.whole_number import WholeNumber
from omi_rules.paths import check_path
from omi_rules.problems import OutputError, UsageError

#: The caseload of the inspected area.
_CASES = 10_359


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules demo", "an area of 10,359 cases in omi-demo/export, checked into omi-demo/run"),
        ("omi-rules demo --cases 200 --output small", "a small one elsewhere"),
        ("omi-rules demo --export-only --seed 2", "another area, not checked"),
        ("omi-rules demo --merseyside", "the sample of the report, scored beside its figures"),
    ),
)
@click.option("--cases", type=WholeNumber(1, 10_000_000), default=_CASES, show_default=True, help="How many cases.")
@click.option(
    "--seed",
    type=WholeNumber(0, 2**31 - 1),
    default=1,
    show_default=True,
    help="The same seed makes the same area.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    default=Path("omi-demo"),
    show_default=True,
    help="Where to.",
)
@click.option("--export-only", is_flag=True, help="Make the export, and do not check it.")
@click.option(
    "--merseyside",
    is_flag=True,
    help="Make the sample of the report instead, with the assessors' answers; check and score it.",
)
@loudness_options()
def demo(cases: int, seed: int, output: Path, export_only: bool, merseyside: bool, **given: Any) -> int:
    """Makes a synthetic probation area, and checks it.

    Nothing in it is about a person. The records stand as at 30 November 2006. With --merseyside, the table says for
    every figure of the report what comes out of records and answers like those that were inspected.
    """
    check_path("--output", output)
    if merseyside:
        from omi_rules.cli.merseyside import reproduce

        _refuse_sizes()
        return reproduce(output, export_only, read_options({**given, "output": output / "run"}))
    from omi_rules.demo.area import write_area

    options = read_options({**given, "output": output / "run"})
    export = output / "export"
    with Progress(options.quiet) as progress:
        progress(f"making {cases:,} cases")
        try:
            write_area(export, cases, seed)
        except OSError as error:
            raise OutputError(f"the demo cannot be written to {output}: {error.strerror}.") from None
    if not options.quiet:
        say(f"Made {cases:,} cases: {export}")
    if export_only:
        return 0

    from omi_rules.cli.check import check_export

    return check_export(export, options)


def _refuse_sizes() -> None:
    """The sample of the report is one: neither its size nor its seed can be chosen."""
    context = click.get_current_context()
    for name in ("cases", "seed"):
        if context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT:
            raise UsageError(f"--{name} does not go with --merseyside, which makes one sample: leave it out.")
