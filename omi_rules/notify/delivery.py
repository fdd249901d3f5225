"""Sends what waits to be sent: each message in a bounded number of attempts and a bounded time, and marks each."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from omi_rules.history.outbox import Kept, Outbox
from omi_rules.notify.documents import Document, under_pseudonyms
from omi_rules.notify.mail import send_mail
from omi_rules.notify.message_files import write_message
from omi_rules.notify.refusals import Refusal
from omi_rules.notify.settings import Mail, Way, Webhook
from omi_rules.notify.webhook import post_message


@dataclass
class Delivered:
    """What came of it: the messages that went, and those that are kept, with why."""

    sent: list[Kept] = field(default_factory=list)
    kept: list[tuple[Kept, str]] = field(default_factory=list)


def deliver(outbox: Outbox, ways: Mapping[str, Way], key: bytes | None, tell: Callable[[str], None]) -> Delivered:
    """Send what waits to go one of these ways, alerts first; under pseudonyms if there is a `key` for them.

    Where a way itself fails, such as a server that does not answer, nothing else is tried that way.
    """
    found = Delivered()
    down: dict[str, str] = {}
    spent = dict.fromkeys(ways, 0.0)
    for message in outbox.list_kept():
        if message.way not in ways:
            continue
        way = ways[message.way]
        if message.way not in down and spent[message.way] > way.tries.longest:
            down[message.way] = "there was no time left to try it"
        attempts, refusal = 0, None
        if message.way not in down:
            tell(f"sending by {message.way}: message {len(found.sent) + len(found.kept) + 1}")
            began = time.monotonic()
            attempts, refusal = _try(message, way, key)
            spent[message.way] += time.monotonic() - began
            if refusal is None:
                outbox.mark_sent(message, attempts)
                found.sent.append(message)
                continue
            if refusal.of_way:
                down[message.way] = refusal.words
        why = refusal.words if refusal else down[message.way]
        outbox.mark_failed(message, attempts, why)
        found.kept.append((message, why))
    return found


def _try(message: Kept, way: Way, key: bytes | None) -> tuple[int, Refusal | None]:
    """Try a message as often as the settings say while there is hope; gives the attempts, and why it did not go."""
    document = message.document if key is None else under_pseudonyms(message.document, key)
    for attempt in range(1, way.tries.attempts + 1):
        try:
            _send(document, way, message.key)
        except Refusal as refusal:
            if not refusal.passing or attempt == way.tries.attempts:
                return attempt, refusal
            time.sleep(way.tries.pause * 2 ** (attempt - 1))
        else:
            return attempt, None
    raise AssertionError("there is always a first attempt")


def _send(document: Document, way: Way, key: str) -> None:
    if isinstance(way, Mail):
        send_mail(document, way, key)
    elif isinstance(way, Webhook):
        post_message(document, way, key)
    else:
        write_message(document, way, key)
