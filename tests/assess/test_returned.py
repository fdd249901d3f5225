"""Workbooks that came back: read wherever columns and rows stand, and every mistake told by sheet and cell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from omi_rules.assess.columns import ANSWERS, MARKS_SHEET
from omi_rules.assess.returned import Returned, read_workbook
from omi_rules.problems import ExportError
from tests.assess.making import Office, cell_of, edit, find_row, headings, put, rows_of, shuffle

CASE = "0002"
JUDGED, OTHER, CORRECTED = "1.1.03", "1.3.02", "1.1.06"


@pytest.fixture
def give_back(office: Office, tmp_path: Path) -> Callable[[Callable[[Any], object]], Returned]:
    """Changes the sheet of a case, and reads the workbook again."""

    def change_and_read(change: Callable[[Any], object]) -> Returned:
        source = office.workbook_with(CASE)
        return read_workbook(edit(source, tmp_path / source.name, lambda book: change(book[office.sheet_of(CASE)])))

    return change_and_read


GiveBack = Callable[[Callable[[Any], object]], Returned]


def answers(returned: Returned) -> dict[str, tuple[str, str]]:
    return {given.question: (given.answer, given.comment) for given in returned.answers}


def said(returned: Returned) -> list[str]:
    return [str(complaint) for complaint in returned.complaints]


def test_untouched_workbook_has_no_answer_and_no_complaint(office: Office) -> None:
    returned = read_workbook(office.workbook_with(CASE))

    assert (returned.answers, returned.complaints) == ([], [])
    assert returned.sample_id == office.record["sample_id"]
    assert len(returned.unanswered) == len(returned.asked)


@pytest.mark.parametrize("words", list(ANSWERS))
def test_each_answer_is_read(give_back: GiveBack, words: str) -> None:
    returned = give_back(lambda sheet: put(sheet, JUDGED, answer=words, comment="As seen."))

    assert answers(returned) == {JUDGED: (ANSWERS[words], "As seen.")}
    assert returned.complaints == []


@pytest.mark.parametrize("typed", ["Not Applicable", " not applicable ", "not_applicable", "NOT  APPLICABLE"])
def test_answer_that_was_typed_is_read(give_back: GiveBack, typed: str) -> None:
    assert answers(give_back(lambda sheet: put(sheet, JUDGED, answer=typed))) == {JUDGED: ("not_applicable", "")}


def test_correction_is_read_with_its_reason(give_back: GiveBack) -> None:
    returned = give_back(lambda sheet: put(sheet, CORRECTED, correction="sufficient", comment="Done, not recorded."))

    assert answers(returned) == {CORRECTED: ("sufficient", "Done, not recorded.")}
    assert returned.answers[0].is_correction


def fill(sheet: Any) -> None:
    put(sheet, JUDGED, answer="poor", comment="=1+1 is what it says")
    put(sheet, OTHER, answer="excellent")
    put(sheet, CORRECTED, correction="insufficient", comment="Too late.")


FILLED = {
    JUDGED: ("poor", "=1+1 is what it says"),
    OTHER: ("excellent", ""),
    CORRECTED: ("insufficient", "Too late."),
}


def test_formula_in_a_comment_stays_text(give_back: GiveBack) -> None:
    assert answers(give_back(fill)) == FILLED


@pytest.mark.parametrize("seed", range(3))
def test_columns_and_rows_may_have_moved(give_back: GiveBack, seed: int) -> None:
    def change(sheet: Any) -> None:
        fill(sheet)
        put(sheet, JUDGED, comment="As it is.")
        shuffle(sheet, seed)

    returned = give_back(change)

    assert answers(returned) == {**FILLED, JUDGED: ("poor", "As it is.")}
    assert returned.complaints == []


def test_sheet_may_have_another_name(give_back: GiveBack) -> None:
    def change(sheet: Any) -> None:
        fill(sheet)
        sheet.title = "Done on Monday"

    returned = give_back(change)

    assert (answers(returned), returned.complaints) == (FILLED, [])


def test_bad_answer_is_told_by_sheet_and_cell_and_never_repeated(office: Office, give_back: GiveBack) -> None:
    places: list[str] = []

    def change(sheet: Any) -> None:
        fill(sheet)
        put(sheet, JUDGED, answer="SECRET")
        put(sheet, CORRECTED, correction=3)
        places.extend((cell_of(sheet, JUDGED, "Answer").coordinate, cell_of(sheet, CORRECTED, "Correction").coordinate))

    returned = give_back(change)

    file, sheet = office.workbook_with(CASE).name, office.sheet_of(CASE)
    wrong = "this is not one of the six answers. Choose one from the list."
    assert sorted(said(returned)) == sorted(f"{file}, {sheet}, {place}: {wrong}" for place in places)
    assert answers(returned) == {OTHER: FILLED[OTHER]}


def test_correction_without_a_reason_is_told_and_not_taken(give_back: GiveBack) -> None:
    returned = give_back(lambda sheet: put(sheet, CORRECTED, correction="sufficient"))

    assert returned.answers == []
    (told,) = said(returned)
    assert "a correction needs its reason here" in told


@pytest.mark.parametrize(("question", "column"), [(JUDGED, "correction"), (CORRECTED, "answer")])
def test_answer_in_the_wrong_column_is_told(give_back: GiveBack, question: str, column: str) -> None:
    returned = give_back(lambda sheet: put(sheet, question, **{column: "poor"}, comment="x"))

    right = "Answer" if column == "correction" else "Correction"
    assert returned.answers == []
    assert [complaint.sentence for complaint in returned.complaints] == [
        f"this question is answered in the column {right}."
    ]


def test_unanswered_questions_are_told_by_cell(office: Office, give_back: GiveBack) -> None:
    returned = give_back(fill)

    open_cells = returned.unanswered[office.sheet_of(CASE)]
    judged = [question for question in returned.asked[number_of(office)] if question in returned.judgements]
    assert len(open_cells) == len(judged) - 2
    assert all(cell.startswith("G") for cell in open_cells)


def number_of(office: Office) -> int:
    return int(office.sheet_of(CASE).removeprefix("Case "))


def test_row_that_is_gone_is_told_and_the_others_are_read(give_back: GiveBack) -> None:
    def change(sheet: Any) -> None:
        fill(sheet)
        sheet.delete_rows(find_row(sheet, OTHER))

    returned = give_back(change)

    assert set(answers(returned)) == {JUDGED, CORRECTED}
    (told,) = said(returned)
    assert f"the rows of {OTHER} are gone" in told


def test_sheet_without_its_keys_is_told(office: Office, give_back: GiveBack) -> None:
    returned = give_back(lambda sheet: sheet.delete_cols(headings(sheet)["Key"]))

    (told,) = said(returned)
    assert told.endswith(f"{office.sheet_of(CASE)}: its sheet is gone, or has lost the column Key. Put it back.")


def test_column_without_its_heading_is_told(give_back: GiveBack) -> None:
    def change(sheet: Any) -> None:
        fill(sheet)
        sheet.cell(5, headings(sheet)["Answer"]).value = "My answer"

    returned = give_back(change)

    assert set(answers(returned)) == {CORRECTED}
    assert any("there is no column Answer" in told for told in said(returned))


def test_answer_in_a_row_without_a_key_is_told(give_back: GiveBack) -> None:
    def change(sheet: Any) -> None:
        fill(sheet)
        cell_of(sheet, OTHER, "Key").value = None

    returned = give_back(change)

    assert set(answers(returned)) == {JUDGED, CORRECTED}
    assert any("this row has an answer and no key" in told for told in said(returned))


@pytest.mark.parametrize(
    ("second", "kept", "told"),
    [("poor", True, False), (None, True, False), ("excellent", False, True)],
)
def test_row_that_stands_twice_must_say_one_thing(
    give_back: GiveBack, second: str | None, kept: bool, told: bool
) -> None:
    def change(sheet: Any) -> None:
        fill(sheet)
        row = find_row(sheet, JUDGED)
        values = [cell.value for cell in sheet[row]]
        values[headings(sheet)["Answer"] - 1] = second
        for column, value in enumerate(values, 1):
            sheet.cell(sheet.max_row + (column == 1), column).value = value

    returned = give_back(change)

    assert (JUDGED in answers(returned)) is kept
    assert any("the question stands here twice" in line for line in said(returned)) is told


def test_row_of_another_case_is_told_and_left_out(give_back: GiveBack) -> None:
    def change(sheet: Any) -> None:
        fill(sheet)
        cell_of(sheet, OTHER, "Key").value = f"99:{OTHER}"

    returned = give_back(change)

    assert set(answers(returned)) == {JUDGED, CORRECTED}
    assert any("this row is not of this workbook" in line for line in said(returned))


@pytest.mark.parametrize("content", [b"", b"case_id,question\n", b"PK\x03\x04 and then nothing"])
def test_something_else_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(content)

    with pytest.raises(ExportError, match="is no workbook"):
        read_workbook(path)


def test_workbook_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be read"):
        read_workbook(tmp_path / "away.xlsx")


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.remove(book[MARKS_SHEET]),
        lambda book: setattr(book[MARKS_SHEET]["B2"], "value", "9"),
        lambda book: setattr(book[MARKS_SHEET]["C2"], "value", "seven"),
        lambda book: book[MARKS_SHEET].delete_cols(5),
    ],
    ids=["gone", "layout", "case", "column"],
)
def test_workbook_without_its_marks_is_refused(office: Office, tmp_path: Path, change: Callable[[Any], object]) -> None:
    with pytest.raises(ExportError, match=r"is no workbook that `omi-rules assess new` made"):
        read_workbook(edit(office.workbook_with(CASE), tmp_path / "back.xlsx", change))


def test_shuffling_moves_every_row(office: Office, tmp_path: Path) -> None:
    """What the tests above rest on."""
    orders: list[list[str]] = []

    def change(book: Any) -> None:
        sheet = book[office.sheet_of(CASE)]
        orders.append(list(rows_of(sheet)))
        shuffle(sheet)
        orders.append(list(rows_of(sheet)))

    edit(office.workbook_with(CASE), tmp_path / "back.xlsx", change)

    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]
