"""Answers gathered over several imports: merged, never lost, of one sample only, and as scoring reads them."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from omi_rules.assess import taking_in
from omi_rules.assess.taking_in import Taken, take_in
from omi_rules.problems import ExportError, OutputError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.answers import read_answers
from tests.assess.making import Office, edit, make_case, put

QUESTIONS = load_criteria().questions
CASE = "0002"
JUDGED, OTHER, CORRECTED = "1.1.03", "1.3.02", "1.1.06"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answer(folder: Path, question: str, case: str = CASE) -> tuple[str, str] | None:
    found = [row for row in rows(folder, "answers.csv") if (row["case_id"], row["question"]) == (case, question)]
    assert len(found) <= 1
    return (found[0]["answer"], found[0]["reason"]) if found else None


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


class Desk:
    """Where workbooks come back to."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder, self.output = office, folder, folder / "answers"

    def fill(self, case: str = CASE, rating: int = 1, **answers: Mapping[str, Any]) -> Path:
        """A workbook with these cells filled in, by question with _ for its dots."""
        source = self.office.workbook_with(case, rating)

        def change(book: Any) -> None:
            for question, cells in answers.items():
                put(book[self.office.sheet_of(case)], question.strip("q").replace("_", "."), **cells)

        return edit(source, self.folder / str(len(list(self.folder.iterdir()))) / source.name, change)

    def take(self, *workbooks: Path) -> Taken:
        return take_in(workbooks, self.office.sample, self.output, None)


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Desk:
    return Desk(office, tmp_path)


def test_every_sampled_case_has_a_row_for_every_question_of_assessors(desk: Desk) -> None:
    desk.take(desk.fill(q1_1_03={"answer": "poor", "comment": "Too short."}))

    judged = [question.id for question in QUESTIONS.values() if question.decided_by == "assessor"]
    cases = [case["case_id"] for case in desk.office.record["cases"]]
    written = [(row["case_id"].removeprefix("'"), row["question"]) for row in rows(desk.output, "answers.csv")]
    assert written == [(case, question) for case in cases for question in judged]


def test_answer_is_kept_and_what_was_not_asked_does_not_apply(desk: Desk) -> None:
    desk.take(desk.fill(q1_1_03={"answer": "poor", "comment": "Too short."}))

    assert answer(desk.output, JUDGED) == ("poor", "Too short.")
    assert answer(desk.output, OTHER) == ("", "")
    assert answer(desk.output, "1.3.05") == ("not_applicable", "")


def test_case_whose_workbook_is_out_is_not_answered(desk: Desk) -> None:
    workbook = desk.fill(q1_1_03={"answer": "poor"})
    away = next(
        case["case_id"]
        for one in desk.office.assignment["assessors"]
        for case in one["cases"]
        if one["workbook"] != workbook.name and case["rating"] == 1
    )

    taken = desk.take(workbook)

    assert {row["answer"] for row in rows(desk.output, "answers.csv") if row["case_id"] == away} == {""}
    assert taken.cases_out > 0


def test_correction_is_kept_with_its_reason(desk: Desk) -> None:
    taken = desk.take(desk.fill(q1_1_06={"correction": "insufficient", "comment": "It was late."}))

    assert answer(desk.output, CORRECTED) == ("insufficient", "It was late.")
    assert (taken.corrections, taken.answered) == (1, 0)


def test_rating_is_kept_with_assessor_and_version(desk: Desk) -> None:
    workbook = desk.fill(q1_1_03={"answer": "poor", "comment": "=2+2"})

    desk.take(workbook)

    (row,) = rows(desk.output, "ratings.csv")
    (assessor,) = (one["name"] for one in desk.office.assignment["assessors"] if one["workbook"] == workbook.name)
    version = taking_in.question_version(QUESTIONS[JUDGED])
    assert row == {
        "case_id": CASE,
        "question": JUDGED,
        "assessor": assessor,
        "rating": "1",
        "answer": "poor",
        "comment": "'=2+2",
        "version": version,
    }


def test_importing_twice_changes_nothing(desk: Desk) -> None:
    workbook = desk.fill(
        q1_1_03={"answer": "poor", "comment": "=2+2"}, q1_1_06={"correction": "poor", "comment": "'=x"}
    )
    desk.take(workbook)
    before = content(desk.output)

    again = desk.take(workbook)

    assert content(desk.output) == before
    assert (again.new, again.changed, again.kept) == (0, [], [])


def test_order_of_workbooks_changes_nothing(desk: Desk) -> None:
    books = sorted(desk.office.out.glob("*.xlsx"))

    desk.take(*books)
    before = content(desk.output)
    other = Desk(desk.office, desk.folder / "other")
    other.folder.mkdir()
    for book in reversed(books):
        other.take(book)

    assert content(other.output) == before


def test_new_answer_replaces_an_earlier_one_and_is_said(desk: Desk) -> None:
    desk.take(desk.fill(q1_1_03={"answer": "poor"}))

    taken = desk.take(desk.fill(q1_1_03={"answer": "excellent"}))

    assert answer(desk.output, JUDGED) == ("excellent", "")
    (told,) = taken.changed
    assert told.place.startswith(f"{desk.office.sheet_of(CASE)}, G")


@pytest.mark.parametrize("later", [None, "SECRET"])
def test_answer_that_was_taken_is_never_lost(desk: Desk, later: str | None) -> None:
    desk.take(desk.fill(q1_1_03={"answer": "poor", "comment": "Kept."}))

    taken = desk.take(desk.fill(q1_1_03={"answer": later}, q1_3_02={"answer": "sufficient"}))

    assert answer(desk.output, JUDGED) == ("poor", "Kept.")
    assert answer(desk.output, OTHER) == ("sufficient", "")
    (told,) = taken.kept
    assert JUDGED in told.sentence


@pytest.fixture
def twice(office: Office) -> str:
    """The case that two assess."""
    (case,) = (case for one in office.assignment["assessors"] for case in one["cases"] if case["rating"] == 2)
    return str(case["case_id"])


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_first_rating_counts_and_both_are_kept(desk: Desk, twice: str, order: tuple[int, int]) -> None:
    said = {1: "poor", 2: "excellent"}

    for rating in order:
        desk.take(desk.fill(twice, rating, q1_3_02={"answer": said[rating]}))

    assert answer(desk.output, OTHER, twice) == ("poor", "")
    kept = {row["rating"]: row["answer"] for row in rows(desk.output, "ratings.csv")}
    assert kept == {"1": "poor", "2": "excellent"}


def test_second_rating_alone_answers_nothing(desk: Desk, twice: str) -> None:
    desk.take(desk.fill(twice, 2, q1_3_02={"answer": "excellent"}))

    assert answer(desk.output, OTHER, twice) == ("", "")
    assert [row["answer"] for row in rows(desk.output, "ratings.csv")] == ["excellent"]


def test_scoring_reads_the_answers(desk: Desk) -> None:
    desk.take(
        desk.fill(
            q1_1_03={"answer": "poor", "comment": "Too short."},
            q1_1_06={"correction": "insufficient", "comment": "It was late."},
        )
    )
    cases = [case["case_id"] for case in desk.office.record["cases"]]

    read = read_answers(desk.output, QUESTIONS, cases)

    assert {
        one.question: one.answer for one in read if one.case_id == CASE and one.answer in ("poor", "insufficient")
    } == {
        JUDGED: "poor",
        CORRECTED: "insufficient",
    }


def test_answers_are_the_owners_alone(desk: Desk) -> None:
    desk.take(desk.fill())

    assert desk.output.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in desk.output.iterdir()} == {0o600}
    assert set(content(desk.output)) == {"answers.csv", "ratings.csv", "answers.json"}


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Another sample, of one case."""
    return Office(tmp_path_factory.mktemp("other"), {"cases": [make_case("0001", offender_manager="OM2")]})


def test_workbook_of_another_sample_is_refused_and_nothing_is_written(desk: Desk, other: Office) -> None:
    good = desk.fill(q1_1_03={"answer": "poor"})

    with pytest.raises(ExportError, match=r"is a workbook of another sample\. Nothing was imported"):
        desk.take(good, other.workbook_with("0001"))

    assert not desk.output.exists()


def test_folder_of_another_sample_is_refused(desk: Desk, other: Office) -> None:
    desk.take(desk.fill(q1_1_03={"answer": "poor"}))
    before = content(desk.output)

    with pytest.raises(ExportError, match="holds the answers of another sample"):
        take_in([other.workbook_with("0001")], other.sample, desk.output, None)

    assert content(desk.output) == before


def test_folder_with_something_else_in_it_is_refused(desk: Desk) -> None:
    desk.output.mkdir()
    (desk.output / "letter.txt").write_text("Dear all")

    with pytest.raises(OutputError, match="holds something that is not a set of answers"):
        desk.take(desk.fill())


@pytest.mark.parametrize(("before", "after"), [(",poor,", ",grand,"), ("assessor", "who"), (CASE, "0009")])
def test_ratings_that_were_changed_by_hand_are_refused(desk: Desk, before: str, after: str) -> None:
    workbook = desk.fill(q1_1_03={"answer": "poor"})
    desk.take(workbook)
    path = desk.output / "ratings.csv"
    path.write_text(path.read_text("utf-8").replace(before, after), encoding="utf-8")

    with pytest.raises(OutputError, match=r"ratings\.csv was changed, and cannot be read"):
        desk.take(workbook)


@pytest.fixture
def rewrite(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has the rulebook say something else of a question, from now on."""

    def change(id_: str, **parts: Any) -> None:
        criteria = load_criteria()
        criterion = criteria.criteria[id_.rpartition(".")[0]]
        questions = tuple(
            replace(question, **parts) if question.id == id_ else question for question in criterion.questions
        )
        changed = {**criteria.criteria, criterion.id: replace(criterion, questions=questions)}
        monkeypatch.setattr(taking_in, "load_criteria", lambda _: replace(criteria, criteria=changed))

    return change


def test_question_that_has_changed_is_said_and_its_answer_kept(desk: Desk, rewrite: Callable[..., None]) -> None:
    workbook = desk.fill(q1_1_03={"answer": "poor"})
    rewrite(JUDGED, asks="Was it the report that the court wanted?")

    taken = desk.take(workbook)

    assert taken.other_versions == [JUDGED]
    assert answer(desk.output, JUDGED) == ("poor", "")


def test_question_that_a_rule_decides_now_is_no_correction_without_a_reason(
    desk: Desk, rewrite: Callable[..., None]
) -> None:
    workbook = desk.fill(q1_1_03={"answer": "poor"}, q1_1_02={"answer": "poor", "comment": "Nothing on it."})
    rewrite(JUDGED, decided_by="rule", rule="court-report-on-time")

    taken = desk.take(workbook)

    assert taken.other_versions == [JUDGED]
    assert answer(desk.output, JUDGED) is None
    assert len(rows(desk.output, "ratings.csv")) == 2


def test_unchanged_questions_are_said_to_be_no_others(desk: Desk) -> None:
    assert desk.take(desk.fill()).other_versions == []
