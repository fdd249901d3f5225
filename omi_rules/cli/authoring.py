"""`omi-rules rules coverage` and `rules mutate`: whether the examples of a rule are enough."""

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.filters import check_known
from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import FORMATS, config_options, format_option, read_options
from omi_rules.cli.streams import Progress, write_lines, write_text
from omi_rules.problems import RulebookError

if TYPE_CHECKING:
    from omi_rules.authoring.trials import Trial
    from omi_rules.rulebook.model import Rule, Rulebook


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules coverage", "every rule; takes minutes"),
        ("omi-rules rules coverage contact-frequency --format json", "one rule, for programs"),
    ),
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@config_options()
@format_option(*FORMATS)
def coverage(ids: tuple[str, ...], **given: Any) -> None:
    """Counts what the examples of rules exercise.

    For each rule: how many examples expect each outcome it can give, and the
    conditions, amounts, dates and windows that no example touches. A part is
    touched if some example would come out otherwise, were the part otherwise
    in one of the ways that `rules mutate` tries."""
    from omi_rules.cli.coverage_text import coverage_lines, coverage_records

    options = read_options(given)
    book, chosen = _choose(options.rules, ids)
    with Progress() as progress:
        from omi_rules.authoring.coverage import measure_coverage

        progress("trying the examples")
        measured = measure_coverage(book, chosen)
    if options.format == "table":
        write_lines(coverage_lines(book, measured))
        return
    records = coverage_records(book, measured)
    if options.format == "csv":
        write_text(_as_csv(records))
    elif options.format == "jsonl":
        write_lines(json.dumps(record, ensure_ascii=False) for record in records)
    else:
        write_lines([json.dumps(records, ensure_ascii=False, indent=2)])


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules mutate", "every rule; takes minutes"),
        ("omi-rules rules mutate contact-frequency", "one rule, while it is being written"),
    ),
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@config_options()
def mutate(ids: tuple[str, ...], **given: Any) -> int:
    """Lists changes of rules that no example would notice.

    Changes one thing of a rule or of a value it uses at a time: a number one
    more or less, a condition turned round or left out, another window. A
    change that all of the rule's examples put up with survives: add an
    example that tells the two apart. One that can never make a difference is
    listed in equivalent-mutants.yaml, with the reason."""
    from omi_rules.authoring.trials import find_stale, hold_trials
    from omi_rules.cli.coverage_text import survivor_lines, trials_told

    book, chosen = _choose(read_options(given).rules, ids)
    with Progress() as progress:
        progress("trying the mutants")
        trials: list[Trial] = hold_trials(book, chosen)
    stale = find_stale(book, trials)
    write_lines([*survivor_lines(book, trials, stale), trials_told(trials)])
    return RulebookError.exit_code if any(trial.survivors for trial in trials) else 0


def _choose(folder: Any, ids: Sequence[str]) -> "tuple[Rulebook, list[Rule]]":
    """The rulebook, and its rules of these ids, or all about cases."""
    from omi_rules.rulebook.load import load_rulebook

    book = load_rulebook(folder)
    check_known(ids, book.rules, "rule")
    return book, [rule for rule in book.case_rules_and_shadows if not ids or rule.id in ids]


def _as_csv(records: Sequence[dict[str, Any]]) -> str:
    """A line a rule: its outcomes, the number of parts, and those not touched, in one cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    outcomes = list(dict.fromkeys(outcome for record in records for outcome in record["outcomes"]))
    writer.writerow(["rule", *outcomes, "parts", "untouched"])
    for record in records:
        untouched = "; ".join(f"{part['file']}:{part['line']} {part['part']}" for part in record["untouched"])
        counts = [record["outcomes"].get(outcome, "") for outcome in outcomes]
        writer.writerow([record["rule"], *counts, record["parts"], untouched])
    return text.getvalue()
