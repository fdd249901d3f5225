"""A disk that is full, or that nobody may write to: the night fails with a sentence, and leaves the one before."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.cli.running import environment
from tests.history.mounting import mounting
from tests.history.nights import Area, case, faults_of, intervals, plan, run_count, tables
from tests.sizes import sized

FILLED = Path(__file__).with_name("filled.py")
SECOND_NIGHT = tables(case("A"), plans=[plan("A")])
#: So many bytes more each time: five pages, or two.
STEP = sized(5, 2) * 4096


def nights(area: Area, tmp_path: Path, output: str) -> Path:
    """The first night of an area, and what the second one left on each small disk."""
    place = tmp_path / "nights"
    (place / "before").mkdir(parents=True)
    first = Area(area.folder, area.rules, str(place / "before" / "omi-rules.db"))
    first.night(tables(case("A"), case("B")), output=place / "before" / "run")
    check = ["check", area.export(SECOND_NIGHT), "--rules", area.rules, "--as-at", "2006-12-01"]
    kept = ["--store", "@/omi-rules.db", "--output", output]
    command = [*mounting(), sys.executable, FILLED, place, str(STEP), *check, *kept]
    subprocess.run(command, check=True, env=environment({}))
    return place


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_disk_that_fills_anywhere_leaves_the_night_before_and_says_so(area: Area, tmp_path: Path) -> None:
    place = nights(area, tmp_path, "@/run")
    before = intervals(str(place / "before" / "omi-rules.db"))
    files = bytes_in(place / "before" / "run")
    ended: list[dict[str, Any]] = json.loads((place / "ended.json").read_text())
    *failed, succeeded, read_only = ended

    assert [each["code"] for each in failed] == [6] * len(failed)
    assert len(failed) > 3
    assert {"the store" in each["said"] for each in failed} == {True, False}
    for number, each in enumerate([*failed, read_only]):
        here = place / (f"{number:03}" if number < len(failed) else "read-only")
        store = str(here / "omi-rules.db")
        last = each["said"].rstrip().splitlines()[-1]
        assert last.startswith("omi-rules: "), number
        assert "could not be" in last or "cannot be written" in last, last
        assert (intervals(store), faults_of(store), run_count(store)) == (before, (), 1), number
        assert bytes_in(here / "run") == files, number
        assert {entry.name for entry in here.iterdir()} == {"omi-rules.db", "run"}, number
        assert Area(area.folder, area.rules, store).changes(SECOND_NIGHT, 1, output=here / "run").run == 2, number

    assert (succeeded["code"], read_only["code"]) == (0, 6)
    assert "Exit code 0" in succeeded["said"].rstrip().splitlines()[-1]
    assert "Read-only file system" in read_only["said"]


def test_disk_that_fills_under_the_store_alone_leaves_the_run_before_too(area: Area, tmp_path: Path) -> None:
    place = nights(area, tmp_path, "%/run")
    before = intervals(str(place / "before" / "omi-rules.db"))
    files = bytes_in(place / "before" / "run")
    *failed, succeeded, _ = json.loads((place / "ended.json").read_text())

    assert [each["code"] for each in failed] == [6] * len(failed)
    assert len(failed) > 3
    for number in range(len(failed)):
        assert intervals(str(place / f"{number:03}" / "omi-rules.db")) == before, number
        beside = place / f"{number:03}-beside"
        assert bytes_in(beside / "run") == files, number
        assert {entry.name for entry in beside.iterdir()} == {"omi-rules.db", "run"}, number
    assert succeeded["code"] == 0
    assert bytes_in(place / f"{len(failed):03}-beside" / "run") != files
