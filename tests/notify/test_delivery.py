"""Delivery in a bounded number of attempts: what went is not sent again, and what did not go is kept and goes first."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from omi_rules.history.database import read_store
from omi_rules.history.outbox import Kept, Outbox, list_kept, open_outbox
from omi_rules.history.place import find_place
from omi_rules.notify.delivery import Delivered, deliver
from omi_rules.notify.documents import Document
from omi_rules.notify.settings import Files, Tries, Way, Webhook
from tests.notify.servers import Inbox, Receiver, free_port, mail_server, raw_server, say_nothing, web_server
from tests.notify.telling import TRIES, mail_settings


def send(
    store: str, documents: Sequence[Document], ways: dict[str, Way], *, again: bool = False, key: bytes | None = None
) -> Delivered:
    with open_outbox(find_place(store)) as outbox:
        for news in outbox.read_news("@latest", list(ways)):
            outbox.keep(news, documents, again=again)
        return deliver(outbox, ways, key, lambda _: None)


def kept(store: str) -> list[Kept]:
    with read_store(find_place(store)) as connection:
        return list_kept(connection)


def test_everything_goes_once_alerts_first(own_store: str, documents: list[Document]) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        ways: dict[str, Way] = {"mail": mail_settings(port)}
        first, second = send(own_store, documents, ways), send(own_store, documents, ways)

    assert [to for to, _ in inbox.mails] == [
        *("chief@area.example", "area@area.example", "area@area.example", "wirral@area.example"),
        *("area@area.example", "area@area.example"),
    ]
    assert (len(first.sent), first.kept) == (6, [])
    assert (second.sent, second.kept, kept(own_store)) == ([], [], [])


def test_answer_for_now_is_tried_again_as_the_same_message(own_store: str, documents: list[Document]) -> None:
    inbox = Inbox({"DATA": ["421 closing"], "RCPT": ["451 later"]})
    with mail_server(inbox) as port:
        ways: dict[str, Way] = {"mail": mail_settings(port, tries=replace(TRIES, attempts=3))}
        found = send(own_store, documents[:1], ways)

    assert (len(found.sent), found.kept, len(inbox.mails)) == (1, [], 1)


def test_no_more_is_tried_than_the_settings_say(own_store: str, documents: list[Document]) -> None:
    inbox = Inbox({"RCPT": ["451 later"] * 3})
    with mail_server(inbox) as port:
        found = send(own_store, documents[:1], {"mail": mail_settings(port)})

    assert inbox.answers == {"RCPT": ["451 later"]}
    ((message, why),) = found.kept
    assert why == "the server refused the recipient for now (answer 451)"
    assert [(one.id, one.attempts, one.failed) for one in kept(own_store)] == [(message.id, 2, why)]


def test_refused_recipient_stops_no_other_message(own_store: str, documents: list[Document]) -> None:
    inbox = Inbox({"RCPT": ["550 unknown"]})
    with mail_server(inbox) as port:
        found = send(own_store, documents, {"mail": mail_settings(port)})

    assert (len(found.sent), len(found.kept)) == (5, 1)
    assert kept(own_store)[0].attempts == 1, "an answer for good is not asked for twice"


def test_server_that_is_down_is_tried_for_one_message_and_all_are_kept(
    own_store: str, documents: list[Document]
) -> None:
    with raw_server(say_nothing) as port:
        found = send(own_store, documents, {"mail": mail_settings(port)})

    assert (found.sent, len(found.kept)) == ([], 6)
    assert [one.attempts for one in kept(own_store)] == [2, 0, 0, 0, 0, 0]
    assert {one.failed for one in kept(own_store)} == {"the server did not answer within 0.3 s"}


def test_what_was_kept_goes_first_the_next_time_and_as_the_same_message(
    own_store: str, documents: list[Document]
) -> None:
    down: dict[str, Way] = {"mail": mail_settings(free_port())}
    send(own_store, documents, down)
    waiting = kept(own_store)
    inbox = Inbox()
    with mail_server(inbox) as port:
        # nothing of the run is asked for any more: what is kept knows what it says
        found = send(own_store, [], {"mail": mail_settings(port, teams={"Wirral": "new@area.example"})})

    assert [one.key for one in found.sent] == [one.key for one in waiting]
    assert [mail["Message-ID"] for _, mail in inbox.mails] == [
        f"<omi-rules.{one.id}.1@area.example>" for one in waiting
    ]
    assert "new@area.example" in {to for to, _ in inbox.mails}, "an address that was put right is the one that counts"
    assert kept(own_store) == []


def test_alert_of_today_goes_before_what_was_kept_yesterday(own_store: str, documents: list[Document]) -> None:
    down: dict[str, Way] = {"mail": mail_settings(free_port())}
    send(own_store, documents[1:], down)
    inbox = Inbox()
    with mail_server(inbox) as port:
        send(own_store, documents, {"mail": mail_settings(port)})

    assert inbox.mails[0][0] == "chief@area.example"
    assert len(inbox.mails) == 6


def test_way_that_fails_stops_no_other_way(own_store: str, documents: list[Document], tmp_path: Path) -> None:
    receiver = Receiver()
    with web_server(receiver) as port:
        ways: dict[str, Way] = {
            "mail": mail_settings(free_port()),
            "webhook": Webhook(urlsplit(f"http://127.0.0.1:{port}/"), tries=TRIES),
            "files": Files(tmp_path / "messages"),
        }
        found = send(own_store, documents, ways)

    assert len(receiver.requests) == 6
    assert len(list((tmp_path / "messages").glob("*.txt"))) == 6
    assert {message.way for message, _ in found.kept} == {"mail"}


def test_again_sends_once_more_under_another_name(own_store: str, documents: list[Document]) -> None:
    receiver = Receiver()
    with web_server(receiver) as port:
        ways: dict[str, Way] = {"webhook": Webhook(urlsplit(f"http://127.0.0.1:{port}/"), tries=TRIES)}
        for again in (False, False, True):
            send(own_store, documents[:1], ways, again=again)

    keys = [headers["Idempotency-Key"] for _, headers, _ in receiver.requests]
    assert keys == [f"{documents[0]['id']}.1", f"{documents[0]['id']}.2"]
    assert receiver.requests[0][2] == receiver.requests[1][2]


def test_webhook_that_fails_for_now_is_told_again_with_the_same_key(own_store: str, documents: list[Document]) -> None:
    receiver = Receiver([503])
    with web_server(receiver) as port:
        ways: dict[str, Way] = {"webhook": Webhook(urlsplit(f"http://127.0.0.1:{port}/"), tries=TRIES)}
        found = send(own_store, documents[:1], ways)

    first, second = ((headers["Idempotency-Key"], body) for _, headers, body in receiver.requests)
    assert first == second
    assert len(found.sent) == 1


def test_pseudonyms_hide_what_is_kept_too(own_store: str, documents: list[Document]) -> None:
    send(own_store, documents, {"mail": mail_settings(free_port())})
    inbox = Inbox()
    with mail_server(inbox) as port:
        send(own_store, documents, {"mail": mail_settings(port)}, key=bytes(32))

    text = "".join(mail.get_content() for _, mail in inbox.mails)
    assert len(inbox.mails) == 6
    for case_id in ("W4", "W9", "H2", "GONE"):
        assert f"    {case_id}" not in text


def test_time_that_is_spent_is_the_end_of_it(
    own_store: str, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox()
    monkeypatch.setattr(Tries, "longest", 0.0)  # spent by the first message
    with mail_server(inbox) as port:
        found = send(own_store, documents, {"mail": mail_settings(port)})

    assert (len(found.sent), len(found.kept)) == (1, 5)
    assert {why for _, why in found.kept} == {"there was no time left to try it"}


def test_end_between_sending_and_marking_sends_the_same_message_again(
    own_store: str, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> None:
        raise KeyboardInterrupt

    inbox = Inbox()
    with mail_server(inbox) as port:
        ways: dict[str, Way] = {"mail": mail_settings(port)}
        with monkeypatch.context() as patched:
            patched.setattr(Outbox, "mark_sent", end)
            with pytest.raises(KeyboardInterrupt):
                send(own_store, documents, ways)
        assert (len(inbox.mails), len(kept(own_store))) == (1, 6)
        send(own_store, documents, ways)

    first, second, *others = (mail["Message-ID"] for _, mail in inbox.mails)
    assert (first == second, len(others)) == (True, 5)
