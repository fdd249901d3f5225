"""What is said of agreement: counts by hand, what has no place on the scale, and how little is not guessed from."""

from pathlib import Path
from typing import Any

import pytest

from omi_rules.assess.agreement import describe_agreement
from omi_rules.assess.answers import Gathered
from omi_rules.problems import OutputError, UsageError
from tests.assess.ratings import BY_RULE, JUDGED, OTHER, RISK, SUMMARY, Row, keep_ratings, rate_twice
from tests.scoring.conftest import write_criteria

#: Twelve cases: 7 exactly the same, 9 on the same side of the line; 10 in which both gave one of the four.
TWELVE = (
    *[("sufficient", "sufficient")] * 3,
    *[("insufficient", "insufficient")] * 2,
    ("poor", "poor"),
    ("not_applicable", "not_applicable"),
    ("excellent", "sufficient"),
    ("poor", "not_evidenced"),
    ("sufficient", "insufficient"),
    ("excellent", "poor"),
    ("insufficient", "sufficient"),
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_criteria(tmp_path_factory.mktemp("small") / "rules")


def describe(folder: Path, rules: Path, rows: list[Row]) -> dict[str, Any]:
    return describe_agreement(keep_ratings(folder / "answers", rules, rows), rules)


def only(ones: list[dict[str, Any]], id_: str) -> dict[str, Any]:
    (found,) = (one for one in ones if one["id"] == id_)
    return found


def test_pairs_are_counted_as_by_hand(tmp_path: Path, rules: Path) -> None:
    found = only(describe(tmp_path, rules, rate_twice(JUDGED, *TWELVE))["questions"], JUDGED)

    assert {name: found[name] for name in ("pairs", "cases", "exact", "same_side", "graded", "few")} == {
        "pairs": 12,
        "cases": 12,
        "exact": 7,
        "same_side": 9,
        "graded": 10,
        "few": False,
    }
    assert (found["exact_percent"], found["same_side_percent"]) == (58.3333, 75.0)
    # Wilson's interval of 9 of 12
    assert (found["same_side_low"], found["same_side_high"]) == (46.7695, 91.1058)


def test_kappa_is_of_the_four_answers_alone(tmp_path: Path, rules: Path) -> None:
    """By hand, of ten: the distances sum to 1 + 1 + 3 + 1 = 6 steps of 3, so observed agreement is 1 - 6/30 = 0.8."""
    found = only(describe(tmp_path, rules, rate_twice(JUDGED, *TWELVE))["questions"], JUDGED)

    # first: excellent 2, sufficient 4, insufficient 3, poor 1; second: 0, 5, 3, 2
    distances = 2 * (5 * 1 + 3 * 2 + 2 * 3) + 4 * (3 * 1 + 2 * 2) + 3 * (5 * 1 + 2 * 1) + 1 * (5 * 2 + 3 * 1)
    expected = 1 - distances / 300
    assert found["kappa"] == round((0.8 - expected) / (1 - expected), 4)
    assert found["kappa_low"] < found["kappa"] < found["kappa_high"]
    assert found["without"] is None


@pytest.mark.parametrize(("number", "shown"), [(9, False), (10, True), (11, True)])
def test_kappa_is_shown_from_ten_pairs_on(tmp_path: Path, rules: Path, number: int, shown: bool) -> None:
    pairs = [("sufficient", "sufficient"), ("poor", "insufficient")] * 6

    found = only(describe(tmp_path, rules, rate_twice(JUDGED, *pairs[:number]))["questions"], JUDGED)

    assert (found["kappa"] is not None, found["kappa_low"] is not None, found["few"]) == (shown, shown, not shown)
    assert bool(found["without"]) is not shown


def test_interval_is_not_shown_for_many_answers_about_few_cases(tmp_path: Path, rules: Path) -> None:
    pairs = [("sufficient", "sufficient"), ("poor", "insufficient"), ("poor", "sufficient")] * 3
    rows = [row for question in (JUDGED, SUMMARY) for row in rate_twice(question, *pairs)]

    found = only(describe(tmp_path, rules, rows)["criteria"], "1.1")

    assert (found["pairs"], found["cases"]) == (18, 9)
    assert found["kappa"] is not None
    assert (found["kappa_low"], found["same_side_low"]) == (None, None)
    assert found["without"] == "no interval, with fewer than 10 cases"


@pytest.mark.parametrize(
    ("pairs", "kappa", "why"),
    [
        ([("sufficient", "sufficient")] * 10, None, "both always gave the same one answer"),
        ([("sufficient", "sufficient"), ("poor", "poor")] * 5, 1.0, "no interval, as nothing differs"),
    ],
    ids=["one answer", "two answers"],
)
def test_complete_agreement_says_why_there_is_no_interval(
    tmp_path: Path, rules: Path, pairs: list[tuple[str, str]], kappa: float | None, why: str
) -> None:
    found = only(describe(tmp_path, rules, rate_twice(JUDGED, *pairs))["questions"], JUDGED)

    assert (found["kappa"], found["kappa_low"], found["without"]) == (kappa, None, why)


def test_criterion_has_the_pairs_of_its_questions(tmp_path: Path, rules: Path) -> None:
    rows = [
        *rate_twice(JUDGED, ("poor", "poor")),
        *rate_twice(SUMMARY, ("poor", "excellent")),
        *rate_twice(OTHER, ("poor", "poor")),
    ]

    found = describe(tmp_path, rules, rows)

    assert [(one["id"], one["pairs"], one["exact"]) for one in found["criteria"]] == [("1.1", 2, 1), ("2.1", 1, 1)]
    assert (found["all"]["pairs"], found["cases_twice"]) == (3, 1)


def test_two_assessors_are_one_pair_whoever_came_first(tmp_path: Path, rules: Path) -> None:
    rows = [
        *rate_twice(JUDGED, ("poor", "excellent")),
        *rate_twice(OTHER, ("poor", "excellent"), assessors=("Ben", "Ann")),
        *rate_twice(RISK, ("poor", "poor"), assessors=("Ben", "Cid")),
    ]

    found = describe(tmp_path, rules, rows)

    assert [(one["assessors"], one["pairs"]) for one in found["assessors"]] == [
        (["Ann", "Ben"], 2),
        (["Ben", "Cid"], 1),
    ]


def test_questions_that_differ_most_come_first_and_few_pairs_last(tmp_path: Path, rules: Path) -> None:
    same, across, near = ("poor", "poor"), ("poor", "excellent"), ("sufficient", "excellent")
    rows = [
        *rate_twice(JUDGED, *[across] * 4, *[same] * 8),
        *rate_twice(SUMMARY, *[across] * 6, *[same] * 6),
        *rate_twice(RISK, *[across] * 9),
        *rate_twice(OTHER, *[near] * 12),
    ]

    found = describe(tmp_path, rules, rows)

    assert found["most_different"] == [SUMMARY, JUDGED, RISK]


def test_what_only_one_has_answered_is_counted_and_not_compared(tmp_path: Path, rules: Path) -> None:
    rows = [*rate_twice(JUDGED, ("poor", "poor")), ("C001", OTHER, "Ann", 1, "poor"), ("C002", OTHER, "Ann", 1, "poor")]

    found = describe(tmp_path, rules, rows)

    assert (found["all"]["pairs"], found["answered_by_one"]) == (1, 1)


def test_answers_to_two_versions_of_a_question_are_not_compared(tmp_path: Path, rules: Path) -> None:
    rows: list[Row] = [("C001", JUDGED, "Ann", 1, "poor", "", "v1"), ("C001", JUDGED, "Ben", 2, "poor", "", "v2")]

    found = describe(tmp_path, rules, rows)

    assert (found["all"]["pairs"], found["other_versions"]) == (0, 1)


def test_corrections_are_not_among_the_pairs_and_one_alone_is_a_disagreement(tmp_path: Path, rules: Path) -> None:
    rows = [
        *rate_twice(JUDGED, ("poor", "poor")),
        ("C001", BY_RULE, "Ann", 1, "sufficient", "It was done."),
        *rate_twice("3.1.01", ("poor", "poor")),
    ]

    found = describe(tmp_path, rules, rows)

    assert (found["all"]["pairs"], found["corrections_of_one"]) == (1, 1)
    assert (found["disagreements"], found["unmoderated"]) == (1, 1)


def test_no_second_ratings_are_no_error(tmp_path: Path, rules: Path) -> None:
    found = describe(tmp_path, rules, [("C001", JUDGED, "Ann", 1, "poor")])

    assert (found["all"]["pairs"], found["criteria"], found["answered_by_one"]) == (0, [], 0)


def test_something_else_is_no_folder_of_answers(tmp_path: Path, rules: Path) -> None:
    with pytest.raises(UsageError, match="is no folder of answers"):
        describe_agreement(tmp_path, rules)


@pytest.mark.parametrize("content", ["[]", "{}", '{"program": {"name": "omi-rules"}}'])
def test_folder_whose_state_was_changed_is_refused(tmp_path: Path, rules: Path, content: str) -> None:
    folder = keep_ratings(tmp_path / "answers", rules, rate_twice(JUDGED, ("poor", "poor")))
    (folder / "answers.json").write_text(content, encoding="utf-8")

    with pytest.raises(OutputError):
        describe_agreement(folder, rules)


def test_nothing_gathered_has_no_disagreements() -> None:
    assert Gathered("0", []).disagreements({}) == {}
