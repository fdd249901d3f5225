"""`omi-rules waive`: findings that somebody answers for until a day, kept in the store of runs."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.given_text import text_option
from omi_rules.cli.helping import ExampleCommand, ExampleGroup
from omi_rules.cli.options import (
    config_option,
    config_options,
    format_option,
    read_options,
    store_option,
    take_day,
    take_utf8,
)
from omi_rules.cli.streams import say, write_lines, write_text
from omi_rules.cli.whole_number import WholeNumber
from omi_rules.problems import UsageError

if TYPE_CHECKING:
    from omi_rules.checks.record import Answer
    from omi_rules.cli.options import Options
    from omi_rules.history.place import Place
    from omi_rules.history.waiver_acts import OpenFinding

_QUIET = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
_BY = text_option("--by", "Who enters it.", required=False)


@click.group(
    cls=ExampleGroup,
    examples=(
        (
            "omi-rules waive add export --case C00042 --rule rmp-standard-headings \\\n"
            '      --until 2007-02-28 --reason "Template on its way" --approved-by ACO',
            "answer for a finding until a day",
        ),
        ("omi-rules waive list", "every waiver ever given, and what became of it"),
        ('omi-rules waive expire 3 --reason "Plan was rewritten"', "end one before its day"),
    ),
)
def waive() -> None:
    """Waives findings: who answers for them, why, and until when.

    A waived finding is judged, listed and counted as insufficient all the same. Only `check --fail-on` leaves it out,
    and the work list marks it.
    """


@waive.command(
    cls=ExampleCommand,
    examples=(
        (
            "omi-rules waive add export --case C00042 --rule initial-plan-on-time \\\n"
            "      --due 2006-11-20 --until 2007-02-28 --approved-by ACO \\\n"
            '      --reason "In hospital until January"',
            "a duty, named by the day it was due",
        ),
    ),
)
@click.argument("export", type=click.Path(path_type=Path))
@click.option("--case", "case_id", required=True, callback=take_utf8, metavar="ID", help="The case.")
@click.option("--rule", "rule_id", required=True, metavar="ID", help="The rule that found it.")
@click.option("--due", callback=take_day, metavar="YYYY-MM-DD", help="The day the duty was due, if it has one.")
@click.option(
    "--until",
    callback=take_day,
    required=True,
    metavar="YYYY-MM-DD",
    help="The last day it covers, at most a year after the latest run.",
)
@text_option("--reason", "Why, without the names of people.", required=True)
@text_option("--approved-by", "Who answers for it: a role says more than a name, and is safer to keep.", required=True)
@_BY
@click.option(
    "--map", type=click.Path(path_type=Path), metavar="FILE", help="How local tables, columns and codes are read."
)
@store_option()
@config_options()
@_QUIET
def add(export: Path, case_id: str, rule_id: str, due: date | None, until: date, **given: Any) -> None:
    """Waives a finding that the latest run has open.

    EXPORT is the export of that run: the waiver lapses when a record that the rule reads is another, or the rule is.
    """
    options, place = _settle(given)
    from omi_rules.history.waiver_acts import Given, change_waivers, check_until, find_open, give

    with change_waivers(place) as connection:
        finding = find_open(connection, rule_id, case_id, due)
        check_until(until, finding.as_at)
        answer = _read_record(export, finding, options)
        said = Given(until, given["reason"], given["approved_by"], given["by"])
        number = give(connection, finding, answer.record, answer.rows_until, said)
    if not given["quiet"]:
        say(f"Given: waiver {number}, in force to the end of {until.isoformat()}. It counts from the next check on.")
    if finding.severity == 0:
        say(f"omi-rules: {rule_id} is critical: the public may be at risk while this is not done.")


def _read_record(export: Path, finding: "OpenFinding", options: "Options") -> "Answer":
    """The finding as the export has it; UsageError unless it is the same in the latest run."""
    from omi_rules.checks.record import judge_record
    from omi_rules.rulebook.load import load_to_judge

    latest = f"run {finding.run}, the latest"
    rulebook = load_to_judge(options.rules)
    if rulebook.hash != finding.rulebook:
        raise UsageError(f"the rulebook is not that of {latest}: name that one with --rules, or check again first.")
    answer = judge_record(
        export,
        rulebook,
        finding.rule,
        finding.case_id,
        as_at=finding.as_at,
        means=options.means,
    )
    if answer.fingerprint != finding.fingerprint:
        raise UsageError(f"{export} is not the export of {latest}: check it with --store first, then waive.")
    if (answer.outcome, answer.due_on, answer.done_on) != (finding.outcome, finding.due_on, finding.done_on):
        raise UsageError(f"the export is read otherwise than in {latest}: give the same --map, or check again first.")
    return answer


@waive.command(
    "list",
    cls=ExampleCommand,
    examples=(
        ("omi-rules waive list", "every waiver, those that are over too"),
        ("omi-rules waive list --format csv > waivers.csv", "the register for an inspector"),
    ),
)
@store_option()
@config_option()
@format_option("table", "json", "csv")
def list_(**given: Any) -> None:
    """Lists every waiver, in force or not, as at the latest run."""
    _, place = _settle(given)
    from omi_rules.cli.waive_text import show_register
    from omi_rules.history.database import read_store
    from omi_rules.history.runs import list_runs
    from omi_rules.history.waiver_files import register_csv, register_rows
    from omi_rules.history.waivers import load_waivers, standings_at_latest

    with read_store(place) as connection:
        kept = load_waivers(connection)
        standings = standings_at_latest(connection, kept)
        as_at = list_runs(connection)[-1].as_at if kept else None
    if given["format"] == "csv":
        write_text(register_csv(standings))
    elif given["format"] == "json":
        write_text(json.dumps(register_rows(standings), ensure_ascii=False, indent=2) + "\n")
    else:
        write_lines(show_register(standings, as_at))


@waive.command(
    cls=ExampleCommand,
    examples=(('omi-rules waive expire 3 --reason "Plan was rewritten"', "from now on it covers nothing"),),
)
@click.argument("waiver", type=WholeNumber(1))
@text_option("--reason", "Why it ends.", required=True)
@_BY
@store_option()
@config_option()
@_QUIET
def expire(waiver: int, **given: Any) -> None:
    """Ends WAIVER for good. It stays in the list."""
    _, place = _settle(given)
    from omi_rules.history.waiver_acts import change_waivers, end

    with change_waivers(place) as connection:
        end(connection, waiver, given["reason"], given["by"])
    if not given["quiet"]:
        say(f"Ended: waiver {waiver}.")


def _settle(given: Mapping[str, Any]) -> tuple["Options", "Place"]:
    from omi_rules.history.place import find_place

    options = read_options(given)
    if options.store is None:
        raise UsageError('name the store: --store FILE, or store = "FILE" in omi-rules.toml.')
    return options, find_place(options.store)
