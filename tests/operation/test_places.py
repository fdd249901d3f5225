"""Who may read what the program writes, and whether there is room for more."""

import shutil
from pathlib import Path

import pytest

from omi_rules.operation import places


def make(path: Path, mode: int, text: str = "") -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("mode", "text", "remedy"),
    [
        (0o644, "", ""),
        (0o600, 'store = "postgresql://a:b@c/d"', ""),
        (0o640, 'store = "postgresql://a:b@c/d"', "chmod 600"),
        (0o620, "", "chmod go-w"),
        (0o602, "", "chmod go-w"),
    ],
)
def test_configuration_is_its_owners_to_change_and_a_password_to_read(
    tmp_path: Path, mode: int, text: str, remedy: str
) -> None:
    file = make(tmp_path / "my omi.toml", mode, text)

    (found,) = places.look_at_config(file)

    assert (found.state == "attention") == bool(remedy)
    assert found.remedy == (f"{remedy} '{file}'" if remedy else "")


@pytest.mark.parametrize(("mode", "is_fine"), [(0o600, True), (0o640, False), (0o604, False)])
def test_store_that_others_may_read_wants_attention(tmp_path: Path, mode: int, is_fine: bool) -> None:
    store = make(tmp_path / "omi.db", mode)

    found = list(places.look_at_store_file(store))

    assert [(line.state, line.remedy) for line in found] == ([] if is_fine else [("attention", f"chmod 600 {store}")])


def test_other_files_of_a_store_are_looked_at_too(tmp_path: Path) -> None:
    make(tmp_path / "omi.db", 0o600)
    log = make(tmp_path / "omi.db-wal", 0o644)

    (found,) = places.look_at_store_file(tmp_path / "omi.db")

    assert found.remedy == f"chmod 600 {log}"


def test_store_in_what_is_no_folder_is_broken(tmp_path: Path) -> None:
    (found,) = places.look_at_store_file(make(tmp_path / "file", 0o600) / "omi.db")

    assert (found.state, found.exit_code) == ("broken", 6)


@pytest.mark.parametrize("name", ["run", "{as_at}"])
def test_output_that_is_not_there_yet_is_fine(tmp_path: Path, name: str) -> None:
    (found,) = places.look_at_output(tmp_path / "new" / name)

    assert found.state == "ok"


def test_run_that_others_may_read_wants_attention(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir(mode=0o750)

    (found,) = places.look_at_output(run)

    assert (found.state, found.remedy) == ("attention", f"chmod 700 {run}")


@pytest.mark.parametrize("name", ["", "/area"])
def test_every_night_that_others_may_read_is_named(tmp_path: Path, name: str) -> None:
    runs = tmp_path / "runs"
    runs.mkdir(mode=0o700)
    for night, mode in (("2006-11-29", 0o755), ("2006-11-30", 0o700)):
        run = Path(f"{runs / night}{name}")
        run.mkdir(mode=mode, parents=True)
        (run / "run.json").touch()

    (found,) = places.look_at_output(Path(f"{runs}/{{as_at}}{name}"))

    assert found.remedy == f"chmod 700 {runs}/2006-11-29{name}"


@pytest.mark.parametrize(("free", "state"), [(1 << 30, "ok"), ((1 << 30) - 1, "attention")])
def test_little_room_wants_attention(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(free, 0, free))

    found = list(places.look_at_disk([tmp_path / "new" / "run", tmp_path]))

    assert {line.state for line in found} == {state}
    assert len(found) <= 2, "a disk is named once"
