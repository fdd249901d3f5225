"""The task of the Task Scheduler is XML that says what the job is."""

import re
from dataclasses import replace
from datetime import time
from xml.etree import ElementTree

import pytest

from omi_rules.operation.windows import task_of
from omi_rules.problems import UsageError
from tests.operation.jobs import job

SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
PATHS = (
    r"C:\omi",
    r"C:\two words\run",
    "C:\\ends with a backslash\\",
    r"\\server\share\{as_at}",
    r"C:\a&b<c>d'e",
    "D:\\Läufe\\日本",
)


def texts_of(task: str) -> dict[str, str]:
    """The text of every element, by its name."""
    found = ElementTree.fromstring(task).iter()
    return {element.tag.removeprefix(SPACE): (element.text or "").strip() for element in found}


def split_as_windows_does(line: str) -> list[str]:
    """The words of a command line: backslashes before a quotation mark are two for one."""
    words = []
    for quoted, plain in re.findall(r'"((?:\\.|[^"\\])*)"|([^\s"]+)', line):
        ended = re.sub(r"(\\+)$", lambda found: "\\" * (len(found[1]) // 2), quoted)
        words.append(plain or ended)
    return words


def test_command_is_read_back_word_by_word() -> None:
    made = job(*PATHS, program=r"C:\Program Files\omi\omi-rules.exe")

    texts = texts_of(task_of(made))

    assert texts["Command"] == r"C:\Program Files\omi\omi-rules.exe"
    assert split_as_windows_does(texts["Arguments"]) == list(made.arguments)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "ascii", "cp1252", "cp850"])
def test_task_is_the_same_in_whatever_encoding_a_shell_writes_it(encoding: str) -> None:
    task = task_of(job(*PATHS))

    written = ElementTree.fromstring(task.encode(encoding))

    assert ElementTree.tostring(written) == ElementTree.tostring(ElementTree.fromstring(task))


def test_task_starts_every_day_with_no_more_rights_than_it_needs() -> None:
    texts = texts_of(task_of(replace(job(), at=time(23, 5))))

    expected = {
        "StartBoundary": "2000-01-01T23:05:00",
        "DaysInterval": "1",
        "UserId": "omi",
        "LogonType": "S4U",
        "RunLevel": "LeastPrivilege",
        "MultipleInstancesPolicy": "IgnoreNew",
        "StartWhenAvailable": "true",
    }
    assert {name: texts[name] for name in expected} == expected


def test_what_comes_afterwards_is_a_second_action() -> None:
    task = ElementTree.fromstring(task_of(replace(job(), afterwards=("notify", "-q"))))

    assert [action.text for action in task.iter(f"{SPACE}Arguments")] == ["check", "notify -q"]


def test_task_that_needs_the_network_keeps_a_password() -> None:
    assert texts_of(task_of(job(online=True)))["LogonType"] == "Password"


def test_task_without_a_user_leaves_it_to_schtasks() -> None:
    assert "UserId" not in texts_of(task_of(replace(job(), user="")))


@pytest.mark.parametrize("word", ["C:\\%TEMP%", "C:\\100%", 'C:\\"x"', "C:\\a\nb", "C:\\$(Arg0)"])
def test_what_the_task_scheduler_would_change_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="the Task Scheduler cannot be told a path"):
        task_of(job(word))
