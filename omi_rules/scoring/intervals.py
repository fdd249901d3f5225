"""How far a share of so many cases can be trusted: 95% score intervals of a share and of a difference of two.

Both hold for small numbers and for shares of none and all, where the textbook interval does not.
The ends are rounded to twelve places, so that the order of an addition never shows in a file.

Sources: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212;
R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, method 3 (Wilson, without continuity correction), and
873-890, method 10 (the hybrid of two Wilson intervals).
"""

from math import sqrt

#: The 97.5% point of the normal distribution: 2.5% are left out at either end.
Z = 1.959963984540054
_PLACES = 12


def wilson(successes: int, total: int) -> tuple[float, float]:
    """The 95% Wilson score interval of a share, as fractions from 0 to 1.

    With p = successes / total and n = total, its ends are
    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    ValueError where there is no case, or more successes than cases.

    >>> wilson(81, 263)
    (0.255288519878, 0.366209576983)
    """
    low, high = _ends(successes, total)
    return round(low, _PLACES), round(high, _PLACES)


def newcombe_difference(a: int, n: int, b: int, m: int) -> tuple[float, float]:
    """Newcombe's hybrid score interval (95%) of the difference a/n - b/m of two independent shares, from -1 to 1.

    With the Wilson intervals (l, u) of p = a/n and (k, v) of q = b/m, its ends are
    p - q - √((p-l)² + (v-q)²) and p - q + √((u-p)² + (q-k)²).
    ValueError where either has no case, or more successes than cases.

    >>> newcombe_difference(56, 70, 48, 80)
    (0.052431472402, 0.333872654037)
    """
    (low_a, high_a), (low_b, high_b) = _ends(a, n), _ends(b, m)
    p, q = a / n, b / m
    low = p - q - sqrt((p - low_a) ** 2 + (high_b - q) ** 2)
    high = p - q + sqrt((high_a - p) ** 2 + (q - low_b) ** 2)
    return round(low, _PLACES), round(high, _PLACES)


def _ends(successes: int, total: int) -> tuple[float, float]:
    if not 0 <= successes <= total or total == 0:
        raise ValueError("an interval needs at least one case, and no more successes than cases")
    share = successes / total
    middle = share + Z**2 / (2 * total)
    reach = Z * sqrt(share * (1 - share) / total + Z**2 / (4 * total**2))
    scale = 1 + Z**2 / total
    # at none and at all the interval ends there exactly; arithmetic would leave a crumb
    low = 0.0 if successes == 0 else (middle - reach) / scale
    high = 1.0 if successes == total else (middle + reach) / scale
    return low, high
