"""Messages as files: two of each, their owner's alone, and the same when they are written again."""

import json
from pathlib import Path

import pytest

from omi_rules.notify.documents import Document
from omi_rules.notify.message_files import file_stem, write_message
from omi_rules.notify.refusals import Refusal
from omi_rules.notify.settings import Files
from omi_rules.notify.text import text_of
from tests.notify.telling import HOSTILE


def test_each_message_is_two_files_of_its_owner(documents: list[Document], tmp_path: Path) -> None:
    folder = tmp_path / "new" / "messages"
    for one in documents:
        write_message(one, Files(folder), "key")

    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == 2 * len(documents)
    for one in documents:
        stem = folder / file_stem(one)
        assert stem.with_name(f"{stem.name}.txt").read_text("utf-8") == text_of(one)
        assert json.loads(stem.with_name(f"{stem.name}.json").read_text("utf-8")) == one


def test_name_of_a_team_leads_nowhere_else(documents: list[Document]) -> None:
    (hostile,) = (one for one in documents if one["team"] == HOSTILE)
    stem = file_stem({**hostile, "team": "../../etc/" + "x" * 10_000})

    assert stem == f"run-2-team-etc-{'x' * 36}-{hostile['id'][:8]}"
    assert file_stem({**hostile, "team": "..."}) == f"run-2-team-{hostile['id'][:8]}"


def test_folder_that_takes_nothing_is_told_of(documents: list[Document], tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Refusal, match=r"the folder .*file/messages could not be made") as error:
        write_message(documents[0], Files(tmp_path / "file" / "messages"), "key")

    assert (error.value.passing, error.value.of_way) == (False, True)


def test_file_that_cannot_be_written_is_told_of(documents: list[Document], tmp_path: Path) -> None:
    (tmp_path / "run-2-alerts.txt").mkdir()

    with pytest.raises(Refusal, match=r"cannot be written: .* name another folder in \[notify.files\]$"):
        write_message(documents[0], Files(tmp_path), "key")
