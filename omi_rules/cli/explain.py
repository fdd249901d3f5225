"""`omi-rules explain`: why a case was judged as it was."""

import json
from pathlib import Path
from typing import Any

import click

from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import export_options, format_option, read_options, take_utf8
from omi_rules.cli.streams import Progress, write_text


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules explain export C00042", "every finding of a case, and what to do"),
        ("omi-rules explain export C00042 contact-frequency", "one rule: clock, days, evidence"),
        ("omi-rules explain export C00042 unmanaged-high-risk", "one conclusion: what it rests on"),
        ("omi-rules explain export C00042 --as-at 2006-11-30", "as it stood on a given day"),
    ),
)
@click.argument("export", type=click.Path(path_type=Path))
@click.argument("case", callback=take_utf8)
@click.argument("rule", required=False)
@export_options()
@format_option("table", "json")
def explain(export: Path, case: str, rule: str | None, **given: Any) -> None:
    """Says why CASE of EXPORT was judged as it was.

    With RULE, that rule alone: population, clock, working days, evidence, cause, and what to do.
    RULE can also be the name of a conclusion: whether it follows, and from what.
    """
    from omi_rules import pipeline
    from omi_rules.cli.check import settings_of
    from omi_rules.explain.narrative import explain_case

    options = read_options(given)
    with Progress() as progress:
        progress("reading the case")
        judgement = pipeline.judge_case(export, case, settings_of(options))
    explanations = explain_case(judgement, [rule] if rule else [])
    if options.format == "json":
        told = [explanation.as_dict() for explanation in explanations]
        write_text(json.dumps(told[0] if rule else told, ensure_ascii=False, indent=2) + "\n")
    else:
        write_text("\n\n".join(explanation.text for explanation in explanations) + "\n")
