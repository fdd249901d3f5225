"""Questions and criteria of the inspection shown."""

import json

import pytest

from omi_rules.cli.question_text import show_criterion, show_question
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.questions import Criterion, Question
from tests.cli.running import run

CRITERIA = load_criteria()
RULEBOOK = load_rulebook()


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("criterion", CRITERIA.criteria.values(), ids=lambda criterion: criterion.id)
def test_page_of_a_criterion_has_every_question_or_point_within_80_columns(criterion: Criterion) -> None:
    lines = show_criterion(criterion, RULEBOOK, colour=False)

    assert max(map(len, lines)) <= 80
    said = words("\n".join(lines))
    assert criterion.title in said
    for item in (*criterion.all_questions, *criterion.points):
        assert f"{item.id} {item.asks}" in said


@pytest.mark.parametrize("question", CRITERIA.questions.values(), ids=lambda question: question.id)
def test_page_of_a_question_says_it_within_80_columns(question: Question) -> None:
    lines = show_question(question, CRITERIA, RULEBOOK, colour=False)

    assert max(map(len, lines)) <= 80
    assert question.asks in words("\n".join(lines))


def test_page_marks_headings_where_there_is_colour() -> None:
    lines = show_question(CRITERIA.questions["1.2.20"], CRITERIA, RULEBOOK, colour=True)

    assert "\x1b[1mDecided by\x1b[0m" in lines


def test_show_question_says_who_decides_it_and_what_was_found() -> None:
    said = words(run("rules", "show", "1.2.20").out)

    assert "1.2.20, criterion 1.2 (Assessment of Risk of Harm), recommendation 2, Risk of Harm thread." in said
    assert "Decided by The rule risk-management-plan-on-time: Risk management plan within five working days." in said
    assert "What the inspection found 9 of 11: 82% sufficient." in said
    assert "criterion 1.2, areas for improvement (e)." in said


def test_show_question_of_an_assessor_says_whom_it_is_about() -> None:
    said = words(run("rules", "show", "2.6.07").out)

    assert "As far as the export can tell: Every case whose order type is licence, PPO is yes and" in said
    assert "Decided by An assessor." in said


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("1.2.01", "92% sufficient."),
        ("1.2.18", "Less than a third: less than 33% sufficient."),
        ("1.2.09", "14 inaccurate."),
        ("1.5.08", "8 of 89 none: 91% sufficient (81 of 89)."),
        ("2.1.17", "4 of 7: 57% sufficient."),
    ],
)
def test_figure_is_told_as_printed_and_as_a_share(question: str, found: str) -> None:
    assert f"What the inspection found {found}" in words(run("rules", "show", question).out)


def test_show_criterion_says_score_weights_and_what_is_assumed() -> None:
    said = words(run("rules", "show", "2.6").out)

    assert "What the inspection found 85%, good." in said
    assert "The questions weigh 80%, the summary question 20%." in said
    assert "Assumed: The report prints no bands." in said


def test_show_criterion_of_the_area_says_levels_and_evidence() -> None:
    said = words(run("rules", "show", "4.4").out)

    assert "Well met, satisfactorily met, partly met or not met." in said
    assert "Area for improvement. Recommendation 8. See the rule annual-appraisal." in said
    assert "See targets/nps-2005-06.yaml." in said


def test_show_question_and_criterion_as_json_have_every_part() -> None:
    question = json.loads(run("rules", "show", "1.2.20", "--format", "json").out)
    criterion = json.loads(run("rules", "show", "1.2", "--format", "json").out)

    assert (question["rule"], question["figure"]["of"]) == ("risk-management-plan-on-time", 11)
    assert len(criterion["questions"]) == 23
    assert criterion["weights"] == {"questions": 80, "summary": 20}
