"""Cohen's kappa of two assessors over answers that have an order, weighted by how far apart they are.

Two answers that are k steps apart on a scale of n agree by 1 - k / (n - 1): linear weights. The interval is kappa plus
and minus 1.96 standard errors. Answers about one case depend on each other, so what each adds to the error is summed by
case first; with one pair a case, the error is that of Fleiss, Cohen and Everitt for large samples. Neither the order of
the pairs nor chance plays a part.

Sources: J. Cohen, Weighted kappa, Psychological Bulletin 70 (1968) 213-220; J. L. Fleiss, J. Cohen and B. S. Everitt,
Large sample standard errors of kappa and weighted kappa, Psychological Bulletin 72 (1969) 323-327; and for several
pairs a case Z. Yang and M. Zhou, Computational Statistics & Data Analysis 82 (2015) 1-18, who find the interval good
for about 50 cases and more.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from omi_rules.scoring.intervals import Z


@dataclass(frozen=True)
class Pair:
    """Two answers about a case, as places on the scale from 0."""

    case: str
    first: int
    second: int


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance, 1 at most; `error` is the standard error."""

    value: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the 95% interval, no further than kappa can be."""
        return max(self.value - Z * self.error, -1.0), min(self.value + Z * self.error, 1.0)


def weighted_kappa(pairs: Sequence[Pair], levels: int) -> Kappa | None:
    """Kappa on a scale of so many levels; None where chance alone explains all: both gave one and the same answer."""
    number = len(pairs)
    if not number:
        return None
    weight = [[1 - abs(row - column) / (levels - 1) for column in range(levels)] for row in range(levels)]
    first, second = (Counter(getattr(pair, name) for pair in pairs) for name in ("first", "second"))
    # how far each level agrees with what the other assessor answers on average
    of_first = [fsum(weight[row][column] * second[column] for column in second) / number for row in range(levels)]
    of_second = [fsum(weight[row][column] * first[row] for row in first) / number for column in range(levels)]
    observed = fsum(weight[pair.first][pair.second] for pair in pairs) / number
    expected = fsum(of_first[row] * first[row] for row in first) / number
    if len(first | second) == 1:
        return None
    by_case: dict[str, list[float]] = {}
    for pair in pairs:
        gained = (weight[pair.first][pair.second] - observed) * (1 - expected)
        lost = (of_first[pair.first] + of_second[pair.second] - 2 * expected) * (1 - observed)
        by_case.setdefault(pair.case, []).append(gained - lost)
    spread = fsum(fsum(parts) ** 2 for parts in by_case.values())
    return Kappa((observed - expected) / (1 - expected), sqrt(spread) / (number * (1 - expected) ** 2))
