"""The intervals agree with the worked examples that their author printed, and hold at the edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omi_rules.scoring.intervals import newcombe_difference, wilson

#: R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
PRINTED_WILSON = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]

#: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
PRINTED_DIFFERENCES = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]

counts = st.integers(1, 200_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(("successes", "total", "low", "high"), PRINTED_WILSON)
def test_wilson_interval_is_the_printed_one(successes: int, total: int, low: float, high: float) -> None:
    assert tuple(round(end, 4) for end in wilson(successes, total)) == (low, high)


@pytest.mark.parametrize(("a", "n", "b", "m", "low", "high"), PRINTED_DIFFERENCES)
def test_interval_of_a_difference_is_the_printed_one(a: int, n: int, b: int, m: int, low: float, high: float) -> None:
    assert tuple(round(end, 4) for end in newcombe_difference(a, n, b, m)) == (low, high)


def test_none_of_all_ends_at_exactly_zero_and_all_at_exactly_one() -> None:
    for total in (1, 2, 3, 7, 10, 148, 10_359):
        assert wilson(0, total)[0] == 0.0
        assert wilson(total, total)[1] == 1.0
        assert 0.0 < wilson(0, total)[1] < 1.0
        assert 0.0 < wilson(total, total)[0] < 1.0


@pytest.mark.parametrize("total", [21, 37, 39])  # where the formula would leave a crumb below zero
def test_none_of_all_is_never_shown_as_minus_nothing(total: int) -> None:
    assert str(wilson(0, total)[0]) == "0.0"


def test_ends_have_twelve_places_and_no_more() -> None:
    # worked out with forty digits: 0.25528851987827..., 0.36620957698280...
    assert wilson(81, 263) == (0.255288519878, 0.366209576983)
    # 0.05243147240236..., 0.33387265403690...
    assert newcombe_difference(56, 70, 48, 80) == (0.052431472402, 0.333872654037)


def test_one_case_says_almost_nothing() -> None:
    assert wilson(1, 1) == pytest.approx((0.2065, 1.0), abs=0.0001)


@pytest.mark.parametrize(("successes", "total"), [(0, 0), (1, 0), (-1, 3), (4, 3), (0, -1)])
def test_interval_without_cases_is_refused(successes: int, total: int) -> None:
    with pytest.raises(ValueError, match="at least one case"):
        wilson(successes, total)


@pytest.mark.parametrize(("a", "n", "b", "m"), [(0, 0, 1, 2), (1, 2, 0, 0), (3, 2, 1, 2), (1, 2, 3, 2)])
def test_difference_without_cases_is_refused(a: int, n: int, b: int, m: int) -> None:
    with pytest.raises(ValueError, match="at least one case"):
        newcombe_difference(a, n, b, m)


@given(counts)
def test_wilson_interval_holds_the_share_and_is_the_mirror_of_the_others(counted: tuple[int, int]) -> None:
    successes, total = counted
    low, high = wilson(successes, total)

    assert 0.0 <= low <= successes / total + 1e-12
    assert successes / total - 1e-12 <= high <= 1.0
    assert wilson(total - successes, total) == pytest.approx((1 - high, 1 - low), abs=1e-11)


@given(counts, counts)
def test_interval_of_a_difference_holds_it_and_is_the_mirror_of_the_other_way_round(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    low, high = newcombe_difference(*one, *other)
    difference = one[0] / one[1] - other[0] / other[1]

    assert -1.0 <= low <= difference + 1e-12
    assert difference - 1e-12 <= high <= 1.0
    assert newcombe_difference(*other, *one) == pytest.approx((-high, -low), abs=1e-11)
