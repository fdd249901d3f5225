"""LibreOffice opens the workbook, and finds in it what was written.

It has to be installed, as Debian's libreoffice-calc-nogui; see tests/reports/workbook/conftest.py for where it is not.
"""

import subprocess
import warnings
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.reports.page.pages import HOSTILE
from tests.reports.runs import Kept
from tests.reports.workbook.books import HEADINGS, book_of, made, rows_of


@pytest.fixture(scope="module")
def saved(area_run: Kept, hostile_run: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the workbooks that LibreOffice opened and saved again."""
    folder = tmp_path_factory.mktemp("libreoffice")
    for name, run in (("area", area_run), ("hostile", hostile_run)):
        (folder / f"{name}.xlsx").write_bytes(made(run.folder))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    sent = sorted(folder.glob("*.xlsx"))
    subprocess.run([*command, folder / "back", *sent], check=True, capture_output=True, timeout=300)
    return folder / "back"


def opened(path: Path) -> Any:
    with zipfile.ZipFile(path) as packed:
        assert b"LibreOffice" in packed.read("docProps/app.xml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def test_every_sheet_and_row_is_there(saved: Path, area_run: Kept) -> None:
    ours, theirs = book_of(area_run.folder), opened(saved / "area.xlsx")

    assert theirs.sheetnames == ours.sheetnames
    for name in ours.sheetnames[1:]:
        assert rows_of(theirs[name]) == rows_of(ours[name])


def test_filters_and_repeated_headings_are_there(saved: Path) -> None:
    sheet = opened(saved / "area.xlsx")["Findings by case"]

    assert sheet.auto_filter.ref.startswith(f"A{HEADINGS}:")
    assert sheet.print_title_rows == f"${HEADINGS}:${HEADINGS}"


def test_hostile_names_are_text_to_it(saved: Path) -> None:
    rows = rows_of(opened(saved / "hostile.xlsx")["Findings by case"])
    cases = {row["Case"]: row for row in rows}

    assert cases[HOSTILE["case_id"]]["Team"] == "=cmd|' /C calc'!A0 ?sesrever"
    assert cases[HOSTILE["case_id"]]["Officer"] == HOSTILE["offender_manager"]
