"""What the counts of a question come to, by themselves."""

from fractions import Fraction

import pytest

from omi_rules.scoring.tally import Counts


def test_share_is_of_the_decided_cases_alone() -> None:
    counts = Counts(sufficient=3, insufficient=1, due=5, unknown=2, outside=7)

    assert (counts.relevant, counts.undecided, counts.share) == (4, 7, Fraction(3, 4))


def test_nothing_decided_has_no_share() -> None:
    assert Counts(due=5, unknown=2, outside=7).share is None


def test_range_is_what_the_unknown_could_make_of_it_and_what_is_due_takes_no_part() -> None:
    assert Counts(sufficient=3, insufficient=1, due=5, unknown=2).bounds == (Fraction(3, 6), Fraction(5, 6))
    assert Counts(unknown=2).bounds == (0, 1)
    assert Counts(due=5, outside=7).bounds is None


@pytest.mark.parametrize(("unknown", "decided"), [(0, True), (3, True), (4, True), (5, False)])
def test_a_question_is_decided_while_no_more_is_unknown_than_decided(unknown: int, decided: bool) -> None:
    assert Counts(sufficient=3, insufficient=1, unknown=unknown).is_decided is decided


def test_nothing_is_not_decided() -> None:
    assert Counts().is_decided is False
    assert Counts(outside=4).is_decided is False


def test_cases_that_nobody_answered_for_are_unknown_and_those_outside_are_not() -> None:
    counts = Counts(sufficient=2, insufficient=1, outside=4).with_unanswered(10)

    assert counts == Counts(sufficient=2, insufficient=1, outside=4, unknown=3)
