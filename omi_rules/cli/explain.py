"""`omi-rules explain`: why a case was judged as it was."""

from pathlib import Path
from typing import Any

import click

from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import export_options, format_option, loudness_options


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules explain export C00042", "every finding of a case, and what to do"),
        ("omi-rules explain export C00042 contact-frequency", "one rule: clock, days, evidence"),
        ("omi-rules explain export C00042 --as-at 2006-11-30", "as it stood on a given day"),
    ),
)
@click.argument("export", type=click.Path(path_type=Path))
@click.argument("case")
@click.argument("rule", required=False)
@export_options()
@format_option("table", "json")
@loudness_options()
def explain(export: Path, case: str, rule: str | None, **given: Any) -> int:
    """Says why CASE of EXPORT was judged as it was.

    With RULE, that rule alone: population, clock, working days, evidence, cause, and what to do.
    """
    raise NotImplementedError
