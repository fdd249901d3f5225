"""Real servers on this machine for tests: mail and webhook servers that work, refuse, speak slowly, or not at all."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

HOST = "127.0.0.1"
Talk = Callable[[socket.socket], None]


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the tests' own."""

    ca: trustme.CA

    def serves(self, name: str = "localhost") -> ssl.SSLContext:
        """What a server of that name shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(name).configure_cert(context)
        return context

    def trusted(self) -> ssl.SSLContext:
        """Whom one believes who believes the authority alone."""
        context = ssl.create_default_context()
        self.ca.configure_trust(context)
        return context


@dataclass
class Inbox:
    """A mail server's own part: what it answers, and the mails that it took, with whom they are for."""

    answers: Mapping[str, list[str]] = field(default_factory=dict)
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    greeted_by: list[str] = field(default_factory=list)

    def answer(self, command: str) -> str | None:
        """The next answer to a command, if it is to be another than yes."""
        waiting = self.answers.get(command, [])
        return waiting.pop(0) if waiting else None

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.greeted_by.append(hostname)
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if answer := self.answer("MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if answer := self.answer("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if answer := self.answer("DATA"):
            return answer
        mail = BytesParser(policy=default).parsebytes(envelope.content)
        self.mails.append((",".join(envelope.rcpt_tos), mail))  # type: ignore[arg-type]
        return "250 OK"


@contextmanager
def mail_server(inbox: Inbox, **settings: Any) -> Iterator[int]:
    """A mail server; gives its port. `password`: whom it lets in; `tls_context` or `ssl_context`: how it encrypts."""
    if password := settings.pop("password", None):

        def judge(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
            return AuthResult(success=(given.login, given.password) == (b"omi", password), handled=False)

        settings |= {"authenticator": judge, "auth_required": True}
    controller = Controller(inbox, hostname=HOST, port=free_port(), ready_timeout=10, **settings)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def raw_server(talk: Talk) -> Iterator[int]:
    """A server that does with each connection what it is told to; gives its port."""
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        # what waits in accept wakes up only so
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def say_nothing(connection: socket.socket) -> None:
    """Accepts, and never speaks; ends when the other side has given up."""
    while connection.recv(1000):
        pass


def speak_slowly(connection: socket.socket) -> None:
    """Says a letter now and then, and never comes to the end of a line."""
    while True:
        connection.sendall(b"2")
        time.sleep(0.05)


def drop_at_once(connection: socket.socket) -> None:
    """Hangs up."""


def drop_in_the_middle_of_data(connection: socket.socket) -> None:
    """Takes a mail's first lines, and hangs up."""
    lines = connection.makefile("rb")
    with lines:
        connection.sendall(b"220 here\r\n")
        for line in lines:
            word = line[:4].upper().strip()
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                lines.readline()
                return
            connection.sendall(b"250 OK\r\n")


@dataclass
class Receiver:
    """A webhook's own part: what it answers, one after the other and then 204, and what it was sent."""

    answers: list[int] = field(default_factory=list)
    requests: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)


@contextmanager
def web_server(receiver: Receiver, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A web server; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests.append((self.path, dict(self.headers.items()), body))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.send_header("Location", "https://elsewhere.example/")
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
            pass

    class Server(HTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that does not believe the certificate hangs up: that is no fault of the server's."""

    server = Server((HOST, 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
