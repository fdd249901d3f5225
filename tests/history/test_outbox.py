"""Messages in a store: recorded before they go, marked when they have gone, and never beside the runs' own chain."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from omi_rules.history.chain import verify
from omi_rules.history.database import read_store
from omi_rules.history.news import News, read_news
from omi_rules.history.outbox import Outbox, count_forgotten, list_kept, open_outbox, plan_messages
from omi_rules.history.place import find_place
from omi_rules.history.tables import messages
from omi_rules.problems import HeldError, UsageError
from tests.history.nights import Area, case, plan, tables


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory, small_rules: Path) -> Area:
    """Three nights, the last two on one day, and the folder of the last."""
    folder = tmp_path_factory.mktemp("nights")
    (folder / "export").mkdir()
    area = Area(folder / "export", small_rules, str(folder / "omi-rules.db"))
    area.night(tables(case("A"), case("B")))
    area.night(tables(case("A"), case("B"), plans=[plan("A")]), 1)
    area.night(tables(case("A"), case("B"), plans=[plan("A"), plan("B")]), 1, folder / "run")
    return area


@pytest.fixture
def place(nights: Area, tmp_path: Path) -> str:
    """A copy of their store."""
    return str(shutil.copy(nights.store, tmp_path / "copy.db"))


def news_of(store: str, name: str) -> News:
    with read_store(find_place(store)) as connection:
        (news,) = read_news(connection, name, ["mail"])
    return news


def keep(outbox: Outbox, name: str, documents: list[dict[str, Any]], *ways: str, again: bool = False) -> None:
    for news in outbox.read_news(name, ways):
        outbox.keep(news, documents, again=again)


def document(name: str, kind: str = "team", run: int = 3) -> dict[str, Any]:
    return {"id": name, "kind": kind, "team": "Wirral", "run": {"number": run}}


def test_message_waits_until_it_has_gone_and_is_then_known(area: Area, store: str) -> None:
    replace(area, store=store).night(tables(case("A")))
    two = [document("one", run=1), document("two", run=1)]
    with open_outbox(find_place(store)) as outbox:
        keep(outbox, "1", two, "mail", "files")
        first, *others = outbox.list_kept()
        outbox.mark_sent(first, 1)
        outbox.mark_failed(others[0], 2, "the server refused the connection")
        outbox.mark_failed(others[0], 0, "the server dropped the connection")
        keep(outbox, "1", two, "mail", "files")

    with read_store(find_place(store)) as connection:
        assert [(one.id, one.way, one.attempts, one.failed) for one in list_kept(connection)] == [
            ("one", "mail", 2, "the server dropped the connection"),
            ("two", "files", 0, ""),
            ("two", "mail", 0, ""),
        ]
        (gone,) = connection.execute(select(messages).where(messages.c.sent_at.is_not(None)))
        assert (gone.id, gone.way, gone.attempts, gone.document) == ("one", "files", 1, None), "what it said is gone"
        assert verify(connection).faults == ()


def test_alerts_stand_before_what_is_older(place: str) -> None:
    with open_outbox(find_place(place)) as outbox:
        keep(outbox, "2", [document("old", run=2)], "mail")
        keep(outbox, "3", [document("new", "alerts"), document("newer")], "mail")

        assert [one.id for one in outbox.list_kept()] == ["new", "old", "newer"]


def test_message_that_was_given_up_is_not_tried_unless_it_is_asked_for_again(place: str) -> None:
    with open_outbox(find_place(place)) as outbox:
        keep(outbox, "3", [document("one")], "mail")
        assert (outbox.forget_kept(), outbox.forget_kept(), outbox.list_kept()) == (1, 0, [])
        keep(outbox, "3", [document("one")], "mail")
        assert outbox.list_kept() == []
        keep(outbox, "3", [document("one")], "mail", again=True)

        assert [(one.key, one.failed) for one in outbox.list_kept()] == [("one.2", "")]


def test_one_way_is_given_up_without_the_others_and_counted_as_given_up(place: str) -> None:
    with open_outbox(find_place(place)) as outbox:
        keep(outbox, "3", [document("one"), document("two")], "mail", "files")
        outbox.mark_sent(outbox.list_kept()[0], 1)

        assert outbox.forget_kept(["files"]) == 1

    with read_store(find_place(place)) as connection:
        assert [one.way for one in list_kept(connection)] == ["mail", "mail"]
        assert [len(list_kept(connection, [way])) for way in ("files", "mail")] == [0, 2]
        assert [count_forgotten(connection, ways) for ways in ([], ["files"], ["mail"])] == [1, 1, 0]


def test_what_would_be_sent_is_known_without_writing(place: str) -> None:
    with read_store(find_place(place)) as connection:
        planned = plan_messages(connection, [document("one"), document("two")], ["mail"], again=False)

    assert [(number, one.key, one.way) for number, one in planned] == [(1, "one.1", "mail"), (2, "two.1", "mail")]


def test_second_one_is_told_that_the_store_is_held(place: str) -> None:
    with open_outbox(find_place(place)), pytest.raises(HeldError), open_outbox(find_place(place)):
        pass


def test_afternoon_tells_what_the_morning_did_not(place: str) -> None:
    with open_outbox(find_place(place)) as outbox:
        keep(outbox, "1", [], "mail")
        assert outbox.read_news("3", ["mail"])[0].since.number == 1, "a morning that was not told of is told of with it"
        keep(outbox, "2", [], "mail")

    assert news_of(place, "3").since.number == 2


def test_run_is_found_by_the_folder_that_it_is_kept_in(nights: Area, place: str, tmp_path: Path) -> None:
    assert news_of(place, str(Path(nights.store).with_name("run"))).run.number == 3

    other = tmp_path / "other"
    replace(nights, store=str(tmp_path / "other.db")).night(tables(case("Z")), 5, other)
    with pytest.raises(UsageError, match="the store does not have the run in"):
        news_of(place, str(other))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("7", "the store has no run 7: it has 1 to 3"),
        ("@first", "a run is @latest, @previous, a number or a date"),
        ("nowhere", "there is no folder nowhere, and a run is @latest"),
        ("2006-12-24", "the store has no run as at 2006-12-24"),
    ],
)
def test_unknown_run_is_told_with_what_there_is(place: str, name: str, sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        news_of(place, name)

    assert sentence in str(error.value)


def test_folder_that_is_no_run_or_a_part_of_one_is_refused(nights: Area, place: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="is no run: make one with"):
        news_of(place, str(tmp_path / "empty"))

    whole = Path(nights.store).with_name("run") / "run.json"
    part = tmp_path / "part" / "run.json"
    part.parent.mkdir()
    part.write_text(whole.read_text("utf-8").replace('"filters": {}', '"filters": {"teams": ["Wirral"]}'), "utf-8")
    with pytest.raises(UsageError, match="is a run of a part only"):
        news_of(place, str(part.parent))


def test_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no store"), open_outbox(find_place(str(tmp_path / "none.db"))):
        pass

    assert list(tmp_path.iterdir()) == []
