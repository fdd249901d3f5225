"""Runs the examples that rules and conclusions carry, and says which of them come out otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

from omi_rules.reports.words import count, printable
from omi_rules.rulebook.model import Rulebook


def run_examples(book: Rulebook, ids: Sequence[str]) -> tuple[list[str], str]:
    """A few lines for each example that fails, and a last line that counts them all."""
    chosen = [name for name in book.rules if not ids or name in ids]
    flags = [name for name in book.conclusions if not ids or name in ids]
    failures = [*_try_rules(book, chosen), *_try_conclusions(book, flags)]
    tried = sum(len(book.rules[name].examples) for name in chosen)
    tried += sum(len(book.conclusions[name].examples) for name in flags)
    of = f"{count(len(chosen), 'rule')} and {count(len(flags), 'conclusion')}"
    outcome = f"{count(len(failures), 'failure')}" if failures else "all come out as they say"
    return failures, f"{count(tried, 'example')} of {of}: {outcome}."


def _try_rules(book: Rulebook, names: Sequence[str]) -> list[str]:
    from omi_rules.checks.examples import run_rule_examples

    if not names:
        return []
    return [
        f"{book.rules[result.rule].file}:{result.line}  {printable(result.name)}\n"
        f"  expected {_told(result.expected)}\n"
        f"  got      {_told(result.got)}"
        for result in run_rule_examples(book, names)
        if not result.passed
    ]


def _try_conclusions(book: Rulebook, flags: Sequence[str]) -> list[str]:
    from omi_rules.conclusions.examples import run_examples as run_conclusion_examples

    files = {book.conclusions[flag].file for flag in flags}
    if not files:
        return []
    return [str(problem) for problem in run_conclusion_examples(book) if problem.file in files]


def _told(outcome: Mapping[str, Any]) -> str:
    """An outcome and its dates."""
    dates = [f"{name} {value}" for name, value in outcome.items() if name != "outcome" and value is not None]
    return ", ".join([str(outcome.get("outcome")), *dates])
