"""A message as a mail, and its way to the mail server: SMTP, encrypted unless the settings say otherwise."""

import smtplib
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime

from omi_rules.notify.documents import Document
from omi_rules.notify.refusals import Refusal, Watch, explain_failure
from omi_rules.notify.settings import Mail
from omi_rules.notify.text import subject_of, text_of

_READY = 220
#: What stands for an answer that begins with no number.
_NO_ANSWER = -1
#: The session is over with this answer: the server closes, and takes no other message either.
_CLOSING = 421


def make_mail(document: Document, to: str, sender: str, key: str) -> EmailMessage:
    """The mail; `key` makes its Message-ID the same however often it is tried, so that none arrives twice unseen."""
    mail = EmailMessage(policy=WIRE)
    mail["From"] = Address("omi-rules", addr_spec=sender)
    mail["To"] = to
    mail["Subject"] = subject_of(document)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<omi-rules.{key}@{_domain(sender)}>"
    # no out-of-office note answers it
    mail["Auto-Submitted"] = "auto-generated"
    if document["kind"] == "alerts":
        mail["Importance"] = "high"
    mail.set_content(text_of(document), cte="quoted-printable")
    return mail


def send_mail(document: Document, settings: Mail, key: str) -> None:
    """Hand a message to the mail server; Refusal if it does not take it."""
    to = settings.address_of(document["kind"], document["team"])
    content = make_mail(document, to, settings.sender, key).as_bytes()
    smtp = _session(settings)
    with Watch(settings.tries.timeout, lambda: smtp.sock) as watch:
        try:
            _hand_over(smtp, settings, to, content)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _),) = error.recipients.values()
            raise _refusal("the recipient", code, of_way=False) from None
        except smtplib.SMTPResponseException as error:
            raise _explain_answer(error) from None
        except smtplib.SMTPServerDisconnected as error:
            raise explain_failure(error, watch) from None
        except smtplib.SMTPException:
            raise Refusal("the server offers no sign-in that is known here", passing=False, of_way=True) from None
        except OSError as error:
            raise explain_failure(error, watch) from None
        finally:
            smtp.close()


def _session(settings: Mail) -> smtplib.SMTP:
    """A session that is not connected yet, so that its connection can be watched from the first moment."""
    # the name that greets the server is that of the sender: this machine's own is nobody's business
    name, timeout = _domain(settings.sender), settings.tries.timeout
    if settings.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(local_hostname=name, timeout=timeout, context=settings.trust)
    else:
        smtp = smtplib.SMTP(local_hostname=name, timeout=timeout)
    # the name that the certificate has to be for; only connecting at once would set it
    smtp._host = settings.server  # type: ignore[attr-defined]
    return smtp


def _hand_over(smtp: smtplib.SMTP, settings: Mail, to: str, content: bytes) -> None:
    code, _ = smtp.connect(settings.server, settings.port)
    if code != _READY:
        raise smtplib.SMTPConnectError(code, "")
    if settings.security == "starttls":
        smtp.ehlo_or_helo_if_needed()
        if not smtp.has_extn("starttls"):
            words = "the server offers no STARTTLS: look at the security and the port"
            raise Refusal(words, passing=False, of_way=True)
        smtp.starttls(context=settings.trust)
    if settings.user:
        smtp.login(settings.user, settings.password)
    smtp.sendmail(settings.sender, [to], content)
    # it has gone: what the server says to this changes nothing, and is not waited for
    with suppress(OSError):
        smtp.putcmd("quit")


#: What an answer of the server is about, and whether it would be the same for every message.
_ANSWERS: tuple[tuple[type[smtplib.SMTPResponseException], str, bool], ...] = (
    (smtplib.SMTPDataError, "the message", False),
    (smtplib.SMTPSenderRefused, "the sender", True),
    (smtplib.SMTPAuthenticationError, "the user or the password", True),
    (smtplib.SMTPResponseException, "the connection", True),
)


def _explain_answer(error: smtplib.SMTPResponseException) -> Refusal:
    if error.smtp_code == _NO_ANSWER:
        words = "the server's answer is no SMTP: look at the security and the port"
        return Refusal(words, passing=False, of_way=True)
    what, of_way = next((what, of_way) for kind, what, of_way in _ANSWERS if isinstance(error, kind))
    return _refusal(what, error.smtp_code, of_way=of_way)


def _refusal(what: str, code: int, *, of_way: bool) -> Refusal:
    when = "for now" if 400 <= code < 500 else "for good"
    words = f"the server refused {what} {when} (answer {code})"
    return Refusal(words, passing=400 <= code < 500, of_way=of_way or code == _CLOSING)


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
