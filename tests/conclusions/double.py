"""A worker that misbehaves: `python double.py <behaviour> [<file>]`. Its engine is the plain evaluator.

`<file>` counts how often it has misbehaved; a mask of 1 is the one that upsets it.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from omi_rules.conclusions import plain, worker_process
from omi_rules.conclusions.facts import Atom, Component, Way
from tests.conclusions.making import conclude

UPSETTING = 1


class Engine:
    """Answers as durable-rules would, until it is upset."""

    behaviour = ""
    count: Path | None = None

    def __init__(self, _: str, ways: Sequence[Way], atoms: Sequence[Atom]) -> None:
        self._component = Component(
            0, tuple(conclude(way.flag, way.facts, file=str(n)) for n, way in enumerate(ways)), tuple(atoms)
        )

    def satisfied_ways(self, mask: int) -> frozenset[int]:
        satisfied = plain.satisfied_ways(self._component, mask)
        if mask == UPSETTING:
            return self._misbehave(satisfied)
        return satisfied

    def _misbehave(self, satisfied: frozenset[int]) -> frozenset[int]:
        if self.behaviour.startswith("once-"):
            assert self.count
            if self.count.exists():
                return satisfied
            self.count.write_text("upset", encoding="ascii")
        what = self.behaviour.removeprefix("once-")
        if what == "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        elif what == "hang":
            time.sleep(600)
        elif what == "raise":
            raise RuntimeError("upset")
        elif what == "unknown":
            return frozenset({10_000})
        elif what == "print":
            print("a word that is no answer", flush=True)  # noqa: T201
        return satisfied


class _ShortReasoning(worker_process._Reasoning):
    def ways(self, component: int, masks: Sequence[int]) -> list[list[int]]:
        return super().ways(component, masks)[1:]


def main(behaviour: str, count: str = "") -> None:
    if behaviour == "dead":
        sys.exit(3)
    if behaviour == "mute":
        time.sleep(600)
    if behaviour == "babble":
        sys.stdout.write("hello\n")
        sys.stdout.flush()
        time.sleep(600)
    Engine.behaviour, Engine.count = behaviour, Path(count) if count else None
    answer = (None, "ImportError") if behaviour == "missing" else (Engine, "")
    worker_process._import_engine = lambda: answer
    if behaviour == "short":
        worker_process._Reasoning = _ShortReasoning  # type: ignore[misc]
    worker_process.serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
