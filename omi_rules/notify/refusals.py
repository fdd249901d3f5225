"""Why a message did not go, in plain words that hold no address, no answer of a server and no secret."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

#: What OpenSSL says of a certificate, by its number, in words.
_CERTIFICATES = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by nobody but itself: name it in ca_file if it is yours",
    19: "is signed by an authority that is not known here: name it in ca_file if it is yours",
    20: "is signed by an authority that is not known here: name it in ca_file if it is yours",
    62: "is for another name: write the server's name as in its certificate",
    64: "is for another address: write the server's name as in its certificate",
}

_MOMENT = 0.05


class Refusal(Exception):
    """A message did not go. `passing`: it may go if it is tried again; `of_way`: no other message would go either."""

    def __init__(self, words: str, *, passing: bool, of_way: bool) -> None:
        super().__init__(words)
        self.words = words
        self.passing = passing
        self.of_way = of_way


class Watch:
    """Ends an attempt when its time is up, also with a server that says something now and then.

    A timeout of a socket starts again with each byte; this one cuts the connection. Half an answer may look like a
    whole one then: whatever came of it, an attempt that was cut is refused.
    """

    def __init__(self, seconds: float, connection: Callable[[], socket.socket | None]) -> None:
        self.seconds = seconds
        self._connection = connection
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._cut_in_time, daemon=True)
        self._has_cut = False
        self._ends = time.monotonic() + seconds

    def __enter__(self) -> "Watch":
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._watcher.join()
        if self._has_cut and (error is None or isinstance(error, Exception)):
            raise self.refusal from None

    @property
    def refusal(self) -> Refusal:
        """What an attempt whose time is up comes to."""
        return Refusal(f"the server did not answer within {self.seconds:g} s", passing=True, of_way=True)

    @property
    def is_over(self) -> bool:
        """Whether the time is up; a timeout of the socket itself comes a moment before or after."""
        return time.monotonic() >= self._ends - _MOMENT

    def _cut_in_time(self) -> None:
        wait = self.seconds
        # again and again: a connection may only be made, or become an encrypted one, after the time is up
        while not self._ended.wait(wait):
            wait = _MOMENT
            if (connection := self._connection()) is not None:
                self._has_cut = True
                with suppress(OSError):  # it has ended by itself
                    # that of the plain socket: encryption that is in use by the other thread is not touched
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)


def explain_failure(error: OSError, watch: Watch) -> Refusal:
    """The refusal that a fault of the network is."""
    if isinstance(error, ssl.SSLCertVerificationError):
        what = _CERTIFICATES.get(error.verify_code, "cannot be trusted")
        return Refusal(f"the server's certificate {what}", passing=False, of_way=True)
    if isinstance(error, TimeoutError) or watch.is_over:
        return watch.refusal
    if isinstance(error, socket.gaierror):
        words = "the server's name is not known to this machine"
    elif isinstance(error, ConnectionRefusedError):
        words = "the server refused the connection"
    elif isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        words = "no encryption could be agreed with the server: look at the security and the port"
    elif isinstance(error, OSError) and error.strerror and not isinstance(error, ConnectionError | ssl.SSLError):
        words = f"the server could not be reached: {error.strerror}"
    else:
        words = "the server dropped the connection"
    return Refusal(words, passing=True, of_way=True)
