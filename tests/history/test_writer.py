"""One writer, whatever happens to it: doubled, beside readers; and a store is as it was before, or after."""

import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from omi_rules.history.database import open_for_writing, read_store
from omi_rules.history.place import find_place
from omi_rules.history.tables import runs
from omi_rules.history.writer import hold_store
from omi_rules.problems import HeldError, OutputError, UsageError
from tests.cli.running import environment, run
from tests.history.nights import Area, case, plan, run_count, tables

HOLDING = """
import sys, time
from omi_rules.history.place import find_place
from omi_rules.history.writer import hold_store
with hold_store(find_place(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_second_writer_is_told_who_holds_the_store_and_since_when(area: Area) -> None:
    export = area.export(tables(case("A")))

    with hold_store(find_place(area.store)):
        shown = run("check", export, "--store", area.store, "--rules", area.rules)

    assert (shown.code, shown.out) == (7, "")
    assert re.search(rf"held by process {os.getpid()} on \S+ since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC", shown.err)


def test_store_that_is_reached_by_a_link_is_held_too(area: Area, tmp_path: Path) -> None:
    link = tmp_path / "link" / "store.db"
    link.parent.mkdir()
    link.symlink_to(area.store)
    export = area.export(tables(case("A")))
    by_link = ("check", export, "--store", link, "--rules", area.rules)
    assert run(*by_link).code == 0, "a link to a store that is still to be made"

    with hold_store(find_place(area.store)):
        shown = run(*by_link)
    with hold_store(find_place(str(link))), pytest.raises(HeldError), hold_store(find_place(area.store)):
        pass

    assert (shown.code, f"the store {link} is held by process" in shown.err) == (7, True)
    assert [entry.name for entry in link.parent.iterdir()] == ["store.db"]


def test_lock_of_a_writer_that_was_killed_holds_nobody(store: str, area: Area) -> None:
    writer = subprocess.Popen([sys.executable, "-c", HOLDING, store], stdout=subprocess.PIPE, env=environment({}))
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"held\n"
    with (
        pytest.raises(HeldError, match=rf"held by process {writer.pid} on .* since \d{{4}}-"),
        hold_store(find_place(store)),
    ):
        pass

    writer.kill()
    writer.wait()
    writer.stdout.close()

    for _ in range(100):  # a server notices a little later that its client has gone
        try:
            with hold_store(find_place(store)):
                return
        except HeldError:
            time.sleep(0.1)
    pytest.fail("the lock outlived its process")


def test_readers_see_the_run_before_while_the_next_is_written(store: str, area: Area) -> None:
    Area(area.folder, area.rules, store).night(tables(case("A")))
    engine = open_for_writing(find_place(store))

    with engine.begin() as writing:
        writing.execute(runs.delete())
        assert run_count(store) == 1
        shown = run("history", "list", "--store", store, "--format", "csv")
        assert (shown.code, len(shown.out.splitlines())) == (0, 2)
    engine.dispose()

    assert run_count(store) == 0


def test_store_is_its_owners_alone_and_its_folder_is_untouched(area: Area) -> None:
    folder = Path(area.store).parent
    folder.chmod(0o755)
    area.night(tables(case("A")))

    assert stat.S_IMODE(Path(area.store).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert run("history", "list", "--store", area.store).code == 0
    assert {file.name for file in folder.iterdir()} == {"export", "omi-rules.db"}


def test_store_can_be_read_where_nothing_can_be_written(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    area.night(tables(case("A")))
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    assert run_count(area.store) == 1
    assert not Path(f"{area.store}-shm").exists()


def test_output_that_cannot_be_written_leaves_no_run(area: Area, tmp_path: Path) -> None:
    area.night(tables(case("A")))
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")

    with pytest.raises(OutputError):
        area.night(tables(case("A"), plans=[plan("A")]), 1, blocked / "run")

    assert run_count(area.store) == 1


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"no database" * 500, "it is no store"), (None, "is a folder. Name a file in it")]
)
def test_what_is_no_store_is_refused_with_a_sentence(
    area: Area, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    export = area.export(tables(case("A")))
    path = tmp_path / "other"
    path.write_bytes(content) if content else path.mkdir()

    for shown in (
        run("check", export, "--store", path, "--rules", area.rules),
        run("history", "list", "--store", path),
    ):
        assert (shown.code, shown.out) == (6 if content else 2, "")
        assert sentence in shown.err


def test_store_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="omi-rules check EXPORT --store"), read_store(find_place(str(tmp_path / "x"))):
        pass


def test_url_of_another_database_is_a_wrong_use_and_no_password_is_told() -> None:
    with pytest.raises(UsageError, match="postgresql://server/database"):
        find_place("mysql://u:secret@host/db")
    assert "secret" not in find_place("postgresql://omi:secret@host/area").words
    shown = run("history", "list", "--store", "postgresql://omi:secret@localhost:1/area")
    assert shown.code == 6
    assert "secret" not in shown.err


def test_sqlite_url_names_a_file(tmp_path: Path) -> None:
    assert find_place(f"sqlite:///{tmp_path}/a.db").path == tmp_path / "a.db"
