"""Every command that the README shows one after the other can be typed as it stands, from the export on."""

import re
import shutil
from pathlib import Path

import pytest

from omi_rules.rulebook.criteria import load_criteria
from tests.cli.following import Shell, read_document
from tests.scoring.runs import write_answers

COMMANDS = re.findall(r"^    (omi-rules .*)$", read_document("../README.md"), re.MULTILINE)
#: The sample of the report takes long, and tests of its own.
ELSEWHERE = ("omi-rules demo --merseyside",)
#: What stands for something of the reader's.
NAMES = {"CASE": "M0000001", "RULE": "contact-frequency"}


@pytest.fixture
def shell(area: Path, tmp_path: Path) -> Shell:
    """A folder with an export, and an answer to a question that no rule decides."""
    question = next(question.id for question in load_criteria().questions.values() if not question.rule)
    shutil.copytree(area, tmp_path / "export")
    write_answers(tmp_path / "answers", [("M0000001", question, "sufficient")])
    return Shell(tmp_path)


def typed(command: str) -> str:
    return re.sub(r"\b(CASE|RULE)\b", lambda name: NAMES[name[1]], command)


def test_commands_of_the_readme_work_as_they_stand(shell: Shell) -> None:
    followed = [command for command in COMMANDS if command not in ELSEWHERE]
    assert len(followed) == len(COMMANDS) - len(ELSEWHERE) > 10

    for command in followed:
        if " history diff" in command:
            # it is for the second night
            said = shell.run("omi-rules check export --store omi-rules.db --as-at 2006-12-01 -q")
            assert (shell.code, said) == (0, "")
        said = shell.run(typed(command))
        assert shell.code == 0, f"{command}\n{said}"
