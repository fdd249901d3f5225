"""`docs/writing-a-rule.md` is followed to the letter: every file that it writes or changes, and every command.

What a command prints differently from what the document shows is in the failure: correct the one that is wrong.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.cli.following import Shell, commands, read_document
from tests.cli.running import TOP

DOCUMENT = read_document("writing-a-rule.md")


@dataclass(frozen=True)
class Step:
    """A block of the document, and the file that the line before it names."""

    language: str
    text: str
    file: str


def steps() -> Iterator[Step]:
    for before, language, text in re.findall(r"([^\n]*)\n\n?```(\w+)\n(.*?)```", DOCUMENT, re.DOTALL):
        named = re.findall(r"`([\w./-]+\.yaml)`", before)
        yield Step(language, text, named[-1] if named else "")


def put(file: Path, difference: str) -> None:
    """Replaces the lines that start with - by those that start with +; alone, these come at the end of the file."""
    text = file.read_text("utf-8")
    lines = difference.splitlines()
    before, after = ("".join(f"{line[1:]}\n" for line in lines if line[0] == sign) for sign in "-+")
    assert before in text, before
    file.write_text(text.replace(before, after, 1) if before else text + after, encoding="utf-8")


def test_document_is_right_to_the_letter(tmp_path: Path) -> None:
    shutil.copytree(TOP / "rules", tmp_path / "rules")
    shutil.copytree(TOP / "schemas", tmp_path / "schemas")
    shell = Shell(tmp_path)
    followed = 0

    for step in steps():
        if step.language == "yaml":
            (tmp_path / step.file).write_text(step.text, encoding="utf-8")
        elif step.language == "diff":
            put(tmp_path / step.file, step.text)
        else:
            assert step.language == "console"
            for command, shown in commands(step.text):
                assert f"$ {command}\n{shell.run(command)}" == f"$ {command}\n{shown}"
                followed += 1
    assert followed >= 12
