"""Nothing goes over a network unless messages are asked for, or a store on a server is named."""

import subprocess
import sys
from pathlib import Path

import pytest

from omi_rules.data.store import open_store
from tests.areas import shared_area
from tests.cli.running import environment
from tests.test_repository import PACKAGE, imported_modules, place, python_files

#: Modules of the standard library that reach a network.
NETWORK = {"asyncio", "ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "socketserver", "ssl", "xmlrpc"}

#: Runs the program, and ends it with 99 where it looks up a host, opens a connection or sends a packet.
WATCHED = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"):
        os._exit(99)
sys.addaudithook(watch)
from omi_rules.cli.main import main
main(sys.argv[1:])
"""


def watched(*arguments: str | Path) -> int:
    command = [sys.executable, "-c", WATCHED, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=environment({})).returncode


def test_only_messages_import_what_reaches_a_network() -> None:
    found = {
        place(file)
        for file in python_files(PACKAGE)
        for module in imported_modules(file)
        if module.split(".")[0] in NETWORK or module == "urllib.request"
    }

    assert {file for file in found if not file.startswith("omi_rules/notify/")} == {
        "omi_rules/history/writer.py"  # the name of this machine, for whoever finds the store held
    }


def test_a_run_and_its_report_open_no_connection(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    export = shared_area(tmp_path_factory, 200)
    kept = ("--output", tmp_path / "run", "--store", tmp_path / "omi-rules.db")

    assert watched("check", export, *kept) == 0
    assert watched("score", tmp_path / "run") == 0
    assert watched("report", tmp_path / "run", "--format", "html", "--output", tmp_path / "page.html") == 0


def test_a_connection_would_be_noticed() -> None:
    program = WATCHED.replace("main(sys.argv[1:])", "import socket; socket.socket().connect(('127.0.0.1', 9))")

    assert subprocess.run([sys.executable, "-c", program], env=environment({})).returncode == 99


def test_the_working_store_fetches_no_extension() -> None:
    with open_store() as store:
        names = ("autoinstall_known_extensions", "autoload_known_extensions")
        assert [store.execute(f"SELECT current_setting('{name}')").fetchone() for name in names] == [(False,)] * 2
