"""Waivers through the nights: in force to the end of their day, and not a moment longer than the record is the same."""

import copy
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from omi_rules.resources import schemas_folder
from tests.cli.running import run
from tests.history.nights import Area, Tables, appointment, case, plan, run_count, tables
from tests.history.waiving import (
    CONTACT,
    DUE,
    ETHNICITY,
    HEADINGS,
    NIGHT,
    PLAN,
    ROLE,
    SECRET,
    WAIVED,
    day,
    given,
    night,
    statuses,
    waive,
)
from tests.reports.runs import Kept

#: A store as version 3 wrote it, made once by code and never changed since: two nights, and a plan.
VERSION_3 = Path(__file__).with_name("stores") / "version-3.sql"
IN_FORCE, RECORD = ("in_force", ""), ("lapsed", "record")
#: The numbers of the waivers in the store that the tests share.
E, P, H, CONTACTS = 1, 2, 3, 4


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, small_rules: Path) -> Area:
    """An area after its first night, with some of its findings waived to the end of 10 December."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "export").mkdir()
    area = Area(folder / "export", small_rules, str(folder / "omi-rules.db"))
    area.night(NIGHT)
    for case_id, rule in WAIVED:
        given(area, case_id, rule, day(10))
    return area


@pytest.fixture
def waived(kept: Area, area: Area) -> Area:
    """A copy of it."""
    shutil.copy(kept.store, area.store)
    return area


def changed(**rows: Any) -> Tables:
    """The first night's export with other rows of some tables."""
    return {**copy.deepcopy(NIGHT), **rows}


def with_case(case_id: str, **cells: Any) -> Tables:
    """The first night's export with other cells of a case."""
    return changed(cases=[{**one, **(cells if one["case_id"] == case_id else {})} for one in NIGHT["cases"]])


@pytest.mark.parametrize(("number", "status"), [(9, "in_force"), (10, "in_force"), (11, "expired")])
def test_waiver_is_in_force_to_the_end_of_its_day(waived: Area, number: int, status: str) -> None:
    assert set(night(waived, NIGHT, number).values()) == {(status, "")}
    assert set(statuses(waived)) == {status}


def test_waiver_goes_its_way_in_every_kind_of_store(area: Area, store: str) -> None:
    here = Area(area.folder, area.rules, store)
    here.night(NIGHT)
    given(here, "P", PLAN, day(20))
    given(here, "E", ETHNICITY, day(2))

    assert night(here, NIGHT, 2) == {1: IN_FORCE, 2: IN_FORCE}
    put_right = changed(risk_management_plans=[plan("P"), plan("H", headings=False)])
    assert night(here, put_right, 4) == {1: ("unused", "put_right"), 2: ("expired", "")}
    assert run("waive", "expire", "2", "--reason", "Over", "--store", store).code == 0
    assert statuses(here) == ["unused", "ended"]
    assert run("history", "verify", "-q", "--store", store).code == 0


def test_waived_finding_is_found_listed_and_counted_all_the_same(waived: Area, tmp_path: Path) -> None:
    waived.night(NIGHT, 1, tmp_path / "waived")
    waived.night(NIGHT, 1, tmp_path / "alone", store=None)

    told, alone = Kept(tmp_path / "waived"), Kept(tmp_path / "alone")
    assert told.bytes().keys() - alone.bytes().keys() == {"waivers.csv"}
    assert [name for name in alone.bytes() if told.bytes()[name] != alone.bytes()[name]] == ["run.json"]
    assert told.summary["waivers"]["in_force"] == len(WAIVED)
    assert {**told.summary, "waivers": None} == alone.summary
    assert len(told.lines("findings")) == told.summary["findings"] > len(WAIVED)


@pytest.mark.parametrize(
    ("now", "stands"),
    [
        (with_case("P", roh_level="very_high"), RECORD),
        (with_case("P", end_date="2006-11-30"), RECORD),
        (with_case("P", sentence_date="2006-01-10"), ("lapsed", "duty")),
        (with_case("P", offender_manager="OM9", team="Bootle", ethnicity=None, tier=4), IN_FORCE),
        (with_case("H", roh_level="very_high"), IN_FORCE),
        # done at last, and late
        (changed(risk_management_plans=[plan("P", "2006-12-01"), plan("H", headings=False)]), RECORD),
        # an assessment of a day before the waiver, and one that came after it and changes nothing
        (changed(roh_assessments=[{"case_id": "P", "completed_on": "2006-01-08", "level": "low"}]), RECORD),
        (changed(roh_assessments=[{"case_id": "P", "completed_on": "2006-12-01", "level": "low"}]), IN_FORCE),
        # a table that the rule does not read
        (changed(appointments=[appointment("P", "2006-02-01")]), IN_FORCE),
    ],
)
def test_waiver_of_a_duty_lapses_when_a_cell_that_the_rule_reads_is_another(
    waived: Area, now: Tables, stands: tuple[str, str]
) -> None:
    assert night(waived, now)[P] == stands


def test_later_row_may_be_another_failure_of_a_rule_without_a_date(waived: Area) -> None:
    later = plan("H", "2006-12-01", headings=False)

    assert night(waived, changed(risk_management_plans=[*NIGHT["risk_management_plans"], later]))[H] == RECORD


def test_other_order_of_the_rows_is_the_same_record(area: Area) -> None:
    plans = [plan("H", headings=False), plan("H", "2006-01-09", headings=False)]
    area.night(changed(risk_management_plans=plans))
    given(area, "H", HEADINGS)

    upside_down = changed(cases=NIGHT["cases"][::-1], risk_management_plans=plans[::-1])
    assert night(area, upside_down) == {1: IN_FORCE}


def test_lapsed_waiver_stays_lapsed_when_the_record_is_as_it_was(waived: Area) -> None:
    assert night(waived, with_case("P", roh_level="very_high"))[P] == RECORD
    assert night(waived, NIGHT, 2)[P] == RECORD


def test_rule_that_changes_is_told_apart_from_a_record_that_does(waived: Area, tmp_path: Path) -> None:
    rules = shutil.copytree(waived.rules, tmp_path / "rules")
    file = next(rules.glob(f"checks/*/{ETHNICITY}.yaml"))
    head, severity, tail = file.read_text("utf-8").partition("severity: ")
    file.write_text(head + severity + "high\n" + tail.partition("\n")[2], encoding="utf-8")

    told = night(waived, NIGHT, 1, rules=rules)

    assert (told[E], told[P]) == (("lapsed", "rule"), IN_FORCE)


def test_finding_that_is_put_right_and_broken_again_is_another(waived: Area) -> None:
    assert night(waived, with_case("E", ethnicity="W1"), 1)[E] == ("unused", "put_right")
    assert night(waived, NIGHT, 2)[E] == ("unused", "put_right")

    given(waived, "E", ETHNICITY)
    told = night(waived, NIGHT, 3)
    assert (told[E], told[len(WAIVED) + 1]) == (("replaced", ""), IN_FORCE)


def test_waiver_goes_with_its_case_and_does_not_come_back_with_it(waived: Area) -> None:
    assert night(waived, changed(cases=NIGHT["cases"][1:]), 1)[E] == ("unused", "case_gone")
    assert night(waived, NIGHT, 2)[E] == ("unused", "case_gone")


@pytest.mark.parametrize(
    ("number", "unreadable", "because"),
    [
        # the case's own row is rejected: there is no tier 9
        (E, with_case("E", tier=9), "undecided"),
        (P, {name: rows for name, rows in NIGHT.items() if name != "risk_management_plans"}, "undecided"),
        # that appointment would not be enough: the finding stands, and its record is not all there
        (CONTACTS, changed(appointments=[appointment("P", "2006-13-11")]), "unread"),
    ],
)
def test_waiver_waits_while_what_it_rests_on_cannot_be_read(
    waived: Area, number: int, unreadable: Tables, because: str
) -> None:
    assert night(waived, unreadable, 1)[number] == ("undecided", because)
    assert statuses(waived)[number - 1] == "undecided"
    assert night(waived, NIGHT, 2)[number] == IN_FORCE


def test_row_that_was_rejected_when_the_waiver_was_given_may_stay_so(area: Area) -> None:
    spoilt = changed(appointments=[appointment("P", "2006-13-01")])
    area.night(spoilt)
    given(area, "P", CONTACT)

    assert night(area, spoilt, 1) == {1: IN_FORCE}
    assert night(area, changed(appointments=[appointment("P", "2006-01-11")]), 2) == {1: RECORD}


@pytest.mark.parametrize(("number", "code"), [(10, 0), (11, 1)])
def test_exit_code_leaves_out_what_is_waived_to_the_end_of_its_day(waived: Area, number: int, code: int) -> None:
    ran = waived.night(NIGHT, number, fail_on="critical")

    assert ran.exit_code == code
    if not code:
        assert ran.summary["exit_because"] == "it ran; there are no critical findings but 1 waived"


def test_what_is_waived_is_told_beside_what_sets_the_exit_code(area: Area) -> None:
    area.night(NIGHT)
    given(area, "P", PLAN)

    ran = area.night(NIGHT, 1, fail_on="any")

    # the finding, and the conclusion that rests on it alone
    assert ran.exit_code == 1
    assert "findings, beside 2 waived, and --fail-on is any" in ran.summary["exit_because"]


def test_conclusion_counts_as_long_as_it_rests_on_a_finding_that_is_not_waived(area: Area) -> None:
    both = tables(case("B", ethnicity=None))
    area.night(both)
    given(area, "B", PLAN)
    assert area.night(both, 1, fail_on="critical").exit_code == 1, "somebody has to be told of the ethnicity"

    given(area, "B", ETHNICITY)
    ran = area.night(both, 2, fail_on="critical")

    assert (ran.exit_code, ran.summary["exit_because"]) == (0, "it ran; there are no critical findings but 2 waived")


def test_run_without_a_store_knows_of_no_waiver(waived: Area) -> None:
    ran = waived.night(NIGHT, 1, store=None, fail_on="critical")

    assert (ran.exit_code, ran.summary["waivers"], list(ran.waivers)) == (1, None, [])


@pytest.mark.parametrize("now", [NIGHT, with_case("E", sentence_date="2006-01-10")], ids=["in force", "lapsed"])
def test_same_night_again_gives_the_same_bytes_and_is_no_new_run(waived: Area, tmp_path: Path, now: Tables) -> None:
    waived.night(now, 1, tmp_path / "first")
    runs = run_count(waived.store)

    again = waived.night(now, 1, tmp_path / "second")

    assert Kept(tmp_path / "first").bytes() == Kept(tmp_path / "second").bytes()
    assert run_count(waived.store) == runs
    assert again.changes is not None
    assert (again.changes.is_new, again.changes.rows_written) == (False, 0)


def test_run_json_is_as_its_schema_says_whatever_became_of_the_waivers(waived: Area) -> None:
    given_up = run("waive", "expire", str(CONTACTS), "--reason", "x", "--store", waived.store)
    assert given_up.code == 0
    changes = {"E": {"ethnicity": "W1"}, "P": {"roh_level": "very_high"}}
    ran = waived.night(changed(cases=[{**one, **changes.get(one["case_id"], {})} for one in NIGHT["cases"]]), 1)

    Draft202012Validator(json.loads((schemas_folder() / "run.schema.json").read_text("utf-8"))).validate(ran.summary)
    told = ran.summary["waivers"]
    assert [(one["waiver"], one["status"], one["because"]) for one in told["listed"]] == [
        (E, "unused", "put_right"),
        (P, "lapsed", "record"),
        (H, "in_force", ""),
    ]
    assert (told["in_force"], told["lapsed"], told["unused"], told["critical"]) == (1, 1, 1, 0)


def test_run_json_names_no_person_no_case_and_no_reason(waived: Area, tmp_path: Path) -> None:
    waived.night(NIGHT, 1, tmp_path / "run")

    text = (tmp_path / "run" / "run.json").read_text("utf-8")
    assert all(word not in text for word in (SECRET, ROLE, '"P"'))
    row = Kept(tmp_path / "run").table("waivers")[P - 1]
    assert (row["case_id"], row["rule"], row["reason"], row["approved_by"]) == ("P", PLAN, SECRET, ROLE)
    assert (row["status"], row["due_on"], row["until"]) == ("in_force", DUE[PLAN], day(10))


def test_ended_waiver_covers_nothing_and_is_told_no_longer(waived: Area, tmp_path: Path) -> None:
    for number in range(1, len(WAIVED) + 1):
        shown = run("waive", "expire", str(number), "--reason", "It was asked", "--store", waived.store)
        assert shown.code == 0

    ran = waived.night(NIGHT, 1, tmp_path / "run", fail_on="critical")

    assert ran.exit_code == 1
    assert ran.summary["waivers"]["listed"] == []
    assert Kept(tmp_path / "run").table("waivers") == []
    assert set(statuses(waived)) == {"ended"}
    assert waive(waived, "E", ETHNICITY, day(9)).code == 0, "another may be given at once"


def test_store_of_version_3_is_upgraded_and_its_findings_can_be_waived(area: Area) -> None:
    with sqlite3.connect(area.store) as connection:
        connection.executescript(VERSION_3.read_text("utf-8"))
    connection.close()
    as_then = tables(case("A"), case("B"), plans=[plan("B")])
    assert night(area, as_then, 2) == {}

    given(area, "A", PLAN)

    assert night(area, as_then, 3) == {1: IN_FORCE}
    assert run("history", "verify", "-q", "--store", area.store).code == 0
    assert run("action", "list", "-q", "--store", area.store).code == 0
