"""The chain over the runs: whatever is altered after it was recorded is found, and the run is named."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from omi_rules.history.chain import canonical, hash_of, line_of, pack, unpack
from tests.cli.running import Ran, run
from tests.history.nights import Area, case, plan, tables


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, small_rules: Path) -> Path:
    """A store of three runs: findings, two that ended, and a record that vanished."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "export").mkdir()
    area = Area(folder / "export", small_rules, str(folder / "omi-rules.db"))
    area.night(tables(case("A"), case("B"), plans=[plan("B")]))
    area.night(tables(case("A"), case("B"), plans=[plan("A"), plan("B")]), 1)
    area.night(tables(case("A"), case("B"), plans=[plan("A")]), 2)
    return folder / "omi-rules.db"


@pytest.fixture
def store(kept: Path, tmp_path: Path) -> Path:
    """A copy of it, to alter."""
    return Path(shutil.copy(kept, tmp_path / "copy.db"))


def alter(store: Path, statement: str) -> Ran:
    with sqlite3.connect(store) as connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()
    return run("history", "verify", "--store", store)


def test_store_that_nobody_altered_is_as_it_was_recorded(store: Path) -> None:
    shown = run("history", "verify", "--store", store)

    assert (shown.code, shown.err) == (0, "")
    assert shown.out.splitlines()[0] == "All 3 runs are as they were recorded."
    assert len(shown.out.splitlines()[1].removeprefix("Latest hash: ")) == 64


@pytest.mark.parametrize(
    "change",
    [
        "as_at = '2006-12-02'",
        "recorded_at = '2006-12-01T00:00:00+00:00'",
        "program = '9.9.9'",
        "fingerprint = 'x'",
        "cases = cases + 1",
        "exit_code = 1",
        'failed = \'[["rule", "x"]]\'',
        "manifest = x'00'",
        "changes = 'x'",
        "rulebook_id = 9",
        "hash = 'x'",
    ],
)
def test_altered_run_is_named(store: Path, change: str) -> None:
    shown = alter(store, f"UPDATE runs SET {change} WHERE number = 2")

    assert shown.code == 1
    assert "Run 2 was altered after it was recorded" in shown.out
    assert "not as it was recorded" in shown.err


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE findings SET outcome = 'late' WHERE id = 1", 1),
        ("UPDATE findings SET due_on = '2006-12-24' WHERE id = 1", 1),
        ("UPDATE findings SET severity = severity + 1 WHERE id = 1", 1),
        ("UPDATE findings SET began = 'vanished' WHERE id = 1", 1),
        ("DELETE FROM findings WHERE id = 1", 1),
        ("UPDATE findings SET ended = 'excluded' WHERE ended_run = 2", 2),
        ("UPDATE findings SET ended = NULL, ended_run = NULL WHERE ended_run = 2", 2),
        ("UPDATE findings SET last_run = 2 WHERE ended_run = 2", 2),
        ("UPDATE findings SET first_run = 2 WHERE first_run = 3", 3),
        ("UPDATE subjects SET name = 'Z' WHERE name = 'A'", 1),
        ("UPDATE rules SET name = 'another' WHERE name = 'risk-management-plan-on-time'", 1),
        ("UPDATE alarms SET rows = 9", 3),
        ("DELETE FROM alarms", 3),
    ],
)
def test_altered_findings_are_told_with_their_run(store: Path, statement: str, number: int) -> None:
    shown = alter(store, statement)

    assert shown.code == 1
    assert f"The findings that began or ended in run {number}, or waivers that did, were altered" in shown.out


def test_run_that_is_taken_out_is_missing(store: Path) -> None:
    shown = alter(store, "DELETE FROM runs WHERE number = 2")

    assert shown.code == 1
    assert "Run 2 is missing." in shown.out
    assert "Findings name run 2, which the store does not have." in shown.out


def test_run_rewritten_with_a_hash_that_fits_breaks_the_next(store: Path) -> None:
    with sqlite3.connect(store) as connection:
        connection.row_factory = sqlite3.Row
        chosen = "SELECT r.*, b.hash AS rulebook FROM runs r JOIN rulebooks b ON b.id = r.rulebook_id ORDER BY number"
        first, second, _ = (dict(row) for row in connection.execute(chosen))
        second["cases"] = 99
        rewritten = (99, hash_of(second, first["hash"]))
        connection.execute("UPDATE runs SET cases = ?, hash = ? WHERE number = 2", rewritten)
    connection.close()

    shown = run("history", "verify", "--store", store)

    assert shown.code == 1
    assert "Run 3 was altered after it was recorded, or the run before it was" in shown.out


def test_manifest_comes_back_as_it_was_whatever_order_its_keys_had() -> None:
    document = {"b": [1, None], "a": {"d": "é", "c": 2}}

    assert unpack(pack(canonical(document))) == document
    assert canonical(document) == canonical({"a": {"c": 2, "d": "é"}, "b": [1, None]})


def test_lines_tell_absent_from_empty_and_do_not_run_together() -> None:
    assert len({line_of("a", None), line_of("a", ""), line_of("a"), line_of("a", "None"), line_of('a", "')}) == 5
