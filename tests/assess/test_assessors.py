"""The file of assessors, and what is wrong with it in sentences."""

from pathlib import Path

import pytest

from omi_rules.assess.assessors import Assessor, read_assessors
from omi_rules.problems import UsageError


def write(folder: Path, text: str) -> Path:
    path = folder / "who.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_assessors_are_read_in_their_order(tmp_path: Path) -> None:
    path = write(
        tmp_path, "assessors:\n  - {name: B, local: false}\n  - {name: A, local: true, offender_manager: OM1}\n"
    )

    assert read_assessors(path) == [Assessor("B", False, None), Assessor("A", True, "OM1")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("assessors: []", "should be a list of assessors, at least one"),
        ("assessors:\n  - {name: A}", "who.yaml:2"),
        ("assessors:\n  - {name: A, locl: true}", "there is no key locl here; did you mean local?"),
        ("assessors:\n  - {name: A, local: yes}", "write true or false without quotes"),
        (
            "assessors:\n  - {name: A, local: true}\n  - {name: a, local: true}",
            "number 1 of the list has this name too",
        ),
        ("assessors:\n  - {name: A, local: true\n", "who.yaml"),
        ("", "the file is empty"),
        (f"assessors:\n  - {{name: {'A' * 61}, local: true}}", "at most 60 letters"),
    ],
)
def test_mistake_is_said_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_assessors(write(tmp_path, text))

    assert words in str(raised.value)


def test_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--assessors: .* cannot be read"):
        read_assessors(tmp_path / "who.yaml")
