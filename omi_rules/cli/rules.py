"""`omi-rules rules`: list, show, lint and test the rulebook; `authoring.py` has the rest of the group."""

import csv
import dataclasses
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.authoring import coverage, mutate
from omi_rules.cli.filters import check_known, choose_rules
from omi_rules.cli.helping import ExampleCommand, ExampleGroup
from omi_rules.cli.options import FORMATS, config_options, format_option, read_options, rule_filters
from omi_rules.cli.streams import has_colour, say, write_lines, write_text
from omi_rules.problems import RulebookError

if TYPE_CHECKING:
    from omi_rules.rulebook.model import Rulebook

_AT_FAULT = RulebookError.exit_code


@click.group(
    cls=ExampleGroup,
    examples=(
        ("omi-rules rules list --recommendation 1", "the rules that a recommendation rests on"),
        ("omi-rules rules show contact-frequency", "a rule in plain English"),
        ("omi-rules rules lint --rules my-rules", "what is wrong with a rulebook"),
        ("omi-rules rules test", "run every example of every rule"),
        ("omi-rules rules mutate contact-frequency", "whether its examples are enough"),
    ),
)
def rules() -> None:
    """Lists, shows, lints and tests the rulebook, and its examples."""


@rules.command(
    name="list",
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules list", "every rule"),
        ("omi-rules rules list --criterion 1.2 --format csv", "those of one criterion, for a spreadsheet"),
    ),
)
@config_options()
@rule_filters()
@format_option(*FORMATS)
def list_(**given: Any) -> None:
    """Lists the rules: id, criterion, severity, recommendations, title."""
    options = read_options(given)
    chosen = choose_rules(_load(options.rules), options.filters)
    records = [
        {
            "rule": rule.id,
            "criterion": rule.criterion,
            "severity": rule.severity,
            "recommendations": list(rule.recommendations),
            "title": rule.title,
        }
        for rule in chosen
    ]
    write_text(_FORMATTERS[options.format](records))


@rules.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules show risk-management-plan-on-time", "in plain English"),
        ("omi-rules rules show risk-management-plan-on-time --format json", "every part, for programs"),
    ),
)
@click.argument("rule")
@config_options()
@format_option("table", "json")
def show(rule: str, **given: Any) -> None:
    """Says in plain English what RULE asks.

    Of whom, from when, by when, what counts as done, and on what authority."""
    from omi_rules.cli.rule_text import show_rule

    options = read_options(given)
    book = _load(options.rules)
    check_known([rule], book.rules, "rule")
    if options.format == "json":
        write_text(json.dumps(dataclasses.asdict(book.rules[rule]), default=str, ensure_ascii=False, indent=2))
        write_text("\n")
    else:
        write_lines(show_rule(book.rules[rule], book, has_colour()))


@rules.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules lint", "the program's own rulebook"),
        ("omi-rules rules lint --rules my-rules", "another one, while it is being written"),
    ),
)
@config_options()
def lint(**given: Any) -> int:
    """Lists what is wrong with the rulebook."""
    from omi_rules.cli.lint import find_problems

    problems, told = find_problems(read_options(given).rules)
    write_lines(str(problem) for problem in problems)
    if problems:
        say(f"omi-rules: {len(problems):,} {'problem' if len(problems) == 1 else 'problems'}.")
        return _AT_FAULT
    write_lines([told])
    return 0


@rules.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules test", "every example of every rule and conclusion"),
        ("omi-rules rules test contact-frequency", "those of one rule"),
    ),
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@config_options()
def test(ids: tuple[str, ...], **given: Any) -> int:
    """Runs the examples that rules and conclusions carry.

    ID is a rule or a conclusion; without one, all are tried."""
    from omi_rules.cli.examples import run_examples

    book = _load(read_options(given).rules)
    check_known(ids, [*book.rules, *book.conclusions], "rule or conclusion")
    failures, told = run_examples(book, ids)
    write_lines([*failures, told])
    return _AT_FAULT if failures else 0


rules.add_command(coverage)
rules.add_command(mutate)


def _load(folder: Any) -> "Rulebook":
    from omi_rules.rulebook.load import load_rulebook

    return load_rulebook(folder)


def _as_table(records: Sequence[dict[str, Any]]) -> str:
    from omi_rules.reports.columns import align

    rows = [[_cell(record[name]) for name in _COLUMNS] for record in records]
    lines = align(list(_COLUMNS.values()), rows, giving=4)
    return "".join(f"{line}\n" for line in lines)


_COLUMNS = {
    "rule": "Rule",
    "criterion": "Crit.",
    "severity": "Severity",
    "recommendations": "Recs",
    "title": "Title",
}


def _cell(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _as_csv(records: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_cell(record[name]) for name in _COLUMNS] for record in records)
    return text.getvalue()


_FORMATTERS = {
    "table": _as_table,
    "json": lambda records: json.dumps(records, ensure_ascii=False, indent=2) + "\n",
    "jsonl": lambda records: "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records),
    "csv": _as_csv,
}
