"""`omi-rules assess agreement` and `moderate`: how far assessors of one case agree, and what they settle on."""

import json
from pathlib import Path
from typing import Any

import click

from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import config_options, format_option, loudness_options, read_options
from omi_rules.cli.streams import say, write_text


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules assess agreement answers", "criteria, pairs of assessors, what differs most"),
        ("omi-rules assess agreement answers -v", "and every question"),
        ("omi-rules assess agreement answers --format csv --output agreement.csv", "every figure, as a table"),
    ),
)
@click.argument("answers", type=click.Path(path_type=Path), metavar="DIR")
@config_options()
@format_option("table", "json", "csv")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file, readable by you.")
@loudness_options()
def agreement(answers: Path, **given: Any) -> None:
    """Says how far two assessors of a case agree.

    DIR is the folder that `omi-rules assess import` writes. Counted are answers
    that are exactly the same, and those on the same side of the line; weighted
    kappa says how far they agree beyond chance."""
    from omi_rules.assess.agreement import describe_agreement
    from omi_rules.cli.agreement_text import agreement_csv, show_agreement

    options = read_options(given)
    found = describe_agreement(answers, options.rules)
    if options.format == "json":
        text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    elif options.format == "csv":
        text = agreement_csv(found)
    else:
        text = "".join(f"{line}\n" for line in show_agreement(found, verbose=options.verbose))
    _put(text, options.output, options.quiet)


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules assess moderate answers", "list what assessors disagree on"),
        ("omi-rules assess moderate answers --format csv --output agree.csv", "a table to fill in"),
        ("omi-rules assess moderate answers --agree agree.csv", "take what was agreed on"),
    ),
)
@click.argument("answers", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--agree",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Agreed answers, in CSV: case_id, question, answer, reason and, if you like, moderator. The answer "
    "as_recorded lets the records stand where one assessor corrects them.",
)
@config_options()
@format_option("table", "json", "csv")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file, readable by you.")
@loudness_options()
def moderate(answers: Path, agree: Path | None, **given: Any) -> None:
    """Lists what assessors disagree on, or settles it.

    DIR is the folder that `omi-rules assess import` writes. What was said stays
    in ratings.csv; what was agreed on goes to moderated.csv, and counts in
    answers.csv. Until then the first rating counts. With --format csv, the
    list has empty columns for the agreed answer, and can be given back."""
    from omi_rules.assess.moderation import moderate as take_agreed
    from omi_rules.cli.moderation_text import describe_moderation, moderation_csv, show_moderation

    options = read_options(given)
    moderation = take_agreed(answers, agree, options.rules)
    if options.format == "json":
        text = json.dumps(describe_moderation(moderation), ensure_ascii=False, indent=2) + "\n"
    elif options.format == "csv":
        text = moderation_csv(moderation)
    else:
        text = "".join(f"{line}\n" for line in show_moderation(moderation))
    _put(text, options.output, options.quiet)


def _put(text: str, output: Path | None, quiet: bool) -> None:
    from omi_rules.reports.kept_file import keep_file

    if output is None:
        write_text(text)
        return
    keep_file(output, text.encode())
    if not quiet:
        say(f"Written: {output}")
