"""Weighted kappa against figures that others have published, and where it has no meaning."""

import random
from collections.abc import Sequence

import pytest

from omi_rules.assess.kappa import Pair, weighted_kappa

#: Two dermatologists (SAS/STAT user's guide, the FREQ procedure, agreement study), and husbands and wives (Hout, Duncan
#: and Sobel 1987, as the R package vcd has them). Both print kappa with linear weights and its standard error.
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]
FUN = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]


def pairs_of(table: Sequence[Sequence[int]], copies: int = 1) -> list[Pair]:
    """The pairs of a table; `copies` of each are about the same case."""
    found: list[Pair] = []
    for row, numbers in enumerate(table):
        for column, number in enumerate(numbers):
            for _ in range(number):
                found += [Pair(f"C{len(found) // copies}", row, column)] * copies
    return found


@pytest.mark.parametrize(
    ("table", "value", "error"), [(SKIN, 0.5082, 0.0655), (FUN, 0.2374, 0.0783)], ids=["skin", "fun"]
)
def test_kappa_is_as_published(table: Sequence[Sequence[int]], value: float, error: float) -> None:
    kappa = weighted_kappa(pairs_of(table), 4)

    assert kappa is not None
    assert (round(kappa.value, 4), round(kappa.error, 4)) == (value, error)


def test_interval_is_as_published() -> None:
    kappa = weighted_kappa(pairs_of(SKIN), 4)

    assert kappa is not None
    assert [round(end, 4) for end in kappa.interval] == [0.3798, 0.6366]


def test_two_levels_are_unweighted_kappa() -> None:
    """Worked by hand: 20 + 15 of 50 agree, and by chance 25/50 × 30/50 + 25/50 × 20/50 = 0.5."""
    kappa = weighted_kappa(pairs_of([[20, 5], [10, 15]]), 2)

    assert kappa is not None
    assert kappa.value == pytest.approx(0.4)


def test_order_of_pairs_and_direction_of_the_scale_change_nothing() -> None:
    pairs = pairs_of(SKIN)
    kappa = weighted_kappa(pairs, 4)

    turned = [Pair(pair.case, 3 - pair.first, 3 - pair.second) for pair in random.Random(1).sample(pairs, len(pairs))]
    again = weighted_kappa(turned, 4)

    assert kappa is not None
    assert again is not None
    assert (again.value, again.error) == pytest.approx((kappa.value, kappa.error))


def test_answers_said_twice_about_a_case_make_nothing_surer() -> None:
    once, twice = weighted_kappa(pairs_of(SKIN), 4), weighted_kappa(pairs_of(SKIN, copies=2), 4)

    assert once is not None
    assert twice is not None
    assert (twice.value, twice.error) == pytest.approx((once.value, once.error))


def test_complete_agreement_is_one_without_error() -> None:
    kappa = weighted_kappa(pairs_of([[3, 0], [0, 4]]), 2)

    assert kappa is not None
    assert (kappa.value, kappa.error, kappa.interval) == (1.0, 0.0, (1.0, 1.0))


def test_interval_ends_where_kappa_does() -> None:
    kappa = weighted_kappa(pairs_of([[3, 1], [0, 4]]), 2)

    assert kappa is not None
    assert kappa.value + 1.96 * kappa.error > 1
    assert kappa.interval[1] == 1.0


@pytest.mark.parametrize("table", [[], [[0, 0], [0, 5]]], ids=["none", "one answer only"])
def test_kappa_without_meaning_is_none(table: Sequence[Sequence[int]]) -> None:
    assert weighted_kappa(pairs_of(table), 2) is None


def test_one_answer_each_but_not_the_same_is_no_better_than_chance() -> None:
    kappa = weighted_kappa(pairs_of([[0, 5], [0, 0]]), 2)

    assert kappa is not None
    assert kappa.value == 0
