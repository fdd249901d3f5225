"""What share a printed figure asks for, at its boundaries."""

import pytest

from omi_rules.demo.merseyside.shares import Share, share_of, sufficient_of
from omi_rules.rulebook.questions import Figure
from tests.merseyside.samples import CRITERIA


def figure(**said: object) -> Figure:
    return Figure(printed="", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "cases", "share"),
    [
        ({"percent": 82, "sufficient": 9, "of": 11}, 100, Share(9, 11)),
        ({"insufficient": 14}, 144, Share(130, 144)),
        ({"percent": 50, "bound": "more_than"}, 148, Share(75, 148)),
        ({"percent": 50, "bound": "more_than"}, 89, Share(45, 89)),
        ({"percent": 33, "bound": "less_than"}, 100, Share(32, 100)),
        ({"percent": 50, "bound": "less_than"}, 59, Share(29, 59)),
        ({"percent": 92}, 148, Share(136, 148)),
        ({"percent": 0}, 5, Share(0, 5)),
        ({"percent": 100}, 5, Share(5, 5)),
        # no whole number of 64 cases rounds to 93%, and none of 62 or 63
        ({"percent": 93}, 64, Share(57, 61)),
        # half of an odd number is 50% only if that is large
        ({"percent": 50}, 3, Share(1, 2)),
        # 12.5 is no 13: a figure that rounds either way is not taken
        ({"percent": 13}, 8, None),
        ({}, 148, None),
    ],
)
def test_share_is_the_nearest_that_agrees(said: dict[str, object], cases: int, share: Share | None) -> None:
    assert share_of(figure(**said), cases) == share


def test_nothing_printed_asks_for_nothing() -> None:
    assert share_of(None, 148) is None


def test_rule_has_to_have_exactly_its_cases() -> None:
    assert sufficient_of(CRITERIA, "1.2.15", 22) == 10
    with pytest.raises(ValueError, match=r"question 1\.2\.15 is no share of 21 cases"):
        sufficient_of(CRITERIA, "1.2.15", 21)


def test_figure_of_which_no_number_of_all_cases_agrees_is_refused() -> None:
    """The outline plans: neither 42 nor 43 of the 71 reports that propose a community sentence alone are 60%."""
    with pytest.raises(ValueError, match=r"question 1\.1\.15 is no share of 71 cases"):
        sufficient_of(CRITERIA, "1.1.15", 71)
    assert sufficient_of(CRITERIA, "1.1.15", 72) == 43
