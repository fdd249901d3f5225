"""Conclusions for patterns of facts: durable-rules in its worker, and the plain evaluator where that fails.

No pattern is ever lost: a batch that fails is tried again, then pattern by pattern, and a pattern that
fails alone is left to the plain evaluator. Whatever happened is said in `notes`.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from types import TracebackType
from typing import Literal, Self

from omi_rules.conclusions import plain
from omi_rules.conclusions.facts import Component
from omi_rules.conclusions.plain import Derived
from omi_rules.conclusions.worker import COMMAND, EngineMissing, Worker, WorkerFault

_TRIES = 2
#: A worker that has failed this often will not get better.
_MOST_FAULTS = 8


class Reasoner:
    """Draws the conclusions of a run. Entering it starts the worker without waiting. For one thread only.

    `batch` is how many patterns go to the worker at a time; `timeout` is how many seconds it may take for
    them, and `single_timeout` for one that is tried alone.
    """

    def __init__(
        self,
        components: Sequence[Component],
        *,
        batch: int = 200,
        timeout: float = 30.0,
        single_timeout: float = 5.0,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._components = tuple(components)
        self._batch = batch
        self._single_timeout = single_timeout
        self._worker = Worker(self._components, timeout=timeout, command=command)
        self._usable = False
        self._answered = False
        self._missing = ""
        self._given_up = False
        self._faults: Counter[str] = Counter()
        self._restarts = 0
        self._left_to_plain = 0

    def __enter__(self) -> Self:
        self._worker.start()
        self._usable = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._usable = False
        self._worker.close()

    def reason(self, component: Component, masks: Sequence[int]) -> list[tuple[Derived, ...]]:
        """The flags that follow from each pattern, in the order given; ValueError for an impossible one."""
        if component not in self._components:
            raise ValueError(f"component {component.number} is not one of this reasoner's")
        essences: dict[int, int] = {}
        for mask in dict.fromkeys(masks):
            component.check_mask(mask)
            essences[mask] = component.essence(mask)
        found: dict[int, tuple[Derived, ...]] = {}
        waiting = iter(dict.fromkeys(essences.values()))
        while batch := list(islice(waiting, self._batch)):
            satisfied = self._settle(component, batch)
            found.update(
                (mask, plain.derive(component, mask, ways)) for mask, ways in zip(batch, satisfied, strict=True)
            )
        return [found[essences[mask]] for mask in masks]

    @property
    def evaluator(self) -> Literal["durable-rules", "plain"]:
        """What draws the conclusions; greets the worker (some 50 ms) if that is not yet known."""
        if self._usable and not self._answered:
            self._try(None, (), None)
        return "durable-rules" if self._answered and not self._given_up else "plain"

    @property
    def notes(self) -> tuple[str, ...]:
        """What the run's summary must say about the worker; empty if all went well."""
        notes = []
        if self._missing:
            notes.append(
                f"durable-rules cannot be imported ({self._missing}): the plain evaluator drew the conclusions."
            )
        if self._faults:
            causes = ", ".join(f"{cause} ({times})" for cause, times in sorted(self._faults.items()))
            notes.append(
                f"The worker that runs durable-rules failed and was restarted {_times(self._restarts)}: "
                f"{causes}. No conclusion was lost."
            )
        if self._given_up:
            notes.append(f"The worker was given up after it had failed {_times(sum(self._faults.values()))}.")
        if self._left_to_plain and not self._missing:
            notes.append(
                f"The plain evaluator drew the conclusions for {self._left_to_plain} "
                f"{'pattern' if self._left_to_plain == 1 else 'patterns'} of facts that durable-rules left."
            )
        return tuple(notes)

    def _settle(self, component: Component, batch: list[int]) -> list[frozenset[int]]:
        """The satisfied ways of each pattern of a batch, come what may."""
        for _ in range(_TRIES):
            answer = self._try(component, batch, None)
            if answer is not None:
                return answer
        return [self._settle_alone(component, mask) for mask in batch]

    def _settle_alone(self, component: Component, mask: int) -> frozenset[int]:
        answer = self._try(component, [mask], self._single_timeout)
        if answer is not None:
            return answer[0]
        self._left_to_plain += 1
        return plain.satisfied_ways(component, mask)

    def _try(
        self, component: Component | None, masks: Sequence[int], timeout: float | None
    ) -> list[frozenset[int]] | None:
        """Ask the worker once, or only greet it without a component; None, and a new worker, if it fails."""
        if not self._usable:
            return None
        try:
            self._worker.greet()
            self._answered = True
            if component is None:
                return []
            return self._worker.ask(self._components.index(component), masks, timeout=timeout)
        except EngineMissing as missing:
            self._missing = str(missing)
            self._usable = False
            self._worker.close()
        except WorkerFault as fault:
            self._faults[str(fault)] += 1
            if self._faults.total() < (_MOST_FAULTS if self._answered else _TRIES):
                self._restarts += 1
                self._worker.start()
            else:
                self._given_up = True
                self._usable = False
        return None


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
