"""The table [notify] of omi-rules.toml: the ways that messages go, and to whom; see schemas/notify.schema.json.

No password and no token stands in the file itself: they are in files that are their owner's alone, or in the
environment. Whatever is wrong is told before anything is sent.
"""

import os
import ssl
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from omi_rules.problems import UsageError
from omi_rules.rulebook.structure import load_shapes

PASSWORD = "OMI_RULES_SMTP_PASSWORD"
TOKEN = "OMI_RULES_WEBHOOK_TOKEN"
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_HOW = (
    "say how messages go in [notify.mail], [notify.webhook] or [notify.files] of omi-rules.toml: "
    "`omi-rules notify --help` shows what they hold."
)


@dataclass(frozen=True)
class Tries:
    """How long one attempt may take in all, how many there are, and the first pause between them; in seconds."""

    timeout: float = 30
    attempts: int = 3
    pause: float = 1

    @property
    def longest(self) -> float:
        """After so long, in seconds, what is left to go this way is kept for the next time."""
        return 10 * self.timeout


@dataclass(frozen=True)
class Mail:
    """The mail server, and whom to write to."""

    server: str
    sender: str
    alerts: str
    area: str
    teams: Mapping[str, str] = field(default_factory=dict)
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = None
    tries: Tries = Tries()

    def address_of(self, kind: str, team: str | None) -> str:
        """Who gets a message of this kind about this team; the area's address for a team that has none."""
        if kind == "alerts":
            return self.alerts
        return self.teams.get(team, self.area) if kind == "team" and team else self.area


@dataclass(frozen=True)
class Webhook:
    """Where messages are posted; the address and the token may be secrets, and are in no message."""

    url: SplitResult = field(repr=False)
    token: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = None
    tries: Tries = Tries()


@dataclass(frozen=True)
class Files:
    """The folder that messages are written to."""

    folder: Path
    tries: Tries = Tries(attempts=1)


Way = Mail | Webhook | Files


@dataclass(frozen=True)
class NotifySettings:
    """The ways by name, and the key file of pseudonyms, if there is one."""

    ways: Mapping[str, Way]
    pseudonyms: Path | None = None


def read_settings(file: Path | None, environment: Mapping[str, str] = os.environ) -> NotifySettings:
    """The settings of a file; UsageError names every place that is wrong, or says where to write them."""
    table = _read_table(file) if file else {}
    if file is None or not table.keys() - {"pseudonyms"}:
        raise UsageError(_HOW)
    found: list[str] = []
    load_shapes().check("notify.schema.json")(
        table, (), lambda path, sentence: found.append(f"{'.'.join(['notify', *map(str, path)])}: {sentence}")
    )
    if found:
        raise UsageError(f"{file}: " + "\n  ".join(found))
    folder = file.parent
    ways: dict[str, Way] = {}
    if "mail" in table:
        ways["mail"] = _mail(table["mail"], folder, environment)
    if "webhook" in table:
        ways["webhook"] = _webhook(table["webhook"], folder, environment)
    if "files" in table:
        ways["files"] = Files(folder / table["files"]["folder"])
    return NotifySettings(ways, folder / table["pseudonyms"] if "pseudonyms" in table else None)


def _read_table(file: Path) -> dict[str, Any]:
    """[notify] of a file that was found to be TOML before."""
    table = tomllib.loads(file.read_text(encoding="utf-8")).get("notify", {})
    if not isinstance(table, dict):
        raise UsageError(f"{file}: notify should be a table: {_HOW}")
    return table


def _mail(table: Mapping[str, Any], folder: Path, environment: Mapping[str, str]) -> Mail:
    if not _can_be_looked_up(table["server"]):
        raise UsageError("notify.mail.server: should be the name of a server, as in smtp.example.org")
    security = table.get("security", "starttls")
    password = ""
    if "user" in table:
        password = _secret(table, "mail", "password_file", PASSWORD, folder, environment)
        if not password:
            raise UsageError(f"notify.mail: user needs a password: name its file in password_file, or set {PASSWORD}.")
        if security == "none" and not is_here(table["server"]):
            raise UsageError(
                'notify.mail: a password never goes unencrypted: set security to "starttls" or "tls", or drop user.'
            )
    elif "password_file" in table:
        raise UsageError("notify.mail: password_file needs user beside it: add it.")
    return Mail(
        server=table["server"],
        sender=table["from"],
        alerts=table["alerts"],
        area=table["area"],
        teams=table.get("teams", {}),
        port=table.get("port", _PORTS[security]),
        security=security,
        user=table.get("user", ""),
        password=password,
        trust=None if security == "none" else _trust(table, "mail", folder),
        tries=_tries(table),
    )


def _webhook(table: Mapping[str, Any], folder: Path, environment: Mapping[str, str]) -> Webhook:
    try:
        url = urlsplit(table["url"])
        is_whole = url.port != 0 and _can_be_looked_up(url.hostname or "")
    except ValueError:
        is_whole = False
    if not is_whole:
        raise UsageError("notify.webhook.url: should be an address that starts with https://")
    host = url.hostname or ""
    if url.username is not None or url.password is not None:
        raise UsageError("notify.webhook.url: should hold no password: put a token in the file that token_file names.")
    token = _secret(table, "webhook", "token_file", TOKEN, folder, environment)
    if url.scheme == "http" and not is_here(host):
        if not table.get("allow_http"):
            raise UsageError(
                "notify.webhook.url: http is not encrypted, and messages name cases: write https://, or set "
                "allow_http = true if the network may see them."
            )
        if token:
            raise UsageError("notify.webhook: a token never goes unencrypted: write https://, or take it away.")
    trust = _trust(table, "webhook", folder) if url.scheme == "https" else None
    return Webhook(url, token, trust, _tries(table))


def _tries(table: Mapping[str, Any]) -> Tries:
    return Tries(table.get("timeout", Tries.timeout), table.get("attempts", Tries.attempts))


def _can_be_looked_up(host: str) -> bool:
    """Whether a host could be one: names have parts of 1 to 63 letters."""
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False


def is_here(host: str) -> bool:
    """Whether a host is this machine: what goes there crosses no network."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _trust(table: Mapping[str, Any], way: str, folder: Path) -> ssl.SSLContext:
    """Whose certificates are believed: those of the machine, or those of `ca_file` alone."""
    if "ca_file" not in table:
        return ssl.create_default_context()
    path = folder / table["ca_file"]
    try:
        return ssl.create_default_context(cafile=str(path))
    except ssl.SSLError:
        raise UsageError(f"notify.{way}.ca_file: {path} holds no certificate in PEM.") from None
    except OSError as error:
        raise UsageError(f"notify.{way}.ca_file: {path} cannot be read: {error.strerror}.") from None


def _secret(
    table: Mapping[str, Any], way: str, key: str, variable: str, folder: Path, environment: Mapping[str, str]
) -> str:
    """A password or token: that of the environment, else that of a file which is its owner's alone; else nothing."""
    if variable in environment:
        secret, place = environment[variable], variable
    elif key in table:
        path = folder / table[key]
        place = f"notify.{way}.{key}"
        secret = _read_secret(path, place)
    else:
        return ""
    secret = secret.rstrip("\r\n")
    if not secret or not secret.isascii() or not secret.isprintable():
        raise UsageError(f"{place}: should hold one line of plain letters, digits and signs.")
    return secret


def _read_secret(path: Path, place: str) -> str:
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise UsageError(f"{place}: others may read {path}: close it with `chmod 600 {path}`.")
            return file.read().decode("ascii", "replace")
    except OSError as error:
        raise UsageError(f"{place}: {path} cannot be read: {error.strerror}.") from None
