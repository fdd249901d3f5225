"""How the process ends: at once, when all is said."""

import subprocess
import sys

import pytest

from omi_rules import __version__
from tests.cli.running import environment

STARTED = "import atexit\nimport omi_rules.cli.main as program\natexit.register(print, 'much later')\n"
AT_WORK = (
    "import threading\ndef main(**_):\n threading.Thread(target=threading.Event().wait).start()\n raise SystemExit(3)"
)
STOPPED_AGAIN = "def main(**_):\n raise KeyboardInterrupt"


def end(main: str, *arguments: str) -> tuple[int, str, str]:
    """How a process ends whose command is `main`: its exit code, and what it said."""
    done = subprocess.run(
        [sys.executable, "-c", f"{STARTED}{main}\nprogram.start()", *arguments],
        capture_output=True,
        text=True,
        env=environment({}),
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def test_everything_is_said_and_nothing_comes_after_it() -> None:
    assert end("", "--version") == (0, f"omi-rules {__version__}\n", "")


def test_code_of_the_command_is_that_of_the_process() -> None:
    code, out, err = end("", "chekc")

    assert (code, out) == (2, "")
    assert "chekc" in err


@pytest.mark.parametrize(("main", "code"), [(AT_WORK, 3), (STOPPED_AGAIN, 130)], ids=["thread at work", "Ctrl-C again"])
def test_nothing_holds_up_the_end(main: str, code: int) -> None:
    assert end(f"{main}\nprogram.main = main") == (code, "", "")
