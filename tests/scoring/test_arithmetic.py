"""Averages of questions and criteria, worked out from counts alone: what takes part, what is withheld, and why."""

from fractions import Fraction
from typing import Any

import pytest

from omi_rules.rulebook.model import Source
from omi_rules.rulebook.questions import Bands, Criterion, Question, Thread, Weights
from omi_rules.scoring.arithmetic import (
    Average,
    average_questions,
    score_criterion,
    score_sections,
    score_thread,
    whole_per_cent,
)
from omi_rules.scoring.intervals import wilson
from omi_rules.scoring.tally import Counts, Tally

REPORT = Source("the-report", "Appendix 3")
WEIGHTS = Weights(questions=80, summary=20)
BANDS = Bands(good_from=75, priority_from=60, source=None, because="They are not printed.")
HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


def tally(id_: str = "1.1.01", *, thread: bool = False, alone: bool = False, **counts: int) -> Tally:
    question = Question(
        id_,
        asks="Was it done?",
        about="all cases",
        population=None,
        decided_by="assessor",
        rule=None,
        risk_of_harm_thread=thread,
        recommendations=(),
        source=REPORT,
        figure=None,
        note="",
        is_summary=id_.endswith("S"),
    )
    return Tally(question, Counts(**counts), answers_alone=alone)


def criterion(id_: str = "1.1", **changed: Any) -> Criterion:
    nothing: dict[str, Any] = dict.fromkeys(
        ("published_score", "published_conclusion", "published_level", "summary"), None
    )
    stated = {"weights": WEIGHTS, "bands": BANDS, **changed}
    return Criterion(
        id=id_,
        title="Preparing",
        section=f"Section {id_[0]}",
        describes="",
        source=REPORT,
        note="",
        questions=(),
        levels=(),
        points=(),
        file="1.1.yaml",
        **nothing,
        **stated,
    )


def test_an_average_counts_every_decided_question_the_same_whatever_its_cases() -> None:
    average = average_questions([tally("1.1.01", sufficient=1), tally("1.1.02", insufficient=99)])

    assert (average.score, average.counted) == (HALF, ("1.1.01", "1.1.02"))
    ends = [wilson(1, 1), wilson(0, 99)]
    assert average.interval == tuple(sum(Fraction(end[side]) for end in ends) / 2 for side in (0, 1))


def test_an_average_without_any_relevant_case_says_that_there_is_none() -> None:
    average = average_questions([tally("1.1.01", outside=5), tally("1.1.02", due=3)])

    assert (average.score, average.interval, average.bounds) == (None, None, None)
    assert (average.left_out, average.withheld) == (("1.1.01", "1.1.02"), "no question has a relevant case")


def test_an_average_of_nothing_but_undecided_questions_says_how_many_they_are() -> None:
    average = average_questions([tally("1.1.01", unknown=5), tally("1.1.02", unknown=1), tally("1.1.03", outside=1)])

    assert (average.score, average.undecided) == (None, ("1.1.01", "1.1.02"))
    assert average.withheld == "2 of 2 questions are undecided"


@pytest.mark.parametrize(("undecided", "withheld"), [(0, ""), (1, ""), (2, ""), (3, "3 of 5 questions are undecided")])
def test_an_average_is_withheld_where_more_questions_are_undecided_than_decided(undecided: int, withheld: str) -> None:
    decided = [tally("1.1.01", sufficient=1), tally("1.1.02", sufficient=1)]
    average = average_questions([*decided, *(tally(f"1.1.1{n}", unknown=1) for n in range(undecided))])

    assert average.withheld == withheld
    assert (average.score is None) is bool(withheld)


def test_a_criterion_weighs_its_summary_question_and_lists_it_last() -> None:
    asked = [tally("1.1.S", sufficient=1, insufficient=3), tally("1.1.01", sufficient=1, insufficient=1)]

    scored = score_criterion(criterion(), asked)

    assert scored.questions.score == HALF
    assert scored.whole.score == HALF * Fraction(80, 100) + QUARTER * Fraction(20, 100)
    assert scored.whole.counted == ("1.1.01", "1.1.S")


def test_interval_and_range_of_a_criterion_weigh_those_of_its_summary_question() -> None:
    asked = [
        tally("1.1.01", sufficient=3, insufficient=1, unknown=1),
        tally("1.1.S", sufficient=1, insufficient=3, unknown=2),
    ]

    whole = score_criterion(criterion(), asked).whole

    single, summary = wilson(3, 4), wilson(1, 4)
    assert whole.interval == tuple((4 * Fraction(single[end]) + Fraction(summary[end])) / 5 for end in (0, 1))
    assert whole.bounds == ((4 * Fraction(3, 5) + Fraction(1, 6)) / 5, (4 * Fraction(4, 5) + Fraction(3, 6)) / 5)


def test_range_of_an_average_covers_its_undecided_questions() -> None:
    average = average_questions([tally("1.1.01", sufficient=1, insufficient=1), tally("1.1.02", unknown=4)])

    assert (average.score, average.bounds) == (HALF, (QUARTER, Fraction(3, 4)))


@pytest.mark.parametrize(
    ("stated", "asked"),
    [
        ({}, []),
        ({}, [tally("1.1.S", outside=4)]),
        ({}, [tally("1.1.S", sufficient=1, unknown=2)]),
        ({"weights": None}, [tally("1.1.S", sufficient=4)]),
        ({"weights": None}, []),
    ],
    ids=["not asked", "no relevant case", "mostly unknown", "no weights", "neither"],
)
def test_a_criterion_rests_on_its_questions_where_the_summary_question_cannot_be_weighed(
    stated: dict[str, Any], asked: list[Tally]
) -> None:
    scored = score_criterion(criterion(**stated), [tally("1.1.01", sufficient=1, insufficient=1), *asked])

    assert scored.whole == scored.questions
    assert scored.whole.score == HALF


def test_a_summary_question_alone_gives_no_score() -> None:
    scored = score_criterion(criterion(), [tally("1.1.01", unknown=1), tally("1.1.S", sufficient=4)])

    assert (scored.whole.score, scored.whole.withheld) == (None, "1 of 1 questions are undecided")


def test_a_summary_question_that_nobody_found_sufficient_is_weighed_as_nothing() -> None:
    scored = score_criterion(criterion(), [tally("1.1.01", sufficient=4), tally("1.1.S", insufficient=4)])

    assert scored.whole.score == Fraction(80, 100)


def test_what_rules_decide_alone_is_averaged_without_what_assessors_decide() -> None:
    asked = [tally("1.1.01", sufficient=1), tally("1.1.02", insufficient=1, alone=True)]

    scored = score_criterion(criterion(), asked)

    assert (scored.by_rule.score, scored.by_rule.counted) == (Fraction(1), ("1.1.01",))
    assert scored.questions.score == HALF


@pytest.mark.parametrize(
    ("stated", "conclusion"),
    [
        ({"sufficient": 3, "insufficient": 1}, "good"),
        ({"sufficient": 743, "insufficient": 257}, "priority for improvement"),
        ({"unknown": 1}, None),
    ],
)
def test_a_criterion_concludes_from_its_bands(stated: dict[str, int], conclusion: str | None) -> None:
    assert score_criterion(criterion(), [tally(**stated)]).conclusion == conclusion


def test_a_criterion_without_bands_or_without_a_score_concludes_nothing() -> None:
    assert score_criterion(criterion(bands=None), [tally(sufficient=3)]).conclusion is None
    assert score_criterion(criterion(bands=None), [tally(unknown=3)]).conclusion is None


def test_sections_average_their_criteria_and_stand_in_order() -> None:
    second = score_criterion(criterion("2.1"), [tally("2.1.01", sufficient=1)])
    one = score_criterion(criterion("1.1"), [tally("1.1.01", sufficient=1)])
    other = score_criterion(criterion("1.2"), [tally("1.2.01", sufficient=1, insufficient=1)])

    sections = score_sections([second, one, other])

    assert [(section.id, section.title, section.whole.score) for section in sections] == [
        ("1", "Section 1", Fraction(3, 4)),
        ("2", "Section 2", Fraction(1)),
    ]
    assert sections[0].whole.counted == ("1.1", "1.2")
    assert one.whole.interval is not None
    assert other.whole.interval is not None
    assert sections[0].whole.interval == tuple(
        (one.whole.interval[side] + other.whole.interval[side]) / 2 for side in (0, 1)
    )


def test_a_section_leaves_out_a_criterion_without_a_relevant_case() -> None:
    one = score_criterion(criterion("1.1"), [tally("1.1.01", sufficient=1)])
    empty = score_criterion(criterion("1.2"), [tally("1.2.01", outside=1)])

    (section,) = score_sections([one, empty])

    assert (section.whole.score, section.whole.counted, section.whole.left_out) == (Fraction(1), ("1.1",), ("1.2",))


def test_a_section_is_withheld_where_a_criterion_is_and_names_each() -> None:
    one = score_criterion(criterion("1.1"), [tally("1.1.01", sufficient=1)])
    open_ = [score_criterion(criterion(id_), [tally(f"{id_}.01", unknown=1)]) for id_ in ("1.2", "1.3")]

    (section,) = score_sections([one, *open_])

    assert section.whole == Average(("1.1",), ("1.2", "1.3"), (), withheld="no score for 1.2, 1.3")


def test_a_section_without_a_relevant_case_says_so() -> None:
    (section,) = score_sections([score_criterion(criterion("1.1"), [tally("1.1.01", outside=1)])])

    assert section.whole == Average((), (), ("1.1",), withheld="no question has a relevant case")


def test_the_thread_is_of_the_marked_questions_of_its_sections() -> None:
    asked = [
        tally("1.1.01", thread=True, sufficient=1),
        tally("1.1.02", sufficient=1),
        tally("3.1.01", thread=True, sufficient=1),
        tally("2.1.01", thread=True, unknown=1),
        tally("1.1.S", thread=True, insufficient=1),
        tally("2.1.S", thread=True, unknown=1),
    ]

    average = score_thread(Thread("Risk of Harm", ("1", "2"), REPORT, published_score=None), asked)

    assert (average.counted, average.undecided) == (("1.1.01", "1.1.S"), ("2.1.01",))
    assert average.score == HALF


@pytest.mark.parametrize(("share", "rounded"), [((1, 8), 13), ((124, 1000), 12), ((0, 1), 0), ((999, 1000), 100)])
def test_a_score_is_printed_in_whole_per_cent_with_a_half_rounded_up(share: tuple[int, int], rounded: int) -> None:
    assert whole_per_cent(Fraction(*share)) == rounded
    assert Average((), (), (), Fraction(*share)).rounded == rounded


def test_an_average_without_a_score_has_nothing_to_print() -> None:
    assert Average((), (), ()).rounded is None
