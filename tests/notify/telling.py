"""Nights to tell of: a small area in which a little of everything changes, and names that nobody should have."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from omi_rules.history.database import read_store
from omi_rules.history.news import News, read_news
from omi_rules.history.outbox import open_outbox
from omi_rules.history.place import find_place
from omi_rules.notify.documents import Document, make_documents
from omi_rules.notify.settings import Mail, Tries
from omi_rules.rulebook.load import load_rulebook
from tests.history.nights import Area, case, plan, tables

#: A team with a line break, a header, letters of another script, a mark that turns the line round, and no end.
HOSTILE = "Nörd\r\nBcc: thief@example.org\n\n\u202eevil\u2028" + "x" * 10_000
CRITICAL = "tell-somebody"
TRIES = Tries(timeout=0.3, attempts=2, pause=0.01)


def write_nights(area: Area) -> None:
    """A night that every way told of, and another: in it a plan vanished, some were made, a case came, one ended and
    one vanished."""
    wirral = [case(f"W{number}", offender_manager="OM-SECRET", gender="F") for number in range(1, 6)]
    others = [case("H1", team=HOSTILE), case("N1", team=None)]
    others += [case("ENDED", team="Sefton"), case("GONE", team="Sefton")]
    area.night(tables(*wirral, *others, plans=[plan("W1"), plan("W2", headings=False)]))
    tell_of_latest(area.store)
    wirral[3]["ethnicity"] = None
    others[2]["end_date"] = "2006-11-30"
    now = [plan("W2", headings=True), plan("W3", "2006-12-01")]
    new = [case("W9", ethnicity=None), case("H2", team=HOSTILE), case("N2", team=None)]
    area.night(tables(*wirral, *others[:3], *new, plans=now), 1)


def tell_of_latest(store: str) -> None:
    """Every way has told of the latest run, as far as the store knows; nothing is sent."""
    with open_outbox(find_place(store)) as outbox:
        for news in outbox.read_news("@latest", ("mail", "webhook", "files")):
            outbox.keep(news, [], again=False)


def news_of(store: str, name: str = "@latest") -> News:
    """What there is to tell of a run by mail."""
    with read_store(find_place(store)) as connection:
        (news,) = read_news(connection, name, ["mail"])
    return news


def documents_of(store: str, rules: Path, name: str = "@latest") -> list[Document]:
    """The messages of a run."""
    return make_documents(news_of(store, name), load_rulebook(rules))


def mail_settings(port: int, **other: Any) -> Mail:
    """The settings of a mail server on this machine that is tried twice, each time for a moment."""
    known: Mapping[str, Any] = {
        "server": "localhost",
        "port": port,
        "security": "none",
        "sender": "omi-rules@area.example",
        "alerts": "chief@area.example",
        "area": "area@area.example",
        "teams": {"Wirral": "wirral@area.example"},
        "tries": TRIES,
    }
    return Mail(**{**known, **other})
