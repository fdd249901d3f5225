"""Runs the program and stops it in the midst of writing: `python interrupted.py <how> <argument>...`.

`kernel`: the disk takes no file beyond a few bytes. `python`: Ctrl-C between two files. `query`: Ctrl-C while the
store is busy with one. `terminal`: the terminal is closed between two files; `nohup`: so it is, and the job should
outlive it.
"""

import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

from omi_rules.cli.main import main
from omi_rules.data.store import Store
from omi_rules.reports import lines

_copy = lines.copy_rows
_SLOW = "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(1_000_000) b"


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def _close_terminal() -> None:
    # the terminal says so, and its shell says so again
    subprocess.run(["sh", "-c", "kill -HUP $PPID; sleep 0.01; kill -HUP $PPID"], check=True)


def _stop_between(store: Store, query: str, path: Path, options: str) -> None:
    _copy(store, query, path, options)
    if path.name == "findings.csv":
        (_stop if how == "python" else _close_terminal)()


def _stop_within(store: Store, query: str, path: Path, options: str) -> None:
    if path.name != "findings.csv":
        return _copy(store, query, path, options)
    threading.Timer(0.3, _stop).start()
    return _copy(store, _SLOW, path, options)


if __name__ == "__main__":
    # whoever starts the tests in the background of a shell has them ignore Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)
    how = sys.argv.pop(1)
    signal.signal(signal.SIGHUP, signal.SIG_IGN if how == "nohup" else signal.SIG_DFL)
    if how == "kernel":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))
    else:
        lines.copy_rows = _stop_within if how == "query" else _stop_between
    main()
