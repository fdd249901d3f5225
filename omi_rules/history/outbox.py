"""The messages of a store: what was sent, so that nothing is sent twice, and what was not, so that nothing is lost.

A message is recorded before it is sent, and marked afterwards: whatever ends the program between, the next attempt
sends the same message again under the same name, by which mail servers and receivers know it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, case, func, select, true

from omi_rules.history.chain import canonical, pack, unpack
from omi_rules.history.database import plain_faults
from omi_rules.history.news import News, read_news
from omi_rules.history.place import Place
from omi_rules.history.tables import messages, told
from omi_rules.history.writer import hold_store
from omi_rules.problems import UsageError

#: The kind of message that goes before all others.
FIRST = "alerts"


@dataclass(frozen=True)
class Kept:
    """A message that waits to go one way. `failed` says why it has not gone yet; empty if nobody has tried."""

    id: str
    way: str
    run: int
    kind: str
    team: str | None
    edition: int
    attempts: int
    failed: str
    document: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What the message is known by, however often it is sent: another edition is another message."""
        return f"{self.id}.{self.edition}"


@contextmanager
def open_outbox(place: Place) -> Iterator["Outbox"]:
    """The messages of a store, for this process alone, so that no other sends them too; HeldError if one does."""
    if place.path is not None and not place.path.is_file():
        raise UsageError(f"there is no store {place.words}: `omi-rules check EXPORT --store {place.words}` makes one.")
    with hold_store(place) as engine:
        yield Outbox(place, engine)


class Outbox:
    """Messages to be sent; each method is a transaction of its own."""

    def __init__(self, place: Place, engine: Engine) -> None:
        self._place = place
        self._engine = engine

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with plain_faults(self._place), self._engine.begin() as connection:
            yield connection

    def read_news(self, name: str, ways: Sequence[str]) -> list[News]:
        """The news of a run, by its name or its folder; one for the ways that set it beside the same run."""
        with self._begin() as connection:
            return read_news(connection, name, ways)

    def keep(self, news: News, documents: Sequence[Mapping[str, Any]], *, again: bool) -> None:
        """Record the messages of a run, to go the ways of its news; with `again`, those that went go once more."""
        run = news.run.number
        with self._begin() as connection:
            known = set(connection.execute(select(told.c.way).where(told.c.run == run)).scalars())
            for way in sorted(set(news.ways) - known):
                connection.execute(told.insert().values(run=run, way=way, since=news.since.number))
            for place, message in plan_messages(connection, documents, news.ways, again=again):
                cells = {"edition": message.edition, "attempts": 0, "document": pack(canonical(message.document))}
                if message.edition > 1:
                    self._change(connection, message, {**cells, "sent_at": None, "failed": None})
                    continue
                names = {name: getattr(message, name) for name in ("id", "way", "run", "kind", "team")}
                connection.execute(messages.insert().values(**names, **cells, place=place))

    def forget_kept(self, ways: Sequence[str] = ()) -> int:
        """Give up the messages that have not gone, by these ways if any are named: nobody tries them again; gives how
        many."""
        with self._begin() as connection:
            waiting = messages.update().where(messages.c.document.is_not(None) & _goes_by(ways))
            return connection.execute(waiting.values(document=None, failed="given up")).rowcount

    def mark_sent(self, message: Kept, attempts: int) -> None:
        """Record that a message has gone; what it said is not kept any longer."""
        sent = {
            "sent_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "attempts": messages.c.attempts + attempts,
            "failed": None,
            "document": None,
        }
        with self._begin() as connection:
            self._change(connection, message, sent)

    def mark_failed(self, message: Kept, attempts: int, why: str) -> None:
        """Record why a message has not gone."""
        with self._begin() as connection:
            self._change(connection, message, {"attempts": messages.c.attempts + attempts, "failed": why})

    def list_kept(self) -> list[Kept]:
        """The messages that have not gone."""
        with self._begin() as connection:
            return list_kept(connection)

    def _change(self, connection: Connection, message: Any, cells: Mapping[str, Any]) -> None:
        this = (messages.c.id == message.id) & (messages.c.way == message.way)
        connection.execute(messages.update().where(this).values(**cells))


def plan_messages(
    connection: Connection, documents: Sequence[Mapping[str, Any]], ways: Sequence[str], *, again: bool
) -> list[tuple[int, Kept]]:
    """What there is to send of these messages, with the place of each: not what has gone, or waits already.

    With `again`, what has gone is another edition of itself."""
    found = []
    for place, document in enumerate(documents, 1):
        known = {
            row.way: row for row in connection.execute(select(messages).where(messages.c.id == document["id"])).all()
        }
        for way in ways:
            row = known.get(way)
            if row is None or (again and row.document is None):
                edition = row.edition + 1 if row else 1
                names = {name: document[name] for name in ("id", "kind", "team")}
                number = document["run"]["number"]
                message = Kept(**names, way=way, run=number, edition=edition, attempts=0, failed="", document=document)
                found.append((place, message))
    return found


def count_forgotten(connection: Connection, ways: Sequence[str] = ()) -> int:
    """How many messages were given up, by these ways if any are named: they never went, and do not wait."""
    lost = messages.c.document.is_(None) & messages.c.sent_at.is_(None) & _goes_by(ways)
    return connection.execute(select(func.count()).select_from(messages).where(lost)).scalar_one()


def _goes_by(ways: Sequence[str]) -> ColumnElement[bool]:
    return messages.c.way.in_(ways) if ways else true()


def list_kept(connection: Connection, ways: Sequence[str] = ()) -> list[Kept]:
    """The messages that have not gone, by these ways if any are named: alerts first, then the oldest."""
    urgent = case((messages.c.kind == FIRST, 0), else_=1)
    waiting = (
        select(messages)
        .where(messages.c.document.is_not(None) & _goes_by(ways))
        .order_by(urgent, messages.c.run, messages.c.place, messages.c.way)
    )
    return [
        Kept(
            id=row.id,
            way=row.way,
            run=row.run,
            kind=row.kind,
            team=row.team,
            edition=row.edition,
            attempts=row.attempts,
            failed=row.failed or "",
            document=unpack(row.document),
        )
        for row in connection.execute(waiting)
    ]
