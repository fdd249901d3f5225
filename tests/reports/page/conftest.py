"""A run with names as nobody should have them, and the page of the small area."""

from datetime import date
from pathlib import Path

import pytest

from tests.data.exports import AS_AT, write_csv
from tests.reports.page.pages import Page, hostile_tables, page_of
from tests.reports.runs import Kept, keep


@pytest.fixture(scope="session")
def page(area_run: Kept) -> Page:
    """The managers' page of the small area."""
    return page_of(area_run.folder)


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A run with hostile names in every column of text."""
    export = write_csv(hostile_tables(), tmp_path_factory.mktemp("hostile"))
    return keep(export, tmp_path_factory.mktemp("runs") / "hostile", as_at=AS_AT)


@pytest.fixture(scope="session")
def key() -> bytes:
    """The key of pseudonyms."""
    return bytes(range(32))


@pytest.fixture(scope="session")
def earlier(area: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A run on the small area as it stood three months before."""
    return keep(area, tmp_path_factory.mktemp("earlier") / "run", as_at=date(2006, 8, 31))
