"""Coverage and mutants in words and columns."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from omi_rules.authoring.coverage import Coverage, Part
from omi_rules.authoring.equivalents import Equivalent
from omi_rules.authoring.places import find_line
from omi_rules.authoring.trials import Trial
from omi_rules.reports.columns import align
from omi_rules.reports.words import count
from omi_rules.rulebook.files import EQUIVALENT_MUTANTS
from omi_rules.rulebook.model import Rulebook
from omi_rules.rulebook.strict_yaml import write_path

#: The outcomes in the order of the contract, with heads that leave room for the names of the rules.
_HEADS = {
    "met": "Met",
    "late": "Late",
    "missing": "Miss",
    "not_met": "Not",
    "due": "Due",
    "unknown": "Unk",
    "excluded": "Excl",
    "not_applicable": "N/A",
}


def coverage_lines(book: Rulebook, measured: Sequence[Coverage]) -> Iterator[str]:
    """A line a rule with the examples of each outcome, - where it cannot give one; then the parts not touched."""
    rows = [
        [
            one.rule.id,
            *(str(one.outcomes.get(outcome, "-")) for outcome in _HEADS),  # type: ignore[call-overload]
            f"{len(one.parts) - len(one.untouched)}/{len(one.parts)}",
        ]
        for one in measured
    ]
    yield from align(["Rule", *_HEADS.values(), "Parts"], rows, right=range(1, 10))
    for one in measured:
        for part in one.untouched:
            line = find_line(book, part.file, part.place)
            yield f"{part.file}:{line}  {one.rule.id}: no example touches {_name(part)}"
    left = sum(len(one.untouched) for one in measured)
    parts = sum(len(one.parts) for one in measured)
    told = f"{count(left, 'is', 'are')} touched by no example" if left else "each is touched by an example"
    yield f"{count(parts, 'part')} of {count(len(measured), 'rule')}: {told}."


def coverage_records(book: Rulebook, measured: Iterable[Coverage]) -> list[dict[str, Any]]:
    """The same as records; every outcome that a rule can give is there, with 0 where no example expects it."""
    return [
        {
            "rule": one.rule.id,
            "outcomes": {outcome: one.outcomes[outcome] for outcome in _HEADS if outcome in one.outcomes},  # type: ignore[index]
            "parts": len(one.parts),
            "untouched": [
                {"file": part.file, "line": find_line(book, part.file, part.place), "part": _name(part)}
                for part in one.untouched
            ],
        }
        for one in measured
    ]


def _name(part: Part) -> str:
    return write_path(part.place)


def survivor_lines(book: Rulebook, trials: Iterable[Trial], stale: Iterable[Equivalent]) -> Iterator[str]:
    """A line for each mutant that survives, and for each entry that names none."""
    for trial in trials:
        for mutant in trial.survivors:
            line = find_line(book, mutant.file, mutant.place)
            yield f"{mutant.file}:{line}  {trial.rule.id}  {mutant.name}"
    for entry in stale:
        yield f"{EQUIVALENT_MUTANTS}:{entry.line}  {entry.rule}  no such mutant survives, take it out: {entry.mutant}"


def trials_told(trials: Sequence[Trial]) -> str:
    """One line that counts them all."""
    tried, equivalent, left = (
        sum(len(getattr(trial, word)) for trial in trials) for word in ("tried", "equivalent", "survivors")
    )
    known = f", {equivalent:,} known to make no difference" if equivalent else ""
    end = "none survives" if not left else f"{left:,} {'survives' if left == 1 else 'survive'}"
    return f"{count(tried, 'mutant')} of {count(len(trials), 'rule')}{known}: {end}."
