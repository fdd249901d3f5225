"""Other ways to read the same outcomes, each of which a figure published elsewhere may rest on.

Ours: `met` of `met`, `late`, `missing` and `not_met`. Each reading here differs from that in one respect.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from omi_rules.rulebook.model import INSUFFICIENT, Outcome


@dataclass(frozen=True)
class Reading:
    """Which outcomes are counted as sufficient and as insufficient; `about` are those that ours reads otherwise."""

    words: str
    sufficient: frozenset[Outcome]
    insufficient: frozenset[Outcome]
    about: Outcome | None = None

    def count(self, outcomes: Mapping[Outcome, int]) -> tuple[int, int]:
        """Sufficient and relevant cases, given the number of cases with each outcome."""
        sufficient = sum(outcomes.get(outcome, 0) for outcome in self.sufficient)
        return sufficient, sufficient + sum(outcomes.get(outcome, 0) for outcome in self.insufficient)


OURS = Reading("ours", frozenset({"met"}), frozenset(INSUFFICIENT))

#: What an outcome is called in the words of a reading.
_WORDS: Mapping[Outcome, str] = {
    "late": "what was done late",
    "missing": "what was not done at all",
    "unknown": "what is unknown",
    "due": "what is not due yet",
    "excluded": "what is excluded",
    "not_applicable": "what is not applicable",
}


def _other_readings() -> Iterator[Reading]:
    yield Reading(f"{_WORDS['late']} counted as met", OURS.sufficient | {"late"}, OURS.insufficient - {"late"}, "late")
    for outcome in ("late", "missing"):
        yield Reading(f"{_WORDS[outcome]} left out", OURS.sufficient, OURS.insufficient - {outcome}, outcome)
    left_out: tuple[Outcome, ...] = ("unknown", "due", "excluded", "not_applicable")
    for outcome in left_out:
        yield Reading(f"{_WORDS[outcome]} counted as met", OURS.sufficient | {outcome}, OURS.insufficient, outcome)
        yield Reading(f"{_WORDS[outcome]} counted as not met", OURS.sufficient, OURS.insufficient | {outcome}, outcome)


OTHERS = tuple(_other_readings())


def share_of(counted: tuple[int, int]) -> Fraction | None:
    """Sufficient of relevant cases; None where nothing is relevant."""
    return Fraction(*counted) if counted[1] else None


def side_of(outcome: str | None) -> str:
    """What an outcome is in the words of a list of cases: sufficient, insufficient, or outside the figure."""
    if outcome in OURS.sufficient:
        return "sufficient"
    return "insufficient" if outcome in OURS.insufficient else "outside"
