"""A workbook that is safe to open, whatever names hold, and set up for a screen and for paper."""

import io
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.gathering import ReportSettings
from omi_rules.reports.workbook import build, table
from omi_rules.reports.workbook.build import build_workbook
from tests.data.exports import AS_AT, CASE, write_csv
from tests.reports.page.pages import HOSTILE
from tests.reports.runs import Kept, keep
from tests.reports.workbook.books import HEADINGS, book_of, made, make, parts_of, rows_of, words_of

LISTS = ("Overdue and due", "Findings by case", "By officer", "Scores", "Questions", "Targets", "Causes", "Staff")
TABLES = (*LISTS, "Data problems", "Notes")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_same_run_gives_the_same_bytes(area_run: Kept, audience: str) -> None:
    assert make(area_run.folder, audience) == made(area_run.folder, audience)


def test_workbook_bears_the_day_of_the_records(area_run: Kept) -> None:
    properties = book_of(area_run.folder).properties

    assert (properties.created, properties.modified) == (datetime(2006, 11, 30), datetime(2006, 11, 30))


@pytest.mark.parametrize("run", ["area_run", "hostile_run"])
def test_no_cell_is_a_formula_and_no_part_a_macro(run: str, request: pytest.FixtureRequest) -> None:
    kept: Kept = request.getfixturevalue(run)
    parts = parts_of(made(kept.folder))

    assert not any(b"<f>" in content or b"<f " in content for content in parts.values())
    assert not any("vba" in name.lower() or "external" in name.lower() for name in parts)
    links = [content for name, content in parts.items() if name.startswith("xl/worksheets/_rels")]
    assert not any(b"http" in content.replace(b"http://schemas.openxmlformats.org", b"") for content in links)


def test_hostile_names_stay_text(hostile_run: Kept) -> None:
    book = book_of(hostile_run.folder)
    rows = [row for row in rows_of(book["Findings by case"]) if row["Case"] == HOSTILE["case_id"]]

    assert rows
    assert {row["Division"] for row in rows} == {HOSTILE["division"]}
    assert {row["Team"] for row in rows} == {"=cmd|' /C calc'!A0 ?sesrever"}
    assert {row["Officer"] for row in rows} == {HOSTILE["offender_manager"]}
    sheet = book["Findings by case"]
    teams = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=cmd")]
    assert teams
    assert all(cell.data_type != "f" and cell.quotePrefix for cell in teams)


#: Names that some part of the way to a spreadsheet takes for something else than text.
NAMES = [
    *("<r><t>bold</t></r>", "<r>broken & <b></r>", "_x0041_", "a\x0bb", "\x01\x02", "\u202eesrever", "\ufffe\uffff"),
    *(
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "＝1+1",
        "http://a.example",
        "internal:Summary!A1",
        "1234567890123456789",
    ),
    *("{=1+1}", "&amp;", "'tis", "0100", "1e5", "2006-11-30", "TRUE", "n" * 40_000, "𝄞" * 20_000),
]


@pytest.fixture(scope="module")
def named_run(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A run in which each of these names is that of an officer."""
    cases = [
        {"case_id": f"{number:04}", **CASE, "tier": 3, "roh_level": "high", "offender_manager": name, "team": name}
        for number, name in enumerate(NAMES)
    ]
    export = write_csv({"cases": cases}, tmp_path_factory.mktemp("named"))
    return keep(export, tmp_path_factory.mktemp("runs") / "named", as_at=AS_AT)


def test_every_part_can_be_read_whatever_names_hold(named_run: Kept) -> None:
    for name, content in parts_of(made(named_run.folder)).items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(content)


def test_every_name_is_shown_as_it_is_or_with_question_marks(named_run: Kept) -> None:
    shown = {row["Officer"] for row in rows_of(book_of(named_run.folder)["Findings by case"])}

    assert {"=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "http://a.example", "internal:Summary!A1", "0100"} <= shown
    assert {"1234567890123456789", "{=1+1}", "&amp;", "'tis", "1e5", "2006-11-30", "TRUE"} <= shown
    assert {"<r><t>bold</t></r> ", "<r>broken & <b></r> ", "?esrever"} <= shown
    assert {"n" * 32_766 + "…", "𝄞" * 16_383 + "…"} <= shown


def test_dates_are_dates_and_numbers_numbers(area_run: Kept) -> None:
    book = book_of(area_run.folder)
    work = rows_of(book["Overdue and due"])

    assert all(isinstance(row["Due on"], datetime | None) for row in work)
    assert all(isinstance(row["Days overdue"], int | None) for row in work)
    assert {cell.number_format for cell in book["Overdue and due"]["C"][HEADINGS:]} == {"d mmm yyyy"}
    assert all(isinstance(row["Findings"], int) for row in rows_of(book["By officer"]))


@pytest.mark.parametrize("name", TABLES)
def test_tables_have_filters_frozen_panes_and_are_set_up_for_paper(area_run: Kept, name: str) -> None:
    sheet = book_of(area_run.folder)[name]
    first, _, last = sheet.auto_filter.ref.partition(":")

    assert first == f"A{HEADINGS}"
    assert last.endswith(str(sheet.max_row))
    assert sheet.freeze_panes == f"B{HEADINGS + 1}"
    assert sheet.print_title_rows == f"${HEADINGS}:${HEADINGS}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.oddHeader.left.text.endswith("Merseyside (synthetic), as at 30 November 2006")
    assert sheet.oddFooter.right.text.endswith("Page &[Page] of &N") or "&P" in str(sheet.oddFooter.right.text)
    assert sheet.print_area


def test_the_workbook_opens_on_the_front_sheet(area_run: Kept) -> None:
    assert book_of(area_run.folder).active.title == "Summary"


def test_more_rows_than_a_sheet_holds_go_on_the_next(area_run: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows_of(book_of(area_run.folder)["Findings by case"])
    monkeypatch.setattr(table, "LAST_ROW", table.HEAD + 500)
    content = make(area_run.folder)
    monkeypatch.undo()
    book = table_book(content)

    names = [name for name in book.sheetnames if name.startswith("Findings by case")]
    assert names == ["Findings by case", "Findings by case 2", "Findings by case 3"]
    parts = [rows_of(book[name]) for name in names]
    assert [len(part) for part in parts] == [500, 500, len(whole) - 1000]
    assert [row for part in parts for row in part] == whole
    assert f"{len(whole):,} findings on 3 sheets" in words_of(book["Summary"])
    assert book[names[2]].auto_filter.ref.startswith(f"A{HEADINGS}:")


def table_book(content: bytes) -> Any:
    import warnings

    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content))


def test_nothing_stays_behind_when_it_fails(area_run: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(build, "write_notes", fail)

    with pytest.raises(RuntimeError, match="on purpose"):
        build_workbook(area_run.folder, ReportSettings(), io.BytesIO())
    assert list(tmp_path.iterdir()) == []


def test_parts_bear_no_time_of_the_clock(area_run: Kept) -> None:
    with zipfile.ZipFile(io.BytesIO(made(area_run.folder))) as packed:
        assert {entry.date_time[0] for entry in packed.infolist()} == {1980}
