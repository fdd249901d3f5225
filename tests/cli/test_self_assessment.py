"""`docs/self-assessment.md` is followed to the letter, with people who fill in the workbooks between the commands.

What a command prints differently from what the document shows is in the failure: correct the one that is wrong.
"""

import re
import subprocess
import sys
from pathlib import Path

from tests.assess.filling import fill_workbooks, settle
from tests.cli.running import TOP, environment

DOCUMENT = (TOP / "docs" / "self-assessment.md").read_text("utf-8")


def test_document_is_right_to_the_letter(tmp_path: Path) -> None:
    program = tmp_path / ".bin" / "omi-rules"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m omi_rules.cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    settings = environment({})
    settings["PATH"] = f"{program.parent}:{settings['PATH']}"
    (assessors,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    (tmp_path / "who.yaml").write_text(assessors, encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", DOCUMENT, re.DOTALL)
    followed = 0

    for part in (part for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]):
        command, _, shown = part.partition("\n")
        if "assess import" in command:
            fill_workbooks(tmp_path / "workbooks", tmp_path / "returned")
        if "--agree" in command:
            settle(tmp_path / "agree.csv")
        ran = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert f"$ {command}\n{ran.stdout}" == f"$ {command}\n{shown}"
        followed += 1
    assert followed == 13
