"""A run folder is there whole, or not at all, and replaces nothing but an earlier run."""

import errno
import json
import os
import stat
import threading
from datetime import date
from pathlib import Path

import pytest

from omi_rules.pipeline import Settings, check
from omi_rules.problems import OutputError, UsageError
from omi_rules.reports.folder import new_run_folder, prepare_folder
from tests.cli.running import run
from tests.data.exports import AS_AT, CASE, write_csv
from tests.reports.runs import keep

RUN_JSON = json.dumps({"program": {"name": "omi-rules", "version": "0.1.0"}})


def write_run(folder: Path, text: str) -> None:
    with new_run_folder(folder) as scratch:
        (scratch / "run.json").write_text(RUN_JSON, encoding="utf-8")
        (scratch / "findings.csv").write_text(text, encoding="utf-8")


def read_run(folder: Path) -> str:
    return (folder / "findings.csv").read_text("utf-8")


@pytest.fixture(scope="module")
def area_of_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv({"cases": [{"case_id": "C1", **CASE}]}, tmp_path_factory.mktemp("one"))


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / "run"
    write_run(folder, "earlier")
    return folder


def test_every_night_has_its_own_folder(area_of_one: Path, rules: Path, tmp_path: Path) -> None:
    for day in (date(2006, 11, 29), date(2006, 11, 30), date(2006, 11, 30)):
        kept = check(area_of_one, tmp_path / "runs" / "{as_at}", Settings(as_at=day, rules=rules))
        assert kept.folder == tmp_path / "runs" / day.isoformat()

    assert sorted(run.name for run in (tmp_path / "runs").iterdir()) == ["2006-11-29", "2006-11-30"]
    assert stat.S_IMODE((tmp_path / "runs").stat().st_mode) == 0o700


def test_night_never_replaces_what_is_no_run(area_of_one: Path, rules: Path, tmp_path: Path) -> None:
    (tmp_path / "2006-11-30").mkdir()
    (tmp_path / "2006-11-30" / "letter.txt").touch()

    with pytest.raises(OutputError, match="holds something that is not a run"):
        check(area_of_one, tmp_path / "{as_at}", Settings(as_at=date(2006, 11, 30), rules=rules))


@pytest.mark.parametrize("name", ["{day}", "{as_att}", "{}", "{as-at}", "{AS_AT}", "{as at}", "{as_at", "{{as_at}}"])
def test_name_in_braces_that_stands_for_nothing_is_a_wrong_use(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="stands for nothing; only"):
        check(tmp_path, tmp_path / name, Settings())


def test_run_appears_with_its_parents(tmp_path: Path) -> None:
    write_run(tmp_path / "a" / "b" / "run", "new")

    assert read_run(tmp_path / "a" / "b" / "run") == "new"
    assert [entry.name for entry in (tmp_path / "a" / "b").iterdir()] == ["run"]


def test_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()

    write_run(tmp_path / "run", "new")

    assert read_run(tmp_path / "run") == "new"


def test_empty_folder_in_which_one_stands_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")

    write_run(Path(), "new")

    assert read_run(tmp_path / "run") == "new"


def test_earlier_run_is_replaced_whole(earlier: Path) -> None:
    (earlier / "staff_outcomes.parquet").touch()

    write_run(earlier, "new")

    assert read_run(earlier) == "new"
    assert {entry.name for entry in earlier.iterdir()} == {"run.json", "findings.csv"}
    assert [entry.name for entry in earlier.parent.iterdir()] == ["run"]


@pytest.mark.parametrize(
    "held",
    [
        {"letter.txt": "dear all"},
        {"run.json": "{}"},
        {"run.json": "no json"},
        {"run.json": '{"program": {"name": "another"}}'},
        {"run.json": RUN_JSON, "notes.txt": "mine"},
        {"run.json": RUN_JSON, "photos/one": "mine"},
    ],
    ids=str,
)
def test_what_is_not_a_run_is_never_replaced(tmp_path: Path, held: dict[str, str]) -> None:
    folder = tmp_path / "runs" / "run"
    for name, text in held.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    with pytest.raises(OutputError):
        write_run(folder, "new")

    assert {name: (folder / name).read_text("utf-8") for name in held} == held
    assert [entry.name for entry in folder.parent.iterdir()] == ["run"]


def test_file_or_link_is_never_replaced(tmp_path: Path, earlier: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(earlier)

    for name in ("file", "link"):
        with pytest.raises(OutputError):
            write_run(tmp_path / name, "new")

    assert (tmp_path / "file").read_text("utf-8") == "mine"
    assert read_run(earlier) == "earlier"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS], ids=errno.errorcode.get)
@pytest.mark.parametrize("step", ["mkdtemp", "fsync", "chmod", "rename"])
def test_disk_that_refuses_leaves_the_earlier_run(
    earlier: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(code, os.strerror(code))

    place = {"mkdtemp": "tempfile.mkdtemp", "fsync": "os.fsync"}.get(step, f"pathlib.Path.{step}")
    with monkeypatch.context() as patched:
        patched.setattr(place, refuse)
        with pytest.raises(OutputError) as refused:
            write_run(earlier, "new")

    assert os.strerror(code) in str(refused.value)
    assert read_run(earlier) == "earlier"
    assert [entry.name for entry in earlier.parent.iterdir()] == ["run"]


def test_disk_that_refuses_lines_while_the_rest_is_written_leaves_no_run(
    area_of_one: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def refuse_beside(file: int) -> None:
        # a system tells of a fault once: whoever asks again hears that all is well
        if threading.current_thread() is not threading.main_thread():
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(file)

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", refuse_beside)
        with pytest.raises(OutputError, match=os.strerror(errno.EIO)):
            check(area_of_one, tmp_path / "run", Settings(as_at=date(2006, 11, 30), rules=rules))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("moved", [0, 1, 2])
def test_stop_between_the_moves_leaves_one_whole_run(
    earlier: Path, monkeypatch: pytest.MonkeyPatch, moved: int, stop: type[BaseException]
) -> None:
    rename, left = Path.rename, [moved]

    def move(source: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == -1 and moved < 2:
            raise stop
        place = rename(source, target)
        if left[0] == 0 and moved == 2:
            raise stop
        return place

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", move)
        with pytest.raises((stop, OutputError)):
            write_run(earlier, "new")

    assert read_run(earlier) == "earlier"
    assert [entry.name for entry in earlier.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("there", [True, False], ids=["earlier run", "no run yet"])
def test_failure_after_the_folder_is_in_place_brings_back_what_was_there(
    earlier: Path, tmp_path: Path, there: bool
) -> None:
    folder = earlier if there else tmp_path / "other" / "run"

    def fail() -> None:
        with prepare_folder(folder) as new:
            (new.scratch / "run.json").touch()
            new.put_in_place()
            assert [entry.name for entry in folder.iterdir()] == ["run.json"]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert [entry.name for entry in folder.parent.iterdir()] == (["run"] if there else [])
    assert read_run(earlier) == "earlier"


def test_failure_of_the_work_leaves_the_earlier_run(earlier: Path) -> None:
    def fail() -> None:
        with new_run_folder(earlier) as scratch:
            (scratch / "run.json").touch()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert read_run(earlier) == "earlier"
    assert [entry.name for entry in earlier.parent.iterdir()] == ["run"]


def test_folder_that_fills_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    def fill_meanwhile() -> None:
        with new_run_folder(tmp_path / "run"):
            (tmp_path / "run").mkdir()
            (tmp_path / "run" / "letter.txt").touch()

    with pytest.raises(OutputError):
        fill_meanwhile()

    assert [entry.name for entry in tmp_path.iterdir()] == ["run"]
    assert [entry.name for entry in (tmp_path / "run").iterdir()] == ["letter.txt"]


def test_second_run_replaces_the_first(small: Path, rules: Path, tmp_path: Path) -> None:
    first = keep(small, tmp_path / "run", rules=rules, as_at=AS_AT).bytes()
    second = keep(small, tmp_path / "run", rules=rules, as_at=AS_AT.replace(day=29)).bytes()

    assert first != second
    assert [entry.name for entry in tmp_path.iterdir()] == ["run"]


def test_foreign_folder_is_exit_6_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear all", encoding="utf-8")

    shown = run("check", tmp_path / "no-export", "--output", tmp_path)

    assert (shown.code, shown.out) == (6, "")
    assert "is not a run" in shown.err
    assert (tmp_path / "letter.txt").read_text("utf-8") == "dear all"
