"""Section 4 as scoring reads it: levels and points as people gave them, every mistake told, nothing worked out."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from omi_rules.problems import UsageError
from omi_rules.resources import schemas_folder
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.answers import count_unmoderated
from omi_rules.scoring.leadership import LeadershipAnswer, leadership_criteria, read_leadership, record_leadership
from omi_rules.scoring.score import Wanted, score_run
from tests.scoring.runs import spread, write_answers, write_run

CRITERIA = load_criteria()
HEADER = "criterion,point,answer,evidence\n"


def write(folder: Path, content: str) -> Path:
    (folder / "leadership.csv").write_text(content, encoding="utf-8")
    return folder


def test_section_4_has_the_six_criteria_of_the_report() -> None:
    assert [criterion.id for criterion in leadership_criteria(CRITERIA)] == ["4.1", "4.2", "4.3", "4.4", "4.5", "4.6"]


def test_answers_without_levels_are_no_mistake(tmp_path: Path) -> None:
    assert read_leadership(tmp_path, CRITERIA) is None


def test_levels_and_points_are_read(tmp_path: Path) -> None:
    rows = f"{HEADER}4.1,,well met,On balance.\n4.1,4.1.01,strength,\n4.1,4.1.02,,\n"

    assert read_leadership(write(tmp_path, rows), CRITERIA) == [
        LeadershipAnswer("4.1", "", "well met", "On balance."),
        LeadershipAnswer("4.1", "4.1.01", "strength", ""),
        LeadershipAnswer("4.1", "4.1.02", "", ""),
    ]


def test_points_are_counted_and_what_is_missing_is_unanswered(tmp_path: Path) -> None:
    rows = (
        f"{HEADER}4.5,,partly met,Data are thin.\n4.5,4.5.01,strength,\n4.5,4.5.02,strength,\n"
        "4.5,4.5.03,area for improvement,Not since 2004.\n4.5,4.5.04,not looked at,\n4.5,4.5.05,,\n"
    )
    read = read_leadership(write(tmp_path, rows), CRITERIA)
    assert read is not None

    *_, reviewed, _ = record_leadership(read, CRITERIA)

    counted = ("level", "because", "strengths", "areas_for_improvement", "not_looked_at", "unanswered")
    assert [reviewed[name] for name in counted] == ["partly met", "Data are thin.", 2, 1, 1, 4]
    assert reviewed["points"][2]["answer"] == "area for improvement"
    assert reviewed["points"][2]["evidence"] == "Not since 2004."


def test_level_that_nobody_gave_is_not_worked_out() -> None:
    every_point = [
        LeadershipAnswer(criterion.id, point.id, "strength", "")
        for criterion in leadership_criteria(CRITERIA)
        for point in criterion.points
    ]

    assert {one["level"] for one in record_leadership(every_point, CRITERIA)} == {None}


BAD = {
    "criterion": ("1.1,,well met,", "row 1: criterion: should be one of 4.1, 4.2, 4.3, 4.4, 4.5, 4.6"),
    "point": ("4.1,4.2.01,strength,", "row 1: point: the criterion has no such point"),
    "level": ("4.1,,SECRET,", "row 1: answer: should be one of well met, satisfactorily met, partly met, not met"),
    "finding": ("4.1,4.1.01,well met,", "row 1: answer: should be one of strength, area for improvement"),
    "twice": ("4.1,,well met,\n4.1,,not met,", "row 2: point: row 1 answers it too"),
}


@pytest.mark.parametrize(("rows", "told"), BAD.values(), ids=BAD)
def test_mistake_is_told_by_row_and_column_without_its_value(tmp_path: Path, rows: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_leadership(write(tmp_path, f"{HEADER}{rows}\n"), CRITERIA)

    assert told in str(raised.value)
    assert "SECRET" not in str(raised.value)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        read_leadership(write(tmp_path, f"{HEADER}1.1,,well met,\n4.1,,SECRET,\n"), CRITERIA)

    assert ["row 1: criterion" in str(raised.value), "row 2: answer" in str(raised.value)] == [True, True]


@pytest.mark.parametrize(
    ("content", "told"), [(b"criterion,point\n", "has no column answer"), (b"\xff", "is no CSV in UTF-8")]
)
def test_file_that_is_no_such_table_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "leadership.csv").write_bytes(content)

    with pytest.raises(UsageError, match=told):
        read_leadership(tmp_path, CRITERIA)


@pytest.mark.parametrize(
    ("content", "number"),
    [(None, 0), ('{"unmoderated": 3}', 3), ('{"unmoderated": 0}', 0), ("{}", 0), ("[]", 0), ("no JSON", 0)],
)
def test_answers_that_were_not_moderated_are_counted(tmp_path: Path, content: str | None, number: int) -> None:
    if content is not None:
        (tmp_path / "answers.json").write_text(content, encoding="utf-8")

    assert count_unmoderated(tmp_path) == number


def test_score_has_the_levels_beside_its_criteria_and_keeps_its_shape(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", spread("roh-screening-on-time", met=2))
    answers = write_answers(tmp_path / "answers", [("C001", "1.3.02", "poor")])
    alone = score_run(run, Wanted(answers=answers))
    write(answers, f"{HEADER}4.1,,well met,\n")

    scored = score_run(run, Wanted(answers=answers))

    schema = json.loads((schemas_folder() / "score.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(scored)
    assert "leadership" not in alone
    assert [one["level"] for one in scored.pop("leadership")] == ["well met", *[None] * 5]
    assert scored == alone


@pytest.mark.parametrize(("number", "said"), [(0, False), (1, True), (2, True)])
def test_score_warns_of_answers_on_which_two_differ(tmp_path: Path, number: int, said: bool) -> None:
    run = write_run(tmp_path / "run", spread("roh-screening-on-time", met=2))
    answers = write_answers(tmp_path / "answers", [("C001", "1.3.02", "poor")])
    (answers / "answers.json").write_text(json.dumps({"unmoderated": number}), encoding="utf-8")

    warnings = score_run(run, Wanted(answers=answers))["warnings"]

    sentence = f"Two assessors differ on {number} of the answers, and have not agreed: the first rating counts."
    assert (sentence in warnings) is said
