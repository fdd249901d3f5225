"""`omi-rules report`: a run as people want to read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import config_options, log_option, loudness_options, read_options
from omi_rules.cli.streams import Progress, say

#: The names of omi_rules/reports/page/audience.py, which is not read for the help.
_AUDIENCES = ("board", "manager", "officer", "inspector")


@dataclass(frozen=True)
class Asked:
    """What a report is made of and for whom."""

    run: Path
    answers: Path | None
    figures: Path | None
    previous: Path | None
    rules: Path | None
    audience: str
    pseudonyms: Path | None


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules report run --format html --output area.html", "one page, for managers"),
        ("omi-rules report run --format html --output area.html --previous last", "with what has changed"),
        ("omi-rules report run --format html --output a.html --audience board", "without cases and officers"),
        ("omi-rules report run --format html --output a.html --pseudonyms key", "cases under pseudonyms"),
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=click.Choice(["html"]), required=True, help="What to make.")
@click.option(
    "--audience",
    type=click.Choice(_AUDIENCES),
    default="manager",
    show_default=True,
    help="Whom it is for: the board sees no case and no officer, an officer no score, an inspector no officer.",
)
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Assessors' answers for the scores: a folder with answers.csv.",
)
@click.option(
    "--figures",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Figures of targets that no record gives, such as sickness, in YAML.",
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="An earlier run of the same area, to say what has changed.",
)
@click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path),
    metavar="KEYFILE",
    help="Pseudonyms in place of case references, the same for the same key: a file of 32 bytes or more, yours alone.",
)
@config_options()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="Write it to a file, readable by you.",
)
@log_option()
@loudness_options()
def report(
    run: Path,
    format_: str,
    audience: str,
    answers: Path | None,
    figures: Path | None,
    previous: Path | None,
    pseudonyms: Path | None,
    **given: Any,
) -> int:
    """Makes a report of RUN for people.

    RUN is a folder that `omi-rules check --output` wrote. The page is one file that asks nothing of any network.
    """
    options = read_options(given)
    asked = Asked(run, answers, figures, previous, options.rules, audience, pseudonyms)
    with Progress(options.quiet) as progress:
        progress("making the report")
        content = _MADE_BY[format_](asked)
    from omi_rules.reports.kept_file import keep_file

    assert options.output is not None
    keep_file(options.output, content)
    if not options.quiet:
        say(f"Written: {options.output}")
    return 0


def _make_page(asked: Asked) -> bytes:
    from omi_rules.reports.page.audience import AUDIENCES
    from omi_rules.reports.page.build import PageSettings, build_page
    from omi_rules.reports.pseudonyms import read_key

    settings = PageSettings(
        audience=AUDIENCES[asked.audience],
        answers=asked.answers,
        figures=asked.figures,
        previous=asked.previous,
        rules=asked.rules,
        key=read_key(asked.pseudonyms) if asked.pseudonyms else None,
    )
    return build_page(asked.run, settings)


#: What makes each format.
_MADE_BY: Mapping[str, Callable[[Asked], bytes]] = {"html": _make_page}
