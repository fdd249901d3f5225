"""`omi-rules waive` as a user runs it: what it says, and that a mistake changes nothing."""

import csv
import io
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.data.exports import write_csv
from tests.history.nights import FIRST, Area, case, plan, tables
from tests.history.waiving import CONTACT, ETHNICITY, NIGHT, PLAN, ROLE, SECRET, day, given, waive
from tests.reports.runs import write_rulebook

HOSTILE = "=1+1\x1b[31m" + "x" * 90


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Area:
    """An area after its first night; ethnicity is waived in E, for three days."""
    folder = tmp_path_factory.mktemp("kept")
    for name in ("export", "rules"):
        (folder / name).mkdir()
    area = Area(folder / "export", write_rulebook(folder / "rules"), str(folder / "omi-rules.db"))
    area.night({**NIGHT, "cases": [*NIGHT["cases"], case(HOSTILE, ethnicity=None, tier=1, roh_level="low")]})
    given(area, "E", ETHNICITY, day(3), "--by", "Clerk")
    return area


@pytest.fixture
def area(kept: Area, tmp_path: Path) -> Area:
    """A copy of it."""
    folder = shutil.copytree(kept.folder, tmp_path / "export")
    return Area(folder, kept.rules, str(shutil.copy(kept.store, tmp_path / "omi-rules.db")))


def dump(store: str) -> list[str]:
    connection = sqlite3.connect(store)
    lines = list(connection.iterdump())
    connection.close()
    return lines


def check(area: Area, number: int, *more: str) -> str:
    as_at = ("--as-at", day(number), "--store", area.store, "--rules", area.rules)
    shown = run("check", area.folder, *as_at, *more)
    return " ".join((shown.out + shown.err).split())


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("P", PLAN, day(0)), f"--until is not after {FIRST}, the day of the latest run"),
        (("P", PLAN, "2007-12-01"), "no waiver lasts more than a year. Take 2007-11-30 or an earlier day"),
        (("P", PLAN, "2007-02-30"), "There is no such day."),
        (("P", "risk-management-plan", day(9)), f"did you mean {PLAN}?"),
        (("P", "plan-falls-short", day(9)), "plan-falls-short is a conclusion: waive what it rests on"),
        (("Q", ETHNICITY, day(9)), "the store has no case Q."),
        (("P", ETHNICITY, day(9)), f"no finding of {ETHNICITY} in case P. It has findings of {CONTACT} and {PLAN}."),
        (("P", PLAN, day(9), "--due", "2006-01-17"), "was due on 2006-01-16, and not on 2006-01-17"),
        (("E", ETHNICITY, day(9)), "waiver 1 covers this finding already"),
        (("P", PLAN, day(9), "--reason", "  "), "--reason should say something."),
        (("P", PLAN, day(9), "--approved-by", ""), "--approved-by should say something."),
        (("\udcff", PLAN, day(9)), "--case should be text in UTF-8."),
        (("P", PLAN, day(9), "--reason", "x" * 1001), "--reason should have at most 1,000 letters."),
    ],
)
def test_mistake_is_told_and_changes_nothing(area: Area, more: tuple[str, ...], told: str) -> None:
    before = dump(area.store)

    shown = waive(area, *more)

    assert (shown.code, shown.out) == (2, "")
    assert told in " ".join(shown.err.split())
    assert SECRET not in shown.err
    assert dump(area.store) == before


def test_duty_has_to_be_named(area: Area) -> None:
    shown = run(
        *("waive", "add", area.folder, "--case", "P", "--rule", PLAN, "--until", day(9), "--reason", "x"),
        *("--approved-by", "x", "--store", area.store, "--rules", area.rules),
    )

    assert (shown.code, "was due on 2006-01-16: add --due 2006-01-16" in shown.err) == (2, True)


def test_finding_without_a_day_has_none_to_name(area: Area) -> None:
    shown = waive(area, HOSTILE, ETHNICITY, day(9), "--due", "2006-01-16")

    assert (shown.code, "leave out --due" in shown.err) == (2, True)


def test_export_and_rulebook_have_to_be_those_of_the_latest_run(area: Area, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_csv({"cases": [case("P"), case("E", ethnicity=None)]}, other)
    before = dump(area.store)

    wrong_export = waive(Area(other, area.rules, area.store), "P", PLAN, day(9))
    (tmp_path / "rules").mkdir()
    rules = write_rulebook(tmp_path / "rules", informational=ETHNICITY)
    wrong_rules = waive(Area(area.folder, rules, area.store), "P", PLAN, day(9))

    assert (wrong_export.code, "is not the export of run 1, the latest: check it" in wrong_export.err) == (2, True)
    assert (wrong_rules.code, "the rulebook is not that of run 1" in wrong_rules.err) == (2, True)
    assert dump(area.store) == before


def test_no_store_is_made_by_a_waiver(area: Area, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.db"

    for arguments in (["expire", "1", "--reason", "x"], ["list"]):
        shown = run("waive", *arguments, "--store", nowhere)
        assert (shown.code, "omi-rules check EXPORT --store" in shown.err) == (2, True)
    assert "no run yet" in waive(Area(area.folder, area.rules, str(nowhere)), "P", PLAN, day(9)).err
    assert not nowhere.exists()


def test_waiver_that_is_not_there_cannot_be_ended(area: Area) -> None:
    missing = run("waive", "expire", "2", "--reason", "x", "--store", area.store)
    assert (missing.code, "has no waiver 2: it has 1 to 1" in missing.err) == (2, True)

    first = run("waive", "expire", "1", "--reason", "x", "--store", area.store)
    assert (first.code, first.err) == (0, "Ended: waiver 1.\n")
    again = run("waive", "expire", "1", "--reason", "x", "--store", area.store)
    assert (again.code, "has been ended already" in again.err) == (2, True)


def test_critical_rule_is_warned_of_when_it_is_waived_and_in_every_run(area: Area) -> None:
    shown = waive(area, "P", PLAN, day(9))

    assert shown.code == 0
    assert shown.err.startswith(f"Given: waiver 2, in force to the end of {day(9)}. It counts from the next check on.")
    assert "is critical: the public may be at risk" in shown.err
    told = check(area, 1)
    assert "2 findings are waived: listed and counted as insufficient all the same" in told
    assert "By critical rules: 1." in told


@pytest.mark.parametrize("form", [(), ("--format", "json"), ("--format", "csv")], ids=["table", "json", "csv"])
def test_every_run_names_what_is_spent_until_somebody_ends_it(area: Area, form: tuple[str, ...]) -> None:
    expired = f"Waiver 1, of {ETHNICITY} in case E, expired: its last day was 3 December 2006."

    assert "1 finding is waived" in check(area, 3, *form)
    for number in (4, 5):
        told = check(area, number, *form)
        assert "No finding is waived." in told
        assert expired in told
        assert "omi-rules waive expire NUMBER --reason TEXT" in told
    run("waive", "expire", "1", "--reason", "Over", "--store", area.store)
    assert "Waiver" not in check(area, 6, *form)


def test_list_has_all_of_them_with_who_and_why(area: Area) -> None:
    given(area, HOSTILE, ETHNICITY, day(9))
    shown = run("waive", "list", "--store", area.store)

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "\x1b" not in shown.out
    assert f"Approved by {ROLE}, entered by Clerk on " in shown.out
    assert f"Reason: {SECRET}" in shown.out

    told = json.loads(run("waive", "list", "--format", "json", "--store", area.store).out)
    flat = list(csv.DictReader(io.StringIO(run("waive", "list", "--format", "csv", "--store", area.store).out)))
    assert [one["status"] for one in told] == ["in_force", "in_force"]
    assert (told[1]["case_id"], flat[1]["case_id"]) == (HOSTILE, f"'{HOSTILE}")
    assert (told[0]["reason"], told[0]["approved_by"], told[0]["given_by"]) == (SECRET, ROLE, "Clerk")


def test_store_without_a_waiver_says_so(area: Area, tmp_path: Path) -> None:
    fresh = Area(area.folder, area.rules, str(tmp_path / "fresh.db"))
    fresh.night(tables(case("A"), plans=[plan("A")]))

    assert run("waive", "list", "--store", fresh.store).out == "The store has no waiver.\n"
    assert run("waive", "list", "--format", "csv", "--store", fresh.store).out.startswith("waiver,status,")


@pytest.mark.parametrize(("number", "until"), [(8, day(9)), (9, day(9)), (10, None)])
def test_work_list_marks_a_waived_duty_to_the_end_of_its_day(area: Area, number: int, until: str) -> None:
    area.night(NIGHT, 1)
    given(area, "P", PLAN, day(9))
    asked = ("due", area.folder, "--as-at", day(number), "--rules", area.rules, "--store", area.store)

    duties = json.loads(run(*asked, "--format", "json").out)["duties"]
    shown = run(*asked).out

    assert {(duty["case_id"], duty["waived_until"]) for duty in duties if duty["rule"] == PLAN} == {("P", until)}
    assert ("1 overdue, 1 of them waived for a time" in shown) == bool(until)
    assert ("    Waived until 9 December 2006" in shown) == bool(until)
    assert (f",{until}\n" in run(*asked, "--format", "csv").out) == bool(until)
    assert (f"Waived until {until}." in run(*asked, "--format", "ics").out.replace("\r\n ", "")) == bool(until)


def test_work_list_does_not_mark_a_duty_whose_record_is_another(area: Area) -> None:
    area.night(NIGHT, 1)
    given(area, "P", PLAN, day(9))
    area.export({**NIGHT, "cases": [case("P", roh_level="very_high")]})

    told = run("due", area.folder, "--as-at", day(2), "--rules", area.rules, "--store", area.store, "--format", "json")

    assert [duty["waived_until"] for duty in json.loads(told.out)["duties"]] == [None]


def test_work_list_asks_no_store_that_is_not_there_yet(area: Area, tmp_path: Path) -> None:
    settings = tmp_path / "omi-rules.toml"
    settings.write_text('store = "later.db"\n', encoding="utf-8")
    asked = ("due", area.folder, "--as-at", day(2), "--rules", area.rules, "--config", settings)

    assert run(*asked).code == 0
    assert not (tmp_path / "later.db").exists()
    assert run(*asked, "--store", tmp_path / "nowhere.db").code == 2
