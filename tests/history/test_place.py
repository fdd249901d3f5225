"""What a store is called in messages: never with a user or a password in it."""

from pathlib import Path

import pytest

from omi_rules.history.place import find_place
from omi_rules.problems import UsageError


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@server:5433/area",
        "postgresql+psycopg://server:5433/area?user=me&password=secret",
        "postgres://server:5433/area?password=secret&sslmode=require",
    ],
)
def test_words_name_the_database_alone(url: str) -> None:
    place = find_place(url)

    assert place.words == "postgresql://server:5433/area"
    assert "secret" in (place.url or "")


@pytest.mark.parametrize("target", ["real/omi-rules.db", "../links/real/omi-rules.db", "real/none.db"])
def test_link_is_the_place_that_it_leads_to_and_is_named_as_it_was_typed(target: str, tmp_path: Path) -> None:
    links = tmp_path / "links"
    (links / "real").mkdir(parents=True)
    (links / "real" / "omi-rules.db").touch()
    link = links / "store.db"
    link.symlink_to(target)

    place = find_place(str(link))

    assert (place.path, place.words) == (find_place(str(links / target)).path, str(link))
    assert place.path is not None
    assert place.path.parent == (links / "real").resolve()


def test_folder_that_is_a_link_is_followed_too(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")

    assert find_place(str(tmp_path / "link" / "a.db")).path == find_place(str(tmp_path / "real" / "a.db")).path


def test_link_that_leads_in_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.db").symlink_to("two.db")
    (tmp_path / "two.db").symlink_to("one.db")

    with pytest.raises(UsageError, match="leads back to itself"):
        find_place(str(tmp_path / "one.db"))
