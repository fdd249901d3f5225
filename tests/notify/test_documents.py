"""What a message holds: each sort of change told apart, to the team that holds the case, and nothing of a person."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from omi_rules.history.diff import CHANGES
from omi_rules.notify.documents import Document, under_pseudonyms
from omi_rules.notify.sorts import CAME, QUIET, WENT
from omi_rules.reports.pseudonyms import pseudonym
from omi_rules.resources import rules_folder, schemas_folder
from tests.history.nights import Area, case, plan, tables
from tests.notify.telling import CRITICAL, HOSTILE, documents_of, news_of, tell_of_latest

PLAN = "risk-management-plan-on-time"


def of_team(documents: list[Document], team: str | None) -> Document:
    (found,) = (one for one in documents if one["kind"] == "team" and one["team"] == team)
    return found


def told(document: Document) -> dict[tuple[str, str], str]:
    return {(change["case"], change["rule"]): change["change"] for change in document["changes"]}


def test_every_sort_of_change_of_the_store_has_its_place_in_a_message() -> None:
    assert sorted([*CAME, *WENT, *QUIET, "still"]) == sorted(CHANGES)


def test_messages_come_alerts_first_then_teams_then_the_area(documents: list[Document]) -> None:
    assert [(one["kind"], one["team"]) for one in documents] == [
        ("alerts", None),
        ("team", HOSTILE),
        ("team", "Sefton"),
        ("team", "Wirral"),
        ("team", None),
        ("area", None),
    ]


def test_every_message_has_the_shape_that_the_schema_states(documents: list[Document]) -> None:
    schema = json.loads((schemas_folder() / "notification.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)

    assert [error.message for one in documents for error in validator.iter_errors(one)] == []
    assert not validator.is_valid({**documents[0], "officer": "OM1"})


def test_digest_tells_each_change_of_the_team_apart(documents: list[Document]) -> None:
    found = told(of_team(documents, "Wirral"))

    assert found["W1", PLAN] == "vanished"
    assert found["W2", "rmp-standard-headings"] == "put_right"
    assert found["W3", PLAN] == "done_late"
    assert found["W9", PLAN] == "new"
    assert told(of_team(documents, "Sefton"))["GONE", PLAN] == "case_gone"
    assert {case for case, _ in told(of_team(documents, None))} == {"N2"}


def test_records_that_vanished_are_an_alarm_of_the_team_that_holds_the_case(documents: list[Document]) -> None:
    vanished = [{"table": "risk_management_plans", "records": 1, "cases": 1}]

    assert of_team(documents, "Wirral")["vanished"] == vanished
    assert of_team(documents, "Sefton")["vanished"] == []
    assert documents[-1]["vanished"] == vanished


def test_alerts_are_the_critical_conclusions_that_came_and_no_others(documents: list[Document]) -> None:
    alerts = documents[0]

    assert told(alerts) == {("W4", CRITICAL): "new", ("W9", CRITICAL): "new"}
    assert {change["team"] for change in alerts["changes"]} == {"Wirral"}
    assert [rule["to_do"] for rule in alerts["rules"]] == ["Tell them."]


def test_numbers_of_the_area_are_the_sums_of_its_teams(documents: list[Document]) -> None:
    area = documents[-1]

    for sort, number in area["counts"].items():
        assert sum(team["counts"].get(sort, 0) for team in area["teams"]) == number, sort
    assert area["still"] > 0
    assert area["changes"] == []


def test_no_message_names_an_officer_or_tells_of_a_person(documents: list[Document]) -> None:
    whole = json.dumps(documents)

    for secret in ("OM-SECRET", "OM1", "2006-01-09", "gender", 'W1"}', "community_order", "tier"):
        assert secret not in whole, secret
    days = {change["due_on"] for one in documents for change in one["changes"]}
    assert days == {None, "2006-01-16", "2006-04-30"}, "the days that duties were due, and no other"


def test_messages_of_a_run_are_the_same_whenever_they_are_made(nights: Area, documents: list[Document]) -> None:
    assert documents_of(nights.store, nights.rules) == documents
    assert len({one["id"] for one in documents}) == len(documents)


def test_first_run_that_is_told_of_tells_of_its_alerts_alone(area: Area) -> None:
    area.night(tables(case("A", ethnicity=None), case("B")))

    (alerts,) = documents_of(area.store, area.rules)

    assert (alerts["kind"], alerts["since"]) == ("alerts", None)
    assert told(alerts) == {("A", CRITICAL): "first"}


def test_night_without_a_change_has_no_message(area: Area) -> None:
    same = tables(case("A", ethnicity=None), case("B"))
    area.night(same)
    tell_of_latest(area.store)
    area.night(same, 1)

    assert documents_of(area.store, area.rules) == []


def test_alert_that_is_put_right_is_told_to_the_team_and_is_no_alert(area: Area) -> None:
    area.night(tables(case("A", ethnicity=None)))
    tell_of_latest(area.store)
    area.night(tables(case("A")), 1)

    team, area_ = documents_of(area.store, area.rules)

    assert (team["kind"], area_["kind"]) == ("team", "area")
    assert told(team)["A", CRITICAL] == "put_right"


def test_change_of_a_rule_is_told_apart_and_noted(area: Area, tmp_path: Path, small_rules: Path) -> None:
    area.night(tables(case("A"), case("B")))
    tell_of_latest(area.store)
    changed = shutil.copytree(small_rules, tmp_path / "changed")
    file = next(changed.glob(f"checks/*/{PLAN}.yaml"))
    file.write_text(file.read_text("utf-8").replace("severity: critical", "severity: high"), encoding="utf-8")
    book = changed / "rulebook.yaml"
    book.write_text(book.read_text("utf-8").replace("2006.1", "2006.2"), encoding="utf-8")
    area.night(tables(case("A"), case("B")), 1, rules=changed)

    team, _ = documents_of(area.store, changed)

    assert set(team["counts"]) <= {"rule_changed_new", "rule_changed_gone"}
    assert team["notes"] == ["The rulebook changed from 2006.1 to 2006.2."]


def test_staff_are_counted_for_the_area_and_named_nowhere(area: Area, tmp_path: Path, small_rules: Path) -> None:
    rules = shutil.copytree(small_rules, tmp_path / "rules")
    shutil.copytree(rules_folder() / "checks" / "staff", rules / "checks" / "staff")
    staff = {"staff_id": "OM-SECRET", "grade": "po", "team": "Wirral", "employed_on": "2004-01-05"}
    appraisal = {"staff_id": "OM-SECRET", "completed_on": "2006-11-01"}
    known = {**tables(case("A"), plans=[plan("A")]), "supervisions": []}
    area.night({**known, "staff": [staff], "appraisals": [appraisal]}, rules=rules)
    tell_of_latest(area.store)
    area.night({**known, "staff": [staff], "appraisals": []}, 1, rules=rules)

    made = documents_of(area.store, rules)

    assert made[-1]["staff"] > 0
    assert "OM-SECRET" not in json.dumps(made)
    assert all(one["vanished"] == [] for one in made), "an appraisal is no record of a case"


def test_pseudonyms_are_in_their_own_order_and_tell_nothing_of_that_of_the_references(
    documents: list[Document],
) -> None:
    swapped = 0
    for document in documents:
        # a rule that many cases share, in one sort of change, as a digest of a large team has it
        one = document["changes"][:1]
        many = {**document, "changes": [{**change, "case": f"C{number}"} for change in one for number in range(9)]}
        hidden = [change["case"] for change in under_pseudonyms(many, bytes(32))["changes"]]
        by_reference = [pseudonym(bytes(32), change["case"]) for change in many["changes"]]

        assert hidden == sorted(by_reference)
        swapped += hidden != by_reference
    assert swapped == 5


def test_pseudonyms_leave_alerts_by_rule_and_digests_by_what_changed(documents: list[Document]) -> None:
    for document in documents:
        hidden = under_pseudonyms(document, bytes(32))["changes"]
        names = ("rule",) if document["kind"] == "alerts" else ("change", "severity")

        assert [[change[name] for name in names] for change in hidden] == [
            [change[name] for name in names] for change in document["changes"]
        ]


def test_pseudonyms_take_the_place_of_case_references(documents: list[Document]) -> None:
    wirral = of_team(documents, "Wirral")
    hidden = under_pseudonyms(wirral, bytes(32))

    assert {change["case"] for change in hidden["changes"]}.isdisjoint({change["case"] for change in wirral["changes"]})
    assert hidden == under_pseudonyms(wirral, bytes(32)) != under_pseudonyms(wirral, bytes(31) + b"1")
    assert {**hidden, "changes": []} == {**wirral, "changes": []}


def test_run_is_set_beside_the_one_that_was_told_of_before_it(nights: Area) -> None:
    news = news_of(nights.store)

    assert (news.since.number, news.since.as_at, news.run.number) == (1, date(2006, 11, 30), 2)
    assert news.teams == {"Wirral", "Sefton", HOSTILE}


@pytest.mark.parametrize("name", ["1", "2006-11-30"])
def test_run_may_be_named_by_number_or_day(nights: Area, name: str) -> None:
    assert (news_of(nights.store, name).run.number, news_of(nights.store, name).is_first) == (1, True)
