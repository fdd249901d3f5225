"""The workbooks that are handed out: what is in them, what can be changed, and what is nobody's business."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from omi_rules.assess.columns import ANSWERS, COLUMNS, MARKS_SHEET
from omi_rules.pipeline import Settings, judge_case
from omi_rules.problems import ExportError, OutputError
from omi_rules.resources import schemas_folder
from omi_rules.rulebook.criteria import load_criteria
from tests.assess.making import AS_AT, SIX, Office, cell_of, headings, open_book, rows_of
from tests.data.exports import write_csv

DUE_AND_DONE = "1.1.06"


def case_sheets(office: Office) -> Iterator[Any]:
    for path in map(office.workbook_with, ("0002", "=0003", "0005")):
        yield from (sheet for sheet in open_book(path).worksheets if sheet.title.startswith("Case "))


@pytest.fixture(scope="module")
def book(office: Office) -> Any:
    return open_book(office.workbook_with("0002"))


@pytest.fixture(scope="module")
def sheet(office: Office, book: Any) -> Any:
    return book[office.sheet_of("0002")]


def test_workbook_begins_with_how_to_and_progress_and_has_a_sheet_a_case(office: Office, book: Any) -> None:
    (own,) = (one for one in office.assignment["assessors"] if one["workbook"] == office.workbook_with("0002").name)

    cases = [f"Case {case['number']}" for case in own["cases"]]
    assert book.sheetnames == ["Read me first", "Progress", *cases, MARKS_SHEET]
    assert book[MARKS_SHEET].sheet_state == "veryHidden"
    assert book.active.title == "Read me first"


def test_name_of_a_sheet_does_not_give_a_reference_away(office: Office) -> None:
    for sheet in case_sheets(office):
        assert not any(case["case_id"] in sheet.title for case in office.record["cases"])


def test_outcomes_are_those_of_a_check_with_their_evidence(office: Office, sheet: Any) -> None:
    judged = judge_case(office.export, "0002", Settings(as_at=AS_AT)).outcomes
    rows = rows_of(sheet)
    questions = load_criteria().questions

    for question, row in rows.items():
        rule = questions[question].rule
        if rule:
            found = judged[rule]
            assert row["By the records"] == found.outcome.replace("_", " ")
            evidence = None if found.outcome == "not_applicable" else found.reason
            assert row["Evidence, or which cases it is about"] == evidence
            days = [day and datetime(day.year, day.month, day.day) for day in (found.due_on, found.done_on)]
            assert [row["Due"], row["Done"]] == days
        else:
            assert row["By the records"] is None


def test_dates_are_dates(sheet: Any) -> None:
    due = cell_of(sheet, DUE_AND_DONE, "Due")

    assert (due.value, due.is_date, due.number_format) == (datetime(2006, 5, 12), True, "d mmm yyyy")


def test_only_cells_to_fill_in_are_unlocked(office: Office) -> None:
    questions = load_criteria().questions
    for sheet in case_sheets(office):
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        places = headings(sheet)
        allowed = set()
        for question in rows_of(sheet):
            answer = "Correction" if questions[question].rule else "Answer"
            comment = "Comment, or reason for a correction"
            allowed |= {cell_of(sheet, question, heading).coordinate for heading in (answer, comment)}
        unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        assert unlocked == allowed
        assert set(places) == {column.heading for column in COLUMNS}


def test_every_sheet_is_protected(book: Any) -> None:
    assert all(sheet.protection.sheet for sheet in book.worksheets)


def test_answers_and_corrections_are_chosen_from_a_list(sheet: Any) -> None:
    lists = sheet.data_validations.dataValidation

    assert {one.formula1 for one in lists} == {f'"{",".join(ANSWERS)}"'}
    assert all(one.type == "list" and one.errorStyle in (None, "stop") and one.showErrorMessage for one in lists)
    for question, heading in (("1.1.S", "Answer"), (DUE_AND_DONE, "Correction")):
        assert any(cell_of(sheet, question, heading).coordinate in one.sqref for one in lists)


def test_key_is_hidden_and_the_headings_stay_in_sight(sheet: Any) -> None:
    letter = "ABCDEFGHIJ"[headings(sheet)["Key"] - 1]

    assert sheet.column_dimensions[letter].hidden
    assert sheet.freeze_panes == "C6"
    assert sheet.print_title_rows == "$5:$5"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_progress_counts_answers_and_corrections(office: Office, book: Any) -> None:
    progress = book["Progress"]

    for row in range(6, progress.max_row + 1):
        name = progress.cell(row, 1).value
        rows = rows_of(book[name])
        assert progress.cell(row, 5).value == sum(found["By the records"] is None for found in rows.values())
        assert progress.cell(row, 6).value == f"=COUNTA('{name}'!G6:G{book[name].max_row})"
        assert progress.cell(row, 9).value == f"=COUNTA('{name}'!H6:H{book[name].max_row})"


def test_text_of_the_export_is_never_a_formula_nor_rich_text(office: Office) -> None:
    book = open_book(office.workbook_with("=0003"))
    row = next(row for row in book["Progress"].iter_rows() if row[1].value == "=0003")

    assert [(cell.data_type, cell.quotePrefix) for cell in row[1:4]] == [("s", True)] * 3
    assert row[2].value == "<r>North</r> "  # and no rich text, which the library would take it for
    for sheet in book.worksheets:
        formulas = [cell.value for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
        assert all(text.startswith(("=COUNTA(", '="Answered: "', "=SUM(", "=IF(E", "=E")) for text in formulas)


def test_second_assessor_cannot_tell(office: Office) -> None:
    twice = next(case for one in office.assignment["assessors"] for case in one["cases"] if case["rating"] == 2)
    sheets = [
        rows_of(open_book(office.workbook_with(twice["case_id"], rating))[f"Case {twice['number']}"])
        for rating in (1, 2)
    ]

    assert sheets[0] == sheets[1]


def test_assignment_has_its_shape_and_all_is_the_owners_alone(office: Office) -> None:
    schema = json.loads((schemas_folder() / "assignment.schema.json").read_text("utf-8"))
    kept = json.loads((office.out / "assignment.json").read_text("utf-8"))

    Draft202012Validator(schema).validate(kept)
    assert kept == office.assignment
    assert office.out.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in office.out.iterdir()} == {0o600}


def test_same_sample_gives_the_same_bytes(office: Office, tmp_path: Path) -> None:
    office.hand_out(tmp_path / "again", double=17)

    for file in office.out.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_workbooks_are_never_written_over(office: Office) -> None:
    with pytest.raises(OutputError, match="holds a set of workbooks already"):
        office.hand_out(office.out)


def test_other_export_than_that_of_the_sample_is_refused(office: Office, tmp_path: Path) -> None:
    other = Office.__new__(Office)
    other.sample, other.assessors = office.sample, office.assessors
    other.export = write_csv({"cases": SIX["cases"][:5]}, tmp_path / "export")

    with pytest.raises(ExportError, match="is not the export that the sample was drawn from"):
        other.hand_out(tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_nobody_gets_a_case_of_their_own(office: Office) -> None:
    managers = {case["case_id"]: case["offender_manager"] for case in office.record["cases"]}
    (one, two) = (assessor for assessor in office.assignment["assessors"] if assessor["local"])

    assert "OM1" not in {managers[case["case_id"]] for case in one["cases"]}
    assert "OM2" not in {managers[case["case_id"]] for case in two["cases"]}
