"""A store whose file was damaged: a night says so and writes nothing more, `verify` finds it, a copy puts it right."""

import sqlite3
from pathlib import Path
from random import Random

import pytest

from tests.cli.running import Ran, run
from tests.history.nights import Area, change_randomly, faults_of, random_area, run_count

PAGE = 4096
#: One damaged value a line, as a failing disk or a careless hand leaves it.
SPOILT = (
    "UPDATE findings SET due_on = '2006-13-45' WHERE id = 1",
    "UPDATE findings SET rule_id = 999 WHERE id = 2",
    "UPDATE findings SET outcome = CAST(x'ff' AS TEXT) WHERE id = 3",
    "UPDATE runs SET manifest = x'00' WHERE number = 2",
    "UPDATE runs SET failed = '[[' WHERE number = 2",
    "UPDATE runs SET as_at = 'yesterday' WHERE number = 1",
    "UPDATE rules SET name = 'another' WHERE id = 1",
    "UPDATE records SET days = '{' WHERE subject_id = 1",
    "UPDATE subjects SET name = name || '?' WHERE id = 1",
    "DELETE FROM rulebook_rules",
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, small_rules: Path) -> tuple[Area, bytes]:
    """An area after two nights, with the export of the third in its folder, and its store as it was."""
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "export").mkdir()
    area, rng = Area(folder / "export", small_rules, str(folder / "omi-rules.db")), Random(6)
    night = random_area(rng)
    for day in (0, 3):
        area.night(night, day)
        night = change_randomly(rng, night, day + 3)
    area.export(night)
    return area, Path(area.store).read_bytes()


def check(area: Area, store: Path) -> Ran:
    return run("check", area.folder, "--store", store, "--rules", area.rules, "--as-at", "2006-12-06", "-q")


def test_page_that_is_lost_stops_the_night_before_anything_is_written(
    lived: tuple[Area, bytes], tmp_path: Path
) -> None:
    area, whole = lived
    store = tmp_path / "omi-rules.db"
    # a table that an upgrade dropped left one page free, which holds nothing that could be lost
    free, count = (int.from_bytes(whole[place : place + 4], "big") for place in (32, 36))
    assert count == 1
    for page in sorted({*range(len(whole) // PAGE)} - {free - 1}):
        lost = bytearray(whole)
        lost[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
        store.write_bytes(lost)

        shown = check(area, store)

        assert (shown.code, shown.out) == (6, ""), page
        assert "put back a copy of it" in shown.err or "it is no store" in shown.err, page
        assert store.read_bytes() == lost, page
        assert run("history", "verify", "--store", store).code in (1, 6), page


def test_store_that_was_cut_short_is_refused(lived: tuple[Area, bytes], tmp_path: Path) -> None:
    area, whole = lived
    store = tmp_path / "omi-rules.db"
    for length in (1, 100, PAGE, len(whole) // 2, len(whole) - PAGE):
        store.write_bytes(whole[:length])

        assert check(area, store).code == 6, length


@pytest.mark.parametrize("statement", SPOILT)
def test_damaged_value_is_no_fault_of_the_program_and_verify_finds_it(
    lived: tuple[Area, bytes], tmp_path: Path, statement: str
) -> None:
    area, whole = lived
    store = tmp_path / "omi-rules.db"
    store.write_bytes(whole)
    with sqlite3.connect(store) as connection:
        connection.execute(statement)
    connection.close()

    verified = run("history", "verify", "--store", store)
    shown = check(area, store)

    assert verified.code in (1, 6), verified.err
    assert shown.code in (0, 6), shown.err
    assert "fault of the program" not in verified.err + shown.err


def test_copy_that_is_put_back_takes_the_next_night(lived: tuple[Area, bytes], tmp_path: Path) -> None:
    area, whole = lived
    store = tmp_path / "omi-rules.db"
    store.write_bytes(whole[: len(whole) // 2])
    assert check(area, store).code == 6

    store.write_bytes(whole)

    assert check(area, store).code == 0
    assert (run_count(str(store)), faults_of(str(store))) == (3, ())
