"""What a command imports before it works: counted in modules, which do not depend on how busy a machine is."""

import csv
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.cli.running import environment
from tests.cli.test_help import ALL

#: The most modules beyond those of a bare interpreter, a tenth or so above what was counted on Python 3.11; what a
#: command needs of the standard library differs a little from version to version.
BUDGETS = {"--version": 105, "--help": 140, "explain": 385, "check": 360, "the worker": 75}
#: The list of commands imports them all, for a line of each: so many modules a command on top.
A_COMMAND_MORE = 2
COMMANDS = {path[0] for path in ALL if path}

#: Our own parts that no help needs, and those that no check or explanation of a case needs.
WORKING_PARTS = {"authoring", "checks", "conclusions", "data", "duties", "history", "notify", "pipeline", "rulebook"}
OTHER_JOBS = {"assess", "authoring", "demo", "duties", "history", "notify", "registers", "scoring"}

PROGRAM = (
    "import sys\nbare = set(sys.modules)\nfrom omi_rules.cli.main import main\n"
    "try:\n    main(sys.argv[1:])\nfinally:\n    print('\\n', *sorted(set(sys.modules) - bare), file=sys.stderr)"
)
WORKER = (
    "import sys\nbare = set(sys.modules)\nimport omi_rules.conclusions.worker_process\n"
    "print(*sorted(set(sys.modules) - bare), file=sys.stderr)"
)


def imported(program: str, *arguments: str | Path) -> set[str]:
    """The modules that a program in a process of its own has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment({}),
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


@cache
def distributions() -> dict[str, list[str]]:
    return {module: list(names) for module, names in packages_distributions().items()}


def libraries(modules: Iterable[str]) -> set[str]:
    """The installed packages, other than this one, that modules come from."""
    tops = {module.partition(".")[0] for module in modules}
    return {name.lower() for top in tops for name in distributions().get(top, ())} - {"omi-rules"}


def own_parts(modules: Iterable[str]) -> set[str]:
    return {module.split(".")[1] for module in modules if module.startswith("omi_rules.")}


@pytest.fixture(scope="module")
def case(area: Path) -> str:
    with (area / "cases.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))["case_id"]


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "omi-rules")
def test_help_imports_little(path: tuple[str, ...]) -> None:
    modules = imported(PROGRAM, *path, "--help")

    assert libraries(modules) == {"click"}
    assert own_parts(modules) & WORKING_PARTS == set()
    assert len(modules) <= BUDGETS["--help"] + (0 if path else A_COMMAND_MORE * len(COMMANDS))


def test_version_imports_little() -> None:
    modules = imported(PROGRAM, "--version")

    assert libraries(modules) == {"click"}
    assert own_parts(modules) & WORKING_PARTS == set()
    assert len(modules) <= BUDGETS["--version"]


def test_explaining_a_case_imports_what_it_needs(area: Path, case: str) -> None:
    modules = imported(PROGRAM, "explain", area, case)

    assert libraries(modules) == {"click", "duckdb", "pyyaml"}
    assert own_parts(modules) & OTHER_JOBS == set()
    assert len(modules) <= BUDGETS["explain"]


def test_checking_a_case_imports_what_it_needs(area: Path, case: str, tmp_path: Path) -> None:
    modules = imported(PROGRAM, "check", area, "--case", case, "--output", tmp_path / "run")

    assert libraries(modules) == {"click", "duckdb", "pyyaml"}
    assert own_parts(modules) & (OTHER_JOBS | {"explain"}) == set()
    assert len(modules) <= BUDGETS["check"]


def test_the_worker_of_conclusions_starts_without_any_library() -> None:
    modules = imported(WORKER)

    assert libraries(modules) == set()
    assert len(modules) <= BUDGETS["the worker"]
