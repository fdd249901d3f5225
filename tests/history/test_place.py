"""What a store is called in messages: never with a user or a password in it."""

import pytest

from omi_rules.history.place import find_place


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
