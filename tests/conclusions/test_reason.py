import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from omi_rules.conclusions.facts import Component, connect
from omi_rules.conclusions.plain import Derived, derive, satisfied_ways
from omi_rules.conclusions.reason import Reasoner
from omi_rules.conclusions.worker import COMMAND, EngineMissing, Worker, WorkerFault
from tests.conclusions.making import (
    DURABLE,
    clue,
    conclude,
    conclusions_by_chance,
    flag,
    masks_of,
    rule,
    some_masks,
)

#: Seconds to wait for a worker that hangs, and for one that does not: a busy machine is slow to start either.
HANGING, PATIENT = 5.0, 120.0

DOUBLE = str(Path(__file__).with_name("double.py"))


def _double(*behaviour: str) -> tuple[str, ...]:
    return (sys.executable, "-P", DOUBLE, *behaviour)


#: The worker of a run where it can run, and a double that behaves.
WORKERS = [COMMAND, _double("good")] if DURABLE else [_double("good")]


@pytest.fixture(scope="module")
def component() -> Component:
    (component,) = connect(
        [
            conclude("a", [rule("r", "late", "missing"), clue("k")], [rule("s", "not_met")]),
            conclude("b", [flag("a"), clue("m", False)]),
            conclude("d", [clue("k", False)]),
            conclude("c", [flag("b"), rule("t", "missing")], [rule("t", "late"), clue("k", False)]),
        ]
    )
    return component


@pytest.fixture(scope="module")
def masks(component: Component) -> list[int]:
    return masks_of(component)


def _open_descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """No open descriptor, thread or child outlives a test."""
    before = _open_descriptors()
    yield
    assert _open_descriptors() <= before
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    with suppress(ChildProcessError):
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)


def _plainly(component: Component, masks: list[int]) -> list[tuple[Derived, ...]]:
    return [derive(component, mask, satisfied_ways(component, mask)) for mask in masks]


def test_evaluator_is_durable_rules_where_it_can_be(component: Component) -> None:
    with Reasoner([component]) as reasoner:
        assert reasoner.evaluator == ("durable-rules" if DURABLE else "plain")
    assert reasoner.evaluator == ("durable-rules" if DURABLE else "plain")
    assert DURABLE or sys.version_info >= (3, 13)
    assert bool(reasoner.notes) is not DURABLE


def test_reasoner_agrees_with_plain_on_rulebooks_by_chance() -> None:
    made = [one for seed in range(25) for one in conclusions_by_chance(seed, f"book-{seed}-")]
    all_components = connect(made)
    chance = random.Random(7)
    with Reasoner(all_components[::-1]) as reasoner:
        for component in all_components:
            masks = some_masks(component, chance, 60)
            assert reasoner.reason(component, masks) == _plainly(component, masks)


@pytest.mark.parametrize("command", WORKERS, ids=lambda command: Path(command[2]).stem)
def test_order_and_repetition_of_patterns_are_irrelevant(
    component: Component, masks: list[int], command: tuple[str, ...]
) -> None:
    shuffled = random.Random(1).choices(masks, k=len(masks) * 2)
    with Reasoner([component], batch=50, command=command) as reasoner:
        assert reasoner.reason(component, shuffled) == _plainly(component, shuffled)
        assert reasoner.reason(component, []) == []
    assert reasoner.notes == ()


def test_impossible_pattern_and_foreign_component_are_refused(component: Component) -> None:
    (other,) = connect([conclude("z", [clue("k")])])
    with Reasoner([component], command=_double("good")) as reasoner:
        with pytest.raises(ValueError, match="no fact"):
            reasoner.reason(component, [1 << len(component.atoms)])
        with pytest.raises(ValueError, match="not one of this"):
            reasoner.reason(other, [0])


@pytest.mark.parametrize("command", WORKERS, ids=lambda command: Path(command[2]).stem)
@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP])
def test_worker_that_is_killed_or_stopped_in_the_middle_loses_nothing(
    component: Component, masks: list[int], command: tuple[str, ...], fate: signal.Signals
) -> None:
    many = masks * 2
    timeout = HANGING if fate == signal.SIGSTOP else PATIENT
    with Reasoner([component], batch=10, timeout=timeout, command=command) as reasoner:
        reasoner.reason(component, masks[:20])
        pid = reasoner._worker.pid
        assert pid
        meet_it = threading.Timer(0.02, os.kill, (pid, fate))
        meet_it.start()
        while not reasoner.notes:
            assert reasoner.reason(component, many) == _plainly(component, many)
        meet_it.join()
        assert reasoner.evaluator == "durable-rules"
    (note,) = reasoner.notes
    assert "was restarted once" in note
    assert ("it died" if fate == signal.SIGKILL else "it gave no answer in time") in note
    assert "No conclusion was lost" in note


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        ("once-crash", "it died"),
        ("once-hang", "it gave no answer in time"),
        ("once-raise", "it died"),
        ("once-unknown", "its answer made no sense"),
    ],
)
def test_worker_that_fails_once_is_restarted(
    component: Component, masks: list[int], tmp_path: Path, behaviour: str, cause: str
) -> None:
    command = _double(behaviour, str(tmp_path / "count"))
    timeout = HANGING if behaviour == "once-hang" else PATIENT
    with Reasoner([component], batch=50, timeout=timeout, command=command) as reasoner:
        assert reasoner.reason(component, masks) == _plainly(component, masks)
    assert reasoner.notes == (
        f"The worker that runs durable-rules failed and was restarted once: {cause} (1). No conclusion was lost.",
    )


@pytest.mark.parametrize("behaviour", ["crash", "hang", "raise", "unknown"])
def test_pattern_that_always_fails_is_left_to_the_plain_evaluator(
    component: Component, masks: list[int], behaviour: str
) -> None:
    timeout = HANGING if behaviour == "hang" else PATIENT
    command = _double(behaviour)
    with Reasoner([component], batch=50, timeout=timeout, single_timeout=timeout, command=command) as reasoner:
        assert reasoner.reason(component, masks) == _plainly(component, masks)
        assert reasoner.evaluator == "durable-rules"
    restarted, left = reasoner.notes
    assert "restarted 3 times" in restarted
    assert left.startswith("The plain evaluator drew the conclusions for 1 pattern of facts")


@pytest.mark.parametrize("behaviour", ["dead", "mute", "babble", "short"])
def test_worker_that_never_works_is_given_up(component: Component, masks: list[int], behaviour: str) -> None:
    timeout = HANGING if behaviour == "mute" else PATIENT
    with Reasoner([component], batch=50, timeout=timeout, command=_double(behaviour)) as reasoner:
        assert reasoner.reason(component, masks) == _plainly(component, masks)
        assert reasoner.evaluator == "plain"
    assert any("was given up" in note for note in reasoner.notes)
    different = {component.essence(mask) for mask in masks}
    assert any(f"{len(different)} patterns" in note for note in reasoner.notes)


def test_worker_that_cannot_be_started_is_given_up(component: Component, tmp_path: Path) -> None:
    with Reasoner([component], command=(str(tmp_path / "nothing"),)) as reasoner:
        assert reasoner.reason(component, [0, 1]) == _plainly(component, [0, 1])
    assert "it could not be started (2)" in reasoner.notes[0]


def test_missing_durable_rules_leaves_all_to_the_plain_evaluator(component: Component, masks: list[int]) -> None:
    with Reasoner([component], command=_double("missing")) as reasoner:
        assert reasoner.reason(component, masks) == _plainly(component, masks)
        assert reasoner.evaluator == "plain"
    assert reasoner.notes == (
        "durable-rules cannot be imported (ImportError): the plain evaluator drew the conclusions.",
    )


def test_real_worker_says_that_durable_rules_is_missing(component: Component) -> None:
    blocked = "import sys; sys.modules['durable_rules_engine'] = None; "
    code = blocked + "from omi_rules.conclusions.worker_process import serve; serve()"
    command = (sys.executable, "-c", code)
    with (
        Worker([component], timeout=20, command=command) as worker,
        pytest.raises(EngineMissing, match="ModuleNotFoundError"),
    ):
        worker.greet()


def test_words_on_standard_output_do_not_reach_the_answers(component: Component, masks: list[int]) -> None:
    with Reasoner([component], command=_double("print")) as reasoner:
        assert reasoner.reason(component, masks) == _plainly(component, masks)
    assert reasoner.notes == ()


def test_start_does_not_wait_for_the_worker(component: Component) -> None:
    before = time.perf_counter()
    with Reasoner([component], command=_double("mute")):
        assert time.perf_counter() - before < 1


def test_worker_inherits_no_secret(component: Component, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMI_SECRET", "open sesame")
    code = "import os; print('{}' if 'OMI_SECRET' not in os.environ else 'told', flush=True); input()"
    with (
        Worker([component], timeout=20, command=(sys.executable, "-c", code)) as worker,
        pytest.raises(WorkerFault, match="did not get ready"),
    ):
        worker.greet()


def test_exception_closes_the_worker(component: Component) -> None:
    pids: list[int] = []

    def fail() -> None:
        with Reasoner([component], command=_double("good")) as reasoner:
            pids.append(reasoner._worker.pid or 0)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


_HANG = """
import signal
import sys
# tests that run behind a shell's & are deaf to Ctrl-C, and so is what they start
signal.signal(signal.SIGINT, signal.default_int_handler)
from omi_rules.conclusions.facts import connect
from omi_rules.conclusions.reason import Reasoner
from tests.conclusions.making import clue, conclude
(component,) = connect([conclude("a", [clue("k")])])
with Reasoner([component], command=sys.argv[1:]) as reasoner:
    reasoner.evaluator
    print(reasoner._worker.pid, flush=True)
    reasoner.reason(component, [1])
"""


def test_ctrl_c_closes_a_worker_that_hangs() -> None:
    command = [sys.executable, "-W", "error", "-c", _HANG, *_double("hang")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout
        pid = int(run.stdout.readline())
        time.sleep(0.2)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=20)
    assert errors.strip().endswith("KeyboardInterrupt")
    assert "ResourceWarning" not in errors
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_worker_without_a_parent_ends_by_itself() -> None:
    lines = b'{"components": [{"ways": [], "atoms": []}], "patience": 0.3}\n{"component": 0, "masks": [1]}\n'
    with subprocess.Popen(
        _double("hang"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as worker:
        assert worker.stdin
        worker.stdin.write(lines)
        worker.stdin.flush()
        assert worker.wait(20) == 1
