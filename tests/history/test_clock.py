"""A clock that was set back, and two nights that start at once: what is recorded stays, and each says what it did."""

import subprocess
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from tests.cli.running import PROGRAM, environment, run
from tests.history.nights import Area, case, faults_of, intervals, plan, run_count, tables

NIGHT = tables(case("A"), case("B"))
NEXT = tables(case("A"), case("B"), plans=[plan("A")])


def set_clock(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Have it be noon of a day."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls.fromisoformat(f"{day}T12:00:00").replace(tzinfo=tz)

    monkeypatch.setattr("omi_rules.calendar.today.datetime", Clock)


def check(area: Area) -> tuple[int, str]:
    shown = run("check", area.folder, "--store", area.store, "--rules", area.rules, "-q")
    return shown.code, shown.err


def test_clock_that_was_set_back_undoes_nothing_and_the_right_one_goes_on(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, "2006-12-01")
    area.export(NIGHT)
    assert check(area)[0] == 0
    before = intervals(area.store)
    area.export(NEXT)

    set_clock(monkeypatch, "2006-11-30")
    code, said = check(area)

    assert code == 3
    assert "judged as at 2006-11-30" in said
    assert "already knows 2006-12-01" in said
    assert (intervals(area.store), run_count(area.store), faults_of(area.store)) == (before, 1, ())

    set_clock(monkeypatch, "2006-12-02")
    assert check(area)[0] == 0
    assert (run_count(area.store), faults_of(area.store)) == (2, ())


def test_of_two_nights_at_once_each_is_recorded_or_told_who_holds_the_store(area: Area, tmp_path: Path) -> None:
    export = area.export(NIGHT)
    command = [*PROGRAM, "check", export, "--store", area.store, "--rules", area.rules, "--as-at", "2006-12-01", "-q"]

    nights = [
        subprocess.Popen([*command, "--output", tmp_path / name], stderr=subprocess.PIPE, env=environment({}))
        for name in ("one", "two")
    ]
    ended = [(night.communicate()[1].decode(), night.returncode) for night in nights]

    assert {code for _, code in ended} <= {0, 7}
    assert 0 in {code for _, code in ended}
    assert all("is held by" in said for said, code in ended if code == 7)
    assert [(tmp_path / name).is_dir() for name in ("one", "two")] == [code == 0 for _, code in ended]
    assert (run_count(area.store), faults_of(area.store)) == (1, ())
