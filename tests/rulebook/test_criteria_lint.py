"""What the lint asks of criteria, targets and rules together, and how scores and figures are judged."""

from decimal import Decimal
from pathlib import Path

import pytest

from omi_rules.problems import RulebookError
from omi_rules.rulebook import model
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.criteria_lint import lint_criteria
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import Population, Selection, Source
from omi_rules.rulebook.questions import MEASURES, Bands, Criteria

RISK = "criteria/1.2.yaml"
WORKFORCE = "criteria/4.4.yaml"
YEARLY = "targets/yearly.yaml"
SCREENING = "checks/1.2/screening-on-time.yaml"

#: file, what stands there, what is put in its place, the file and line of the finding, and words of it
FINDINGS = [
    (RISK, "title: Risk of Harm", "title: Risk of Harm.", f"{RISK}:1", "a title is no sentence"),
    (RISK, "place: criterion 1.2}\nnote: A note.", "place: criterion 1.2}\nnote: A note", f"{RISK}:5", "full stop"),
    (RISK, "asks: Is the plan good?", "asks: Is the plan good", f"{RISK}:33", "question mark"),
    (RISK, "about: licences with an analysis", "about: licences.", f"{RISK}:23", "leave out the full stop"),
    (RISK, "(c)\n    note: A note.", "(c)\n    note: A note", f"{RISK}:38", "full stop"),
    (RISK, "note: A note.}", "note: A note}", f"{RISK}:20", "full stop"),
    (
        RISK,
        "rule: screening-on-time",
        "rule: screening-in-time",
        f"{RISK}:16",
        "there is no rule screening-in-time; did you mean screening-on-time?",
    ),
    (RISK, "rule: screening-on-time", "rule: score-held", f"{RISK}:16", "score-held does not answer 1.2.01"),
    (RISK, "risk_of_harm_thread: true", "risk_of_harm_thread: false", f"{RISK}:17", "says yes to the Risk of Harm"),
    (RISK, "recommendations: [1]", "recommendations: [1, 2]", f"{RISK}:18", "has the recommendations [1]"),
    (RISK, "{rule: screening-on-time}", "assessor", f"{SCREENING}:3", "1.2.01 is decided by assessor"),
    (RISK, "rule: screening-on-time", "rule: score-held", f"{SCREENING}:3", "decided by the rule score-held"),
    (SCREENING, '"1.2.01"', '"1.2.04"', f"{SCREENING}:3", "there is no question 1.2.04 in criteria/; did you mean"),
    (SCREENING, '"1.2.01"', '"1.2.04"', f"{RISK}:16", "does not answer 1.2.01: add it"),
    (WORKFORCE, "rule: yearly-appraisal", "rule: appraisal", f"{WORKFORCE}:12", "there is no rule appraisal"),
    (
        "checks/staff/yearly-appraisal.yaml",
        "answers: []",
        "answers: []\nshadow: true",
        f"{WORKFORCE}:12",
        "yearly-appraisal is in shadow",
    ),
    (WORKFORCE, "asks: Is absence falling?", "asks: Is absence falling", f"{WORKFORCE}:14", "question mark"),
    (YEARLY, "title: Targets of the year", "title: Targets of the year.", f"{YEARLY}:1", "a title is no sentence"),
    (YEARLY, "why: It is worked out.", "why: It is worked out", f"{YEARLY}:28", "full stop"),
    (YEARLY, "because: It fits.}", "because: It fits}", f"{YEARLY}:10", "full stop"),
    (YEARLY, "rule: plan-reviewed", "rule: plans-reviewed", f"{YEARLY}:11", "did you mean plan-reviewed?"),
]


def said_of(folder: Path) -> list[str]:
    return [str(problem) for problem in lint_criteria(load_criteria(folder), load_rulebook(folder))]


def spoil(folder: Path, file: str, before: str, after: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize(("file", "before", "after", "place", "words"), FINDINGS)
def test_lint_finds_what_does_not_agree(
    rules: Path, file: str, before: str, after: str, place: str, words: str
) -> None:
    spoil(rules, file, before, after)

    said = said_of(rules)

    assert any(line.startswith(f"{place}  ") and words in line for line in said), "\n".join(said)


def test_target_rule_that_no_target_takes_is_found(rules: Path) -> None:
    (rules / "checks" / "targets").mkdir()
    text = (rules / "checks" / "1.4" / "ethnicity-recorded.yaml").read_text("utf-8")
    (rules / "checks" / "targets" / "all-recorded.yaml").write_text(text.replace('["1.4.01"]', "[]"), "utf-8")

    assert ["no target of targets/ is measured" in line for line in said_of(rules)] == [True]


def test_rulebook_without_criteria_and_targets_is_left_in_peace(good: Path) -> None:
    assert lint_criteria(Criteria({}, {}), load_rulebook(good)) == []


def test_problems_of_several_files_come_in_order(rules: Path) -> None:
    spoil(rules, YEARLY, "id: breaches", "id: reviews")
    spoil(rules, RISK, "summary: 20", "summary: 10")
    spoil(rules, RISK, "sufficient: 9,", "sufficient: 19,")

    with pytest.raises(RulebookError, match="has 3 problems") as raised:
        load_criteria(rules)

    assert [(problem.file, problem.line) for problem in raised.value.problems] == [(RISK, 7), (RISK, 20), (YEARLY, 21)]


def test_broken_sources_are_left_to_the_rules_to_report(rules: Path) -> None:
    (rules / "sources.yaml").write_text("[", "utf-8")

    assert load_criteria(rules).questions


def test_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match=r"there is no folder .* with a rulebook in it"):
        load_criteria(tmp_path / "nowhere")


def test_question_holds_what_its_file_says(good: Path) -> None:
    question = load_criteria(good).questions["1.2.02"]

    assert question.criterion == "1.2"
    assert (question.decided_by, question.rule, question.is_summary) == ("assessor", None, False)
    assert question.population == Population(
        (model.Test("order_type", "in", ("licence",)),),
        (Selection("roh_assessments", (model.Test("kind", "in", ("full_analysis",)),)),),
    )
    assert question.source == Source("the-report", "criterion 1.2, strengths (b)")
    assert question.figure
    assert (question.figure.percent, question.figure.bound) == (50, "more_than")


def test_target_has_its_own_period_or_that_of_its_file(good: Path) -> None:
    reviews, sickness, breaches = load_criteria(good).targets["yearly"].targets

    assert (reviews.rule, reviews.tolerance, reviews.period.printed) == ("plan-reviewed", Decimal("5.5"), "2005/2006")
    assert (sickness.typed_in, sickness.area, sickness.national) == (True, Decimal("11.0"), None)
    assert (breaches.measure, breaches.asterisk, breaches.period.printed) == (MEASURES[1], None, "a quarter")


@pytest.mark.parametrize(
    ("figure", "met", "near"),
    [("90", True, False), ("89.9", False, True), ("84.5", False, True), ("84.4", False, False), ("100", True, False)],
)
def test_target_at_least_is_met_nearly_met_or_missed(good: Path, figure: str, met: bool, near: bool) -> None:
    target = load_criteria(good).targets["yearly"].targets[0]

    assert (target.is_met(Decimal(figure)), target.is_near_miss(Decimal(figure))) == (met, near)


@pytest.mark.parametrize(
    ("figure", "met", "near"), [("9", True, False), ("9.1", False, True), ("10", False, True), ("10.1", False, False)]
)
def test_target_at_most_is_met_nearly_met_or_missed(good: Path, figure: str, met: bool, near: bool) -> None:
    target = load_criteria(good).targets["yearly"].targets[1]

    assert (target.is_met(Decimal(figure)), target.is_near_miss(Decimal(figure))) == (met, near)


def test_target_without_tolerance_has_no_near_miss(good: Path) -> None:
    target = load_criteria(good).targets["yearly"].targets[2]

    assert not target.is_near_miss(Decimal("35.1"))


@pytest.mark.parametrize(
    ("score", "conclusion"),
    [
        (75, "good"),
        (74.9, "priority for improvement"),
        (60, "priority for improvement"),
        (59.9, "urgent priority for improvement"),
    ],
)
def test_band_begins_with_its_own_score(score: float, conclusion: str) -> None:
    assert Bands(75, 60, None, "It fits.").conclude(score) == conclusion
