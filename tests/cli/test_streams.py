"""Data to stdout, messages to stderr, colour where it is wanted, and no fuss about a closed pipe."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from omi_rules.cli.faults import guard
from omi_rules.problems import HeldError, OutputError, Problem, RulebookError
from tests.cli.running import PROGRAM, environment, run, run_apart

SHOW = ["rules", "show", "contact-frequency"]


def run_on_a_terminal(*arguments: str, **settings: str) -> str:
    """What a command writes on stdout where that is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*PROGRAM, *arguments], stdout=theirs, env=environment(settings))
    os.close(theirs)
    shown = b""
    while piece := read_piece(ours):
        shown += piece
    assert process.wait() == 0
    os.close(ours)
    return shown.decode()


def read_piece(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # how Linux says that the other end of a terminal is closed
        return b""


def test_terminal_is_coloured() -> None:
    assert "\x1b[1mClock" not in run_apart(*SHOW).out
    assert "\x1b[1mAsks\x1b[0m" in run_on_a_terminal(*SHOW, TERM="xterm")


@pytest.mark.parametrize("settings", [{"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}], ids=str)
def test_colour_can_be_refused(settings: dict[str, str]) -> None:
    assert "\x1b" not in run_on_a_terminal(*SHOW, **settings)


@pytest.mark.parametrize("arguments", [SHOW, ["rules", "list", "--format", "json"], ["--help"]], ids=" ".join)
def test_reader_that_has_gone_is_no_fault(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run([*PROGRAM, *arguments], stdout=writing, stderr=subprocess.PIPE, env=environment({}))
    os.close(writing)

    assert (process.returncode, process.stderr) == (0, b"")


@pytest.mark.parametrize("arguments", [SHOW, ["--help"]], ids=" ".join)
def test_full_disk_is_an_output_that_could_not_be_written(arguments: list[str]) -> None:
    if not Path("/dev/full").exists():
        return
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run([*PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, env=environment({}))

    assert process.returncode == 6
    assert b"No space left on device" in process.stderr


def test_data_is_utf_8_whatever_the_locale() -> None:
    shown = run_apart("rules", "list", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")

    assert (shown.code, shown.err) == (0, "")
    assert "…" in shown.out


def test_rulebook_problems_are_all_said_before_the_count(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [Problem("a.yaml", 3, "title", "one"), Problem("b.yaml", 0, "", "two")]

    def fail() -> None:
        raise RulebookError("the rulebook has 2 problems", problems)

    assert guard(fail) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "a.yaml:3  title: one\nb.yaml  two\nomi-rules: the rulebook has 2 problems\n"


@pytest.mark.parametrize(("error", "code"), [(OutputError("x"), 6), (HeldError("x"), 7)])
def test_error_gives_its_own_exit_code(error: Exception, code: int) -> None:
    def fail() -> None:
        raise error

    assert guard(fail) == code


def test_interruption_says_a_line_and_exits_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise KeyboardInterrupt

    assert guard(fail) == 130
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_no_file_of_a_run_takes_the_place_of_a_closed_stream(
    closed: str, small_export: Path, small_options: tuple[str, ...], tmp_path: Path
) -> None:
    check = ("check", str(small_export), *small_options, "--output")
    open_ = run(*check, tmp_path / "open")
    command = [*PROGRAM, *check, str(tmp_path / "run")]
    done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", *command], capture_output=True, env=environment({}))

    assert (done.returncode, open_.code) == (0, 0)
    for file in (tmp_path / "open").iterdir():
        assert (tmp_path / "run" / file.name).read_bytes() == file.read_bytes()


def test_second_interruption_that_spoils_the_tidying_up_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise ValueError("closed while in use")

    assert guard(fail) == 130
    assert capsys.readouterr().err == "omi-rules: stopped before the end.\n"


def test_message_with_control_characters_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise OutputError("no folder \x1b[2J here")

    guard(fail)
    assert "\x1b" not in capsys.readouterr().err
