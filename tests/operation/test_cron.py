"""The line of a crontab runs what the job is, through a real shell, whatever is in a path."""

import subprocess
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from omi_rules.operation.cron import crontab_of
from omi_rules.operation.job import Job
from omi_rules.problems import UsageError
from tests.operation.jobs import AWKWARD, job


def line_of(made: Job) -> str:
    """The one line that is neither a comment nor a variable."""
    (line,) = (line for line in crontab_of(made).splitlines() if line[0].isdigit())
    return line


def command_of(line: str) -> str:
    """What cron hands to the shell: what follows the five fields, up to a % without a backslash."""
    command = line.split(" ", 5)[5].replace("\\%", "\0")
    return command.partition("%")[0].replace("\0", "%")


def test_shell_runs_the_job_word_by_word(tmp_path: Path) -> None:
    program = tmp_path / "my 100% program's" / "omi-rules"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\numask\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    made = job(*AWKWARD, program=str(program))

    done = subprocess.run(["/bin/sh", "-c", command_of(line_of(made))], capture_output=True, encoding="utf-8")

    assert (done.returncode, done.stderr) == (0, "")
    umask, *words = done.stdout.splitlines()
    assert int(umask, 8) == 0o077
    assert tuple(words) == made.arguments


def test_exit_code_is_that_of_the_check(tmp_path: Path) -> None:
    program = tmp_path / "omi-rules"
    program.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)

    assert subprocess.run(["/bin/sh", "-c", command_of(line_of(job(program=str(program))))]).returncode == 3


def test_what_comes_afterwards_comes_however_the_check_ended(tmp_path: Path) -> None:
    program = tmp_path / "omi-rules"
    program.write_text('#!/bin/sh\necho "$1"\nexit 3\n', encoding="utf-8")
    program.chmod(0o755)
    made = replace(job(program=str(program)), afterwards=("notify", "-q"))

    done = subprocess.run(["/bin/sh", "-c", command_of(line_of(made))], capture_output=True, text=True)

    assert done.stdout == "check\nnotify\n"


def test_line_says_minute_and_hour_every_day() -> None:
    assert line_of(replace(job(), at=time(23, 5))).startswith("5 23 * * * umask 077; /usr/local/bin/omi-rules check")


@pytest.mark.parametrize("word", ["a\nb", "a\rb", "a\0b", "a\\b"])
def test_what_crons_read_differently_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="cron cannot be told a path with a backslash or a control character"):
        crontab_of(job(word))


def test_line_that_a_cron_would_cut_off_is_refused() -> None:
    with pytest.raises(UsageError, match="cron takes 900 letters at most"):
        crontab_of(job("x" * 900))
