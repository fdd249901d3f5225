"""Pseudonyms are keyed and stable, and their key is the owner's alone."""

from pathlib import Path

import pytest

from omi_rules.problems import UsageError
from omi_rules.reports import pseudonyms as subject
from omi_rules.reports.pseudonyms import pseudonym, pseudonyms, read_key

KEY = bytes(range(32))


def key_file(folder: Path, content: bytes = KEY, mode: int = 0o600) -> Path:
    path = folder / "key"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_the_same_key_gives_the_same_pseudonym_and_another_key_another() -> None:
    assert pseudonym(KEY, "C1") == pseudonym(KEY, "C1") == "GAK2ZDCVWQ"
    assert pseudonym(KEY, "C1") != pseudonym(KEY, "C2")
    assert pseudonym(KEY, "C1") != pseudonym(bytes(32), "C1")


def test_a_pseudonym_is_ten_letters_and_digits() -> None:
    assert len(pseudonym(KEY, "é")) == 10
    assert pseudonym(KEY, "é").isalnum()


def test_the_bytes_of_the_key_file_are_the_key(tmp_path: Path) -> None:
    assert read_key(key_file(tmp_path)) == KEY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_may_reach_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(UsageError, match="chmod 600"):
        read_key(key_file(tmp_path, mode=mode))


def test_a_key_that_could_be_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="fewer than 32 bytes"):
        read_key(key_file(tmp_path, KEY[:31]))


def test_a_missing_key_file_is_told_of_with_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be read: No such file.*head -c 32"):
        read_key(tmp_path / "none")


def test_two_cases_never_share_a_pseudonym(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "LETTERS", 1)

    with pytest.raises(UsageError, match="share a pseudonym"):
        pseudonyms(KEY, [str(number) for number in range(40)])
