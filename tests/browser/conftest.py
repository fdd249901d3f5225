"""Chromium as Debian has it, and pages to look at in it."""

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

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
#: Where Chromium is not installed its tests are left out, and the run says so; the gate installs it first.
collect_ignore_glob = [] if PROGRAM else ["test_*.py"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; sessions of it share nothing."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
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
    # so that every page has trends to look at
    history = [
        {**area_run.summary, "as_at": "2006-10-31", "rulebook": {**area_run.summary["rulebook"], "hash": "0" * 64}}
    ]
    for audience in ("board", "manager", "officer", "inspector"):
        (folder / f"{audience}.html").write_bytes(page_of(area_run.folder, audience, history=history).content)
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
