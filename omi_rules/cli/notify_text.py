"""What `notify` says of messages, as text of at most 80 columns that a screen reader can read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from omi_rules.notify.documents import Document, under_pseudonyms
from omi_rules.notify.message_files import file_stem
from omi_rules.notify.settings import Files, Mail, Way
from omi_rules.notify.text import subject_of, team_name, text_of
from omi_rules.reports.columns import align
from omi_rules.reports.words import count, english_date, folded, listed

if TYPE_CHECKING:
    from omi_rules.history.news import News
    from omi_rules.history.outbox import Kept
    from omi_rules.notify.delivery import Delivered

_KINDS = {"alerts": "Public-protection alerts", "area": "The area"}


#: What there is to tell of a run, with its messages: more than one where not all ways set it beside the same run.
Told = Sequence[tuple["News", Sequence[Document]]]


def show_sent(told: Told, delivered: "Delivered", others: Sequence["Kept"]) -> list[str]:
    """What was compared, each message with what became of it, and in the last line the numbers."""
    lines = [line for news, _ in told for line in folded(_compared(news, by_way=len(told) > 1), "  ", "")]
    rows = [[str(one.run), _name(one), one.way, "sent"] for one in delivered.sent]
    rows += [[str(one.run), _name(one), one.way, "kept"] for one, _ in delivered.kept]
    if rows:
        lines += ["", *align(["Run", "Message", "By", "State"], rows, right=(0,), giving=1), ""]
    return [*lines, *folded(_numbers(told, delivered, others), "  ", "")]


def _compared(news: "News", *, by_way: bool) -> str:
    told = f"Run {news.run.number}, as at {english_date(news.run.as_at)}"
    if by_way:
        told += f", by {listed(news.ways)}"
    if news.is_first:
        return f"{told}: the first that is told of. What changed is told from the next run on; alerts at once."
    return f"{told}, beside run {news.since.number}, as at {english_date(news.since.as_at)}."


def _numbers(told: Told, delivered: "Delivered", others: Sequence["Kept"]) -> str:
    numbers = f"{count(len(delivered.sent), 'message')} sent"
    if delivered.kept:
        numbers += f", {len(delivered.kept):,} kept: the next `omi-rules notify` sends what is kept first"
    elif not delivered.sent:
        numbers = f"Nothing to send: {_why_none(told)}"
    if others:
        ways = " and ".join(sorted({message.way for message in others}))
        numbers += f"; {count(len(others), 'message')} kept for {ways}, which was not asked for"
    return f"{numbers}."


def _why_none(told: Told) -> str:
    if any(documents for _, documents in told):
        return "this run was told of before"
    return "there is no alert" if all(news.is_first for news, _ in told) else "nothing changed"


def kept_sentences(delivered: "Delivered") -> Iterator[str]:
    """Why messages are kept, each reason once."""
    reasons: dict[tuple[str, str], int] = {}
    for message, why in delivered.kept:
        reasons[message.way, why] = reasons.get((message.way, why), 0) + 1
    for (way, why), number in reasons.items():
        yield f"{count(number, 'message')} not sent by {way}: {why}."


def show_kept(kept: Sequence["Kept"], forgotten: int, by: Sequence[str]) -> list[str]:
    """The messages that have not gone, and why; how many were given up; all of these ways if any are named."""
    ways = f" for {listed(by)}" if by else ""
    given_up = f"Given up{ways}, and not sent: {count(forgotten, 'message')}."
    if not kept:
        return [f"No message is kept{ways}.", given_up] if forgotten else [f"No message is kept{ways}: all were sent."]
    lines: list[str] = []
    for one in kept:
        tried = f"tried {count(one.attempts, 'time')}" if one.attempts else "not tried"
        why = f": {one.failed}" if one.failed else ""
        lines += folded(f"Run {one.run}, {_name(one)}, by {one.way}: {tried}{why}.", "  ", "")
    chosen = "".join(f" --by {way}" for way in by)
    next_time = f"`omi-rules notify{chosen}` sends them first; `omi-rules notify --forget{chosen}` gives them up."
    return [*lines, *([given_up] if forgotten else []), "", *folded(next_time, "  ", "")]


def show_dry_run(due: Sequence["Kept"], ways: Mapping[str, Way], key: bytes | None) -> Iterator[str]:
    """Every message that would be sent, whole."""
    for number, one in enumerate(due, 1):
        document = one.document if key is None else under_pseudonyms(one.document, key)
        yield f"Message {number} of {len(due)}, {_where(document, ways[one.way])}"
        yield f"Subject: {subject_of(document)}"
        yield ""
        yield text_of(document)
    yield "Nothing was sent." if due else "Nothing to send."


def _where(document: Document, way: Way) -> str:
    if isinstance(way, Mail):
        return f"by mail to {way.address_of(document['kind'], document['team'])}"
    if isinstance(way, Files):
        return f"to the files {way.folder / file_stem(document)}.txt and .json"
    # the rest of an address may be a secret
    return f"as JSON to the webhook at {way.url.hostname}"


def _name(message: "Kept") -> str:
    return _KINDS.get(message.kind) or f"Team {team_name(message.team)}"
