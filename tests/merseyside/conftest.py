"""The sample of the report, made and checked once for all tests."""

import pytest

from tests.merseyside.samples import Made, make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Export, answers, run and scores, in a folder that no test changes."""
    return make(tmp_path_factory.mktemp("merseyside"))
