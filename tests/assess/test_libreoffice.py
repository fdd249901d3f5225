"""Workbooks that LibreOffice really saved: nothing of them is lost, whatever was moved before.

It has to be installed, as Debian's libreoffice-calc-nogui; see tests/assess/conftest.py for where it is not.
"""

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from omi_rules.assess.columns import MARKS_SHEET
from omi_rules.assess.leadership_returned import is_leadership, merge_leadership
from omi_rules.assess.returned import Returned, read_workbook
from omi_rules.rulebook.criteria import load_criteria
from tests.assess.leading import give_back, make_workbook
from tests.assess.making import Office, edit, headings, open_book, put, shuffle

CASE = "0002"
FILLED = {
    "1.1.03": ("not_applicable", "Said “no”, é and =1+1."),
    "1.1.06": ("insufficient", "Too late."),
    "1.1.S": ("excellent", ""),
}


def fill(sheet: Any) -> None:
    put(sheet, "1.1.03", answer="not applicable", comment="Said “no”, é and =1+1.")
    put(sheet, "1.1.06", correction="insufficient", comment="Too late.")
    put(sheet, "1.1.S", answer="excellent")


def fill_and_shuffle(sheet: Any) -> None:
    fill(sheet)
    shuffle(sheet)


CHANGES: dict[str, Callable[[Any], None]] = {"filled": fill, "moved": fill_and_shuffle}


SECTION_4 = {"p4_1_level": ("partly met", "On balance."), "p4_1_01": ("strength", "Said “no”, é and =1+1.")}


@pytest.fixture(scope="module")
def saved(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of workbooks that LibreOffice saved: filled in, and with columns and rows moved."""
    folder = tmp_path_factory.mktemp("libreoffice")
    source = office.workbook_with(CASE)
    for name, change in CHANGES.items():
        edit(source, folder / "sent" / f"{name}.xlsx", lambda book, change=change: change(book[office.sheet_of(CASE)]))
    (folder / "sent" / "untouched.xlsx").write_bytes(source.read_bytes())
    give_back(make_workbook(folder), folder / "sent" / "leadership.xlsx", **SECTION_4)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    sent = sorted((folder / "sent").iterdir())
    subprocess.run([*command, folder / "back", *sent], check=True, capture_output=True, timeout=300)
    return folder / "back"


def answers(returned: Returned) -> dict[str, tuple[str, str]]:
    return {given.question: (given.answer, given.comment) for given in returned.answers}


@pytest.mark.parametrize("name", CHANGES)
def test_every_answer_comes_back(saved: Path, name: str) -> None:
    returned = read_workbook(saved / f"{name}.xlsx")

    assert answers(returned) == FILLED
    assert returned.complaints == []


def test_untouched_workbook_comes_back_empty(office: Office, saved: Path) -> None:
    returned = read_workbook(saved / "untouched.xlsx")

    assert (returned.answers, returned.complaints) == ([], [])
    assert returned.unanswered == read_workbook(office.workbook_with(CASE)).unanswered


def test_section_4_comes_back(saved: Path) -> None:
    assert is_leadership(saved / "leadership.xlsx")

    taken = merge_leadership([saved / "leadership.xlsx"], (), load_criteria(), "A made-up area")

    assert [(one.point, one.answer, one.evidence) for one in taken.answers if one.answer] == [
        ("", *SECTION_4["p4_1_level"]),
        ("4.1.01", *SECTION_4["p4_1_01"]),
    ]
    assert taken.complaints == []


def test_summary_of_section_4_counts_what_was_filled_in(saved: Path) -> None:
    """The formulas, as LibreOffice works them out."""
    summary = open_book(saved / "leadership.xlsx", data_only=True)["Summary"]

    first, second = (list(row)[:8] for row in summary.iter_rows(5, 6, values_only=True))
    assert first[:7] == ["4.1", "Leadership and planning", "partly met", 1, 0, 0, 10]
    assert first[7] == pytest.approx(1 / 11)
    assert (second[2] or "", *second[3:]) == ("", 0, 0, 0, 8, 0)


def test_it_was_libreoffice_that_saved_them(saved: Path) -> None:
    for path in saved.iterdir():
        with zipfile.ZipFile(path) as packed:
            assert b"LibreOffice" in packed.read("docProps/app.xml")


def test_protection_lists_and_hidden_parts_survive(office: Office, saved: Path) -> None:
    book = open_book(saved / "untouched.xlsx")
    sheet = book[office.sheet_of(CASE)]

    assert sheet.protection.sheet
    assert sheet.data_validations.dataValidation
    assert sheet.column_dimensions["ABCDEFGHIJ"[headings(sheet)["Key"] - 1]].hidden
    assert book[MARKS_SHEET].sheet_state != "visible"
