"""Every figure that the report prints comes out: rules through the engine, assessors' questions as answered."""

from collections import Counter

import pytest
from pyarrow import parquet

from omi_rules.rulebook.questions import Figure, Question
from tests.merseyside.samples import CRITERIA, INSUFFICIENT, SUFFICIENT, Made

ALL = list(CRITERIA.questions.values())


def has_number(question: Question) -> bool:
    figure = question.figure
    return figure is not None and (figure.percent is not None or figure.insufficient is not None)


PRINTED = [question.id for question in ALL if has_number(question)]
UNPRINTED = [question.id for question in ALL if not has_number(question) and question.decided_by == "assessor"]


def agrees(figure: Figure, sufficient: int, relevant: int) -> bool:
    """Whether the counts are those printed, or their share rounds to the one printed or keeps to its bound."""
    if figure.insufficient is not None:
        return relevant - sufficient == figure.insufficient
    if figure.of is not None:
        return (sufficient, relevant) == (figure.sufficient, figure.of)
    assert figure.percent is not None
    if figure.bound == "more_than":
        return 100 * sufficient > figure.percent * relevant
    if figure.bound == "less_than":
        return 100 * sufficient < figure.percent * relevant
    return abs(100 * sufficient / relevant - figure.percent) < 0.5


def test_figures_are_those_of_the_catalogue() -> None:
    assert (len(PRINTED), len(UNPRINTED)) == (175, 21)


@pytest.mark.parametrize("question", PRINTED)
def test_figure_comes_out_as_printed(made: Made, question: str) -> None:
    figure = CRITERIA.questions[question].figure
    assert figure is not None
    assert agrees(figure, *made.counts(question))


@pytest.mark.parametrize("question", PRINTED)
def test_score_has_the_same_counts(made: Made, question: str) -> None:
    scored = next(found for found in made.score["questions"] if found["id"] == question)
    assert (scored["sufficient"], scored["relevant"]) == made.counts(question)


@pytest.mark.parametrize("question", UNPRINTED)
def test_question_without_a_printed_figure_stays_unanswered(made: Made, question: str) -> None:
    assert set(made.answers[question].values()) <= {"", "not_applicable"}
    assert "" in made.answers[question].values()


def test_share_of_all_cases_leaves_none_out(made: Made) -> None:
    """Of 148 cases some whole number rounds to every per cent, so that a question about all has 148 answers."""
    for question in ALL:
        if question.about == "all cases" and question.decided_by == "assessor" and has_number(question):
            assert made.counts(question.id)[1] == 148


def test_answers_are_of_every_kind(made: Made) -> None:
    given = Counter(answer for answers in made.answers.values() for answer in answers.values())
    assert set(given) == SUFFICIENT - {"met"} | {"insufficient", "poor", "not_evidenced", "not_applicable", ""}


def test_every_assessors_question_has_one_line_a_case(made: Made) -> None:
    asked = {question.id for question in ALL if question.decided_by == "assessor"}
    assert set(made.answers) == asked
    assert {len(answers) for answers in made.answers.values()} == {148}


@pytest.mark.parametrize(("first", "second"), [("1.2.07", "1.2.08"), ("2.6.03", "2.7.02")])
def test_questions_about_the_same_cases_are_answered_for_the_same(made: Made, first: str, second: str) -> None:
    about = [
        {case for case, answer in made.answers[question].items() if answer in SUFFICIENT | INSUFFICIENT}
        for question in (first, second)
    ]
    assert about[0] == about[1] != set()


@pytest.mark.parametrize(
    ("rule", "outcomes"),
    [
        ("roh-full-analysis-when-indicated", {"met": 64, "missing": 17, "excluded": 12}),
        ("victim-licence-views-invited", {"met": 20, "missing": 1}),
        ("victim-release-conditions-told", {"met": 17, "missing": 4}),
        ("bank-holiday-absence", {"met": 8, "not_met": 4}),
        ("tier-1-unpaid-work-assessed", {"met": 20, "missing": 10}),
    ],
)
def test_finding_in_words_comes_out(made: Made, rule: str, outcomes: dict[str, int]) -> None:
    found = Counter(made.outcomes[rule].values())
    del found["not_applicable"]
    assert found == outcomes


def test_residents_of_approved_premises_were_referred_there_and_accepted(made: Made) -> None:
    residents = {row["case_id"] for row in made.rows("requirements") if row["kind"] == "residence"}
    assert {made.answers["1.2.07"][case] for case in residents} <= SUFFICIENT


def test_seven_ppos_assessed_in_time_are_seven_of_the_nine_as_of_the_twelve(made: Made) -> None:
    """Criterion 1.3 (c) can be read both ways."""
    in_time = {case for case, outcome in made.outcomes["ppo-oasys-on-time"].items() if outcome == "met"}
    comprehensive = {case for case, answer in made.answers["1.3.05"].items() if answer in SUFFICIENT}
    assert (len(in_time), len(comprehensive), in_time <= comprehensive) == (7, 9, True)


@pytest.mark.parametrize(("rule", "met", "judged"), [("six-weekly-supervision", 39, 50), ("annual-appraisal", 35, 49)])
def test_staff_were_supervised_and_appraised_in_the_shares_that_are_printed(
    made: Made, rule: str, met: int, judged: int
) -> None:
    """Criterion 4.4: 78% were supervised every six weeks, and 29% of those concerned had no appraisal."""
    rows = parquet.read_table(made.folder / "run" / "staff_outcomes.parquet").to_pylist()
    found = Counter(row["outcome"] for row in rows if row["rule"] == rule)
    assert (found["met"], sum(found[word] for word in ("met", "late", "missing"))) == (met, judged)
