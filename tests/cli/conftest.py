"""A small synthetic area that the tests of the command line share."""

from pathlib import Path

import pytest

from omi_rules.demo.area import write_area


@pytest.fixture(scope="session")
def area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of 200 cases."""
    folder = tmp_path_factory.mktemp("area")
    write_area(folder, 200, threads=1)
    return folder
