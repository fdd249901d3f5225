"""The process in which durable-rules runs: JSON lines in, JSON lines out, until its input ends.

    {"components": [...], "patience": s}   -> {"ready": true} or {"cannot": "ImportError"}
    {"component": 0, "masks": [5, 9]}      -> {"ways": [[0, 2], []]}

An error of the engine ends the process: after one, nothing in it is to be trusted.
"""

import faulthandler
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from omi_rules.conclusions.facts import Atom, Component, Way
from omi_rules.rulebook.model import Fact


def describe(components: Sequence[Component]) -> list[dict[str, Any]]:
    """The components as JSON values, as `_Reasoning` reads them."""
    return [
        {
            "ways": [
                [way.flag, [[fact.kind, fact.name, list(fact.values)] for fact in way.facts]] for way in component.ways
            ],
            "atoms": [[atom.kind, atom.name, atom.value] for atom in component.atoms],
        }
        for component in components
    ]


class _Reasoning:
    """An engine for each component, made when it is first asked."""

    def __init__(self, engine: Any, components: Sequence[Mapping[str, Any]]) -> None:
        self._engine = engine
        self._components = components
        self._engines: dict[int, Any] = {}

    def ways(self, component: int, masks: Sequence[int]) -> list[list[int]]:
        """For each pattern, the numbers of the ways that it satisfies."""
        if component not in self._engines:
            told = self._components[component]
            ways = [
                Way(flag, tuple(Fact(kind, name, tuple(values)) for kind, name, values in facts))
                for flag, facts in told["ways"]
            ]
            atoms = [Atom(*atom) for atom in told["atoms"]]
            self._engines[component] = self._engine(f"component-{component}", ways, atoms)
        engine = self._engines[component]
        return [sorted(engine.satisfied_ways(mask)) for mask in masks]


def _import_engine() -> tuple[Any, str]:
    """The engine's class, or the sort of error that its import ends in."""
    try:
        from omi_rules.conclusions.durable_engine import DurableEngine
    except ImportError as error:
        return None, type(error).__name__
    return DurableEngine, ""


def _take_over_output() -> BinaryIO:
    """The pipe to the parent, out of reach of anything that prints."""
    sys.stdout.flush()
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def serve() -> None:
    """Answer until the input ends. A parent that dies ends it; a hang is ended by the watchdog."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _take_over_output()
    engine, cannot = _import_engine()
    reasoning: _Reasoning | None = None
    patience = 0.0
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        answer: dict[str, Any]
        if "components" in asked:
            patience = asked["patience"]
            reasoning = _Reasoning(engine, asked["components"]) if engine else None
            answer = {"ready": True} if engine else {"cannot": cannot}
        else:
            # The parent kills a worker that hangs; the watchdog, a thread in C, ends one that has no parent.
            faulthandler.dump_traceback_later(patience, exit=True)
            assert reasoning is not None
            answer = {"ways": reasoning.ways(asked["component"], asked["masks"])}
            faulthandler.cancel_dump_traceback_later()
        answers.write(json.dumps(answer).encode("ascii") + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve()
