"""What the tests of assessments share: one office, whose workbooks nobody changes in place."""

import shutil
from pathlib import Path

import pytest

from tests.assess.making import Office

#: Where LibreOffice is not installed its tests are left out, and the run says so; the gate installs it first.
collect_ignore = [] if shutil.which("soffice") else ["test_libreoffice.py"]


#: As many as there are cases, so that a workbook is quickly read.
ASSESSORS = """\
assessors:
  - {name: Inspector A, local: false}
  - {name: Inspector B, local: false}
  - {name: Inspector C, local: false}
  - {name: Inspector D, local: false}
  - {name: Local one, local: true, offender_manager: OM1}
  - {name: Local two, local: true, offender_manager: OM2}
"""


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Six cases, six assessors, one case assessed twice."""
    return Office(Path(tmp_path_factory.mktemp("office")), assessors=ASSESSORS, double=17)
