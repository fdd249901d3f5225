"""`omi-rules assess`: workbooks for those who assess the cases of a sample, and the answers that come back."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from omi_rules.cli.agreement import agreement, moderate
from omi_rules.cli.helping import ExampleCommand, ExampleGroup
from omi_rules.cli.leadership import leadership
from omi_rules.cli.options import config_options, format_option, read_options
from omi_rules.cli.streams import Progress, say, write_lines, write_text
from omi_rules.cli.whole_number import WholeNumber

_NEW = "omi-rules assess new sample.json --export export \\\n      --assessors who.yaml --output out"
_IMPORT = "omi-rules assess import back/*.xlsx --sample sample.json \\\n      --output answers"


@click.group(
    cls=ExampleGroup,
    examples=(
        (_NEW, "make a workbook for each assessor"),
        (_IMPORT, "read those that came back"),
        ("omi-rules assess agreement answers", "how far two assessors agree"),
        ("omi-rules assess moderate answers", "what they have to talk about"),
        ("omi-rules assess leadership run --output leadership.xlsx", "the workbook of section 4"),
    ),
)
def assess() -> None:
    """Has people answer the questions that no rule can."""


for _command in (agreement, moderate, leadership):
    assess.add_command(_command)


def _take_percent(ctx: click.Context, param: click.Parameter, value: str) -> int:
    if not re.fullmatch(r"(100|[0-9]{1,2})%?", value):
        raise click.UsageError(f"{param.opts[0]} should be a share of the cases, from 0% to 100%, as in 15%.", ctx)
    return int(value.rstrip("%"))


@assess.command(
    cls=ExampleCommand,
    examples=(
        (_NEW, "a workbook for each assessor"),
        (f"{_NEW} --double 15%", "and a second, blind assessment of 15% of the cases"),
    ),
)
@click.argument("sample", type=click.Path(path_type=Path))
@click.option(
    "--export",
    "export",
    type=click.Path(path_type=Path),
    metavar="EXPORT",
    required=True,
    help="The export that the sample was drawn from.",
)
@click.option(
    "--assessors",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="Who assesses, in YAML; see schemas/assessors.schema.json.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="DIR", required=True, help="A new folder for the workbooks."
)
@click.option(
    "--double",
    callback=_take_percent,
    default="0%",
    show_default=True,
    metavar="PERCENT",
    help="The share of cases that a second assessor gets too, without knowing.",
)
@click.option(
    "--seed", type=WholeNumber(0, 2**31 - 1), default=1, show_default=True, help="Another sharing-out of the cases."
)
@click.option(
    "--map", type=click.Path(path_type=Path), metavar="FILE", help="How local tables, columns and codes are read."
)
@config_options()
@format_option("table", "json")
def new(sample: Path, export: Path, assessors: Path, output: Path, double: int, seed: int, **given: Any) -> None:
    """Makes a workbook for each assessor of SAMPLE.

    Nobody gets a case of their own, and about a third of the cases go to
    assessors of the area. A sheet a case has what the records say, and the
    questions that are left. The folder also holds who has which case."""
    from omi_rules.assess.handing_out import hand_out
    from omi_rules.assess.sampling import Reading

    options = read_options(given)
    reading = Reading(None, options.rules, options.means)
    with Progress() as progress:
        assignment = hand_out(
            sample, export, assessors, output, double=double, seed=seed, reading=reading, progress=progress
        )
    if options.format == "json":
        write_text(json.dumps(assignment, ensure_ascii=False, indent=2) + "\n")
    else:
        write_lines(summarise_assignment(assignment))
    if not assignment["rulebook"]["as_sampled"]:
        say("omi-rules: the rulebook has changed since the sample was drawn. The workbooks have the present questions.")
    say(f"Workbooks: {output}")


def summarise_assignment(assignment: Mapping[str, Any]) -> Iterator[str]:
    """The lines that tell who has how many cases."""
    from omi_rules.reports.columns import align
    from omi_rules.reports.words import count, folded

    assessors: Sequence[Mapping[str, Any]] = assignment["assessors"]
    first = [[case for case in one["cases"] if case["rating"] == 1] for one in assessors]
    local = sum(len(cases) for one, cases in zip(assessors, first, strict=True) if one["local"])
    cases = sum(map(len, first))
    twice = sum(len(one["cases"]) for one in assessors) - cases
    yield from folded(
        f"{count(cases, 'case')} for {count(len(assessors), 'assessor')}: {local:,} to assessors of the area; "
        f"{twice:,} are assessed twice."
    )
    yield ""
    rows = [
        [one["name"], "yes" if one["local"] else "no", str(len(own)), str(len(one["cases"]) - len(own)),
         one["workbook"] or "-"]
        for one, own in zip(assessors, first, strict=True)
    ]  # fmt: skip
    yield from align(["Assessor", "Local", "Cases", "Second", "Workbook"], rows, right=(2, 3))


@assess.command(
    name="import",
    cls=ExampleCommand,
    examples=(
        (_IMPORT, "take in what came back"),
        (_IMPORT.replace("back/*.xlsx", "late.xlsx"), "and one more, later"),
    ),
)
@click.argument("workbooks", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="WORKBOOKS")
@click.option(
    "--sample",
    type=click.Path(path_type=Path),
    metavar="SAMPLE",
    required=True,
    help="The sample that the workbooks were made for.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help="The folder of the answers: a new one, or that of earlier imports, to which these are added.",
)
@config_options()
@format_option("table", "json")
def take(workbooks: tuple[Path, ...], sample: Path, output: Path, **given: Any) -> None:
    """Reads WORKBOOKS that came back into a folder of answers.

    Answers are found by the names of columns and hidden keys, so columns and
    rows may have moved. What cannot be used is listed by sheet and cell; what
    was imported before is never lost. Importing twice changes nothing."""
    from omi_rules.assess.taking_in import take_in
    from omi_rules.cli.import_text import describe_import, summarise_import

    options = read_options(given)
    taken = take_in(workbooks, sample, output, options.rules)
    if options.format == "json":
        write_text(json.dumps(describe_import(taken), ensure_ascii=False, indent=2) + "\n")
    else:
        write_lines(summarise_import(taken))
    say(f"Answers: {output}")
