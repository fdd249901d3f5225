"""What the tests of assessments share: one office, whose workbooks nobody changes in place."""

from pathlib import Path

import pytest

from tests.assess.making import Office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Six cases, three assessors, one case assessed twice."""
    return Office(Path(tmp_path_factory.mktemp("office")), double=17)
