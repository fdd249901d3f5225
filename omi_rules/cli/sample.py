"""`omi-rules sample`: draw the cases that people are to assess."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import export_options, format_option, read_options
from omi_rules.cli.streams import Progress, say, write_lines, write_text
from omi_rules.cli.whole_number import WholeNumber


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules sample export --output sample.json", "about 100 cases, and keep the sample"),
        ("omi-rules sample export --seed 7 --size 60", "another draw, of 60 cases"),
        ("omi-rules sample export --format json", "the whole sample, for programs"),
    ),
)
@click.argument("export", type=click.Path(path_type=Path))
@export_options()
@click.option("--sample", metavar="NAME", default="inspection", show_default=True, help="A file of rules/samples.")
@click.option("--seed", type=WholeNumber(0, 2**31 - 1), default=1, show_default=True, help="Another draw.")
@click.option("--size", type=WholeNumber(1, 10_000), metavar="N", help="How many cases.  [default: of the sample]")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Keep the sample in this file.")
@format_option("table", "json")
def sample(export: Path, sample: str, seed: int, size: int | None, output: Path | None, **given: Any) -> None:
    """Draws a sample of EXPORT for people to assess.

    It is drawn from the cases that have been under supervision for about six
    months: a random part first, then topped up for each quota that lacks
    cases. The same records, seed and settings give the same sample."""
    from omi_rules.assess.sample_file import write_sample
    from omi_rules.assess.sampling import Reading, draw_sample

    options = read_options(given)
    reading = Reading(options.as_at, options.rules, options.means)
    with Progress() as progress:
        record = draw_sample(export, sample, seed, size, reading, progress)
    if output is not None:
        write_sample(record, output)
    if options.format == "json":
        write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    else:
        write_lines(summarise_sample(record))
        say(f"Sample: {output}" if output else "Nothing is kept. Keep the sample with --output FILE.")


def summarise_sample(record: Mapping[str, Any]) -> Iterator[str]:
    """The lines that tell of a sample."""
    from omi_rules.assess.sample_file import sample_title
    from omi_rules.reports.columns import align
    from omi_rules.reports.words import count, english_date, folded, listed

    frame, settings = record["frame"], record["settings"]
    yield from folded(f"{sample_title(record)}, {record['sample_id']}")
    yield ""
    window = settings["under_supervision"]
    yield from folded(
        f"Drawn with seed {record['seed']} from {count(frame['cases'], 'case')} of {record['export']['cases']:,}: "
        f"community orders and licences under supervision for {window['from_months']} to {window['to_months']} months, "
        f"begun between {english_date(frame['started_from'])} and {english_date(frame['started_to'])}."
    )
    yield from folded(
        f"{count(record['random_part'], 'case')} were drawn at random, {record['topped_up']:,} added for the quotas; "
        f"{count(len(record['replacements']), 'replacement')} stand by."
    )
    yield ""
    rows = [
        [quota["title"], *(str(quota[name]) for name in ("in_frame", "at_least", "in_random_part", "in_sample"))]
        for quota in record["quotas"]
    ]
    yield from align(["Quota", "Frame", "Wanted", "At random", "Sample"], rows, right=(1, 2, 3, 4))
    if record["says"]:
        yield ""
    for sentence in record["says"]:
        yield from folded(sentence)
    yield ""
    yield from folded(
        "The weight of a case says how many of the frame it stands for: whatever is counted without weights tells of "
        "the sample, which has more of the quotas' cases than the frame."
    )
    if assumed := _assumed(record):
        yield from folded(f"Assumed, because no source gives them: {listed(assumed)}.")


def _assumed(record: Mapping[str, Any]) -> list[str]:
    settings = record["settings"]
    names = {
        "size": "the size",
        "under_supervision": "the months",
        "order_types": "the types of order",
        "replacements": "the number of replacements",
    }
    assumed = [words for name, words in names.items() if settings[name]["assumed"]]
    if any(quota["assumed"] for quota in record["quotas"]):
        assumed.append("the minimum numbers")
    if any(codes["assumed"] for codes in settings["ethnicity"].values()):
        assumed.append("the codes of ethnicity")
    return assumed
