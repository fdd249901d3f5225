"""The page of the small area."""

import pytest

from tests.reports.page.pages import Page, page_of
from tests.reports.runs import Kept


@pytest.fixture(scope="session")
def page(area_run: Kept) -> Page:
    """The managers' page of the small area."""
    return page_of(area_run.folder)
