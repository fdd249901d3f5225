"""The criteria and targets of the program's own rulebook against the catalogue and the report's own table.

`catalogue.csv` lists the questions of the report; `performance-2005-06.txt` is the table of criterion 4.2 as printed.
"""

import csv
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from omi_rules.resources import rules_folder
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.criteria_lint import lint_criteria
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import Rule
from omi_rules.rulebook.questions import Criterion, Question, Target

HERE = Path(__file__).resolve().parent
OWN = load_criteria()
RULEBOOK = load_rulebook()
CASE_CRITERIA = [criterion for criterion in OWN.criteria.values() if criterion.questions]
AREA_CRITERIA = [criterion for criterion in OWN.criteria.values() if criterion.points]

#: The score and the conclusion of each criterion as printed; the score of 1.2 is lost from the text.
PUBLISHED = {
    "1.1": (82, "good"),
    "1.2": (None, "priority for improvement"),
    "1.3": (77, "good"),
    "1.4": (68, "priority for improvement"),
    "1.5": (63, "priority for improvement"),
    "2.1": (57, "urgent priority for improvement"),
    "2.2": (58, "urgent priority for improvement"),
    "2.3": (59, "urgent priority for improvement"),
    "2.4": (77, "good"),
    "2.5": (66, "priority for improvement"),
    "2.6": (85, "good"),
    "2.7": (71, "priority for improvement"),
    "3.1": (57, "priority for improvement"),
    "3.2": (66, "priority for improvement"),
}
LEVELS = {
    "4.1": "well met",
    "4.2": "satisfactorily met",
    "4.3": "well met",
    "4.4": "satisfactorily met",
    "4.5": "satisfactorily met",
    "4.6": "well met",
}
#: The rule on the hours of unpaid work and its conclusion stand for recommendation 7; the catalogue has none here.
BESIDE_THE_CATALOGUE = {"2.4.15": "7"}
#: How many strengths and areas for improvement the report has under each criterion of section 4.
POINTS = {"4.1": (8, 3), "4.2": (4, 4), "4.3": (8, 4), "4.4": (7, 5), "4.5": (5, 3), "4.6": (7, 2)}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    with (HERE / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def by_id(question: Question) -> str:
    return question.id


ALL = pytest.mark.parametrize("question", OWN.questions.values(), ids=by_id)


def test_questions_are_those_of_the_catalogue_in_its_order() -> None:
    assert list(OWN.questions) == list(catalogue())
    assert len(OWN.questions) == 202


def test_every_criterion_has_as_many_questions_as_the_catalogue() -> None:
    counted = Counter(row["criterion"] for row in catalogue().values())

    assert {criterion.id: len(criterion.all_questions) for criterion in CASE_CRITERIA} == counted
    assert sum(len(criterion.questions) for criterion in CASE_CRITERIA) == 188


def test_rules_decide_63_questions_and_assessors_the_others() -> None:
    individual = [question for question in OWN.questions.values() if not question.is_summary]

    assert Counter(question.decided_by for question in individual) == {"rule": 63, "assessor": 125}
    assert len({question.rule for question in individual if question.rule}) == 63


@ALL
def test_question_is_decided_and_counted_as_the_catalogue_says(question: Question) -> None:
    row = catalogue()[question.id]

    assert (question.decided_by, question.rule or "") == (row["decided_by"], row["rule"])
    assert question.is_summary is (row["summary"] == "yes")
    assert question.risk_of_harm_thread is (row["roh_thread"] == "yes")
    assert ";".join(map(str, question.recommendations)) == BESIDE_THE_CATALOGUE.get(question.id, row["recommendations"])


@ALL
def test_question_has_the_figure_of_the_catalogue(question: Question) -> None:
    row = catalogue()[question.id]
    figure = question.figure
    if figure is None:
        assert (row["figure_in_report"], row["sufficient_pct"], row["count"]) == ("", "", "")
        return
    sign = {"more_than": ">", "less_than": "<", None: ""}[figure.bound]
    assert f"{sign}{figure.percent}" == (row["sufficient_pct"] or "None")
    counts = re.match(r"([0-9]+)/([0-9]+)", row["count"])
    assert (figure.sufficient, figure.of) == (tuple(map(int, counts.groups())) if counts else (None, None))
    assert re.findall(r"[0-9]+", figure.printed) == re.findall(r"[0-9]+", row["figure_in_report"])


@ALL
def test_question_is_a_plain_question_with_its_place(question: Question) -> None:
    assert question.asks.endswith("?")
    assert not re.search(r"\b(RoH|ISP|RMP|PSR|DRR|OM)\b", f"{question.asks} {question.about}")
    place = "Appendix 3" if question.is_summary else f"criterion {question.criterion}, "
    assert re.fullmatch(rf"{place}(.+)", question.source.place)
    assert question.is_summary or re.search(r"(strengths|areas for improvement) \([a-g]\)$", question.source.place)


@pytest.mark.parametrize("criterion", CASE_CRITERIA, ids=lambda criterion: criterion.id)
def test_criterion_has_its_published_score_weights_and_summary_question(criterion: Criterion) -> None:
    assert (criterion.published_score, criterion.published_conclusion) == PUBLISHED[criterion.id]
    assert criterion.weights
    assert (criterion.weights.questions, criterion.weights.summary) == (80, 20)
    assert criterion.summary
    assert criterion.summary.id == f"{criterion.id}.S"


@pytest.mark.parametrize("criterion", AREA_CRITERIA, ids=lambda criterion: criterion.id)
def test_criterion_of_the_area_has_its_levels_and_every_point_of_the_report(criterion: Criterion) -> None:
    found = Counter(point.found for point in criterion.points)

    assert criterion.levels == ("well met", "satisfactorily met", "partly met", "not met")
    assert criterion.published_level == LEVELS[criterion.id]
    assert (found["strength"], found["area for improvement"]) == POINTS[criterion.id]
    assert len({point.source.place for point in criterion.points}) == len(criterion.points)


def test_sections_of_the_report_are_complete() -> None:
    assert [criterion.id for criterion in CASE_CRITERIA] == list(PUBLISHED)
    assert [criterion.id for criterion in AREA_CRITERIA] == list(LEVELS)
    assert Counter(criterion.section for criterion in OWN.criteria.values()) == {
        "Assessment and sentence planning": 5,
        "Implementation of interventions": 7,
        "Achievement and monitoring of outcomes": 2,
        "Leadership and strategic management": 6,
    }


@cache
def disagreements() -> tuple[str, ...]:
    return tuple(str(problem) for problem in lint_criteria(OWN, RULEBOOK))


@pytest.mark.parametrize("rule", RULEBOOK.rules.values(), ids=lambda rule: rule.id)
def test_rule_and_question_say_the_same(rule: Rule) -> None:
    decided = {question.rule for question in OWN.questions.values()}

    assert rule.id in decided or rule.criterion in ("targets", "staff")
    assert [line for line in disagreements() if rule.file in line or f"the rule {rule.id} " in line] == []


def test_nothing_disagrees_but_rules_that_are_named_and_not_written_yet() -> None:
    named = {question.rule for question in OWN.questions.values() if question.rule}
    named |= {target.rule for target in TARGETS.values() if target.rule}
    named |= {point.rule for criterion in AREA_CRITERIA for point in criterion.points if point.rule}
    missing = re.compile(r"there is no rule ([a-z0-9-]+)")

    assert len(named) == 67
    assert [line for line in disagreements() if not missing.search(line)] == []
    assert set(missing.findall("\n".join(disagreements()))) == named - set(RULEBOOK.rules)


TARGETS: dict[str, Target] = {target.title: target for file in OWN.targets.values() for target in file.targets}


@cache
def printed_rows() -> dict[str, list[str]]:
    """The rows of the table as printed, by their first cell: target, area, England and Wales."""
    lines = (HERE / "performance-2005-06.txt").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.count("\t") >= 2)
    return {cells[0]: cells[1:] for cells in rows if re.search(r"[0-9]", cells[1]) and not cells[0].startswith("NPS")}


def number(text: str) -> Decimal:
    found = re.search(r"[0-9]+(\.[0-9]+)?", text)
    assert found
    return Decimal(found[0])


def test_targets_are_the_rows_of_the_table_in_its_order() -> None:
    assert list(TARGETS) == list(printed_rows())
    assert len(TARGETS) == 19


@pytest.mark.parametrize("title", TARGETS)
def test_target_has_the_figures_and_the_asterisk_of_the_table(title: str) -> None:
    target, (wanted, area, *rest) = TARGETS[title], printed_rows()[title]
    national = rest[0] if rest and rest[0] else None

    assert target.amount == number(wanted)
    assert target.area == number(area)
    assert target.national == (number(national) if national else None)
    assert bool(target.asterisk) is area.endswith("*")
    assert target.direction == ("at_most" if "days" in wanted else "at_least")
    assert target.unit == (
        "working_days"
        if "working days" in wanted
        else "days"
        if "days" in wanted
        else "percent_of_target"
        if "% performance" in title
        else "percent"
    )


def test_end_to_end_table_marks_nothing_and_covers_a_quarter() -> None:
    unmarked = [target for target in TARGETS.values() if target.asterisk is None]

    assert [target.id for target in unmarked] == ["breach-resolution-average", "breach-resolved"]
    assert {target.period.printed for target in unmarked} == {"Rolling quarter April-June 2006"}
    assert {target.tolerance for target in unmarked} == {None}


def test_asterisks_follow_from_targets_and_tolerances() -> None:
    marked = [target for target in TARGETS.values() if target.asterisk is not None]

    assert len(marked) == 17
    for target in marked:
        assert target.asterisk is (target.is_met(target.area) or target.is_near_miss(target.area)), target.id
    assert {target.id for target in marked if target.is_near_miss(target.area)} == {
        "unpaid-work-completions",
        "drug-treatment-starts",
        "basic-skills-starts",
        "high-roh-assessed-and-planned",
        "ppo-assessed-and-planned",
    }


def test_checking_an_export_does_not_read_criteria_and_targets(tmp_path: Path) -> None:
    own = rules_folder()
    for file in own.rglob("*.yaml"):
        copied = tmp_path / file.relative_to(own)
        copied.parent.mkdir(parents=True, exist_ok=True)
        folder = copied.relative_to(tmp_path).parts[0]
        copied.write_bytes(b"[" if folder in ("criteria", "targets") else file.read_bytes())

    assert list(load_rulebook(tmp_path).rules) == list(RULEBOOK.rules)
    assert load_rulebook(tmp_path).hash != RULEBOOK.hash


def test_line_of_priority_parts_what_the_report_calls_good_from_what_it_calls_a_priority() -> None:
    assert OWN.scoring is not None
    line = OWN.scoring.line.percent

    scored = [item for item in CASE_CRITERIA if item.published_score is not None]

    assert {item.id for item in scored if (item.published_score or 0) >= line} == {
        item.id for item in scored if item.published_conclusion == "good"
    }


def test_thread_is_that_of_the_report() -> None:
    assert OWN.scoring is not None
    assert (OWN.scoring.thread.sections, OWN.scoring.thread.published_score) == (("1", "2"), 64)


def test_the_eight_recommendations_are_told_in_the_words_of_the_report() -> None:
    recommendations = OWN.recommendations

    assert recommendations is not None
    assert len(recommendations.words) == 8
    assert recommendations.source.place == "Recommendations for improvement"
    assert recommendations.words[0].startswith("RoH screening is undertaken accurately in all cases")
    assert recommendations.words[7] == "all staff receive an annual appraisal"
