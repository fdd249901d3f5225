"""Jobs with the paths that schedulers stumble over."""

from datetime import time

from omi_rules.operation.job import Job

#: Spaces, and every character that one of the schedulers, or the shell, has a meaning for.
AWKWARD = (
    "/srv/omi/plain",
    "/srv/two words/run",
    "/srv/100%/%d/%%",
    "/srv/$HOME/${x}/$$/`id`/$(id)",
    '/srv/it\'s "quoted"',
    "/srv/a;b|c&d>e<f*g?h[i]j{as_at}~",
    "/srv/#hash/!bang/^",
    "/srv/Läufe/日本",
    "/srv/trailing space ",
)


def job(*arguments: str, program: str = "/usr/local/bin/omi-rules", online: bool = False) -> Job:
    """A job at half past two, of the user omi, that writes to /srv/omi."""
    return Job((program,), ("check", *arguments), time(2, 30), ("/srv/omi",), online, "omi")
