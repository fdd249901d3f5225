"""Draws a sample from a frame in the order of the seed: a random part first, and for each quota what it still lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from omi_rules.assess.frame import Candidate, Frame
from omi_rules.rulebook.sampling import Quota, SampleDesign

#: How the weight of a case is worked out, in a sentence of every sample file.
HOW_WEIGHED = (
    "The weight of a case is the number of cases in the frame that count in the same quotas as it does, divided by the "
    "number of those in the sample: the inverse of the chance that each of them had."
)


@dataclass(frozen=True)
class Taken:
    """A case that was drawn, or stands by; `quota` is the one it was taken for, None at random."""

    candidate: Candidate
    quota: str | None


@dataclass(frozen=True)
class Drawn:
    """A sample: its cases in the order drawn, the random part first, and the replacements in theirs."""

    cases: Sequence[Taken]
    replacements: Sequence[Taken]
    weights: Mapping[tuple[str, ...], float]

    def count(self, quota: str, part: str = "all") -> int:
        """How many cases count in a quota: of all, of the random part, or of those topped up for it."""
        if part == "topped up":
            return sum(taken.quota == quota for taken in self.cases)
        return sum(quota in taken.candidate.quotas for taken in self.cases if part == "all" or taken.quota is None)


def draw(frame: Frame, design: SampleDesign, size: int) -> Drawn:
    """A sample of `size` cases: the largest random part that leaves room for what the quotas lack.

    It is larger where the quotas alone ask for more, and smaller where the frame is."""
    cases = next(
        sample
        for random_part in range(min(size, frame.cases), -1, -1)
        if len(sample := _draw_with(frame, design.quotas, random_part)) <= size or random_part == 0
    )
    return Drawn(cases, _choose_replacements(frame, design, cases), _weigh(frame, cases))


def _draw_with(frame: Frame, quotas: Iterable[Quota], random_part: int) -> list[Taken]:
    cases = [Taken(candidate, None) for candidate in frame.candidates[:random_part]]
    for quota in quotas:
        lacking = quota.at_least - sum(quota.id in taken.candidate.quotas for taken in cases)
        cases += _first(frame, cases, lacking, quota.id)
    return cases


def _choose_replacements(frame: Frame, design: SampleDesign, cases: Sequence[Taken]) -> list[Taken]:
    spare = _first(frame, cases, design.random_replacements, None)
    for quota in design.quotas:
        spare += _first(frame, [*cases, *spare], design.replacements_for_each_quota, quota.id)
    return spare


def _first(frame: Frame, taken: Iterable[Taken], number: int, quota: str | None) -> list[Taken]:
    """The first cases that are not taken yet, of a quota or of all."""
    gone = {one.candidate.place for one in taken}
    free = (
        Taken(candidate, quota)
        for candidate in frame.candidates
        if candidate.place not in gone and (quota is None or quota in candidate.quotas)
    )
    return [one for one, _ in zip(free, range(number), strict=False)]


def _weigh(frame: Frame, cases: Sequence[Taken]) -> dict[tuple[str, ...], float]:
    """Cases that count in the same quotas are drawn in the order of the seed alone, so all have the same chance."""
    drawn: dict[tuple[str, ...], int] = {}
    for taken in cases:
        drawn[taken.candidate.quotas] = drawn.get(taken.candidate.quotas, 0) + 1
    return {quotas: round(frame.alike[quotas] / count, 4) for quotas, count in drawn.items()}
