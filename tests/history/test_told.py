"""What a run is set beside: each way knows what it told of, and where it told of nothing, all that stands is news."""

from pathlib import Path

import pytest

from omi_rules.history.database import open_for_writing, read_store
from omi_rules.history.news import read_news
from omi_rules.history.outbox import open_outbox
from omi_rules.history.place import find_place
from omi_rules.history.tables import told
from omi_rules.notify.documents import make_documents
from omi_rules.rulebook.load import load_rulebook
from tests.history.conftest import PLACES
from tests.history.nights import Area, case, tables

WAYS = ("mail", "webhook", "files")


@pytest.fixture(scope="module", params=PLACES)
def four_nights(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, small_rules: Path) -> Area:
    """Four nights: A has an alert from the first on, B from the second, C from the third and D from the fourth."""
    folder = tmp_path_factory.mktemp("nights")
    is_file = request.param == "file"
    store = str(folder / "omi-rules.db") if is_file else request.getfixturevalue("server").new_database()
    area = Area(folder / "export", small_rules, store)
    area.folder.mkdir()
    for day in range(4):
        cases = (case(name, ethnicity=None if place <= day else "W1") for place, name in enumerate("ABCD"))
        area.night(tables(*cases), day)
    return area


@pytest.fixture
def nights(four_nights: Area) -> Area:
    """The four nights, of which nobody was told."""
    engine = open_for_writing(find_place(four_nights.store))
    with engine.begin() as connection:
        connection.execute(told.delete())
    engine.dispose()
    return four_nights


def tell(area: Area, run: str, *ways: str) -> None:
    """Tell of a run, as far as the store knows."""
    with open_outbox(find_place(area.store)) as outbox:
        for news in outbox.read_news(run, ways):
            outbox.keep(news, [], again=False)


def beside(area: Area, run: str, *ways: str) -> dict[tuple[str, ...], int]:
    """The number of the run that each way sets a run beside."""
    with read_store(find_place(area.store)) as connection:
        return {news.ways: news.since.number for news in read_news(connection, run, ways)}


def messages_of(area: Area, run: str, way: str) -> list[tuple[str, list[str]]]:
    """The messages that one way is to have: their kinds, and the cases that they name."""
    with read_store(find_place(area.store)) as connection:
        (news,) = read_news(connection, run, [way])
    made = make_documents(news, load_rulebook(area.rules))
    return [(one["kind"], sorted({change["case"] for change in one["changes"]})) for one in made]


def test_where_nothing_was_told_all_alerts_that_stand_are_and_they_alone(nights: Area) -> None:
    assert beside(nights, "3", *WAYS) == {WAYS: 0}
    assert messages_of(nights, "3", "mail") == [("alerts", ["A", "B", "C"])]

    tell(nights, "3", "mail")

    assert messages_of(nights, "4", "mail") == [("alerts", ["D"]), ("team", ["D"]), ("area", [])]


def test_way_that_is_added_later_has_all_alerts_that_stand(nights: Area) -> None:
    tell(nights, "2", "files")
    tell(nights, "3", "files")

    assert messages_of(nights, "3", "mail") == [("alerts", ["A", "B", "C"])]
    assert beside(nights, "3", *WAYS) == {("mail", "webhook"): 0, ("files",): 2}


def test_each_way_tells_of_the_nights_that_it_did_not_tell_of(nights: Area) -> None:
    tell(nights, "1", "mail", "files")
    tell(nights, "2", "files")

    assert beside(nights, "4", "files", "mail") == {("files",): 2, ("mail",): 1}
    assert messages_of(nights, "4", "mail")[:2] == [("alerts", ["B", "C", "D"]), ("team", ["B", "C", "D"])]
    assert messages_of(nights, "4", "files")[0] == ("alerts", ["C", "D"])


def test_run_that_was_told_of_stays_beside_what_it_was_beside(nights: Area) -> None:
    for run in ("1", "4", "3"):
        tell(nights, run, "mail")

    assert [beside(nights, run, "mail") for run in ("3", "4")] == [{("mail",): 1}, {("mail",): 1}]


def test_run_before_all_that_were_told_of_is_beside_the_last_of_an_earlier_day(nights: Area) -> None:
    tell(nights, "4", "mail")

    assert [beside(nights, run, "mail") for run in ("3", "1")] == [{("mail",): 2}, {("mail",): 0}]
    assert beside(nights, "3", "files") == {("files",): 0}
