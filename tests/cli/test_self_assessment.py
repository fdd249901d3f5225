"""`docs/self-assessment.md` is followed to the letter, with people who fill in the workbooks between the commands.

What a command prints differently from what the document shows is in the failure: correct the one that is wrong.
"""

import re
from pathlib import Path

from tests.assess.filling import fill_workbooks, settle
from tests.cli.following import Shell, commands, read_document

DOCUMENT = read_document("self-assessment.md")


def test_document_is_right_to_the_letter(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    (assessors,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    (tmp_path / "who.yaml").write_text(assessors, encoding="utf-8")
    followed = 0

    for command, shown in commands(DOCUMENT):
        if "assess import" in command:
            fill_workbooks(tmp_path / "workbooks", tmp_path / "returned")
        if "--agree" in command:
            settle(tmp_path / "agree.csv")
        assert f"$ {command}\n{shell.run(command)}" == f"$ {command}\n{shown}"
        followed += 1
    assert followed == 13
