"""Whether the worker that runs durable-rules stays right and stays small: patterns by chance, and workers that die.

Half of the patterns go to one worker that nobody kills, and its memory is read at intervals. The other half go through
the reasoner of a run to workers that each die at a moment by chance, wherever they then are. Every answer is compared
with the plain evaluator's. The conclusions are those of the rulebook, and more of the permitted form by chance.

    python benchmarks/conclusions.py --patterns 1000000 --write
"""

import argparse
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from omi_rules.conclusions import worker_process
from omi_rules.conclusions.facts import Component, connect
from omi_rules.conclusions.plain import derive, satisfied_ways
from omi_rules.conclusions.reason import Reasoner
from omi_rules.conclusions.worker import Worker
from omi_rules.rulebook.load import load_rulebook
from tests.conclusions.making import conclusions_by_chance, some_masks

RESULTS = Path(__file__).with_name("results") / "conclusions.md"
BOOKS = 40
BATCH = 200
READINGS = 10
#: Seconds that a worker lives from when it is first asked: at least, and at most.
LIFETIME = (0.05, 4.0)
PATIENCE = 300.0

Asked = tuple[Component, list[int]]


@dataclass(frozen=True)
class Reading:
    """How many patterns a worker had answered, and how many bytes of memory it then held."""

    patterns: int
    held: int


@dataclass
class Fire:
    """What came of the patterns that went to workers that die."""

    patterns: int = 0
    differing: int = 0
    died: int = 0
    left_to_plain: int = 0


def made_components(books: int = BOOKS) -> tuple[Component, ...]:
    by_chance = [one for seed in range(books) for one in conclusions_by_chance(seed, f"book-{seed}-")]
    return connect([*load_rulebook().conclusions.values(), *by_chance])


def batches(among: Sequence[Component], patterns: int, chance: random.Random) -> Iterator[Asked]:
    """So many patterns in all, as they reach a worker: without what leads nowhere, and none twice in a batch."""
    left = patterns
    while left > 0:
        component = chance.choice(among)
        masks = dict.fromkeys(component.essence(mask) for mask in some_masks(component, chance, BATCH))
        yield component, list(masks)[:left]
        left -= len(masks)


def bytes_held(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) * 1024


def keep_one_alive(among: Sequence[Component], patterns: int, seed: int) -> tuple[list[Reading], int]:
    """Ask one worker everything: its memory at intervals, the first when it has met every component, and how many
    answers differ."""
    differing = answered = 0
    readings: list[Reading] = []
    with Worker(among, timeout=PATIENCE) as worker:
        for place in range(len(among)):
            worker.ask(place, [0])
        assert worker.pid
        for component, masks in batches(among, patterns, random.Random(seed)):
            if answered * READINGS >= patterns * len(readings):
                readings.append(Reading(answered, bytes_held(worker.pid)))
            answers = worker.ask(component.number, masks)
            differing += sum(
                answer != satisfied_ways(component, mask) for answer, mask in zip(answers, masks, strict=True)
            )
            answered += len(masks)
        readings.append(Reading(answered, bytes_held(worker.pid)))
    return readings, differing


def put_under_fire(
    among: Sequence[Component], patterns: int, seed: int, lifetime: tuple[float, float] = LIFETIME
) -> Fire:
    """Ask workers that die. A reasoner gives up after some deaths, and is then followed by another."""
    fire = Fire()
    command = (sys.executable, "-P", __file__, "--die-within", *map(str, lifetime))
    waiting = batches(among, patterns, random.Random(seed))
    asked = next(waiting, None)
    while asked:
        with Reasoner(among, batch=BATCH, timeout=PATIENCE, command=command) as reasoner:
            while asked and reasoner.evaluator == "durable-rules":
                component, masks = asked
                plain = [derive(component, mask, satisfied_ways(component, mask)) for mask in masks]
                answers = reasoner.reason(component, masks)
                fire.differing += sum(answer != expected for answer, expected in zip(answers, plain, strict=True))
                fire.patterns += len(masks)
                asked = next(waiting, None)
            fire.died += reasoner._faults.total()
            fire.left_to_plain += reasoner._left_to_plain
    return fire


class _Mortal(worker_process._Reasoning):
    lifetime = 0.0

    def ways(self, component: int, masks: Sequence[int]) -> list[list[int]]:
        if self.lifetime:  # SIGALRM ends a process where it stands, in C code too
            signal.setitimer(signal.ITIMER_REAL, self.lifetime)
            type(self).lifetime = 0.0
        return super().ways(component, masks)


def die_within(least: float, most: float) -> None:
    """Be a worker, and die when the time has come."""
    _Mortal.lifetime = random.SystemRandom().uniform(least, most)
    worker_process._Reasoning = _Mortal
    worker_process.serve()


def report(readings: Sequence[Reading], differing: int, fire: Fire, books: int, among: int) -> Iterator[str]:
    from check import describe_machine

    most, first = max(reading.held for reading in readings[1:]), readings[1].held
    yield "# Whether the worker of conclusions stays right and small"
    yield ""
    yield f"Patterns by chance over {among} components: those of the rulebook, and of {books} made by chance"
    yield "(`python benchmarks/conclusions.py`). Every answer is compared with the plain evaluator's."
    yield ""
    yield f"Machine: {describe_machine()}."
    yield ""
    yield "| workers | patterns | workers that died | patterns left to the plain evaluator | answers that differ |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    yield f"| one that nobody kills | {readings[-1].patterns:,} | 0 | 0 | {differing} |"
    yield f"| killed by chance | {fire.patterns:,} | {fire.died} | {fire.left_to_plain} | {fire.differing} |"
    yield ""
    yield "A reasoner whose workers have died eight times leaves the rest of its batch to the plain evaluator; here"
    yield "another reasoner then goes on. Memory of the one that nobody kills:"
    yield ""
    yield "| patterns answered | MB |"
    yield "| ---: | ---: |"
    for reading in readings:
        yield f"| {reading.patterns:,} | {reading.held / 1e6:.2f} |"
    yield ""
    yield f"From the first tenth on it grew by {(most - first) / 1e3:.0f} kB at most."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patterns", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results")
    parser.add_argument("--die-within", nargs=2, type=float, metavar="SECONDS", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.die_within:
        die_within(*given.die_within)
        return
    among = made_components()
    began = time.monotonic()
    readings, differing = keep_one_alive(among, given.patterns // 2, given.seed)
    fire = put_under_fire(among, given.patterns - given.patterns // 2, given.seed + 1)
    text = "\n".join(report(readings, differing, fire, BOOKS, len(among))) + "\n"
    print(text)
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    if given.write:
        RESULTS.write_text(text, "utf-8")
    sys.exit(1 if differing or fire.differing else 0)


if __name__ == "__main__":
    main()
