"""`docs/nightly.md` is followed to the letter, from nothing to a scheduled night.

What a command prints differently from what the document shows is in the failure: correct the one that is wrong.
"""

import re
from pathlib import Path

from tests.cli.following import Shell, commands, read_document

DOCUMENT = read_document("nightly.md")
#: Where the document has its folder.
PLACE = "/srv/omi"


def subjects(shown: str) -> list[str]:
    """What the doctor looks at; the words, and what wants attention, differ from machine to machine."""
    return re.findall(r"^(?:ok|attention|broken) +(\w+)", shown, re.MULTILINE)


def test_document_is_right_to_the_letter(tmp_path: Path) -> None:
    # one document is followed as its reader does: each command in a process of its own
    shell = Shell(tmp_path, apart=True)
    for before, text in re.findall(r"([^\n]*)\n\n```(?:yaml|toml)\n(.*?)```", DOCUMENT, re.DOTALL):
        (name,) = re.findall(r"`([\w-]+\.(?:yaml|toml))`", before)
        (tmp_path / name).write_text(text, encoding="utf-8")
    followed = 0

    for command, shown in commands(DOCUMENT):
        said = shell.run(command).replace(str(tmp_path), PLACE)
        if command == "omi-rules doctor":
            assert subjects(said) == subjects(shown)
            assert " 0 broken, " in said
        else:
            assert f"$ {command}\n{said}" == f"$ {command}\n{shown}"
        followed += 1
    assert followed == 22


def test_every_exit_code_says_what_it_means_to_a_scheduler() -> None:
    readme = re.findall(r"^\| (\d+) \|", read_document("../README.md"), re.MULTILINE)
    told = re.findall(r"^\| (\d+) \|", DOCUMENT, re.MULTILINE)

    assert told == readme[: len(told)] == ["0", "1", "2", "3", "4", "6", "7", "70", "130"]
