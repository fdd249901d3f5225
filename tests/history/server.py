"""A real PostgreSQL for tests: a cluster in a folder of its own, on a socket, run by a user without rights."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

_NUMBERS = count(1)


@dataclass(frozen=True)
class Server:
    """A running server; its socket lies in `folder`."""

    folder: Path
    programs: Path
    runs_as: Mapping[str, Any]

    def new_database(self) -> str:
        """The URL of a new and empty database."""
        name = f"area{next(_NUMBERS)}"
        self._run("createdb", "-h", str(self.folder), "-U", "omi", name)
        return f"postgresql://omi@/{name}?host={self.folder}"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments], capture_output=True, text=True, cwd=self.folder, **self.runs_as
        )
        assert done.returncode == 0, done.stderr


def find_programs() -> Path | None:
    """The folder with initdb, pg_ctl and createdb; None where PostgreSQL is not installed."""
    initdb = shutil.which("initdb") or max(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default="")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def start_server() -> Iterator[Server]:
    """Start a server, and stop it at the end. PostgreSQL refuses to run as root, so root steps down for it."""
    programs = find_programs()
    assert programs, "These tests need PostgreSQL: apt-get install postgresql"
    user = "nobody" if os.geteuid() == 0 else ""
    # a socket's path has to be short, shorter than pytest's own folders are
    folder = Path(tempfile.mkdtemp(prefix="omi-pg-", dir="/tmp"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    runs_as = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    server = Server(folder, programs, runs_as)
    try:
        server._run("initdb", "-D", "data", "-U", "omi", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c synchronous_commit=off"
        server._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
        try:
            yield server
        finally:
            server._run("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
