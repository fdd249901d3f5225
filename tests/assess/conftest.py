"""What the tests of assessments share: one office, whose workbooks nobody changes in place."""

import shutil
from pathlib import Path

import pytest

from tests.assess.making import Office

#: Where LibreOffice is not installed its tests are left out, and the run says so; the gate installs it first.
collect_ignore = [] if shutil.which("soffice") else ["test_libreoffice.py"]


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Six cases, three assessors, one case assessed twice."""
    return Office(Path(tmp_path_factory.mktemp("office")), double=17)
