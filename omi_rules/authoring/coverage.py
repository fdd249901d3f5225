"""What the examples of a rule exercise: the outcomes, and the parts of the rule and of the values that it uses.

A part is touched if some example would come out otherwise, were the part otherwise in one of the ways that make
mutants of it. So a part that is only read, and decides nothing in any example, is not touched.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omi_rules.authoring.trials import hold_trials
from omi_rules.rulebook.keywords import Path
from omi_rules.rulebook.model import Outcome, Rule, Rulebook
from omi_rules.rulebook.outcomes import possible_outcomes


@dataclass(frozen=True)
class Part:
    """A condition, an amount, a date, a window or the like: where it stands."""

    file: str
    place: Path


@dataclass(frozen=True)
class Coverage:
    """How many examples expect each outcome that the rule can give, its parts, and those that no example touches."""

    rule: Rule
    outcomes: Mapping[Outcome, int]
    parts: Sequence[Part]
    untouched: Sequence[Part]


def measure_coverage(rulebook: Rulebook, rules: Sequence[Rule]) -> list[Coverage]:
    """The coverage of each rule, in the order given. What no example can touch counts as touched."""
    measured = []
    for trial in hold_trials(rulebook, rules):
        expected = Counter(example.expect["outcome"] for example in trial.rule.examples)
        parts = {Part(mutant.file, mutant.place): False for mutant in trial.tried}
        survivors = {mutant.name for mutant in trial.survivors}
        for mutant in trial.tried:
            parts[Part(mutant.file, mutant.place)] |= mutant.name not in survivors
        outcomes: dict[Outcome, int] = {outcome: expected[outcome] for outcome in sorted(possible_outcomes(trial.rule))}
        untouched = [part for part, touched in parts.items() if not touched]
        measured.append(Coverage(trial.rule, outcomes, list(parts), untouched))
    return measured
