"""A store of two nights that the tests of messages share, the messages of the second, and a certificate authority."""

from pathlib import Path

import pytest
import trustme

from omi_rules.notify.documents import Document
from tests.history.nights import Area
from tests.notify.servers import Authority
from tests.notify.telling import documents_of, write_nights
from tests.reports.runs import write_rulebook


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Area:
    """The two nights; nothing is written to their store."""
    folder = tmp_path_factory.mktemp("nights")
    (folder / "export").mkdir()
    area = Area(folder / "export", write_rulebook(folder / "rules"), str(folder / "omi-rules.db"))
    write_nights(area)
    return area


@pytest.fixture(scope="session")
def documents(nights: Area) -> list[Document]:
    """The messages of the second night."""
    return documents_of(nights.store, nights.rules)


@pytest.fixture
def own_store(nights: Area, tmp_path: Path) -> str:
    """A copy of the store to write to."""
    copy = tmp_path / "omi-rules.db"
    copy.write_bytes(Path(nights.store).read_bytes())
    return str(copy)


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Who signs the certificates of the servers."""
    return Authority(trustme.CA())


@pytest.fixture(scope="session")
def small_rules(nights: Area) -> Path:
    """The small rulebook."""
    return nights.rules


@pytest.fixture
def area(tmp_path: Path, small_rules: Path) -> Area:
    """A folder for exports, and a store to write to."""
    (tmp_path / "export").mkdir()
    return Area(tmp_path / "export", small_rules, str(tmp_path / "own.db"))
