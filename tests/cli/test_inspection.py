"""Questions, criteria and named values shown."""

import json
import re

import pytest

from omi_rules.cli.question_text import show_criterion, show_question
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.questions import Criterion, Question
from omi_rules.rulebook.usage import values_used
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


def test_values_are_all_listed_within_80_columns_with_the_rules_that_use_them() -> None:
    shown = run("rules", "values")

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    parts = [words(part) for part in shown.out.split("\n\n")]
    for value in RULEBOOK.values.values():
        part = next(part for part in parts if part.startswith(f"{value.name}: {value.title}"))
        for rule in RULEBOOK.rules.values():
            assert (rule.id in part.partition("Used by")[2].rstrip(".").replace(",", "").split()) is (
                value.name in values_used(rule)
            )


def test_assumed_values_are_listed_with_reason_and_dependent_rules() -> None:
    shown = run("rules", "values", "--assumed")

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert set(re.findall(r"^([a-z0-9-]+): ", shown.out, re.MULTILINE)) == {
        value.name for value in RULEBOOK.values.values() if value.assumed
    }
    said = words(shown.out)
    assert "where tier is 4 or more: 32 appointments (assumed: The number for tier 4 was not readable." in said
    assert "Used by contact-frequency." in said


def test_what_scoring_assumes_is_listed_with_the_assumed_values() -> None:
    said = words(run("rules", "values", "--assumed").out)

    assert "Bands of criteria 3.1 and 3.2. Good from 75% on, a priority from 50% on (assumed: The report prints" in said
    assert "Near misses of targets/nps-2005-06.yaml. breach-instigated 8.1, compliance 7.6," in said
    assert "Near misses" not in run("rules", "values").out


def test_values_as_json_have_every_amount_and_its_basis() -> None:
    shown = {item["value"]: item for item in json.loads(run("rules", "values", "--format", "json").out)}

    assert list(shown) == list(RULEBOOK.values)
    limit = shown["rmp-limit"]
    assert (limit["unit"], limit["assumed"], limit["rules"]) == (
        "working_days",
        False,
        ["risk-management-plan-on-time"],
    )
    assert limit["amounts"][0]["source"]["document"] == "merseyside-omi-2007"
    for item in shown.values():
        assert item["assumed"] is any(amount["assumed"] for amount in item["amounts"])
        for amount in item["amounts"]:
            assert amount["assumed"] is (amount["source"] is None)
            assert amount["assumed"] is bool(amount["because"])


def test_only_assumed_values_as_json() -> None:
    shown = json.loads(run("rules", "values", "--assumed", "--format", "json").out)

    assert all(item["assumed"] for item in shown if item["kind"] == "value")
    others = [item for item in shown if item["kind"] != "value"]
    assert [item["kind"] for item in others] == ["bands", "bands", "near_misses"]
    assert [len(item["criteria"]) for item in others[:2]] == [12, 2]
    assert others[2]["tolerances"]["sickness-absence"] == "0.8"
