"""Scores of a run against a sheet worked out by hand, and what each of them says of itself."""

import json
import re
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from omi_rules.problems import RulebookError, UsageError
from omi_rules.reports.working_text import show_working
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.arithmetic import whole_per_cent
from omi_rules.scoring.score import NO_COMPARISON, NOT_SUFFICIENCY, Wanted, score_run
from tests.scoring.conftest import ANSWERS, RUN, SOURCE
from tests.scoring.runs import answer_spread, spread
from tests.scoring.scores import by_id, check_shape, score_of

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def scored(run_folder: Path, answers: Path, rules: Path) -> dict[str, Any]:
    """The scores of the small run with its answers."""
    return score_run(run_folder, Wanted(answers=answers, rules=rules))


def test_the_arithmetic_is_that_of_the_sheet_worked_by_hand(scored: dict[str, Any]) -> None:
    assert show_working(scored) == (HERE / "hand-worked.txt").read_text("utf-8").splitlines()


def test_scores_have_the_shape_of_the_schema(scored: dict[str, Any], run_folder: Path, rules: Path) -> None:
    check_shape(scored)
    check_shape(score_run(run_folder, Wanted(rules=rules)))


def test_the_same_run_gives_the_same_bytes(
    run_folder: Path, answers: Path, rules: Path, scored: dict[str, Any]
) -> None:
    again = score_run(run_folder, Wanted(answers=answers, rules=rules))

    assert json.dumps(again) == json.dumps(scored)


def test_what_was_not_asked_for_is_not_in_it(scored: dict[str, Any]) -> None:
    assert scored.keys().isdisjoint({"groups", "leadership", "reconciled"})


def test_a_question_is_sufficient_of_relevant_with_what_is_undecided_beside_it(scored: dict[str, Any]) -> None:
    question = by_id(scored["questions"])["1.2.01"]

    assert {name: question[name] for name in ("sufficient", "insufficient", "due", "unknown", "outside")} == {
        "sufficient": 9,
        "insufficient": 3,
        "due": 1,
        "unknown": 2,
        "outside": 5,
    }
    assert (question["undecided"], question["relevant"], question["percent"]) == (3, 12, 75.0)
    # 9/14 and 11/14: those due are not late yet, and take no part in the range
    assert (question["range_low"], question["range_high"]) == (64.2857, 78.5714)
    assert (question["interval_low"], question["interval_high"]) == (46.7695, 91.1058)


def test_no_evidence_is_insufficient_and_not_applicable_is_outside(scored: dict[str, Any]) -> None:
    question = by_id(scored["questions"])["1.1.02"]

    assert (question["sufficient"], question["insufficient"], question["outside"]) == (11, 4, 5)


def test_a_summary_question_weighs_20_per_cent_and_without_answers_nothing(scored: dict[str, Any]) -> None:
    criteria = by_id(scored["criteria"])

    assert criteria["1.1"]["rests_on"] == "questions and summary question"
    assert (criteria["1.1"]["questions_percent"], criteria["1.1"]["summary_percent"]) == (74.1667, 60.0)
    assert criteria["1.1"]["score"] == 71.3333
    assert criteria["1.2"]["rests_on"] == "questions alone"
    assert (criteria["1.2"]["summary_percent"], criteria["1.2"]["score"]) == (None, 81.25)


def test_a_summary_question_that_is_unanswered_in_most_cases_weighs_nothing(tmp_path: Path, rules: Path) -> None:
    answered = [*answer_spread("2.1.02", sufficient=10), *answer_spread("2.1.S", sufficient=4)]

    criterion = by_id(score_of(tmp_path, rules, spread("reviewed", met=10), answered)["criteria"])["2.1"]

    assert (criterion["rests_on"], criterion["summary_percent"]) == ("questions alone", None)


def test_what_has_no_relevant_case_is_left_out_and_listed(scored: dict[str, Any]) -> None:
    assert by_id(scored["criteria"])["1.1"]["left_out"] == ["1.1.03"]
    assert by_id(scored["questions"])["1.1.03"]["left_out"] == "no relevant case"


def test_a_score_is_withheld_where_more_questions_are_undecided_than_decided(scored: dict[str, Any]) -> None:
    criterion = by_id(scored["criteria"])["3.1"]

    assert (criterion["score"], criterion["conclusion"], criterion["below_line"]) == (None, None, None)
    assert criterion["withheld"] == "2 of 3 questions are undecided"
    assert by_id(scored["sections"])["3"]["withheld"] == "no score for 3.1"
    assert criterion["automatic"] == {"questions": 1, "of": 3, "percent": 65.0}


def test_criteria_stand_in_the_section_that_their_number_begins_with(scored: dict[str, Any]) -> None:
    sections = {criterion["id"]: criterion["section"] for criterion in scored["criteria"]}

    assert sections == {"1.1": "1", "1.2": "1", "2.1": "2", "3.1": "3"}


def test_as_many_undecided_as_decided_are_enough(tmp_path: Path, rules: Path) -> None:
    criterion = by_id(score_of(tmp_path, rules, spread("reviewed", met=1, missing=7))["criteria"])["2.1"]

    assert (criterion["score"], criterion["counted"], criterion["undecided"]) == (12.5, ["2.1.01"], ["2.1.02"])


def test_one_undecided_of_three_does_not_withhold_a_score(tmp_path: Path, rules: Path) -> None:
    answered = [*ANSWERS, *answer_spread("3.1.02", sufficient=20)]

    criterion = by_id(score_of(tmp_path, rules, RUN, answered)["criteria"])["3.1"]

    assert (criterion["score"], criterion["undecided"]) == (82.5, ["3.1.03"])


def test_a_section_is_withheld_where_a_criterion_has_nothing_but_undecided_questions(
    tmp_path: Path, rules: Path
) -> None:
    cases = [*spread("report-on-time", met=8), *spread("screened", unknown=8), *spread("never-asked", met=8)]
    score = score_of(tmp_path, rules, cases)

    assert by_id(score["questions"])["1.2.01"]["left_out"] == "it is undecided in 8 of 8 cases"
    assert by_id(score["criteria"])["1.1"]["score"] == 100.0
    assert by_id(score["sections"])["1"]["withheld"] == "no score for 1.2"
    assert by_id(score["sections"])["1"]["left_out"] == []


def test_the_range_of_a_score_weighs_that_of_the_summary_question(tmp_path: Path, rules: Path) -> None:
    answered = [*answer_spread("2.1.02", sufficient=10), *answer_spread("2.1.S", sufficient=6, poor=2)]
    criterion = by_id(score_of(tmp_path, rules, spread("reviewed", met=10), answered)["criteria"])["2.1"]

    # the summary question is open in two of ten cases: 80% of all, and 20% of 6 and of 8 in 10
    assert (criterion["range_low"], criterion["range_high"]) == (92.0, 96.0)


@pytest.mark.parametrize(("unknown", "counts"), [(4, True), (5, True), (6, False)])
def test_a_question_counts_while_no_more_is_unknown_than_decided(
    tmp_path: Path, rules: Path, unknown: int, counts: bool
) -> None:
    question = by_id(score_of(tmp_path, rules, spread("screened", met=5, unknown=unknown))["questions"])["1.2.01"]

    assert question["counts"] is counts
    assert question["left_out"] == (None if counts else "it is undecided in 6 of 11 cases")


@pytest.mark.parametrize(("met", "few"), [(1, True), (9, True), (10, False), (11, False)])
def test_fewer_than_ten_relevant_cases_are_marked(tmp_path: Path, rules: Path, met: int, few: bool) -> None:
    question = by_id(score_of(tmp_path, rules, spread("screened", met=met, not_applicable=9))["questions"])["1.2.01"]

    assert question["few"] is few


def test_nothing_relevant_is_not_few(scored: dict[str, Any]) -> None:
    assert by_id(scored["questions"])["1.1.03"]["few"] is False


@pytest.mark.parametrize(
    ("met", "conclusion"),
    [
        (745, "good"),  # 74.5 is printed as 75
        (744, "priority for improvement"),
        (595, "priority for improvement"),
        (594, "urgent priority for improvement"),
    ],
)
def test_the_conclusion_is_that_of_the_score_as_printed(tmp_path: Path, rules: Path, met: int, conclusion: str) -> None:
    outcomes = [
        *spread("report-on-time", met=met, late=1000 - met),
        *spread("never-asked", not_applicable=1000),
    ]
    answered = answer_spread("1.1.02", not_applicable=1000)

    criterion = by_id(score_of(tmp_path, rules, outcomes, answered)["criteria"])["1.1"]

    assert criterion["conclusion"] == conclusion
    assert criterion["below_line"] is (conclusion != "good")


def test_the_line_is_a_parameter_and_no_output_goes_without_what_it_is_not(
    run_folder: Path, answers: Path, rules: Path, scored: dict[str, Any]
) -> None:
    moved = score_run(run_folder, Wanted(answers=answers, rules=rules, line=71))

    assert (scored["line"]["percent"], scored["line"]["assumed"]) == (75, True)
    assert [by_id(scored["criteria"])[id_]["below_line"] for id_ in ("1.1", "1.2")] == [True, False]
    assert (moved["line"]["percent"], moved["line"]["assumed"]) == (71, False)
    assert by_id(moved["criteria"])["1.1"]["below_line"] is False
    assert by_id(moved["criteria"])["1.1"]["conclusion"] == "priority for improvement"
    assert scored["says"] == moved["says"] == [NOT_SUFFICIENCY, NO_COMPARISON]


def test_bands_and_a_line_that_a_source_gives_are_not_called_assumed(
    tmp_path: Path, run_folder: Path, rules: Path, scored: dict[str, Any]
) -> None:
    printed = shutil.copytree(rules, tmp_path / "rules")
    for file in [printed / "scoring.yaml", *printed.glob("criteria/*.yaml")]:
        text = re.sub(r"status: assumed, because: [^}]*", SOURCE, file.read_text("utf-8"))
        file.write_text(text, encoding="utf-8")

    score = score_run(run_folder, Wanted(rules=printed))

    assert any("bands" in sentence for sentence in scored["warnings"])
    assert not any("bands" in sentence for sentence in score["warnings"])
    assert (scored["line"]["assumed"], score["line"]["assumed"]) == (True, False)
    assert score["criteria"][0]["bands"]["assumed"] is False


def test_the_thread_is_the_plain_average_of_its_questions_in_sections_1_and_2(scored: dict[str, Any]) -> None:
    thread = scored["thread"]

    assert thread["counted"] == ["1.2.01", "1.2.02", "2.1.01", "2.1.S"]
    assert (thread["score"], thread["rounded"], thread["undecided"]) == (56.25, 56, ["1.2.03"])


def test_intervals_of_averages_are_the_averages_of_intervals(scored: dict[str, Any]) -> None:
    questions, criterion = by_id(scored["questions"]), by_id(scored["criteria"])["2.1"]

    for end in ("interval_low", "interval_high"):
        single = (questions["2.1.01"][end] + questions["2.1.02"][end]) / 2
        assert criterion[end] == pytest.approx(0.8 * single + 0.2 * questions["2.1.S"][end], abs=0.001)


def test_the_range_of_a_criterion_covers_its_undecided_questions(scored: dict[str, Any]) -> None:
    criterion = by_id(scored["criteria"])["1.2"]

    # (64.2857 + 87.5 + 0) / 3 and (78.5714 + 87.5 + 100) / 3
    assert (criterion["range_low"], criterion["range_high"]) == (50.5952, 88.6905)


def test_with_answers_only_the_cases_answered_for_count(tmp_path: Path, rules: Path) -> None:
    score = score_of(tmp_path, rules, spread("screened", met=10, not_met=10), answer_spread("1.2.02", sufficient=4))

    assert (score["cases"], score["basis"]) == (4, "the cases that the answers are about")
    assert by_id(score["questions"])["1.2.01"]["percent"] == 100.0


def test_cases_without_an_answer_are_undecided(tmp_path: Path, rules: Path) -> None:
    answered = [*answer_spread("1.2.02", sufficient=3), ("C004", "1.2.02", ""), ("C005", "2.1.02", "poor")]

    question = by_id(score_of(tmp_path, rules, spread("screened", met=6), answered)["questions"])["1.2.02"]

    assert (question["sufficient"], question["unknown"], question["range_low"]) == (3, 2, 60.0)


def test_a_question_whose_rule_failed_or_is_not_in_the_run_is_undecided(tmp_path: Path, rules: Path) -> None:
    score = score_of(tmp_path, rules, [*spread("screened", met=2, error=1), *spread("reviewed", met=3)])
    questions = by_id(score["questions"])

    assert (questions["1.2.01"]["left_out"], questions["1.2.01"]["percent"]) == (
        "its rule screened could not run",
        None,
    )
    assert questions["1.1.01"]["left_out"] == "the run does not hold its rule report-on-time"
    assert any("could not run" in sentence and "screened" in sentence for sentence in score["warnings"])


def test_a_run_of_a_part_of_the_area_says_so(tmp_path: Path, rules: Path) -> None:
    score = score_of(tmp_path, rules, spread("screened", met=2), filters={"teams": ["Wirral"]})

    assert any("a part of the area" in sentence for sentence in score["warnings"])


@pytest.mark.parametrize(("failing", "other"), [({}, "reviewed"), ({"error": 1}, "screened")])
def test_answers_count_where_the_rule_of_their_question_did_not_run(
    tmp_path: Path, rules: Path, failing: dict[str, int], other: str
) -> None:
    answered = [(f"C00{number}", "1.2.01", "sufficient", "seen on file") for number in range(1, 4)]
    cases = [*spread(other, **failing), *spread("reviewed", met=4)]

    question = by_id(score_of(tmp_path, rules, cases, [*answered, ("C004", "1.2.02", "poor")])["questions"])["1.2.01"]

    assert (question["sufficient"], question["unknown"], question["left_out"]) == (3, 1, None)


def test_a_run_of_another_rulebook_is_warned_of(tmp_path: Path, rules: Path) -> None:
    own = {"name": "small", "version": "1", "hash": load_criteria(rules).hash}
    same = score_of(tmp_path / "same", rules, RUN, rulebook=own)

    assert not any("another rulebook" in sentence for sentence in same["warnings"])
    for digit in "0f":
        other = score_of(tmp_path / digit, rules, RUN, rulebook={**own, "hash": digit * 64})
        assert any("another rulebook" in sentence for sentence in other["warnings"])


def test_a_run_without_cases_scores_nothing_and_says_why(tmp_path: Path, rules: Path) -> None:
    score = score_of(tmp_path, rules, [])

    assert (score["cases"], score["thread"]["score"]) == (0, None)
    check_shape(score)


def test_what_is_no_run_is_refused(tmp_path: Path, run_folder: Path) -> None:
    with pytest.raises(UsageError, match=r"is no run: make one with `omi-rules check"):
        score_run(tmp_path, Wanted())
    for name in ("another", "some other"):
        (tmp_path / "run.json").write_text(json.dumps({"program": {"name": name}}), encoding="utf-8")
        with pytest.raises(UsageError, match="is no run"):
            score_run(tmp_path, Wanted())
    (tmp_path / "run.json").write_bytes((run_folder / "run.json").read_bytes())
    with pytest.raises(UsageError, match=r"has no outcomes\.parquet: check the export again"):
        score_run(tmp_path, Wanted())


@pytest.mark.parametrize("file", ["outcomes.parquet", "cases.parquet", "measures.parquet"])
@pytest.mark.parametrize("damage", ["no Parquet", "other columns"])
def test_a_damaged_file_of_a_run_is_named(
    tmp_path: Path, run_folder: Path, rules: Path, file: str, damage: str
) -> None:
    folder = shutil.copytree(run_folder, tmp_path / "run")
    (folder / file).write_bytes(b"PAR0")
    if damage == "other columns":
        parquet.write_table(pa.table({"case_id": ["C001"]}), folder / file)

    with pytest.raises(UsageError, match=rf"{file} is damaged, or another version .*: check the export again"):
        score_run(folder, Wanted(rules=rules))


@pytest.mark.parametrize("lost", ["rulebook", "as_at", "area", "rules"])
def test_a_run_that_does_not_say_enough_is_refused(tmp_path: Path, run_folder: Path, rules: Path, lost: str) -> None:
    folder = shutil.copytree(run_folder, tmp_path / "run")
    summary = json.loads((folder / "run.json").read_text("utf-8"))
    del summary[lost]
    (folder / "run.json").write_text(json.dumps(summary), encoding="utf-8")

    with pytest.raises(UsageError, match=r"run\.json is damaged"):
        score_run(folder, Wanted(rules=rules))


def test_a_rulebook_that_says_nothing_of_scores_is_at_fault(tmp_path: Path, run_folder: Path) -> None:
    (tmp_path / "sources.yaml").write_text("the-report: {title: The report}\n", encoding="utf-8")

    with pytest.raises(RulebookError, match=r"no scoring\.yaml"):
        score_run(run_folder, Wanted(rules=tmp_path))


@pytest.mark.parametrize(("share", "shown"), [((149, 200), 75), ((1489, 2000), 74), ((0, 1), 0), ((1, 1), 100)])
def test_half_a_per_cent_is_rounded_up(share: tuple[int, int], shown: int) -> None:
    assert whole_per_cent(Fraction(*share)) == shown
