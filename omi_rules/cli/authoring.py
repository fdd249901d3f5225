"""`omi-rules rules new`, `impact`, `coverage`, `mutate` and `doc`: how rules are written, tried and told of."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.filters import check_known
from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import FORMATS, config_options, export_options, format_option, read_options
from omi_rules.cli.streams import Progress, has_colour, say, write_lines, write_text
from omi_rules.problems import RulebookError, UsageError

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


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules new tier-held --kind matches --criterion 1.5 --rules my-rules", "in a rulebook of your own"),
    ),
)
@click.argument("rule")
@click.option(
    "--kind",
    required=True,
    metavar="KIND",
    help="deadline, exists, review_chain, per_event, count, matches or paired.",
)
@click.option("--criterion", required=True, metavar="ID", help="Where it belongs: 1.1 to 4.9, targets or staff.")
@config_options()
def new(rule: str, kind: str, criterion: str, **given: Any) -> None:
    """Writes the skeleton of a new rule, RULE, for you to fill in.

    It has the keys that its kind needs, each below a note that says what belongs there. `rules lint` lists what is
    missing, step by step. The rule is in shadow until you take that line out. Nothing is written over.

    It goes into the rulebook that --rules, or the setting, names: never into the one that the program brings along."""
    from omi_rules.authoring.skeletons import write_skeleton

    rulebook = read_options(given).rules
    if rulebook is None:
        raise UsageError(
            "say with --rules in which rulebook: a copy of your own, as my-rules in docs/writing-a-rule.md. Until a "
            "new rule is filled in, nothing can be judged by its rulebook."
        )
    path = write_skeleton(rulebook, rule, kind, criterion)
    say(f"Wrote {path}. Fill it in, and let `omi-rules rules lint` tell you what is missing.")


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules impact export --against my-rules", "what other rules would find in an export"),
        ("omi-rules rules impact export --rules my-rules", "what its rules in shadow would add"),
        ("omi-rules rules impact export --against my-rules --format csv", "for a spreadsheet"),
    ),
)
@click.argument("export", type=click.Path(path_type=Path))
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The rulebook that would take the place of the present one.  [default: the present one, shadows counted]",
)
@export_options()
@format_option(*FORMATS)
def impact(export: Path, against: Path | None, **given: Any) -> int:
    """Says what another rulebook would change in EXPORT.

    Which rules and values differ from the present rulebook, or that of --rules; how many cases each rule moves from
    what outcome to what outcome; and how many findings appear and vanish, by offender manager. A rule in shadow is
    judged as if it had been added."""
    from omi_rules.authoring.impact import measure_impact
    from omi_rules.cli.impact_text import impact_csv, impact_lines, impact_record, impact_rows
    from omi_rules.reports.terminal import paint_colour, paint_plain
    from omi_rules.rulebook.load import load_rulebook

    options = read_options(given)
    if against is not None and not against.is_dir():
        raise UsageError(f"--against: there is no folder {against}.")
    before = load_rulebook(options.rules)
    after = load_rulebook(against) if against else before
    with Progress() as progress:
        measured = measure_impact(export, before, after, options.as_at, options.means, progress)
    if options.format == "table":
        write_lines(impact_lines(measured, paint_colour if has_colour() else paint_plain))
    elif options.format == "json":
        write_lines([json.dumps(impact_record(measured), ensure_ascii=False, indent=2)])
    elif options.format == "jsonl":
        write_lines(json.dumps(row, ensure_ascii=False) for row in impact_rows(measured))
    else:
        write_text(impact_csv(measured))
    for fault in measured.faults:
        say(f"omi-rules: {fault}")
    return RulebookError.exit_code if measured.faults else 0


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules doc", "a page a rule, in docs/rules"),
        ("omi-rules rules doc --rules my-rules --output my-pages", "of another rulebook, elsewhere"),
    ),
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    default=Path("docs/rules"),
    show_default=True,
    help="Where to.",
)
@config_options()
def doc(output: Path, **given: Any) -> None:
    """Writes the catalogue of the rules in Markdown.

    A page a rule, and an index by criterion, by recommendation and by table read. The same rulebook makes the same
    pages. Pages of rules that are gone are taken away."""
    from omi_rules.authoring.pages import write_pages
    from omi_rules.reports.words import count
    from omi_rules.rulebook.load import load_rulebook

    number = write_pages(load_rulebook(read_options(given).rules), output)
    say(f"Wrote {count(number, 'page')} and an index: {output}")


def _choose(folder: Any, ids: Sequence[str]) -> "tuple[Rulebook, list[Rule]]":
    """The rulebook, and its rules of these ids, or all."""
    from omi_rules.rulebook.load import load_rulebook

    book = load_rulebook(folder)
    check_known(ids, book.rules, "rule")
    return book, [rule for rule in book.rules.values() if not ids or rule.id in ids]


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
