"""Whether the last night ran, and is it known without touching the store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from omi_rules.history.place import find_place
from omi_rules.history.runs import KeptRun
from omi_rules.history.soundness import Latest, find_latest
from omi_rules.operation.diagnosis import Diagnosis, examine
from omi_rules.operation.last_night import judge_latest, look_at_store
from tests.history.nights import Area, case, tables
from tests.reports.runs import write_rulebook

RUN = KeptRun(7, date(2006, 11, 30), "", 31, 0, (), "0.1.0", "2006.1", "")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of one night."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "export").mkdir()
    area = Area(folder / "export", write_rulebook(tmp_path_factory.mktemp("rules")), str(folder / "omi-rules.db"))
    area.night(tables(case("C1")))
    return folder / "omi-rules.db"


def look(store: Path | str) -> list[Diagnosis]:
    return examine("Store", lambda: look_at_store(str(store)))


@pytest.mark.parametrize(
    ("hours", "code", "state", "words"),
    [
        (0.2, 0, "ok", "0 hours ago with exit code 0"),
        (1.5, 1, "ok", "1 hour ago with exit code 1"),
        (48, 0, "ok", "48 hours ago"),
        (48.1, 0, "attention", "2 days ago with exit code 0: no night has been recorded since"),
        (300, 0, "attention", "12 days ago"),
        (5, 4, "attention", "exit code 4: some rules could not run"),
        (-1, 0, "attention", "in what is the future by this clock"),
    ],
)
def test_latest_run_is_judged_by_its_age_and_its_exit_code(hours: float, code: int, state: str, words: str) -> None:
    found = judge_latest(Latest(replace(RUN, exit_code=code), 7, hours))

    assert (found.state, bool(found.remedy)) == (state, state != "ok")
    assert words in found.words


def test_sound_store_is_looked_at_without_a_trace(kept: Path) -> None:
    before = {file.name: file.read_bytes() for file in kept.parent.iterdir() if file.is_file()}

    store, last = look(kept)

    assert (store.state, store.words) == ("ok", f"{kept} is sound and has 1 run")
    assert last.words == "run 1, as at 30 November 2006, was recorded 0 hours ago with exit code 0"
    assert {file.name: file.read_bytes() for file in kept.parent.iterdir() if file.is_file()} == before


def test_age_counts_from_when_the_run_was_recorded(kept: Path) -> None:
    later = find_latest(find_place(str(kept)), datetime.now(UTC) + timedelta(hours=49))

    assert 49 <= later.hours_ago < 49.2


def test_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    (found,) = look(tmp_path / "omi-rules.db")

    assert found.state == "attention"
    assert "there is no store" in found.words
    assert list(tmp_path.iterdir()) == []


def cut_off(content: bytes) -> bytes:
    return content[: len(content) // 2]


def overwrite(content: bytes) -> bytes:
    return content[:4096] + b"\xff" * 8192 + content[12288:]


def replace_whole(content: bytes) -> bytes:
    return b"no store" * 2000


@pytest.mark.parametrize("harm", [cut_off, overwrite, replace_whole])
def test_damaged_store_is_broken_with_exit_code_6(kept: Path, tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    store = tmp_path / "omi-rules.db"
    store.write_bytes(harm(kept.read_bytes()))
    store.chmod(0o600)

    (found,) = look(store)

    assert (found.state, found.exit_code) == ("broken", 6)
    assert "put back a copy of it" in found.words


def test_store_that_is_no_place_is_broken() -> None:
    (found,) = look("mysql://clerk:hunter2@server/area")

    assert (found.state, found.exit_code) == ("broken", 2)
    assert "hunter" not in found.words
