"""Each sort of change told apart, one small night after another."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from omi_rules.checks import run as checks_run
from omi_rules.history.choice import Choice
from omi_rules.history.database import read_store
from omi_rules.history.diff import CHANGES, find_changes
from omi_rules.history.place import find_place
from omi_rules.history.runs import find_run, list_runs
from omi_rules.problems import ExportError, UsageError
from omi_rules.resources import rules_folder
from tests.history.nights import Area, case, intervals, of_rule, plan, run_count, tables

PLAN = "risk-management-plan-on-time"
APPRAISAL = "annual-appraisal"


def told(store: str, before: str = "@previous", after: str = "@latest", **choice: Any) -> dict[tuple[str, str], str]:
    """What `history diff` tells of each case and rule."""
    with read_store(find_place(store)) as connection:
        kept = list_runs(connection)
        found = find_changes(connection, kept, find_run(kept, before), find_run(kept, after), Choice(**choice))
    assert set(found.counts) == set(CHANGES)
    return {(change.name, change.rule): change.change for change in found.changes}


def test_missing_plan_that_is_made_late_is_done_late_and_not_new(area: Area) -> None:
    area.night(tables(case("A"), case("B")))
    area.night(tables(case("A"), case("B"), plans=[plan("A", "2006-12-01")]), 1)

    assert of_rule(area.store, PLAN) == [
        ("A", "missing", "first", "done_late"),
        ("A", "late", "done_late", None),
        ("B", "missing", "first", None),
    ]
    assert told(area.store)["A", PLAN] == "done_late"


def test_plan_whose_day_is_emptied_and_that_then_vanishes_is_no_failure(area: Area) -> None:
    area.night(tables(case("A"), case("B"), plans=[plan("A", "2006-03-10"), plan("B")]))
    emptied = area.changes(tables(case("A"), case("B"), plans=[plan("A", None), plan("B", None)]), 1)
    assert emptied.vanished == {"risk_management_plans": (2, 2)}

    area.night(tables(case("A"), case("B")), 2)

    assert of_rule(area.store, PLAN)[1:] == [
        ("A", "unknown", "undecided", "decided"),
        ("A", "missing", "seen_again", None),
        ("B", "missing", "vanished", None),
    ]
    assert (told(area.store, "1", "3")["A", PLAN], told(area.store, "1", "3")["B", PLAN]) == ("seen_again", "vanished")


def test_duty_that_falls_due_after_its_record_vanished_is_no_failure(area: Area) -> None:
    young = case("A", sentence_date="2006-11-27")
    area.night(tables(young, case("B"), plans=[plan("A", "2006-11-28"), plan("B")]))
    area.night(tables(young, case("B"), plans=[plan("B")]), 1)
    assert of_rule(area.store, PLAN) == [], "it is due on 4 December"

    area.night(tables(young, case("B"), plans=[plan("B")]), 5)

    assert of_rule(area.store, PLAN) == [("A", "missing", "vanished", None)]
    assert told(area.store) == {("A", PLAN): "vanished", ("A", "plan-falls-short"): "vanished"}


def test_record_that_vanished_is_an_alarm_and_no_new_failure(area: Area) -> None:
    area.night(tables(case("A"), case("B"), plans=[plan("A"), plan("B"), plan("B")]))
    changes = area.changes(tables(case("A"), case("B"), plans=[plan("B")]), 1)

    assert changes.vanished == {"risk_management_plans": (2, 2)}
    assert changes.began == {"vanished": 2}, "the plan's rule, and what follows from it"
    assert told(area.store) == {("A", PLAN): "vanished", ("A", "plan-falls-short"): "vanished"}


def test_record_with_another_day_has_vanished_too(area: Area) -> None:
    area.night(tables(case("A"), plans=[plan("A", "2006-01-10")]))
    changes = area.changes(tables(case("A"), plans=[plan("A", "2006-03-10")]), 1)

    assert changes.vanished == {"risk_management_plans": (1, 1)}
    assert of_rule(area.store, PLAN) == [("A", "late", "vanished", None)]


def test_rejected_record_or_lost_table_is_no_alarm_until_it_is_surely_gone(area: Area) -> None:
    whole = tables(case("A"), plans=[plan("A"), plan("A", "2006-02-01", False)])
    area.night(whole)
    rejected = area.changes(tables(case("A"), plans=[plan("A"), plan("A", "2006-13-01")]), 1)
    lost = area.changes({name: rows for name, rows in whole.items() if name != "risk_management_plans"}, 2)
    gone = area.changes(tables(case("A"), plans=[plan("A")]), 3)

    assert (rejected.vanished, lost.vanished) == ({}, {})
    assert gone.vanished == {"risk_management_plans": (1, 1)}


def test_unknown_keeps_a_finding_open_until_it_is_decided(area: Area) -> None:
    area.night(tables(case("A")))
    area.night(tables(case("A", roh_level=None)), 1)
    area.night(tables(case("A", roh_level="low")), 2)

    assert of_rule(area.store, PLAN) == [
        ("A", "missing", "first", "undecided"),
        ("A", "unknown", "undecided", "not_applicable"),
    ]
    assert told(area.store, "1", "2")["A", PLAN] == "undecided"


def test_conclusion_whose_clue_is_emptied_stays_open_and_one_that_cannot_follow_goes(area: Area) -> None:
    plans = [plan("A", headings=False), plan("B", headings=False)]
    area.night(tables(case("A"), case("B"), plans=plans))
    flag = "plan-falls-short"
    assert of_rule(area.store, flag) == [("A", "", "first", None), ("B", "", "first", None)]

    area.night(tables(case("A", roh_level=None), case("B", roh_level="low"), plans=plans), 1)

    assert of_rule(area.store, flag) == [
        ("A", "", "first", "undecided"),
        ("A", "unknown", "undecided", None),
        ("B", "", "first", "not_applicable"),
    ]


def test_case_that_ended_and_left_is_told_from_one_that_vanished_and_came_back(area: Area) -> None:
    area.night(tables(case("A"), case("B", end_date="2006-11-29"), case("C")))
    gone = area.changes(tables(case("C")), 1)
    assert gone.gone == 1, "B had ended"
    assert {name: how for (name, rule), how in told(area.store).items() if rule == PLAN} == {
        "A": "case_gone",
        "B": "case_ended",
    }

    back = area.changes(tables(case("A"), case("C")), 2)

    assert set(back.began) == {"case_back"}
    assert told(area.store)["A", PLAN] == "case_back"


def test_case_whose_row_is_rejected_resolves_nothing(area: Area) -> None:
    area.night(tables(case("A"), case("B")))
    changes = area.changes(tables(case("A", tier=9), case("B")), 1)

    assert changes.gone == 0
    assert set(changes.ended) == {"undecided"}
    assert of_rule(area.store, PLAN)[1] == ("A", "unknown", "undecided", None)


def test_corrected_start_makes_it_another_duty(area: Area) -> None:
    area.night(tables(case("A")))
    area.night(tables(case("A", sentence_date="2006-02-06")), 1)

    assert of_rule(area.store, PLAN) == [("A", "missing", "first", "other_duty"), ("A", "missing", "other_duty", None)]
    assert told(area.store, rules=(PLAN,)) == {("A", PLAN): "other_duty"}, (
        "it was overdue before, and is no new failure"
    )
    assert sorted(row[3].isoformat() for row in intervals(area.store) if row[1] == PLAN) == ["2006-01-16", "2006-02-13"]


@pytest.mark.parametrize(("sentence", "began"), [("2006-11-23", "new"), ("2006-11-22", "other_duty")])
def test_other_duty_that_fell_due_since_the_run_before_is_new(area: Area, sentence: str, began: str) -> None:
    # due on 30 November, the day of the run before, in time then; or on the 29th, and overdue then already
    area.night(tables(case("A")))
    area.night(tables(case("A", sentence_date=sentence)), 1)

    assert of_rule(area.store, PLAN)[1] == ("A", "missing", began, None)


def test_day_that_cannot_be_told_any_more_makes_no_new_failure(area: Area, other_rules: Path) -> None:
    two = "choose:\n      - {if: {tier: {at_least: 4}}, amount: 3, status: assumed, because: a test}"
    rewrite(other_rules, "rmp-limit.yaml", "choose:", two)
    area.night(tables(case("A")), rules=other_rules)
    area.night(tables(case("A", tier=None)), 1, rules=other_rules)
    area.night(tables(case("A")), 2, rules=other_rules)

    found = [row[3:9] for row in intervals(area.store) if row[1] == PLAN]
    assert sorted(found, key=lambda row: row[3]) == [
        (date(2006, 1, 16), None, "first", 1, 1, "replaced"),
        (None, None, "changed", 2, 2, "replaced"),
        (date(2006, 1, 16), None, "changed", 3, None, None),
    ]
    assert told(area.store, "1", "2", rules=(PLAN,)) == {("A", PLAN): "changed"}
    assert told(area.store, "1", "3", rules=(PLAN,)) == {("A", PLAN): "changed"}


def test_due_again_is_not_put_right(area: Area) -> None:
    area.night(tables(case("A")))
    area.night(tables(case("A", sentence_date="2006-11-30")), 1)

    assert of_rule(area.store, PLAN) == [("A", "missing", "first", "due_again")]


@pytest.fixture
def other_rules(area: Area, tmp_path: Path) -> Path:
    folder = tmp_path / "other-rules"
    shutil.copytree(area.rules, folder)
    return folder


def rewrite(folder: Path, file: str, before: str, after: str) -> None:
    path = next(folder.rglob(file))
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_duty_that_was_done_late_and_counts_no_more_is_worse(area: Area, other_rules: Path) -> None:
    rewrite(
        other_rules, f"{PLAN}.yaml", "risk_management_plans: {}", "risk_management_plans: {standard_headings: true}"
    )
    area.night(tables(case("A"), plans=[plan("A", "2006-03-10")]), rules=other_rules)
    area.night(tables(case("A"), plans=[plan("A", "2006-03-10", False)]), 1, rules=other_rules)

    assert of_rule(area.store, PLAN) == [("A", "late", "first", "replaced"), ("A", "missing", "worse", None)]
    assert told(area.store)["A", PLAN] == "worse"


def test_finding_that_another_limit_makes_or_takes_is_the_rules_doing(area: Area, other_rules: Path) -> None:
    night = tables(case("A"), case("B"), plans=[plan("A", "2006-01-17"), plan("B", "2006-01-16")])
    area.night(night)
    assert of_rule(area.store, PLAN) == [("A", "late", "first", None)]
    rewrite(other_rules, "rmp-limit.yaml", "amount: 5", "amount: 10")
    area.night(night, 1, rules=other_rules)
    assert of_rule(area.store, PLAN) == [("A", "late", "first", "rule_changed")]
    assert told(area.store) == {
        ("A", PLAN): "rule_changed_gone",
        ("A", "plan-falls-short"): "rule_changed_gone",
    }
    rewrite(other_rules, "rmp-limit.yaml", "amount: 10", "amount: 1")

    changes = area.changes(night, 2, rules=other_rules)

    assert changes.began == {"rule_changed": 4}
    assert set(told(area.store).values()) == {"rule_changed_new"}


def test_other_words_of_a_rule_change_nothing(area: Area, other_rules: Path) -> None:
    night = tables(case("A"), case("B"), plans=[plan("B")])
    area.night(night)
    rewrite(other_rules, f"{PLAN}.yaml", "title: ", "title: In other words, ")
    rewrite(other_rules, "rmp-limit.yaml", "title: ", "title: In other words, ")

    changes = area.changes(tables(case("A"), case("B")), 1, rules=other_rules)

    assert (changes.is_new, changes.began) == (True, {"vanished": 2})
    assert changes.ended == {}


def test_member_of_staff_has_findings_too_and_loses_none_with_a_table(area: Area, other_rules: Path) -> None:
    (other_rules / "checks" / "staff").mkdir()
    shutil.copy(rules_folder() / "checks/staff/annual-appraisal.yaml", other_rules / "checks/staff")
    staff: dict[str, Any] = {
        "staff": [{"staff_id": name, "grade": "po", "team": "Wirral", "employed_on": "2005-11-15"} for name in "ST"],
        "appraisals": [{"staff_id": "T", "completed_on": "2006-11-01"}],
    }
    area.night({**tables(case("A")), **staff}, rules=other_rules)
    assert [row[0] for row in of_rule(area.store, APPRAISAL)] == ["S"]

    lost = area.changes(tables(case("A")), 1, rules=other_rules)
    assert (lost.ended, lost.gone) == ({"undecided": 1}, 0)
    vanished = area.changes({**tables(case("A")), **staff, "appraisals": []}, 2, rules=other_rules)

    assert vanished.vanished == {"appraisals": (1, 1)}
    assert of_rule(area.store, APPRAISAL) == [
        ("S", "missing", "first", "undecided"),
        ("S", "unknown", "undecided", "decided"),
        ("S", "missing", "seen_again", None),
        ("T", "missing", "vanished", None),
    ]


def test_rule_that_could_not_run_keeps_its_findings_and_those_of_its_conclusions(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    area.night(tables(case("A"), case("B", ethnicity=None)))
    before = [row for row in intervals(area.store) if row[1] != "ethnicity-recorded"]
    whole = checks_run._compile

    def fail_one(plain: Any, plan_: Any, rule: Any, number: int) -> Any:
        if rule.id == PLAN:
            raise ValueError
        return whole(plain, plan_, rule, number)

    monkeypatch.setattr(checks_run, "_compile", fail_one)
    failed = area.night(tables(case("A"), case("B"), plans=[plan("A"), plan("B")]), 1)
    monkeypatch.undo()

    assert failed.exit_code == 4
    assert [row for row in intervals(area.store) if row[1] != "ethnicity-recorded"] == before
    assert of_rule(area.store, "ethnicity-recorded") == [("B", "not_met", "first", "put_right")]

    area.night(tables(case("A"), case("B"), plans=[plan("A"), plan("B")]), 2)

    ended = {row[7:] for row in intervals(area.store) if row[1] == PLAN}
    assert ended == {(1, "put_right", 3)}, "last seen by the first run, for the second did not judge it"


def test_earlier_day_than_the_store_knows_is_refused_and_changes_nothing(area: Area, tmp_path: Path) -> None:
    area.night(tables(case("A")), 1)
    before = intervals(area.store)

    with pytest.raises(ExportError, match="already knows 2006-12-01"):
        area.night(tables(case("A"), plans=[plan("A")]), 0, tmp_path / "run")

    assert (intervals(area.store), run_count(area.store)) == (before, 1)
    assert not (tmp_path / "run").exists()


def test_second_run_of_a_day_does_not_hide_what_the_day_changed(area: Area) -> None:
    area.night(tables(case("A")))
    area.night(tables(case("A"), plans=[plan("A")]), 1)
    area.night(tables(case("A"), case("B"), plans=[plan("A")]), 1)

    assert told(area.store)["A", PLAN] == "put_right"
    assert {key: how for key, how in told(area.store, "2", "3").items() if key[1] == PLAN} == {("B", PLAN): "new"}


def test_choice_of_team_rule_and_recommendation(area: Area) -> None:
    area.night(tables(case("A", team="North"), case("B", offender_manager="OM2")))
    area.night(tables(case("A", team="North"), case("B", offender_manager="OM2"), plans=[plan("A"), plan("B")]), 1)

    assert {name for name, _ in told(area.store, teams=("North",))} == {"A"}
    assert {name for name, _ in told(area.store, officers=("OM2",))} == {"B"}
    assert {rule for _, rule in told(area.store, rules=("plan-falls-short",))} == {"plan-falls-short"}
    assert {rule for _, rule in told(area.store, recommendations=(3,))} == {"plan-falls-short"}
    with pytest.raises(UsageError, match="did you mean plan-falls-short"):
        told(area.store, rules=("plan-fall-short",))
    with pytest.raises(UsageError, match="--team: no case of the store has team West"):
        told(area.store, teams=("West",))
