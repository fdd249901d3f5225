"""A job as units of systemd: a service that may do nothing that a check does not need, and the timer that starts it."""

import re
from collections.abc import Sequence

from omi_rules.operation.job import DESCRIPTION, Job, refuse
from omi_rules.problems import UsageError

_PLAIN = re.compile(r"[\w@+=:,./-]+", re.ASCII)
_USER = re.compile(r"[\w.@-]+", re.ASCII)
_TEMPORARY = ("/tmp/", "/var/tmp/")
#: What a check needs none of.
_FORBIDDEN = (
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "PrivateDevices=yes",
    "ProtectSystem=strict",
    "ProtectHome=read-only",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "LockPersonality=yes",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
)


def service_of(job: Job) -> str:
    """omi-rules.service."""
    refuse((*job.words, *job.writable), "", "systemd", "with a line break or another control character")
    if not _USER.fullmatch(job.user):
        raise UsageError("--user should be the name of a user, as in omi.")
    refuse(job.program[:1], "$\\\"'", "systemd", "of a program with a $, a backslash or a quotation mark")
    check, *others = (_command(words) for words in job.commands)
    after = ["Wants=network-online.target", "After=network-online.target"] if job.online else []
    lines = [
        "[Unit]",
        f"Description={DESCRIPTION}",
        *after,
        "",
        "[Service]",
        "Type=oneshot",
        f"User={job.user}",
        "UMask=0077",
        f"ExecStart={check}",
        *(f"ExecStopPost={command}" for command in others),
        *(["TimeoutStopSec=1h"] if others else []),
        "Nice=10",
        "",
        "# It writes here, and nowhere else. These folders have to be there, and be its user's.",
        f"ReadWritePaths={' '.join(map(_quote, job.writable))}",
        *_private_tmp(job),
        *_network(job),
        *_FORBIDDEN,
    ]
    return "".join(f"{line}\n" for line in lines)


def timer_of(job: Job) -> str:
    """omi-rules.timer; a night that was missed is made up for when the machine is on again."""
    return (
        f"[Unit]\nDescription={DESCRIPTION}\n\n"
        f"[Timer]\nOnCalendar=*-*-* {job.at:%H:%M}:00 Europe/London\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )


def units_of(job: Job) -> str:
    """Both units, each below a line that names its file."""
    folder = "/etc/systemd/system"
    return (
        f"# {folder}/omi-rules.service\n{service_of(job)}\n# {folder}/omi-rules.timer\n{timer_of(job)}\n"
        "# then: systemctl daemon-reload && systemctl enable --now omi-rules.timer\n"
    )


def _command(words: Sequence[str]) -> str:
    """A command, in which no $ stands for a variable."""
    return " ".join([_quote(words[0]), *(_quote(word).replace("$", "$$") for word in words[1:])])


def _quote(word: str) -> str:
    """A word as systemd takes it for itself: no specifier, no escape, no two words."""
    if _PLAIN.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _private_tmp(job: Job) -> list[str]:
    if any(word.startswith(_TEMPORARY) for word in (*job.words, *job.writable)):
        return ["# Not private, for something above lies there: better move it.", "PrivateTmp=no"]
    return ["PrivateTmp=yes"]


def _network(job: Job) -> list[str]:
    if job.online:
        return ["RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK"]
    return ["# Nothing is sent anywhere.", "PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX"]
