"""A run that is stopped leaves nothing half-written, and one whose worker dies loses nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from omi_rules import pipeline
from omi_rules.conclusions.facts import Component
from omi_rules.conclusions.reason import Reasoner
from omi_rules.conclusions.worker import COMMAND
from tests.cli.running import environment
from tests.conclusions.making import DURABLE
from tests.data.exports import AS_AT
from tests.reports.runs import Kept, keep
from tests.sizes import THOROUGH

SCRIPT = Path(__file__).with_name("interrupted.py")
DOUBLE = Path(__file__).parent.parent / "conclusions" / "double.py"


def double(behaviour: str) -> tuple[str, ...]:
    return (sys.executable, "-P", str(DOUBLE), behaviour)


#: The worker of a run where it can run, and a double that behaves.
WORKER = COMMAND if DURABLE else double("good")


#: How a run is stopped, the exit code, and words of what is said.
STOPPED = (
    ("kernel", 6, "free some space"),
    ("python", 130, "stopped before the end"),
    ("query", 130, "stopped before the end"),
    ("terminal", 130, "stopped before the end"),
)
#: What is in the place of the run's folder matters when a fault or a stop is cleared up after; which stop it was, less.
ALONE = STOPPED if THOROUGH else STOPPED[:2]


@pytest.mark.parametrize(
    ("how", "code", "says", "earlier"),
    [
        *(pytest.param(*stopped, True, id=f"{stopped[0]}-earlier run") for stopped in STOPPED),
        *(pytest.param(*stopped, False, id=f"{stopped[0]}-no run yet") for stopped in ALONE),
    ],
)
def test_stopped_run_leaves_nothing_half_written(
    small: Path, small_run: Kept, rules: Path, tmp_path: Path, how: str, code: int, says: str, earlier: bool
) -> None:
    folder, temporary = tmp_path / "runs" / "run", tmp_path / "temporary"
    folder.parent.mkdir()
    temporary.mkdir()
    if earlier:
        folder.mkdir()
        for name, content in small_run.bytes().items():
            (folder / name).write_bytes(content)

    command = [sys.executable, str(SCRIPT), how, "check", str(small), "--rules", str(rules)]
    command += ["--as-at", "2006-11-30", "--output", str(folder)]
    settings = environment({"TMPDIR": str(temporary)})
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=settings, timeout=60)

    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert says in done.stderr
    assert [entry.name for entry in folder.parent.iterdir()] == (["run"] if earlier else [])
    assert list(temporary.iterdir()) == []
    if earlier:
        assert Kept(folder).bytes() == small_run.bytes()


def test_run_outlives_its_terminal_where_it_should(small: Path, rules: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), "nohup", "check", str(small), "--rules", str(rules)]
    command += ["--as-at", "2006-11-30", "--output", str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment({}), timeout=60)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "run.json").is_file()


def differing(kept: Kept, other: Kept) -> set[str]:
    """The files that are not the same in two runs."""
    mine, others = kept.bytes(), other.bytes()
    assert set(mine) == set(others)
    return {name for name, content in mine.items() if content != others[name]}


def without(summary: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in summary.items() if name not in names}


@pytest.mark.parametrize("when", ["applying the rules", "drawing conclusions"])
def test_worker_killed_in_the_middle_loses_nothing(
    small: Path, small_run: Kept, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    reasoners: list[Reasoner] = []

    def watch(groups: Sequence[Component]) -> Reasoner:
        reasoners.append(Reasoner(groups, command=WORKER))
        return reasoners[0]

    def kill(doing: str) -> None:
        if doing == when:
            pid = reasoners[0]._worker.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)

    monkeypatch.setattr(pipeline, "Reasoner", watch)
    pipeline.check(small, tmp_path / "run", pipeline.Settings(rules=rules, as_at=AS_AT), kill)

    kept = Kept(tmp_path / "run")
    assert differing(kept, small_run) == {"run.json"}
    (note,) = kept.summary["notes"]
    assert "restarted once" in note
    assert "No conclusion was lost" in note
    assert kept.summary["evaluator"] == "durable-rules"
    assert without(kept.summary, "notes", "evaluator") == without(small_run.summary, "notes", "evaluator")


@pytest.mark.parametrize("behaviour", ["missing", "dead"])
def test_without_durable_rules_the_plain_evaluator_draws_the_same(
    small: Path, small_run: Kept, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behaviour: str
) -> None:
    monkeypatch.setattr(pipeline, "Reasoner", lambda groups: Reasoner(groups, command=double(behaviour)))

    kept = keep(small, tmp_path / "run", rules=rules, as_at=AS_AT)

    assert differing(kept, small_run) <= {"run.json"}
    assert kept.summary["evaluator"] == "plain"
    assert without(kept.summary, "notes", "evaluator") == without(small_run.summary, "notes", "evaluator")
    assert kept.summary["notes"]
    assert ("durable-rules cannot be imported" in kept.summary["notes"][0]) == (behaviour == "missing")


def test_evaluator_that_ran_is_named(small_run: Kept) -> None:
    assert small_run.summary["evaluator"] == ("durable-rules" if DURABLE else "plain")
    assert bool(small_run.summary["notes"]) != DURABLE
