"""A message as JSON, posted to a webhook over HTTPS."""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from omi_rules import __version__
from omi_rules.notify.documents import Document
from omi_rules.notify.refusals import Refusal, Watch, explain_failure
from omi_rules.notify.settings import Webhook

#: Answers that may be another one the next time.
_PASSING = (408, 425, 429)
#: Answers that are about this message, and not about whoever sends it or where to.
_OF_MESSAGE = (400, 409, 413, 422, 500)


def json_of(document: Document) -> bytes:
    """A message as its receivers read it."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def post_message(document: Document, settings: Webhook, key: str) -> None:
    """Post a message; Refusal unless the server says that it has it. A receiver knows it again by its `key`."""
    url, timeout = settings.url, settings.tries.timeout
    host = url.hostname or ""
    connection = (
        HTTPSConnection(host, url.port, timeout=timeout, context=settings.trust)
        if url.scheme == "https"
        else HTTPConnection(host, url.port, timeout=timeout)
    )
    with Watch(timeout, lambda: connection.sock) as watch:
        try:
            target = (url.path or "/") + (f"?{url.query}" if url.query else "")
            connection.request("POST", target, json_of(document), _headers(settings, key))
            with connection.getresponse() as response:
                status = response.status
        except HTTPException as error:
            if isinstance(error, OSError):
                raise explain_failure(error, watch) from None
            words = "the server's answer is no HTTP: look at the address"
            raise Refusal(words, passing=False, of_way=True) from None
        except OSError as error:
            raise explain_failure(error, watch) from None
        finally:
            connection.close()
    _check_status(status)


def _headers(settings: Webhook, key: str) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"omi-rules/{__version__}",
        "Idempotency-Key": key,
    }
    return {**headers, "Authorization": f"Bearer {settings.token}"} if settings.token else headers


def _check_status(status: int) -> None:
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        words = f"the server answered that it has moved (answer {status}): write its new address into the settings"
        raise Refusal(words, passing=False, of_way=True)
    if status in (401, 403):
        raise Refusal(f"the server refused the token (answer {status})", passing=False, of_way=True)
    passing = status in _PASSING or status >= 500
    when = "for now" if passing else "for good"
    words = f"the server refused the message {when} (answer {status})"
    raise Refusal(words, passing=passing, of_way=status not in _OF_MESSAGE)
