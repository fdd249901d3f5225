"""`omi-rules rules`: list, show, lint and test the rulebook, and list its values; `authoring.py` has the rest."""

import csv
import dataclasses
import io
import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.authoring import coverage, doc, impact, mutate, new
from omi_rules.cli.filters import check_known, choose_rules
from omi_rules.cli.helping import ExampleCommand, ExampleGroup
from omi_rules.cli.options import FORMATS, config_options, format_option, read_options, rule_filters
from omi_rules.cli.streams import has_colour, say, write_lines, write_text
from omi_rules.problems import RulebookError

if TYPE_CHECKING:
    from omi_rules.rulebook.model import Rulebook
    from omi_rules.rulebook.questions import Criteria

_AT_FAULT = RulebookError.exit_code
#: A criterion, 1.2, or a question, 1.2.20; no rule has such a name.
_OF_THE_INSPECTION = re.compile(r"[0-9]+(\.[0-9]+)(\.[0-9]+|\.S)?")


@click.group(
    cls=ExampleGroup,
    examples=(
        ("omi-rules rules list --recommendation 1", "the rules that a recommendation rests on"),
        ("omi-rules rules show contact-frequency", "a rule in plain English"),
        ("omi-rules rules values --assumed", "what is assumed, and the rules that depend on it"),
        ("omi-rules rules lint --rules my-rules", "what is wrong with a rulebook"),
        ("omi-rules rules test", "run every example of every rule"),
        ("omi-rules rules mutate contact-frequency", "whether its examples are enough"),
        ("omi-rules rules impact export --against my-rules", "what another rulebook would change"),
    ),
)
def rules() -> None:
    """Lists, shows, writes, tries and tests the rules."""


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
    """Lists the rules: id, criterion, severity, recommendations, title.

    A rule in shadow is tried out, and counts nowhere."""
    options = read_options(given)
    chosen = choose_rules(_load(options.rules), options.filters)
    records = [
        {
            "rule": rule.id,
            "criterion": rule.criterion,
            "severity": rule.severity,
            "recommendations": list(rule.recommendations),
            "shadow": rule.shadow,
            "title": rule.title,
        }
        for rule in chosen
    ]
    write_text(_FORMATTERS[options.format](records))


@rules.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules show risk-management-plan-on-time", "a rule in plain English"),
        ("omi-rules rules show risk-management-plan-on-time --format json", "every part, for programs"),
        ("omi-rules rules show unmanaged-high-risk", "a conclusion, and what it follows from"),
        ("omi-rules rules show 1.2.20", "a question of the inspection, and who decides it"),
        ("omi-rules rules show 1.2", "a criterion with its questions"),
    ),
)
@click.argument("rule")
@config_options()
@format_option("table", "json")
def show(rule: str, **given: Any) -> None:
    """Says in plain English what RULE asks.

    Of whom, from when, by when, what counts as done, and on what authority;
    how to check it by hand; and one of its examples day by day.
    RULE can also be a conclusion, a named value, or a question or a criterion of
    the inspection: 1.2.20 or 1.2."""
    options = read_options(given)
    book = _load(options.rules)
    part, lines = _find_part(rule, book, options.rules)
    if options.format == "json":
        record = dataclasses.asdict(part)
        if rule in book.rules:
            from omi_rules.cli.rule_text import shown_beside

            record |= shown_beside(book.rules[rule], book)
        elif rule in book.values and rule not in book.conclusions:
            from omi_rules.cli.values import describe_values

            (record,) = describe_values([part], book)
        write_text(json.dumps(record, default=str, ensure_ascii=False, indent=2) + "\n")
    else:
        write_lines(lines(has_colour()))


def _find_part(name: str, book: "Rulebook", folder: Any) -> tuple[Any, Callable[[bool], list[str]]]:
    """The part of a name, and what makes its page with or without colour."""
    if not _OF_THE_INSPECTION.fullmatch(name):
        return _find_in_rulebook(name, book)
    from omi_rules.cli.question_text import show_criterion, show_question

    criteria = _load_criteria(folder)
    if name.count(".") == 1:
        check_known([name], criteria.criteria, "criterion")
        return criteria.criteria[name], lambda colour: show_criterion(criteria.criteria[name], book, colour)
    check_known([name], criteria.questions, "question")
    return criteria.questions[name], lambda colour: show_question(criteria.questions[name], criteria, book, colour)


def _find_in_rulebook(name: str, book: "Rulebook") -> tuple[Any, Callable[[bool], list[str]]]:
    if name in book.rules:
        from omi_rules.cli.rule_text import show_rule

        return book.rules[name], lambda colour: show_rule(book.rules[name], book, colour)
    if name in book.conclusions:
        from omi_rules.cli.conclusion_text import show_conclusion

        return book.conclusions[name], lambda colour: show_conclusion(book.conclusions[name], book, colour)
    check_known([name], [*book.rules, *book.conclusions, *book.values], "rule, conclusion or value")
    from omi_rules.cli.values import show_value

    return book.values[name], lambda colour: show_value(book.values[name], book, colour)


@rules.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules values", "every limit, interval and number that rules use"),
        ("omi-rules rules values --assumed", "what is assumed, and the rules that depend on it"),
    ),
)
@click.option("--assumed", is_flag=True, help="Only values of which an amount is assumed.")
@config_options()
@format_option("table", "json")
def values(assumed: bool, **given: Any) -> None:
    """Lists the named values and the rules that use them.

    Every amount has its source. An amount without one is marked as assumed, with the reason.
    With --assumed, what scoring and samples assume is listed too."""
    from omi_rules.cli import sample_values
    from omi_rules.cli import values as listing
    from omi_rules.rulebook.samples import load_samples

    options = read_options(given)
    book = _load(options.rules)
    chosen = listing.choose_values(book, assumed)
    criteria = _load_criteria(options.rules) if assumed else None
    samples = load_samples(options.rules) if assumed else {}
    if options.format == "json":
        records = listing.describe_values(chosen, book)
        records += listing.describe_assumed_of_scoring(criteria) if criteria else []
        records += sample_values.describe_assumed_of_samples(samples)
        write_text(json.dumps(records, ensure_ascii=False, indent=2) + "\n")
        return
    if criteria:
        write_lines(listing.show_assumed_of_scoring(criteria, has_colour()))
        write_lines(sample_values.show_assumed_of_samples(samples, has_colour()))
    write_lines(listing.show_values(chosen, book, has_colour()))


@rules.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules rules lint", "the program's own rulebook"),
        ("omi-rules rules lint --rules my-rules", "another one, while it is being written"),
        ("omi-rules rules lint contact-frequency --rules my-rules", "one rule of it"),
    ),
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@config_options()
def lint(ids: tuple[str, ...], **given: Any) -> int:
    """Lists what is wrong with the rulebook.

    ID is the name of a file without its ending: a rule, a value or another; without one, all are looked at."""
    from omi_rules.cli.lint import find_problems

    problems, told = find_problems(read_options(given).rules, ids)
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


for command in (new, impact, coverage, mutate, doc):
    rules.add_command(command)


def _load(folder: Any) -> "Rulebook":
    from omi_rules.rulebook.load import load_rulebook

    return load_rulebook(folder)


def _load_criteria(folder: Any) -> "Criteria":
    from omi_rules.rulebook.criteria import load_criteria

    return load_criteria(folder)


def _as_table(records: Sequence[dict[str, Any]]) -> str:
    from omi_rules.reports.columns import align

    rows = [[_cell(record[name]) for name in _HEADS] for record in map(_mark, records)]
    lines = align(list(_HEADS.values()), rows, giving=4)
    return "".join(f"{line}\n" for line in lines)


def _mark(record: dict[str, Any]) -> dict[str, Any]:
    """A rule in shadow says so before its title."""
    return {**record, "title": f"In shadow: {record['title']}"} if record["shadow"] else record


_HEADS = {
    "rule": "Rule",
    "criterion": "Crit.",
    "severity": "Severity",
    "recommendations": "Recs",
    "title": "Title",
}


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _as_csv(records: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(records[0])
    writer.writerows([_cell(value) for value in record.values()] for record in records)
    return text.getvalue()


_FORMATTERS = {
    "table": _as_table,
    "json": lambda records: json.dumps(records, ensure_ascii=False, indent=2) + "\n",
    "jsonl": lambda records: "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records),
    "csv": _as_csv,
}
