"""The workbook of section 4: what is in it, what a run says in it, and that a filled-in one is never lost."""

from pathlib import Path
from typing import Any

import pytest

from omi_rules.assess.leadership import write_leadership
from omi_rules.assess.leadership_columns import EVIDENCE, FINDING, POINT, RECORDS
from omi_rules.assess.targets_sheet import TARGETS
from omi_rules.problems import OutputError, UsageError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.leadership import leadership_criteria
from tests.assess.leading import add_staff, cell, find_row, headings, make_run, make_workbook
from tests.assess.making import open_book
from tests.scoring.runs import spread, write_run

SECTION_4 = leadership_criteria(load_criteria())


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workbook(tmp_path_factory.mktemp("leadership"))


@pytest.fixture(scope="module")
def book(workbook: Path) -> Any:
    return open_book(workbook)


def lists(sheet: Any) -> dict[str, str]:
    """The lists to choose from, by the cells that have them."""
    return {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}


def texts(sheet: Any) -> list[list[str]]:
    return [[str(value or "") for value in row] for row in sheet.iter_rows(values_only=True)]


def test_it_has_a_sheet_a_criterion_and_one_of_targets_after_the_first_that_rests_on_them(book: Any) -> None:
    shown = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]

    assert shown == ["Read me first", "Summary", "4.1", "4.2", TARGETS, "4.3", "4.4", "4.5", "4.6"]


@pytest.mark.parametrize("criterion", SECTION_4, ids=lambda criterion: criterion.id)
def test_every_point_and_the_level_can_be_chosen(book: Any, criterion: Any) -> None:
    sheet = book[criterion.id]
    column = "ABCDEFGH"[headings(sheet)[FINDING.heading] - 1]
    points = [find_row(sheet, point.id) for point in criterion.points]
    level = find_row(sheet, f"{criterion.id}.level")

    assert [sheet.cell(row, headings(sheet)[POINT.heading]).value for row in points] == [
        point.asks for point in criterion.points
    ]
    assert lists(sheet) == {
        f"{column}{points[0]}:{column}{points[-1]}": '"strength,area for improvement,not looked at"',
        f"{column}{level}": '"well met,satisfactorily met,partly met,not met"',
    }


@pytest.mark.parametrize("criterion", SECTION_4, ids=lambda criterion: criterion.id)
def test_only_finding_and_evidence_can_be_changed(book: Any, criterion: Any) -> None:
    sheet = book[criterion.id]

    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}

    rows = [find_row(sheet, key) for key in (*(point.id for point in criterion.points), f"{criterion.id}.level")]
    places = headings(sheet)
    assert sheet.protection.sheet
    assert open_cells == {
        sheet.cell(row, places[column.heading]).coordinate for row in rows for column in (FINDING, EVIDENCE)
    }


@pytest.mark.parametrize("criterion", SECTION_4, ids=lambda criterion: criterion.id)
def test_keys_are_out_of_sight(book: Any, criterion: Any) -> None:
    shown = [
        heading
        for heading, place in headings(book[criterion.id]).items()
        if not book[criterion.id].column_dimensions["ABCDEFGH"[place - 1]].hidden
    ]

    assert shown == ["No.", "Point", "By the records", "Finding", "Evidence"]


def test_what_the_report_found_is_not_given_away(book: Any) -> None:
    """Whoever assesses must not see that another area was well met, or which of its points were strengths."""
    for criterion in SECTION_4:
        cells = {text for row in texts(book[criterion.id]) for text in row}
        assert not cells & {"strength", "area for improvement", *criterion.levels}


def test_figures_about_staff_come_from_the_run(workbook: Path) -> None:
    told = cell(workbook, "4.4", "4.4.12", RECORDS.heading).value

    assert told == "17 of 22 members of staff (77%), as at 30 November 2006; undecided: 5. Rule annual-appraisal."


def test_staff_rule_that_is_not_in_the_run_is_said(workbook: Path) -> None:
    assert cell(workbook, "4.4", "4.4.06", RECORDS.heading).value == (
        "The run has no figure: the rule six-weekly-supervision is not in it."
    )


@pytest.mark.parametrize(
    ("counts", "told"),
    [({"error": 1}, "could not run"), ({"unknown": 3}, "decide it for nobody; undecided: 3"), ({"met": 1}, "1 of 1 ")],
)
def test_staff_rule_without_a_figure_says_why(tmp_path: Path, counts: dict[str, int], told: str) -> None:
    run = add_staff(write_run(tmp_path / "run", spread("other", met=1)), {"annual-appraisal": counts})

    write_leadership(run, tmp_path / "book.xlsx", None, None)

    assert told in cell(tmp_path / "book.xlsx", "4.4", "4.4.12", RECORDS.heading).value


def test_point_that_rests_on_targets_leads_to_them(workbook: Path) -> None:
    found = cell(workbook, "4.2", "4.2.01", RECORDS.heading)

    assert found.value == f"See {TARGETS}"
    assert found.hyperlink.location == f"'{TARGETS}'!A1"


def test_targets_have_their_figures_and_those_published(book: Any) -> None:
    titles = [target.title for table in load_criteria().targets.values() for target in table.targets]
    rows = {row[0]: row for row in texts(book[TARGETS])}

    assert set(titles) <= rows.keys()
    # 11 of 20, due on no day: every case as it stands
    victims = next(row for title, row in rows.items() if "victims" in title)
    assert victims[1:6] == ["55.0%", "11 of 20", "0", "85%", "missed"]
    assert victims[7:9] == ["88%*", "93%"]
    sickness = next(row for title, row in rows.items() if "Sickness" in title)
    assert sickness[1:6] == ["-", "", "", "9 days", "not told"]


def test_figures_that_were_typed_in_are_among_the_targets(tmp_path: Path) -> None:
    figures = tmp_path / "figures.yaml"
    figures.write_text(
        "period: {printed: 2005/2006, from: 2005-04-01, to: 2006-03-31}\n"
        'figures:\n  sickness-absence: {figure: "11.0", source: HR}\n',
        encoding="utf-8",
    )

    write_leadership(make_run(tmp_path), tmp_path / "book.xlsx", figures, None)

    row = next(row for row in texts(open_book(tmp_path / "book.xlsx")[TARGETS]) if "Sickness" in row[0])
    assert (row[1], row[5], row[6]) == ("11.0 days", "missed", "2005/2006")


def test_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    for name in ("one.xlsx", "two.xlsx"):
        write_leadership(run, tmp_path / name, None, None)

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_workbook_is_the_owners_alone(workbook: Path) -> None:
    assert workbook.stat().st_mode & 0o777 == 0o600


def test_workbook_that_is_there_already_is_never_replaced(tmp_path: Path) -> None:
    run, output = make_run(tmp_path), tmp_path / "book.xlsx"
    output.write_bytes(b"filled in")

    with pytest.raises(OutputError, match="is there already, and may be filled in"):
        write_leadership(run, output, None, None)

    assert output.read_bytes() == b"filled in"


def test_folder_that_is_no_run_leaves_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no run"):
        write_leadership(tmp_path, tmp_path / "book.xlsx", None, None)

    assert list(tmp_path.iterdir()) == []
