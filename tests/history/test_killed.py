"""A night that is killed at any moment leaves the night before, or itself; the next is as if nothing had been."""

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.running import environment
from tests.history.nights import Area, case, faults_of, intervals, plan, run_count, tables
from tests.sizes import sized

KILLED = Path(__file__).with_name("killed.py")
#: What holds the store and the run's folder, and writes them; the night is killed where a function of theirs ends.
WRITING = ("database", "recorder", "rows", "writer")
WATCHED = (
    "pipeline.py",
    "reports/folder.py",
    "reports/run_files.py",
    "reports/scratch.py",
    *(f"history/{name}.py" for name in WRITING),
)
#: Moments that are never left out: while findings are written, when the run's folder is put in place, when the store
#: has been taken. Of the others one in so many is: each moment costs a run that is killed, and one that is not.
ALWAYS = frozenset({"recorder.Recorder._write_findings", "scratch.put_in_place", "writer._take"})
EVERY = sized(4, 1)
#: While the store is made.
MAKING, EVERY_OF_MAKING = "migrations._create_findings", sized(2, 1)
FIRST_NIGHT = tables(case("A"), case("B"))
SECOND_NIGHT = tables(case("A"), plans=[plan("A")])


def kill_everywhere(
    folder: Path, area: Area, watched: tuple[str, ...], every: int, always: frozenset[str]
) -> list[str]:
    """Kill the second night at one moment of so many, and at those that are never left out, each time in a copy of
    `folder / "before"`; the moments' names."""
    check = ["check", area.export(SECOND_NIGHT), "--rules", area.rules, "--as-at", "2006-12-01"]
    kept = ["--store", "@/omi-rules.db", "--output", "@/run"]
    command = [sys.executable, KILLED, folder, ",".join(watched), str(every), ",".join(always), *check, *kept]
    subprocess.run(command, check=True, env=environment({}))
    return list(json.loads((folder / "moments.json").read_text()))


def run_bytes(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_night_killed_at_any_moment_leaves_the_one_before_or_itself_and_the_next_succeeds(
    area: Area, tmp_path: Path
) -> None:
    place = tmp_path / "nights"
    (place / "before").mkdir(parents=True)
    first = Area(area.folder, area.rules, str(place / "before" / "omi-rules.db"))
    first.night(FIRST_NIGHT, output=place / "before" / "run")
    before = intervals(first.store)

    moments = kill_everywhere(place, area, WATCHED, EVERY, ALWAYS)

    whole = place / "rehearsal"
    after = intervals(str(whole / "omi-rules.db"))
    assert before != after
    assert set(moments) >= ALWAYS
    assert len(moments) > 10
    left = {1: 0, 2: 0}
    for number, moment in enumerate(moments):
        here = place / f"{number:03}"
        store = str(here / "omi-rules.db")
        runs = run_count(store)
        assert (intervals(store), faults_of(store)) == ({1: before, 2: after}[runs], ()), moment
        left[runs] += 1

        next_night = Area(area.folder, area.rules, store).changes(SECOND_NIGHT, 1, output=here / "run")

        assert (next_night.run, run_count(store), faults_of(store)) == (2, 2, ()), moment
        assert intervals(store) == after, moment
        assert run_bytes(here / "run") == run_bytes(whole / "run"), moment
        assert {entry.name for entry in here.iterdir()} == {"omi-rules.db", "run"}, moment
    assert min(left.values()) > 0


def test_kill_while_the_store_is_made_leaves_one_that_the_next_run_makes(area: Area, tmp_path: Path) -> None:
    place = tmp_path / "nights"
    (place / "before").mkdir(parents=True)

    moments = kill_everywhere(place, area, ("history/migrations.py",), EVERY_OF_MAKING, frozenset({MAKING}))

    assert MAKING in moments
    assert len(moments) > 3
    for number, moment in enumerate(moments):
        here = place / f"{number:03}"
        store = Area(area.folder, area.rules, str(here / "omi-rules.db"))
        assert store.changes(SECOND_NIGHT, 1).run == 1, moment
        assert faults_of(store.store) == (), moment
