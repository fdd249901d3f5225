"""`omi-rules score`: what the inspectorate would score, from a run that was kept."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import (
    answers_option,
    config_options,
    figures_option,
    format_option,
    log_option,
    loudness_options,
    read_options,
    store_option,
    take_day,
)
from omi_rules.cli.streams import Progress, has_colour, say, write_text
from omi_rules.cli.whole_number import WholeNumber
from omi_rules.scoring.dimensions import DIMENSIONS

if TYPE_CHECKING:
    from omi_rules.reports.terminal import Paint


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules score run", "score the rules' questions of a run"),
        ("omi-rules score run --answers answers", "with the answers of assessors"),
        ("omi-rules score run --answers answers --show-working", "the arithmetic, line by line"),
        ("omi-rules score run --figures typed-in.yaml", "with the figures that no record gives"),
        ("omi-rules score run --by team", "traffic lights by division and team"),
        ("omi-rules score run --reconcile published.yaml", "why a published figure is another"),
        ("omi-rules score run --store omi-rules.db", "and how far the improvement plan has come"),
        ("omi-rules score run --format json --output score.json", "for programs"),
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@answers_option("Assessors' answers: a folder with answers.csv. Then the cases answered for are those that count.")
@click.option(
    "--line",
    type=WholeNumber(1, 100),
    metavar="PERCENT",
    help="The line of priority for improvement.  [default: the rulebook's]",
)
@figures_option()
@click.option(
    "--from",
    "first",
    callback=take_day,
    metavar="YYYY-MM-DD",
    help="The first day that targets cover.  [default: as many months back as the published figure]",
)
@click.option(
    "--to",
    "last",
    callback=take_day,
    metavar="YYYY-MM-DD",
    help="The last day that targets cover.  [default: the day as at which the run judged]",
)
@click.option(
    "--by",
    type=click.Choice(DIMENSIONS),
    multiple=True,
    help="Traffic lights of these groups. Small numbers are hidden.",
)
@click.option(
    "--reconcile",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Published or local figures in YAML, set beside the computed ones.",
)
@click.option("--show-working", is_flag=True, help="Print the arithmetic of every score, line by line.")
@store_option("A store with the improvement plan: show how far it has come by this run.")
@config_options()
@format_option("table", "json", "csv")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file, readable by you.")
@log_option()
@loudness_options()
def score(
    run: Path,
    answers: Path | None,
    line: int | None,
    figures: Path | None,
    first: date | None,
    last: date | None,
    by: tuple[str, ...],
    reconcile: Path | None,
    show_working: bool,
    output: Path | None,
    **given: Any,
) -> int:
    """Scores the criteria and the national targets of RUN.

    RUN is a folder that `omi-rules check --output` wrote. Areas must not be compared by their scores.
    """
    options = read_options(given)
    from omi_rules.scoring.periods import Days
    from omi_rules.scoring.score import Wanted, score_run

    with Progress(options.quiet) as progress:
        progress("scoring")
        wanted = Wanted(
            answers=answers,
            rules=options.rules,
            line=line,
            days=Days(first, last),
            figures=figures,
            by=by,
            reconcile=reconcile,
        )
        found = score_run(run, wanted)
    plan = _Progress.of(run, given["store"]) if given["store"] else None
    if plan:
        found["plan"] = plan.record
    told = {"json": _as_json, "csv": _as_csv}.get(options.format)
    paint = output is None and has_colour()
    text = told(found) if told else _as_text(found, show_working, options.verbose, paint, plan)
    if output is None:
        write_text(text)
    else:
        from omi_rules.reports.kept_file import keep_file

        keep_file(output, text.encode())
        if not options.quiet:
            say(f"Written: {output}")
    return 0


@dataclass(frozen=True)
class _Progress:
    """How far the improvement plan of a store has come by a run: for programs, and for the page."""

    record: Mapping[str, Any]
    show: "Callable[[Paint], list[str]]"

    @classmethod
    def of(cls, run: Path, store: str) -> "_Progress":
        """Read both; UsageError where the store has no plan."""
        from omi_rules.cli.action_text import show_progress
        from omi_rules.history.action_plan import load_plan
        from omi_rules.history.database import read_store
        from omi_rules.history.place import find_place
        from omi_rules.history.plan_files import progress_record
        from omi_rules.history.plan_progress import measure_progress
        from omi_rules.scoring.breaches import read_breaches

        with read_store(find_place(store)) as connection:
            plan = load_plan(connection)
        found = read_breaches(run)
        steps = measure_progress(plan, found)
        return cls(
            progress_record(plan, steps, found.as_at),
            lambda paint: show_progress(plan, steps, found.as_at, paint=paint),
        )


def _as_json(found: Mapping[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2, default=lambda day: day.isoformat()) + "\n"


def _as_csv(found: Mapping[str, Any]) -> str:
    from omi_rules.reports.score_rows import score_csv

    return score_csv(found)


def _as_text(found: Mapping[str, Any], show_working: bool, verbose: bool, colour: bool, plan: _Progress | None) -> str:
    from omi_rules.reports.group_text import show_groups
    from omi_rules.reports.reconcile_text import show_reconciled
    from omi_rules.reports.score_text import show_score
    from omi_rules.reports.terminal import paint_colour, paint_plain
    from omi_rules.reports.working_text import show_working as show

    paint = paint_colour if colour else paint_plain
    lines = show(found, paint=paint) if show_working else show_score(found, verbose=verbose, paint=paint)
    for entry in found.get("groups", ()):
        lines += ["", *show_groups(found, entry["dimension"], paint=paint)]
    if "reconciled" in found:
        lines += ["", *show_reconciled(found["reconciled"], paint=paint)]
    if plan:
        lines += ["", paint("heading", "The improvement plan"), *plan.show(paint)]
    return "".join(f"{line}\n" for line in lines)
