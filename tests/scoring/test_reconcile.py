"""83% and 97% for the same target, as the report has it (criterion 4.2): how the two come about from the same cases.

The table of the year says that 83% of the assessments and plans of high Risk of Harm cases were completed within five
working days; the area's own project had raised the figure to 97% (strengths (b)).
"""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from omi_rules.reports.reconcile_text import show_reconciled
from omi_rules.resources import schemas_folder
from omi_rules.scoring.answers import Answer
from tests.scoring.reconciling import CRITERIA, ITS_RULE, QUESTION, RULES, TARGET, one, readings, reconciled

STORY = f"""figures:
  - of: {{target: {TARGET}}}
    figure: {{percent: 83}}
    by: the table of NPS performance data
    period: {{printed: 2005/2006, from: 2005-04-01, to: 2006-03-31}}
    definition: Completed within five working days of start or release.
  - of: {{target: {TARGET}}}
    figure: {{percent: 97}}
    by: NPD Performance Report 21
    period: {{printed: the quarter after it}}
    definition: Nobody says.
"""
#: 100 high Risk of Harm cases: 83 in time, 14 late, 3 without; and others that the target is not about.
YEAR = {"met": 83, "late": 14, "missing": 3, "not_applicable": 40}


def test_83_and_97_per_cent_for_the_same_target_are_two_readings_of_the_same_cases(tmp_path: Path) -> None:
    year, raised = reconciled(tmp_path, STORY, YEAR)

    assert year["agrees"]
    assert year["computed"]["percent"] == raised["computed"]["percent"] == 83.0
    assert not raised["agrees"]
    assert raised["difference"] == -14.0
    giving = [reading for reading in raised["readings"] if reading["agrees"]]
    assert [(reading["reading"], reading["sufficient"], reading["relevant"]) for reading in giving] == [
        ("what was done late counted as met", 97, 100),
        ("what was done late left out", 83, 86),
    ]
    assert [case["case_id"] for case in giving[0]["cases"]] == [f"C{number:03}" for number in range(84, 98)]
    assert giving[0]["cases"][0] == {"case_id": "C084", "theirs": None, "ours": "late", "reason": "It is late."}


def test_both_definitions_stand_side_by_side(tmp_path: Path) -> None:
    year, raised = reconciled(tmp_path, STORY, YEAR)

    assert year["published"]["definition"] == "Completed within five working days of start or release."
    assert raised["published"]["definition"] == "Nobody says."
    told = raised["computed"]["definition"]
    assert "from the day on which the case became high Risk of Harm" in told
    assert RULES[TARGET].asks in told
    assert told.endswith("Every case of the run, whenever it was due.")


def test_every_other_reading_has_its_counts(tmp_path: Path) -> None:
    outcomes = {"met": 60, "late": 10, "missing": 5, "due": 7, "unknown": 8, "excluded": 4, "not_applicable": 6}
    (entry,) = reconciled(tmp_path, one(f"rule: {TARGET}", "percent: 80"), outcomes)

    assert (entry["computed"]["sufficient"], entry["computed"]["relevant"]) == (60, 75)
    assert entry["computed"]["undecided"] == 15
    assert entry["outcomes"] == outcomes
    assert entry["computed"]["definition"].endswith("? Every case of the run.")
    assert [reading["cases"] for reading in entry["readings"]] == [[]] * 11  # none of them gives the figure
    assert readings(entry) == {
        "what was done late counted as met": (70, 75, False),
        "what was done late left out": (60, 65, False),
        "what was not done at all left out": (60, 70, False),
        "what is unknown counted as met": (68, 83, False),
        "what is unknown counted as not met": (60, 83, False),
        "what is not due yet counted as met": (67, 82, False),
        "what is not due yet counted as not met": (60, 82, False),
        "what is excluded counted as met": (64, 79, False),
        "what is excluded counted as not met": (60, 79, False),
        "what is not applicable counted as met": (66, 81, False),
        "what is not applicable counted as not met": (60, 81, False),
    }


def test_outcomes_of_the_published_period_are_a_reading_too(tmp_path: Path) -> None:
    text = STORY.replace("{printed: the quarter after it}", "{printed: spring, from: 2006-04-01, to: 2006-04-30}")
    _, raised = reconciled(tmp_path, text, YEAR)

    assert readings(raised)["only what was due in that period"] == (42, 50, False)
    assert raised["readings"][-1]["cases"] == []
    assert reconciled(tmp_path, text, {})[1]["readings"] == []


def test_cases_due_outside_the_period_are_named_where_leaving_them_out_gives_the_figure(tmp_path: Path) -> None:
    text = STORY.replace("{printed: the quarter after it}", "{printed: spring, from: 2006-04-01, to: 2006-04-30}")
    _, raised = reconciled(tmp_path, text, {"met": 7, "late": 1, "due": 2})

    (giving,) = (one for one in raised["readings"] if one["reading"] == "only what was due in that period")
    # of eight decided, the even ones were due the day before April
    assert (giving["sufficient"], giving["relevant"], giving["agrees"]) == (4, 4, False)
    text = text.replace("percent: 97", "percent: 100")
    _, raised = reconciled(tmp_path, text, {"met": 7, "late": 1, "due": 2})
    (giving,) = (one for one in raised["readings"] if one["reading"] == "only what was due in that period")
    assert [case["case_id"] for case in giving["cases"]] == ["C002", "C004", "C006", "C008"]


def test_target_is_of_the_whole_run_and_a_rule_of_the_cases_that_count(tmp_path: Path) -> None:
    text = one(f"target: {TARGET}", "percent: 83") + one(f"rule: {TARGET}", "percent: 100").partition("\n")[2]

    target, rule = reconciled(tmp_path, text, YEAR, counted=60)

    assert (target["computed"]["sufficient"], target["computed"]["relevant"], target["agrees"]) == (83, 100, True)
    assert target["computed"]["definition"].endswith("Every case of the run, whenever it was due.")
    assert (rule["computed"]["sufficient"], rule["computed"]["relevant"], rule["agrees"]) == (60, 60, True)
    assert rule["computed"]["definition"].endswith("The cases that the answers are about.")


def test_measured_target_is_of_the_whole_run(tmp_path: Path) -> None:
    (entry,) = reconciled(tmp_path, one("target: appointments-attended", "percent: 50"), {"met": 3}, counted=1)

    assert entry["outcomes"] == {"met": 1, "not_met": 1, "unknown": 1}


def test_correction_and_answer_of_an_assessor_are_ours(tmp_path: Path) -> None:
    answers = [
        Answer("C001", QUESTION, "poor", "seen", 1),
        Answer("C002", "1.2.02", "sufficient", "", 2),
        Answer("C003", "1.2.02", "not_applicable", "", 3),
    ]
    text = one(f'question: "{QUESTION}"', "percent: 75") + one('question: "1.2.02"', "percent: 50").partition("\n")[2]

    corrected, asked = reconciled(tmp_path, text, {"met": 4}, ITS_RULE, answers)

    assert (corrected["outcomes"], corrected["agrees"]) == ({"met": 3, "not_met": 1}, True)
    assert asked["outcomes"] == {"met": 1, "unknown": 2, "not_applicable": 1}
    assert readings(asked)["what is unknown counted as met"] == (3, 3, False)
    assert asked["computed"]["undecided"] == 2
    assert "Decided by assessors." in asked["computed"]["definition"]


@pytest.mark.parametrize(
    ("printed", "agrees"), [("percent: 67", True), ("percent: 66", False), ('percent: "66.7"', True)]
)
@pytest.mark.parametrize("outcomes", [{"met": 2, "late": 1}, {"met": 20, "late": 10}])
def test_figures_agree_as_far_as_they_were_printed(
    printed: str, agrees: bool, outcomes: dict[str, int], tmp_path: Path
) -> None:
    (entry,) = reconciled(tmp_path, one(f"rule: {TARGET}", printed), outcomes)

    assert entry["agrees"] is agrees


@pytest.mark.parametrize(("sufficient", "of", "agrees"), [(2, 3, True), (4, 6, False)])
def test_counts_agree_only_if_they_are_the_same(sufficient: int, of: int, agrees: bool, tmp_path: Path) -> None:
    text = one(f"rule: {TARGET}", f"sufficient: {sufficient}, of: {of}")

    (entry,) = reconciled(tmp_path, text, {"met": 2, "late": 1})

    assert (entry["agrees"], entry["difference"]) == (agrees, 0.0)
    assert (entry["published"]["sufficient"], entry["published"]["relevant"]) == (sufficient, of)


def test_interval_is_told_of_none_of_some_and_not_of_none_of_none(tmp_path: Path) -> None:
    text = one(f"rule: {TARGET}", "percent: 0")
    (failed,), (undecided,) = reconciled(tmp_path, text, {"late": 3}), reconciled(tmp_path, text, {"unknown": 3})

    assert (failed["computed"]["interval_low"], failed["computed"]["interval_high"]) == (0.0, 56.1497)
    assert (undecided["computed"]["interval_low"], undecided["computed"]["interval_high"]) == (None, None)
    assert (failed["computed"]["without"], undecided["computed"]["without"]) == (None, "no case is decided")


def test_half_of_a_per_cent_is_rounded_up(tmp_path: Path) -> None:
    (entry,) = reconciled(tmp_path, one(f"rule: {TARGET}", "percent: 13"), {"met": 1, "late": 7})

    assert entry["agrees"]


def test_score_of_a_criterion_is_read_in_other_ways(tmp_path: Path) -> None:
    text = one('criterion: "1.2"', "percent: 75")

    (entry,) = reconciled(tmp_path, text, {"met": 30, "late": 10}, ITS_RULE)

    assert entry["computed"]["percent"] is None
    assert entry["computed"]["without"] == "22 of 23 questions are undecided"
    assert entry["computed"]["definition"] == "The average over 1 of 23 questions; every case of the run."
    assert [(found["reading"], found["percent"], found["agrees"]) for found in entry["readings"]] == [
        ("the questions that nobody was asked left out", 75.0, True)
    ]


@pytest.mark.parametrize(("second", "sufficient"), [("sufficient", 1), ("poor", 0)])
def test_answers_give_a_figure_where_the_rule_of_the_question_did_not_run(
    second: str, sufficient: int, tmp_path: Path
) -> None:
    answers = [Answer("C001", QUESTION, "poor", "seen", 1), Answer("C002", QUESTION, second, "seen", 2)]
    text = one(f'question: "{QUESTION}"', f"percent: {50 * sufficient}")

    (entry,) = reconciled(tmp_path, text, {"met": 3}, rule="induction-on-time", answers=answers)

    assert (entry["computed"]["sufficient"], entry["computed"]["relevant"]) == (sufficient, 2)
    assert (entry["computed"]["without"], entry["agrees"]) == (None, True)


def test_figure_that_the_run_cannot_give_says_why(tmp_path: Path) -> None:
    text = one("target: compliance", "percent: 77") + one("rule: contact-frequency", "percent: 9").partition("\n")[2]

    typed, other = reconciled(tmp_path, text, {"met": 1})

    assert (typed["computed"]["percent"], other["computed"]["percent"]) == (None, None)
    for entry in (typed, other):
        counts = [entry["computed"][name] for name in ("sufficient", "relevant", "undecided")]
        assert counts == [None, None, None]
    assert typed["computed"]["without"] == "no case record gives it: type it in with --figures"
    assert other["computed"]["without"] == "the run does not hold the rule contact-frequency"


def test_target_that_is_measured_case_by_case_is_read_like_a_rule(tmp_path: Path) -> None:
    (entry,) = reconciled(tmp_path, one("target: appointments-attended", "percent: 67"), {"met": 3})

    assert entry["outcomes"] == {"met": 1, "not_met": 1, "unknown": 1}
    assert readings(entry)["what is unknown counted as met"] == (2, 3, True)


def test_measure_that_no_case_has_is_undecided_and_not_to_be_typed_in(tmp_path: Path) -> None:
    (entry,) = reconciled(tmp_path, one("target: appointments-attended", "percent: 67"), {})

    assert entry["computed"]["without"] == "no case is decided"


def test_score_of_a_criterion_says_whether_its_summary_question_is_in_it(tmp_path: Path) -> None:
    criterion = min((found for found in CRITERIA.criteria.values() if found.summary), key=lambda c: len(c.questions))
    answers = [Answer("C001", asked.id, "sufficient", "seen", 1) for asked in criterion.all_questions]

    (entry,) = reconciled(tmp_path, one(f'criterion: "{criterion.id}"', "percent: 100"), {"met": 1}, answers=answers)

    number = len(criterion.questions)
    told = f"The average over {number} of {number} questions and the summary question; every case of the run."
    assert (entry["computed"]["definition"], entry["agrees"]) == (told, True)


def test_entries_are_as_the_schema_says(tmp_path: Path) -> None:
    schema = json.loads((schemas_folder() / "score.schema.json").read_text("utf-8"))
    shape = Draft202012Validator({"$ref": "#/$defs/reconciled", "$defs": schema["$defs"]})
    text = STORY + one('criterion: "1.2"', "percent: 75").partition("\n")[2]
    text += one(f"rule: {TARGET}", "sufficient: 1, of: 2", "cases: mine.csv").partition("\n")[2]

    found = reconciled(tmp_path, text, YEAR, mine="case_id,result\nC001,sufficient\nC139,insufficient\n")

    assert [problem.message for entry in found for problem in shape.iter_errors(entry)] == []


def test_page_shows_the_story(tmp_path: Path) -> None:
    lines = show_reconciled(reconciled(tmp_path, STORY, YEAR))
    told = " ".join(" ".join(lines).split())

    assert max(map(len, lines)) <= 80
    assert "The two agree as far as the published figure was printed." in told
    assert "Published: 97%, by NPD Performance Report 21, the quarter after it." in told
    assert "Computed: 83%, 83/100 (95%: 74-89)." in told
    assert "The computed figure is 14.0 points lower." in told
    assert "What was done late counted as met: 14 cases. C084: ours late. It is late." in told
    assert "that it does is no proof of it" in told
