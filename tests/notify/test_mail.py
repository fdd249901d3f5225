"""Mail on a real server: what arrives, how it is encrypted, and what is said when it does not arrive."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest

from omi_rules.notify.documents import Document
from omi_rules.notify.mail import make_mail, send_mail
from omi_rules.notify.refusals import Refusal
from omi_rules.notify.text import subject_of, text_of
from tests.notify.servers import (
    Authority,
    Inbox,
    Talk,
    drop_at_once,
    drop_in_the_middle_of_data,
    free_port,
    mail_server,
    raw_server,
    say_nothing,
    speak_slowly,
)
from tests.notify.telling import HOSTILE, TRIES, mail_settings

KEY = "0123.1"


@pytest.fixture
def hostile(documents: list[Document]) -> Document:
    return next(one for one in documents if one["team"] == HOSTILE)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def port(inbox: Inbox) -> Iterator[int]:
    with mail_server(inbox) as port:
        yield port


def refusal(document: Document, port: int, **settings: Any) -> Refusal:
    with pytest.raises(Refusal) as error:
        send_mail(document, mail_settings(port, **settings), KEY)
    return error.value


def test_mail_arrives_with_the_text_and_headers_that_say_who_and_what(
    documents: list[Document], inbox: Inbox, port: int
) -> None:
    send_mail(documents[0], mail_settings(port), KEY)

    ((to, mail),) = inbox.mails
    assert (to, mail["To"], mail["From"]) == (
        "chief@area.example",
        "chief@area.example",
        "omi-rules <omi-rules@area.example>",
    )
    assert mail["Subject"] == subject_of(documents[0])
    assert mail.get_content().replace("\r\n", "\n") == text_of(documents[0])
    assert mail["Message-ID"] == "<omi-rules.0123.1@area.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Importance"] == "high"
    assert mail["Date"].datetime.tzinfo is not None
    assert inbox.greeted_by == ["area.example"], "and not the name of this machine"


def test_digest_is_no_urgent_mail(documents: list[Document]) -> None:
    assert "Importance" not in make_mail(documents[-1], "a@b.example", "c@d.example", KEY)


def test_name_of_a_team_cannot_become_a_header(hostile: Document, inbox: Inbox, port: int) -> None:
    send_mail(hostile, mail_settings(port), KEY)

    ((to, mail),) = inbox.mails
    assert to == "area@area.example"
    assert "Bcc" not in mail
    assert mail["Subject"] == subject_of(hostile)
    assert mail["Subject"].startswith("Nörd? Bcc: thief@example.org ?evil")
    wire = make_mail(hostile, to, "c@d.example", KEY).as_bytes()
    assert max(map(len, wire.split(b"\r\n"))) <= 78
    assert wire.isascii()
    parsed = BytesParser(policy=default).parsebytes(wire)
    assert isinstance(parsed, EmailMessage)
    assert parsed.get_content().replace("\r\n", "\n") == text_of(hostile)


def test_starttls_encrypts_and_signs_in(documents: list[Document], authority: Authority, inbox: Inbox) -> None:
    settings = {"tls_context": authority.serves(), "require_starttls": True, "password": b"secret"}
    signed_in = {"security": "starttls", "trust": authority.trusted(), "user": "omi", "password": "secret"}
    with mail_server(inbox, **settings) as port:
        send_mail(documents[-1], mail_settings(port, **signed_in), KEY)
        wrong = refusal(documents[-1], port, **{**signed_in, "password": "guess"})

    assert len(inbox.mails) == 1
    assert wrong.words == "the server refused the user or the password for good (answer 535)"
    assert (wrong.passing, wrong.of_way) == (False, True)


def test_tls_from_the_first_byte_works_too(documents: list[Document], authority: Authority, inbox: Inbox) -> None:
    with mail_server(inbox, ssl_context=authority.serves()) as port:
        send_mail(documents[-1], mail_settings(port, security="tls", trust=authority.trusted()), KEY)

    assert len(inbox.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_certificate_of_another_name_is_not_believed(
    documents: list[Document], authority: Authority, inbox: Inbox, security: str
) -> None:
    shown = authority.serves("other.example")
    settings: dict[str, Any] = {"tls_context": shown} if security == "starttls" else {"ssl_context": shown}
    with mail_server(inbox, **settings) as port:
        found = refusal(documents[-1], port, security=security, trust=authority.trusted())

    assert found.words.startswith("the server's certificate is for another name")
    assert (found.passing, found.of_way, inbox.mails) == (False, True, [])


def test_certificate_of_an_authority_that_is_not_known_is_not_believed(
    documents: list[Document], authority: Authority, inbox: Inbox
) -> None:
    with mail_server(inbox, tls_context=authority.serves()) as port:
        found = refusal(documents[-1], port, security="starttls", trust=ssl.create_default_context())

    assert "signed by an authority that is not known here: name it in ca_file" in found.words
    assert inbox.mails == []


def test_server_without_starttls_gets_nothing(
    documents: list[Document], authority: Authority, inbox: Inbox, port: int
) -> None:
    secrets = {"trust": authority.trusted(), "user": "omi", "password": "secret"}
    found = refusal(documents[-1], port, security="starttls", **secrets)

    assert found.words == "the server offers no STARTTLS: look at the security and the port"
    assert (found.passing, inbox.mails) == (False, [])


def test_server_that_lets_nobody_sign_in_is_told_of(documents: list[Document], port: int) -> None:
    found = refusal(documents[-1], port, user="omi", password="secret")

    assert found.words == "the server offers no sign-in that is known here"
    assert not found.passing


@pytest.mark.parametrize(
    ("command", "answer", "words", "passing", "of_way"),
    [
        ("RCPT", "550 no such user wirral@area.example", "refused the recipient for good (answer 550)", False, False),
        ("RCPT", "451 come back later", "refused the recipient for now (answer 451)", True, False),
        ("MAIL", "553 not you", "refused the sender for good (answer 553)", False, True),
        ("DATA", "554 no thanks", "refused the message for good (answer 554)", False, False),
        ("DATA", "452 no room", "refused the message for now (answer 452)", True, False),
        ("DATA", "421 closing", "refused the message for now (answer 421)", True, True),
    ],
)
def test_answer_of_the_server_is_told_in_plain_words_and_without_its_own(
    documents: list[Document], command: str, answer: str, words: str, passing: bool, of_way: bool
) -> None:
    with mail_server(Inbox({command: [answer]})) as port:
        found = refusal(documents[-1], port)

    assert found.words == f"the server {words}"
    assert (found.passing, found.of_way) == (passing, of_way)


@pytest.mark.parametrize(
    ("talk", "words"),
    [
        (say_nothing, "the server did not answer within 0.3 s"),
        (speak_slowly, "the server did not answer within 0.3 s"),
        (drop_at_once, "the server dropped the connection"),
        (drop_in_the_middle_of_data, "the server dropped the connection"),
        (lambda connection: connection.sendall(b"421 too many\r\n"), "refused the connection for now (answer 421)"),
        (lambda connection: connection.sendall(b"554 no\r\n"), "refused the connection for good (answer 554)"),
        (lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n"), "answer is no SMTP"),
    ],
    ids=["half-open", "slow", "hangs up", "in the middle of DATA", "busy", "closed", "of another kind"],
)
@pytest.mark.parametrize("security", ["none", "starttls"])
def test_server_that_fails_is_given_up_in_time(
    documents: list[Document], authority: Authority, talk: Talk, words: str, security: str
) -> None:
    if talk is drop_in_the_middle_of_data and security == "starttls":
        words = "offers no STARTTLS"
    with raw_server(talk) as port:
        found = refusal(documents[-1], port, security=security, trust=authority.trusted())

    assert words in found.words
    assert found.of_way


@pytest.mark.parametrize("talk", [say_nothing, drop_at_once, speak_slowly], ids=["half-open", "hangs up", "slow"])
def test_server_that_fails_to_encrypt_is_given_up_in_time(
    documents: list[Document], authority: Authority, talk: Talk
) -> None:
    with raw_server(talk) as port:
        found = refusal(documents[-1], port, security="tls", trust=authority.trusted())

    assert (found.passing, found.of_way) == (True, True)


def test_port_that_nobody_listens_on_is_told_of(documents: list[Document]) -> None:
    found = refusal(documents[-1], free_port())

    assert found.words == "the server refused the connection"
    assert (found.passing, found.of_way) == (True, True)


def test_name_that_nobody_has_is_told_of(documents: list[Document]) -> None:
    found = refusal(documents[-1], 25, server="nobody.invalid", tries=replace(TRIES, timeout=5))

    assert found.words == "the server's name is not known to this machine"


def test_mail_that_was_taken_has_gone_whatever_the_server_says_afterwards(documents: list[Document]) -> None:
    class Rude(Inbox):
        async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            return "500 never heard of it"

    inbox = Rude()
    with mail_server(inbox) as port:
        send_mail(documents[-1], mail_settings(port), KEY)

    assert len(inbox.mails) == 1
