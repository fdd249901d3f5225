"""Looks for the processes that Spark started, as Linux tells of them."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

#: A worker is in the middle of judging a part while the process that draws its conclusions lives.
JUDGING = "omi_rules.conclusions.worker_process"
EXECUTOR = "CoarseGrainedExecutorBackend"
DRIVER = "org.apache.spark.deploy.SparkSubmit"


def descendants(pid: int) -> Iterator[int]:
    """The processes below a process."""
    for child in _children(pid):
        yield child
        yield from descendants(child)


def _children(pid: int) -> Iterator[int]:
    try:
        threads = [*Path(f"/proc/{pid}/task").iterdir()]
    except OSError:  # it has ended
        return
    for thread in threads:
        with suppress(OSError):
            yield from map(int, (thread / "children").read_text().split())


def command_of(pid: int) -> str:
    """The command line of a process; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def parent_of(pid: int) -> int:
    """The process that started a process; 0 if it has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def worker_at_work(top: int) -> int:
    """A Python worker of Spark, below the process `top`, that is judging a part; 0 if none is."""
    return next((parent_of(pid) for pid in _running(JUDGING) if top in ancestors(pid)), 0)


def _running(command: str) -> Iterator[int]:
    """The processes in whose command line `command` occurs; the killer looks often, and asks none of Java's threads."""
    for place in Path("/proc").glob("[0-9]*"):
        if command in command_of(int(place.name)):
            yield int(place.name)


def ancestors(pid: int) -> Iterator[int]:
    """The processes above a process, the nearest first."""
    while pid := parent_of(pid):
        yield pid


def executor_at_work(top: int) -> int:
    """The Java process of an executor in which a part is being judged; 0 if there is none."""
    pid = worker_at_work(top)
    while pid and pid != top and EXECUTOR not in command_of(pid):
        pid = parent_of(pid)
    return 0 if pid == top else pid


def driver_java(top: int) -> int:
    """The Java process that the program `top` started; 0 if there is none."""
    return next((pid for pid in _running(DRIVER) if top in ancestors(pid)), 0)


def all_with(value: str) -> list[int]:
    """The processes in whose environment `value` occurs."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            held = file.read_bytes()
        except OSError:  # it has ended, or is somebody else's
            continue
        if value.encode() in held:
            found.append(int(file.parent.name))
    return found


class Killer(threading.Thread):
    """Kills the first process that `find` names, once; `killed` is its id."""

    def __init__(self, find: Callable[[], int]) -> None:
        super().__init__(daemon=True)
        self._find = find
        self._done = threading.Event()
        self.killed = 0

    def run(self) -> None:
        """Look until there is one, or nobody waits any more."""
        while not self._done.is_set() and not self.killed:
            if pid := self._find():
                os.kill(pid, signal.SIGKILL)
                self.killed = pid
            time.sleep(0.05)

    def __enter__(self) -> "Killer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()
