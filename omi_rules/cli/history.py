"""`omi-rules history`: the runs of a store, what changed between them, and whether they are as they were recorded."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.helping import ExampleCommand, ExampleGroup
from omi_rules.cli.options import (
    config_option,
    format_option,
    holder_filters,
    loudness_options,
    read_options,
    recommendation_filter,
    rule_filter,
    store_option,
)
from omi_rules.cli.streams import has_colour, say, write_lines, write_text
from omi_rules.cli.whole_number import WholeNumber
from omi_rules.problems import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from omi_rules.history.choice import Choice
    from omi_rules.history.diff import Difference

#: The exit code of `verify` when something was altered: it ran, and found something.
_ALTERED = 1


@click.group(
    cls=ExampleGroup,
    examples=(
        ("omi-rules history list", "the runs that the store of omi-rules.toml holds"),
        ("omi-rules history diff @previous @latest", "what changed since the day before"),
        ("omi-rules history trend --team 'Wirral team 1'", "how many findings a team had, run by run"),
        ("omi-rules history verify", "whether anything was altered after it was recorded"),
    ),
)
def history() -> None:
    """Says what changed between the runs that a store keeps."""


@history.command(
    "list",
    cls=ExampleCommand,
    examples=(
        ("omi-rules history list --store omi-rules.db", "every run, the first one first"),
        ("omi-rules history list --format csv > runs.csv", "the same for a spreadsheet"),
    ),
)
@store_option()
@config_option()
@format_option("table", "json", "csv")
def list_(**given: Any) -> int:
    """Lists the runs: day, cases, findings, what is new and put right."""
    from omi_rules.history.choice import Choice
    from omi_rules.history.runs import list_runs
    from omi_rules.history.trend import count_nights

    with _open(given) as connection:
        kept = list_runs(connection)
        nights = count_nights(connection, kept, Choice())
    rows: list[dict[str, object]] = [
        {
            "run": run.number,
            "as_at": run.as_at.isoformat(),
            "recorded_at": run.recorded_at,
            "cases": run.cases,
            "findings": night.open,
            "new": night.new,
            "put_right": night.put_right,
            "exit_code": run.exit_code,
            "failed": [name for _, name in run.failed],
            "program": run.program,
            "rulebook": run.rulebook,
            "hash": run.hash,
        }
        for run, night in zip(kept, nights, strict=True)
    ]
    _write(given["format"], rows, lambda: _aligned(rows))
    return 0


@history.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules history diff", "the latest run beside the last one of an earlier day"),
        ("omi-rules history diff 2006-11-01 @latest --officer OM1", "an officer's month"),
        ("omi-rules history diff 41 42 --format csv > changes.csv", "two runs, for a spreadsheet"),
    ),
)
@click.argument("before", default="@previous")
@click.argument("after", default="@latest")
@holder_filters()
@rule_filter()
@recommendation_filter()
@store_option()
@config_option()
@format_option("table", "json", "csv")
@loudness_options()
def diff(before: str, after: str, **given: Any) -> int:
    """Says what changed between two runs, each finding told apart.

    A run is @latest, @previous (the last run of an earlier day), a number or a date. Filters by team, division and
    officer go by who holds the case now.
    """
    from omi_rules.history.diff import find_changes
    from omi_rules.history.runs import find_run, list_runs

    with _open(given) as connection:
        kept = list_runs(connection)
        first, last = find_run(kept, before), find_run(kept, after)
        if first.number >= last.number:
            raise UsageError(f"run {first.number} is not before run {last.number}: name the earlier one first.")
        found = find_changes(connection, kept, first, last, _choice(given))
    if given["format"] == "table":
        from omi_rules.cli.history_text import show_difference
        from omi_rules.reports.terminal import paint_colour, paint_plain

        paint = paint_colour if has_colour() else paint_plain
        write_lines(show_difference(found, verbose=given["verbose"], paint=paint))
        return 0
    from omi_rules.cli.history_text import change_rows

    rows = change_rows(found)
    if given["format"] == "csv":
        _write("csv", rows, list)
    else:
        write_text(json.dumps(_as_document(found, rows), ensure_ascii=False, indent=2) + "\n")
    return 0


def _as_document(found: "Difference", rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
    runs = {
        name: {"run": run.number, "as_at": run.as_at.isoformat(), "program": run.program, "rulebook": run.rulebook}
        for name, run in (("before", found.before), ("after", found.after))
    }
    vanished = [{"table": table, "rows": rows_, "cases": cases} for table, (rows_, cases) in found.vanished.items()]
    return {**runs, "counts": dict(found.counts), "vanished": vanished, "changes": list(rows)}


@history.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules history trend", "findings, run by run"),
        ("omi-rules history trend --rule contact-frequency --team 'Wirral team 1'", "one rule in one team"),
        ("omi-rules history trend --format csv > trend.csv", "for a spreadsheet"),
    ),
)
@holder_filters()
@rule_filter()
@recommendation_filter()
@click.option(
    "--last", type=WholeNumber(1), metavar="N", default=30, show_default=True, help="Print only the last N runs."
)
@store_option()
@config_option()
@format_option("table", "json", "csv")
def trend(last: int, **given: Any) -> int:
    """Counts the findings of every run, and what came and went.

    The table shows the last runs; json and csv hold every run. Filters by team, division and officer go by who holds
    the case now.
    """
    from dataclasses import asdict

    from omi_rules.cli.history_text import show_trend
    from omi_rules.history.runs import list_runs
    from omi_rules.history.trend import count_nights

    with _open(given) as connection:
        nights = count_nights(connection, list_runs(connection), _choice(given))
    rows: list[dict[str, object]] = [{**asdict(night), "as_at": night.as_at.isoformat()} for night in nights]
    _write(given["format"], rows, lambda: show_trend(nights[-last:]))
    return 0


@history.command(
    cls=ExampleCommand,
    examples=(("omi-rules history verify --store omi-rules.db", "exit code 1 if a run or its findings were altered"),),
)
@store_option()
@config_option()
@loudness_options()
def verify(**given: Any) -> int:
    """Works the chains of hashes out again: was a run or waiver altered?

    Note the latest hashes somewhere else: whoever can rewrite the whole store can rewrite the chains with it.
    """
    from omi_rules.history.chain import verify as verify_chain
    from omi_rules.history.waiver_acts import verify_waivers

    with _open(given) as connection:
        found, waived = verify_chain(connection), verify_waivers(connection)
    if faults := (*found.faults, *waived.faults):
        write_lines(f"{fault[:1].upper()}{fault[1:]}" for fault in faults)
        say("omi-rules: the store is not as it was recorded. Put back a copy of it, or find out who altered it.")
        return _ALTERED
    if not given["quiet"]:
        write_lines([f"All {found.count} runs are as they were recorded.", f"Latest hash: {found.hash or 'none'}"])
        if waived.count:
            told = f"All {waived.count} acts on waivers are as they were entered."
            write_lines([told, f"Latest hash of waivers: {waived.hash}"])
    return 0


@contextmanager
def _open(given: Mapping[str, Any]) -> "Iterator[Connection]":
    from omi_rules.history.place import find_place

    options = read_options(given)
    if options.store is None:
        raise UsageError('name the store: --store FILE, or store = "FILE" in omi-rules.toml.')
    place = find_place(options.store)
    from omi_rules.history.database import read_store

    with read_store(place) as connection:
        yield connection


def _choice(given: Mapping[str, Any]) -> "Choice":
    from omi_rules.history.choice import Choice

    return Choice(
        teams=given["team"],
        divisions=given["division"],
        officers=given["officer"],
        rules=given["rule"],
        recommendations=given["recommendation"],
    )


def _write(form: str, rows: Sequence[Mapping[str, object]], table: Any) -> None:
    """Rows as JSON, as CSV with every column, or as the lines of a table."""
    if form == "json":
        write_text(json.dumps(list(rows), ensure_ascii=False, indent=2) + "\n")
    elif form == "csv":
        from omi_rules.data.cells import csv_text

        columns = list(rows[0]) if rows else []
        plain = [
            {name: ";".join(map(str, cell)) if isinstance(cell, list) else cell for name, cell in row.items()}
            for row in rows
        ]
        write_text(csv_text(columns, plain))
    else:
        write_lines(table())


def _aligned(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    from omi_rules.reports.columns import align

    header = ["Run", "As at", "Recorded (UTC)", "Cases", "Findings", "New", "Put right", "Exit"]
    cells = [
        [
            str(row["run"]),
            row["as_at"],
            row["recorded_at"][:16].replace("T", " "),
            *(f"{row[name]:,}" for name in ("cases", "findings", "new", "put_right")),
            str(row["exit_code"]),
        ]
        for row in rows
    ]
    return align(header, cells, right=(0, 3, 4, 5, 6, 7))
