"""The workbook of section 4 as it comes back: nothing good is lost, and everything bad is told by sheet and cell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from omi_rules.assess.leadership_returned import LeadershipTaken, is_leadership, merge_leadership
from omi_rules.assess.taking_in import take_in
from omi_rules.problems import ExportError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.leadership import LeadershipAnswer, read_leadership
from tests.assess.leading import fill, find_row, give_back, headings, make_workbook
from tests.assess.making import Office, edit, put, shuffle

CRITERIA = load_criteria()
POINTS = sum(len(criterion.points) for criterion in CRITERIA.criteria.values())


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workbook(tmp_path_factory.mktemp("leadership"))


@pytest.fixture
def back(blank: Path, tmp_path: Path) -> Callable[..., Path]:
    def make(name: str = "back.xlsx", **given: tuple[str, str]) -> Path:
        return give_back(blank, tmp_path / name, **given)

    return make


def merge(path: Path, *before: LeadershipAnswer, area: str = "") -> LeadershipTaken:
    return merge_leadership([path], before, CRITERIA, area)


def given(taken: LeadershipTaken) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (one.criterion, one.point): (one.answer, one.evidence) for one in taken.answers if one.answer or one.evidence
    }


def test_levels_findings_and_evidence_come_back(back: Callable[..., Path]) -> None:
    path = back(
        p4_1_level=("well met", "On balance."), p4_1_01=("strength", "Plan, page 3."), p4_6_09=("not looked at",)
    )

    taken = merge(path)

    assert given(taken) == {
        ("4.1", ""): ("well met", "On balance."),
        ("4.1", "4.1.01"): ("strength", "Plan, page 3."),
        ("4.6", "4.6.09"): ("not looked at", ""),
    }
    assert (taken.new, taken.levels, taken.points) == (3, (1, 6), (2, POINTS))
    assert (taken.complaints, taken.changed, taken.kept, taken.other_versions) == ([], [], [], [])


def test_untouched_workbook_answers_nothing(blank: Path) -> None:
    taken = merge(blank)

    assert (given(taken), taken.complaints, len(taken.answers)) == ({}, [], POINTS + 6)


def test_moved_rows_and_columns_change_nothing(blank: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        fill(book["4.5"], "4.5.03", "area for improvement", "None since 2004.")
        fill(book["4.5"], "4.5.level", " Partly  Met ")
        book["4.5"].unmerge_cells("A2:E2")
        shuffle(book["4.5"])

    taken = merge(edit(blank, tmp_path / "back.xlsx", change))

    assert given(taken) == {
        ("4.5", ""): ("partly met", ""),
        ("4.5", "4.5.03"): ("area for improvement", "None since 2004."),
    }
    assert taken.complaints == []


@pytest.mark.parametrize(("key", "value"), [("p4_1_01", "SECRET"), ("p4_1_01", "well met"), ("p4_1_level", "strength")])
def test_value_outside_the_list_is_told_by_cell_and_not_taken(back: Callable[..., Path], key: str, value: str) -> None:
    taken = merge(back(**{key: (value, "")}))

    assert given(taken) == {}
    (told,) = taken.complaints
    assert (told.place[:6], told.sentence) == ("4.1, D", "this is none of the list. Choose from it.")


def test_lost_rows_are_told(blank: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for key in ("4.3.02", "4.3.level"):
            sheet = book["4.3"]
            sheet.cell(find_row(sheet, key), headings(sheet)["Key"]).value = None

    taken = merge(edit(blank, tmp_path / "back.xlsx", change))

    assert [(told.place, told.sentence) for told in taken.complaints] == [
        ("4.3", "the rows of the level, 4.3.02 are gone. Put them back.")
    ]


def test_column_without_its_heading_is_told(blank: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        fill(book["4.3"], "4.3.02", "strength", "Minutes.")
        sheet = book["4.3"]
        sheet.cell(5, headings(sheet)["Evidence"]).value = "Notes"

    taken = merge(edit(blank, tmp_path / "back.xlsx", change))

    assert given(taken) == {("4.3", "4.3.02"): ("strength", "")}
    assert [told.sentence for told in taken.complaints] == ["there is no column Evidence. Put its heading back."]


@pytest.mark.parametrize(
    ("second", "kept"), [(None, True), ("strength", True), ("not looked at", False)], ids=["empty", "same", "other"]
)
def test_row_that_stands_twice_must_say_the_same(blank: Path, tmp_path: Path, second: str | None, kept: bool) -> None:
    def change(book: Any) -> None:
        sheet = book["4.3"]
        fill(sheet, "4.3.02", "strength")
        values = [cell.value for cell in sheet[find_row(sheet, "4.3.02")]]
        values[headings(sheet)["Finding"] - 1] = second
        sheet.append(values)

    taken = merge(edit(blank, tmp_path / "back.xlsx", change))

    assert given(taken) == ({("4.3", "4.3.02"): ("strength", "")} if kept else {})
    assert [told.sentence for told in taken.complaints] == (
        [] if kept else ["this row stands here twice, not filled in alike. Keep one."]
    )


def test_answer_that_was_taken_is_never_lost(back: Callable[..., Path]) -> None:
    before = LeadershipAnswer("4.1", "4.1.01", "strength", "Plan.")

    taken = merge(back(p4_1_02=("strength", "")), before)

    assert given(taken) == {("4.1", "4.1.01"): ("strength", "Plan."), ("4.1", "4.1.02"): ("strength", "")}
    assert (taken.new, len(taken.kept), taken.changed) == (1, 1, [])


def test_other_answer_replaces_and_is_said(back: Callable[..., Path]) -> None:
    before = LeadershipAnswer("4.1", "4.1.01", "strength", "Plan.")

    taken = merge(back(p4_1_01=("area for improvement", "")), before)

    assert given(taken) == {("4.1", "4.1.01"): ("area for improvement", "Plan.")}
    assert (taken.new, len(taken.changed), taken.kept) == (0, 1, [])


def test_same_answers_again_change_nothing(back: Callable[..., Path], tmp_path: Path) -> None:
    path = back(p4_1_01=("strength", "=2+2"), p4_1_level=("well met", ""))
    once = merge(path)
    (tmp_path / "leadership.csv").write_bytes(once.content)

    again = merge(path, *(read_leadership(tmp_path, CRITERIA) or ()))

    assert b"'=2+2" in once.content
    assert again.content == once.content
    assert (again.new, again.changed, again.kept) == (0, [], [])


def test_point_that_asks_something_else_now_is_named(blank: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        marks = book["omi-rules"]
        row = next(row for row in range(1, marks.max_row + 1) if marks.cell(row, 3).value == "4.2.03")
        marks.cell(row, 4).value = "another"

    assert merge(edit(blank, tmp_path / "back.xlsx", change)).other_versions == ["4.2.03"]


@pytest.mark.parametrize(("area", "refused"), [("A made-up area", False), ("", False), ("Elsewhere", True)])
def test_workbook_of_another_area_is_refused(blank: Path, area: str, refused: bool) -> None:
    if refused:
        with pytest.raises(ExportError, match="is a workbook of another area"):
            merge(blank, area=area)
    else:
        assert merge(blank, area=area).complaints == []


def test_it_is_told_from_workbooks_of_cases(office: Office, blank: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.xlsx").write_bytes(b"Dear all")

    told = [is_leadership(path) for path in (blank, office.workbook_with("0002"), tmp_path / "letter.xlsx")]

    assert told == [True, False, False]


def test_import_takes_both_sorts_and_keeps_each(office: Office, back: Callable[..., Path], tmp_path: Path) -> None:
    def change(book: Any) -> None:
        put(book[office.sheet_of("0002")], "1.1.03", answer="poor")

    of_cases = edit(office.workbook_with("0002"), tmp_path / "cases" / "assessor.xlsx", change)
    output = tmp_path / "answers"

    taken = take_in([back(p4_1_level=("well met", "")), of_cases], office.sample, output, None)
    content = (output / "leadership.csv").read_bytes()
    later = take_in([of_cases], office.sample, output, None)

    assert (taken.new, taken.leadership and taken.leadership.new, later.leadership) == (1, 1, None)
    assert (output / "leadership.csv").read_bytes() == content
    read = read_leadership(output, CRITERIA)
    assert read is not None
    assert read[0] == LeadershipAnswer("4.1", "", "well met", "")
    assert {file.stat().st_mode & 0o777 for file in output.iterdir()} == {0o600}


def test_import_of_section_4_alone_answers_no_case(office: Office, back: Callable[..., Path], tmp_path: Path) -> None:
    taken = take_in([back(p4_1_01=("strength", ""))], office.sample, tmp_path / "answers", None)

    assert (taken.workbooks, taken.answered, taken.ratings) == ([], 0, 0)
    assert taken.leadership is not None
    assert taken.leadership.points == (1, POINTS)
