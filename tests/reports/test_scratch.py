"""Scratch folders: what a killed process left is removed, and what another process needs is not."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from omi_rules.reports.scratch import put_in_place, scratch_beside
from tests.cli.running import environment

#: Makes a scratch folder beside a place, says so, and waits until it is told to end.
LIVING = """
import sys
from pathlib import Path
from omi_rules.reports.scratch import scratch_beside
with scratch_beside(Path(sys.argv[1])) as scratch:
    print(scratch.name, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a folder is to stand."""
    return tmp_path / "run"


def start(place: Path) -> tuple["subprocess.Popen[bytes]", Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", LIVING, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment({})
    )
    assert process.stdout is not None
    return process, place.parent / process.stdout.readline().decode().strip()


def end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.communicate()


def names_beside(place: Path) -> list[str]:
    return sorted(entry.name for entry in place.parent.iterdir())


def test_scratch_is_its_owners_alone_and_gone_at_the_end(place: Path) -> None:
    with scratch_beside(place) as scratch:
        (scratch / "findings.csv").touch()
        assert scratch.stat().st_mode & 0o777 == 0o700

    assert names_beside(place) == []


def test_scratch_of_a_killed_process_is_removed_and_that_of_a_living_one_is_not(place: Path) -> None:
    killed, left = start(place)
    (left / "findings.csv").touch()
    living, needed = start(place)
    try:
        end(killed)
        assert left.exists()
        with scratch_beside(place):
            assert (left.exists(), needed.exists()) == (False, True)
    finally:
        end(living)


@pytest.mark.parametrize("is_new_there", [False, True])
def test_earlier_folder_of_a_process_killed_between_the_moves_comes_back(place: Path, is_new_there: bool) -> None:
    killed, left = start(place)
    (left / "earlier").mkdir()
    (left / "earlier" / "run.json").write_text("earlier")
    end(killed)
    if is_new_there:
        place.mkdir()
        (place / "run.json").write_text("new")

    with scratch_beside(place):
        assert (place / "run.json").read_text() == ("new" if is_new_there else "earlier")
        assert not left.exists()


@pytest.mark.parametrize(
    "name", [".run.omi-rules-", ".run.omi-rules-short", ".run-12345678", ".walk.omi-rules-abcdefgh"]
)
def test_folder_of_another_name_is_never_touched(place: Path, name: str) -> None:
    (place.parent / name).mkdir()

    with scratch_beside(place):
        pass

    assert names_beside(place) == [name]


def test_link_and_file_of_such_a_name_are_never_followed_or_removed(place: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").touch()
    (tmp_path / ".run.omi-rules-abcdefgh").symlink_to(mine)
    (tmp_path / ".run.omi-rules-ijklmnop").touch()

    with scratch_beside(place):
        pass

    assert (mine / "letter.txt").exists()
    assert len(names_beside(place)) == 3


def test_folder_that_was_tidied_away_before_it_was_locked_is_made_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, first = os.open, []

    def open_too_late(path: Path, flags: int) -> int:
        handle = opened(path, flags)
        if not first:
            first.append(path)
            path.rmdir()
        return handle

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", open_too_late)
        with scratch_beside(place) as scratch:
            assert scratch.exists()
            assert scratch != first[0]


def test_new_folder_takes_the_place_of_the_earlier_one(place: Path) -> None:
    place.mkdir()
    (place / "old").touch()
    with scratch_beside(place) as scratch:
        (scratch / "new").touch()
        with put_in_place(scratch, place):
            pass

    assert [entry.name for entry in place.iterdir()] == ["new"]
    assert names_beside(place) == ["run"]


def test_scratch_that_is_tidied_away_before_it_is_locked_is_made_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, made = tempfile.mkdtemp, []

    def make_and_lose(**where: Any) -> str:
        made.append(make(**where))
        if len(made) == 1:
            Path(made[0]).rmdir()
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", make_and_lose)

    with scratch_beside(place) as scratch:
        assert str(scratch) == made[1]
