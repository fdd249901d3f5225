"""Chromium as Debian has it, and pages to look at in it.

A machine without one reports these tests as skipped; the gate, which sets CI, has to have one.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from omi_rules.demo.area import write_area
from tests.browser.looking import FLAGS, Look
from tests.data.exports import AS_AT, write_csv
from tests.reports.page.pages import hostile_tables, page_of
from tests.reports.runs import Kept, keep


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; sessions of it share nothing."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium is installed, and under CI the page has to be seen in one")
        pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def area_run(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A run on a synthetic area of 300 cases."""
    folder = tmp_path_factory.mktemp("area")
    write_area(folder, 300, threads=1)
    return keep(folder, tmp_path_factory.mktemp("runs") / "area")


@pytest.fixture(scope="session")
def pages(area_run: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page of each audience, and one of a run with hostile names."""
    folder = tmp_path_factory.mktemp("pages")
    for audience in ("board", "manager", "officer", "inspector"):
        (folder / f"{audience}.html").write_bytes(page_of(area_run.folder, audience).content)
    export = write_csv(hostile_tables(), tmp_path_factory.mktemp("hostile"))
    hostile = keep(export, tmp_path_factory.mktemp("runs") / "hostile", as_at=AS_AT)
    (folder / "hostile.html").write_bytes(page_of(hostile.folder).content)
    return folder


@pytest.fixture
def look(browser: Browser, pages: Path) -> Iterator[Look]:
    """Opens pages, and at the end holds that none has said an error or asked for anything."""
    looking = Look(browser, pages)
    yield looking
    looking.close()
    assert looking.said == []
    assert looking.asked_for == []
