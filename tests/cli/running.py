"""Runs the program as a user does, in this process or in one of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from omi_rules.cli.main import main

TOP = Path(__file__).resolve().parent.parent.parent
PROGRAM = [sys.executable, "-m", "omi_rules.cli"]


@dataclass(frozen=True)
class Ran:
    """How a run ended, and what it said."""

    code: int
    out: str
    err: str


def run(*arguments: str | Path) -> Ran:
    """Run in this process, where stdout is no terminal."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="omi-rules")
    return Ran(result.exit_code, result.stdout, result.stderr)


def run_apart(*arguments: str | Path, **settings: str) -> Ran:
    """Run in a process of its own."""
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, encoding="utf-8", env=environment(settings)
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with the checkout importable, without what speaks of colour."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": str(TOP), **settings}
