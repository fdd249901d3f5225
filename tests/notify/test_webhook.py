"""A webhook on a real server: what it is sent, how it is encrypted, and what is said when it does not take it."""

import json
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import pytest

from omi_rules.notify.documents import Document
from omi_rules.notify.refusals import Refusal
from omi_rules.notify.settings import Webhook
from omi_rules.notify.webhook import post_message
from tests.notify.servers import (
    Authority,
    Receiver,
    Talk,
    drop_at_once,
    free_port,
    raw_server,
    say_nothing,
    speak_slowly,
    web_server,
)
from tests.notify.telling import TRIES

KEY = "0123.1"


def answer_in_another_language(connection: socket.socket) -> None:
    connection.recv(100_000)
    connection.sendall(b"220 smtp.example\r\n")
    say_nothing(connection)


def settings(url: str, **other: Any) -> Webhook:
    return Webhook(urlsplit(url), **{"tries": TRIES, **other})


def refusal(document: Document, url: str, **other: Any) -> Refusal:
    with pytest.raises(Refusal) as error:
        post_message(document, settings(url, **other), KEY)
    return error.value


def test_message_arrives_as_json_with_its_key_and_token(documents: list[Document], authority: Authority) -> None:
    receiver = Receiver()
    with web_server(receiver, authority.serves()) as port:
        url = f"https://localhost:{port}/omi?area=1"
        post_message(documents[1], settings(url, token="t0ken", trust=authority.trusted()), KEY)

    ((path, headers, body),) = receiver.requests
    assert path == "/omi?area=1"
    assert json.loads(body) == documents[1]
    assert headers["Idempotency-Key"] == KEY
    assert headers["Authorization"] == "Bearer t0ken"
    assert headers["Content-Type"] == "application/json; charset=utf-8"


def test_without_a_token_there_is_no_sign_in(documents: list[Document]) -> None:
    receiver = Receiver()
    with web_server(receiver) as port:
        post_message(documents[-1], settings(f"http://127.0.0.1:{port}"), KEY)

    ((path, headers, _),) = receiver.requests
    assert path == "/"
    assert "Authorization" not in headers


def test_certificate_of_another_name_is_not_believed(documents: list[Document], authority: Authority) -> None:
    receiver = Receiver()
    with web_server(receiver, authority.serves("other.example")) as port:
        found = refusal(documents[-1], f"https://localhost:{port}/", trust=authority.trusted())

    assert found.words.startswith("the server's certificate is for another name")
    assert (found.passing, found.of_way, receiver.requests) == (False, True, [])


def test_authority_that_is_not_known_is_not_believed(documents: list[Document], authority: Authority) -> None:
    receiver = Receiver()
    with web_server(receiver, authority.serves()) as port:
        found = refusal(documents[-1], f"https://localhost:{port}/", trust=ssl.create_default_context())

    assert "an authority that is not known here" in found.words
    assert receiver.requests == []


def test_server_that_does_not_encrypt_gets_nothing(documents: list[Document], authority: Authority) -> None:
    receiver = Receiver()
    with web_server(receiver) as port:
        found = refusal(documents[-1], f"https://localhost:{port}/", token="t0ken", trust=authority.trusted())

    assert found.words.startswith("no encryption could be agreed with the server")
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("status", "words", "passing", "of_way"),
    [
        (301, "it has moved (answer 301)", False, True),
        (401, "refused the token (answer 401)", False, True),
        (403, "refused the token (answer 403)", False, True),
        (404, "refused the message for good (answer 404)", False, True),
        (413, "refused the message for good (answer 413)", False, False),
        (429, "refused the message for now (answer 429)", True, True),
        (500, "refused the message for now (answer 500)", True, False),
        (503, "refused the message for now (answer 503)", True, True),
    ],
)
def test_answer_of_the_server_is_told_in_plain_words(
    documents: list[Document], status: int, words: str, passing: bool, of_way: bool
) -> None:
    receiver = Receiver([status])
    with web_server(receiver) as port:
        found = refusal(documents[-1], f"http://127.0.0.1:{port}/secret-path")

    assert words in found.words
    assert "secret-path" not in found.words
    assert (found.passing, found.of_way) == (passing, of_way)
    assert len(receiver.requests) == 1, "a new address that an answer names is not gone to"


@pytest.mark.parametrize(
    ("talk", "words"),
    [
        (say_nothing, "did not answer within 0.3 s"),
        (drop_at_once, "dropped the connection"),
        (answer_in_another_language, "answer is no HTTP"),
    ],
    ids=["half-open", "hangs up", "of another kind"],
)
def test_server_that_fails_is_given_up_in_time(documents: list[Document], talk: Talk, words: str) -> None:
    with raw_server(talk) as port:
        found = refusal(documents[-1], f"http://127.0.0.1:{port}/")

    assert words in found.words
    assert found.of_way


def test_server_that_speaks_slowly_is_given_up_in_time(documents: list[Document]) -> None:
    def drip(connection: Any) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        speak_slowly(connection)

    with raw_server(drip) as port:
        found = refusal(documents[-1], f"http://127.0.0.1:{port}/")

    assert found.words == "the server did not answer within 0.3 s"


def test_port_that_nobody_listens_on_is_told_of(documents: list[Document]) -> None:
    found = refusal(documents[-1], f"http://127.0.0.1:{free_port()}/")

    assert (found.words, found.passing, found.of_way) == ("the server refused the connection", True, True)
