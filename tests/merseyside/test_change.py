"""Change one record, or one answer, and the line of the table changes: no figure is typed in."""

import shutil
from pathlib import Path

import pytest

from omi_rules.reports.comparison import compare_questions, show_comparison
from tests.merseyside.samples import CRITERIA, Made, judge, read_csv, write_csv


def lines(made: Made) -> dict[str, tuple[str, str]]:
    return {line.question: (line.counts, line.difference) for line in compare_questions(made.score, CRITERIA)}


@pytest.fixture
def copy(made: Made, tmp_path: Path) -> Path:
    for name in ("export", "answers"):
        shutil.copytree(made.folder / name, tmp_path / name)
    return tmp_path


def test_every_line_agrees(made: Made) -> None:
    compared = compare_questions(made.score, CRITERIA)
    assert [line.question for line in compared if line.agrees is False] == []
    assert sum(line.agrees is True for line in compared) == 175
    assert show_comparison(made.score, CRITERIA)[-1] == "175 of 175 questions with a printed figure agree."


def test_every_line_of_the_table_fits_the_page(made: Made) -> None:
    assert max(len(line) for line in show_comparison(made.score, CRITERIA)) <= 80


def test_one_record_changed_changes_its_line_and_no_other_of_another_table(made: Made, copy: Path) -> None:
    file = copy / "export" / "risk_management_plans.csv"
    rows = read_csv(file)
    in_time = {case for case, outcome in made.outcomes["risk-management-plan-on-time"].items() if outcome == "met"}
    late = next(row for row in rows if row["case_id"] in in_time)
    late["completed_on"] = "2006-09-01"
    write_csv(file, rows)

    before, changed = lines(made), lines(judge(copy))

    assert (before["1.2.20"], changed["1.2.20"]) == (("9/11", "none"), ("8/11", "-9 (counts)"))
    assert {question for question in before if before[question] != changed[question]} == {"1.2.20"}


def test_one_answer_changed_changes_its_line(made: Made, copy: Path) -> None:
    file = copy / "answers" / "answers.csv"
    rows = read_csv(file)
    answer = next(row for row in rows if row["question"] == "1.3.05" and row["answer"] == "sufficient")
    answer["answer"] = "poor"
    write_csv(file, rows)

    before, changed = lines(made), lines(judge(copy))

    assert (before["1.3.05"], changed["1.3.05"]) == (("9/12", "none"), ("8/12", "-8 (counts)"))
    assert {question for question in before if before[question] != changed[question]} == {"1.3.05"}


def test_table_says_which_questions_do_not_agree(copy: Path) -> None:
    file = copy / "export" / "cases.csv"
    rows = read_csv(file)
    for row in rows:
        row["ethnicity"] = ""
    write_csv(file, rows)

    assert show_comparison(judge(copy).score, CRITERIA)[-1].endswith(
        "174 of 175 questions with a printed figure agree. Not: 1.4.01."
    )
