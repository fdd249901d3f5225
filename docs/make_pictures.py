"""Makes the pictures of docs/pictures from the demo area: `python docs/make_pictures.py`.

Needs Chromium, and for the workbook LibreOffice and pdftoppm (Debian: poppler-utils). The area, its nights and its
reports are made in a scratch folder.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).with_name("pictures")
#: The nights before the run that is shown, for its trends.
NIGHTS = ("2006-10-31", "2006-11-07", "2006-11-14", "2006-11-17", "2006-11-21", "2006-11-24", "2006-11-28")
#: Views of the page: the name of the picture, and what follows `#` in the address.
VIEWS = (("summary", ""), ("scores", "scores"), ("trends", "trends"), ("findings", "/cases?severity=critical"))
#: Only the first page is wanted of what may be thousands.
FIRST_PAGE = 'pdf:calc_pdf_Export:{"PageRange":{"type":"string","value":"1"}}'
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 400, "height": 860}


def omi_rules(*words: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "omi_rules.cli", *map(str, words)], check=True)


def make_reports(folder: Path) -> None:
    """The demo area, its nights, and the reports of the last one."""
    export, run, store = folder / "area" / "export", folder / "area" / "run", folder / "nights.db"
    omi_rules("demo", "--output", folder / "area")
    for night in NIGHTS:
        omi_rules("check", export, "--as-at", night, "--store", store, "-q")
    omi_rules("report", run, "--format", "html", "--store", store, "--output", folder / "area.html", "-q")
    omi_rules("report", run, "--format", "xlsx", "--output", folder / "area.xlsx", "-q")


def open_view(page: Page, address: str, place: str) -> None:
    page.goto("about:blank")
    page.goto(f"{address}#{place}")
    page.wait_for_selector("#filter-severity option[value=critical]", state="attached")


def look_at_page(page: Page, address: str) -> None:
    for name, place in VIEWS:
        open_view(page, address, place)
        page.screenshot(path=PICTURES / f"{name}.png")
    open_view(page, address, "/cases?show=findings&severity=critical")
    page.locator("#view tbody a").first.click()
    page.wait_for_function("!document.getElementById('case').hidden")
    page.locator("#case .timeline").first.scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "case.png")


def look_at_workbook(workbook: Path) -> None:
    profile = f"-env:UserInstallation={(workbook.parent / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", FIRST_PAGE, "--outdir", workbook.parent, workbook]
    subprocess.run(convert, check=True, capture_output=True)
    page = ["pdftoppm", "-r", "80", "-png", "-singlefile", workbook.with_suffix(".pdf"), PICTURES / "workbook"]
    subprocess.run(page, check=True)


def take_pictures(folder: Path) -> None:
    address = (folder / "area.html").as_uri()
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        look_at_page(browser.new_page(viewport=WIDE, reduced_motion="reduce"), address)
        small = browser.new_page(viewport=NARROW, color_scheme="dark", reduced_motion="reduce")
        open_view(small, address, "")
        small.screenshot(path=PICTURES / "summary-dark.png")
        browser.close()
    look_at_workbook(folder / "area.xlsx")


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="omi-pictures-") as scratch:
        make_reports(Path(scratch))
        take_pictures(Path(scratch))
