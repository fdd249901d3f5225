"""The worker as its parent sees it: started without waiting, asked with a time limit, killed when in doubt.

A crash or a hang of the library thus costs a fault, which the caller may answer with another try. The
worker holds nothing worth saving, so it is always ended by a kill.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from omi_rules.conclusions.facts import Component
from omi_rules.conclusions.worker_process import describe

COMMAND = (sys.executable, "-P", "-m", "omi_rules.conclusions.worker_process")
#: What a Python process may need to start at all; nothing else of the environment is handed on.
_NEEDED = (
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "PYTHONHOME",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPYCACHEPREFIX",
)
#: How much longer than its parent's patience a worker lets itself run, in case the parent is no more.
_GRACE_SECONDS = 10.0
_LONGEST_ANSWER = 64 * 1024 * 1024


class WorkerFault(Exception):
    """No answer worth having: the worker died, was too slow, or answered nonsense. It is dead now."""


class EngineMissing(Exception):
    """durable-rules cannot be imported; the message is the sort of error."""


class Worker:
    """A process that runs durable-rules. Restart it after a fault by `start`."""

    def __init__(self, components: Sequence[Component], *, timeout: float, command: Sequence[str] = COMMAND) -> None:
        self._components = tuple(components)
        self._timeout = timeout
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._greeted = False

    @property
    def pid(self) -> int | None:
        """The id of the worker's process, if it has one."""
        return self._process.pid if self._process else None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start a process, in place of any other, and do not wait for it."""
        self.close()
        with contextlib.suppress(OSError):  # one that cannot be started is missed when it is first asked
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )

    def greet(self) -> None:
        """Tell the worker the components, once; EngineMissing without an engine, WorkerFault if it fails."""
        if self._greeted:
            return
        greeting = {"components": describe(self._components), "patience": self._timeout + _GRACE_SECONDS}
        answer = self._exchange(greeting, self._timeout)
        if "cannot" in answer:
            raise EngineMissing(str(answer["cannot"]))
        if answer != {"ready": True}:
            self.close()
            raise WorkerFault("it did not get ready")
        self._greeted = True

    def ask(self, place: int, masks: Sequence[int], *, timeout: float | None = None) -> list[frozenset[int]]:
        """The satisfied ways of each pattern of a component, in order; WorkerFault if anything is wrong."""
        self.greet()
        answer = self._exchange({"component": place, "masks": list(masks)}, timeout or self._timeout)
        most = len(self._components[place].ways)
        ways = answer.get("ways")
        if not isinstance(ways, list) or len(ways) != len(masks) or not all(_is_answer(one, most) for one in ways):
            self.close()
            raise WorkerFault("its answer made no sense")
        return [frozenset(one) for one in ways]

    def close(self) -> None:
        """End the process and wait until it is gone; safe to repeat."""
        process, self._process, self._greeted = self._process, None, False
        if process is None:
            return
        try:
            process.kill()
        finally:
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # what is left to write has no reader
                    assert pipe is not None
                    pipe.close()
            process.wait()

    def _exchange(self, asked: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        """Send one line and read one. Whatever interrupts it, even Ctrl-C, leaves no half-read answer."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise WorkerFault("it could not be started")
        try:
            with _killed_after(process, timeout) as too_slow:
                try:
                    process.stdin.write(json.dumps(asked).encode("ascii") + b"\n")
                    process.stdin.flush()
                    line = process.stdout.readline(_LONGEST_ANSWER)
                except OSError:
                    line = b""
            if too_slow.is_set():
                raise WorkerFault("it gave no answer in time")
            if not line.endswith(b"\n"):
                raise WorkerFault("it died")
            answer = _parse(line)
        except BaseException:
            self.close()
            raise
        return answer


@contextlib.contextmanager
def _killed_after(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Kill the process when time is up, which ends any read or write on its pipes; the event then is set."""
    too_slow = threading.Event()

    def end() -> None:
        too_slow.set()
        process.kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield too_slow
    finally:
        timer.cancel()
        timer.join()


def _parse(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise WorkerFault("its answer made no sense")
    return answer


def _is_answer(ways: object, most: int) -> bool:
    """Whether it is a list of the numbers of ways."""
    return isinstance(ways, list) and all(type(way) is int and 0 <= way < most for way in ways)


def _environment() -> dict[str, str]:
    """The least that finds the same modules: the parent's module path, and what the system needs."""
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    needed = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return {**needed, "PYTHONPATH": path}
