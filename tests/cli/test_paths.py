"""Places that nothing can be written to are refused before the work, with a sentence."""

from pathlib import Path

import pytest

from tests.cli.running import run

NOT_UTF_8 = "x\udcff"


@pytest.mark.parametrize(
    "words",
    [
        ("check", "nowhere", "--output", NOT_UTF_8),
        ("check", "nowhere", "--output", f"{NOT_UTF_8}/run"),
        ("check", "nowhere", "--store", f"{NOT_UTF_8}.db"),
        ("check", "nowhere", "--store", f"sqlite:///{NOT_UTF_8}.db"),
        ("history", "list", "--store", f"{NOT_UTF_8}.db"),
        ("demo", "--output", NOT_UTF_8),
        ("demo", "--merseyside", "--output", NOT_UTF_8),
    ],
)
def test_place_that_is_not_named_in_utf_8_is_refused(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    shown = run(*words)

    assert (shown.code, shown.out) == (2, "")
    assert "x?" in shown.err
    assert "is not named in UTF-8 from end to end: choose another place." in shown.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("check", "nowhere", "--output", "run"), ("check", "nowhere", "--store", "s.db"), ("demo",)]
)
def test_place_in_a_folder_that_was_removed_is_refused(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "removed").mkdir()
    monkeypatch.chdir(tmp_path / "removed")
    (tmp_path / "removed").rmdir()

    shown = run(*words)

    assert (shown.code, shown.out) == (2, "")
    assert "starts from a folder that is no longer there: change to another." in shown.err


def test_doctor_says_that_a_place_is_not_named_in_utf_8() -> None:
    shown = run("doctor", "--output", NOT_UTF_8, "--store", f"{NOT_UTF_8}.db")

    assert shown.code == 2
    assert "2 broken," in shown.out.splitlines()[-1]
    assert "report it" not in shown.out
