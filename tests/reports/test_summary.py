"""run.json: held to its schema, and in agreement with the other files."""

import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

import omi_rules
from omi_rules.reports.choices import Filters
from omi_rules.resources import schemas_folder
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import OUTCOMES
from tests.data.exports import AS_AT, CASE, write_csv
from tests.reports.runs import INSUFFICIENT, SMALL, Kept, run_only, write_rulebook


@cache
def validator() -> Draft202012Validator:
    schema = json.loads((schemas_folder() / "run.schema.json").read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def faults(summary: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator().iter_errors(summary)]


@pytest.mark.parametrize("name", ["area_run", "small_run"])
def test_run_json_is_of_its_schema(request: pytest.FixtureRequest, name: str) -> None:
    assert faults(request.getfixturevalue(name).summary) == []


@pytest.mark.parametrize(
    "change",
    [
        {"exit_code": 3},
        {"surprise": 1},
        {"as_at": "2006-11-31"},
        {"filters": {"rules": []}},
        {"evaluator": "guess"},
    ],
    ids=str,
)
def test_schema_refuses_what_no_run_says(small_run: Kept, change: dict[str, Any]) -> None:
    assert faults(small_run.summary | change)


def test_schema_asks_for_everything(small_run: Kept) -> None:
    summary = small_run.summary

    for name in summary:
        assert faults({key: value for key, value in summary.items() if key != name}), name


def test_counts_are_those_of_the_outcomes(area_run: Kept) -> None:
    counted = Counter((row["rule"], row["outcome"]) for row in area_run.outcomes())
    rules = area_run.summary["rules"]

    assert [rule["rule"] for rule in rules] == sorted(load_rulebook().rules)
    about_staff = [sum(rule["outcomes"].values()) for rule in rules if rule["criterion"] == "staff"]
    assert set(about_staff) == {area_run.summary["staff"]["members"]}
    for rule in (rule for rule in rules if rule["criterion"] != "staff"):
        counts: dict[str, int] = {word: counted[rule["rule"], word] for word in OUTCOMES}
        assert rule["outcomes"] == counts
        assert sum(counts.values()) == area_run.summary["cases"]
        met, unknown = counts["met"], counts["unknown"]
        judged = met + sum(counts[word] for word in INSUFFICIENT)
        assert rule["rate"] == (round(met / judged, 6) if judged else None)
        whole = judged + unknown
        assert rule["rate_low"] == (round(met / whole, 6) if whole else None)
        assert rule["rate_high"] == (round((met + unknown) / whole, 6) if whole else None)
        assert bool(rule["undecided_by"]) == bool(unknown)


def test_recommendations_count_findings_and_cases(area_run: Kept) -> None:
    outcomes = [line for line in area_run.lines("findings") if line["outcome"]]

    for told in area_run.summary["recommendations"]:
        found = [line["case_id"] for line in outcomes if told["recommendation"] in line["recommendations"]]
        assert (told["breaches"], told["cases"]) == (len(found), len(set(found)))


def test_conclusions_count_cases_worst_first(area_run: Kept) -> None:
    found = {(line["flag"], line["severity"], line["case_id"]) for line in area_run.lines("conclusions")}
    counted = Counter((flag, severity) for flag, severity, _ in found)
    told = area_run.summary["conclusions"]

    assert {(line["flag"], line["severity"]): line["cases"] for line in told} == counted
    ranks = [("critical", "high", "medium", "informational").index(line["severity"]) for line in told]
    assert ranks == sorted(ranks)


def test_run_json_says_what_ran_on_what(area_run: Kept) -> None:
    told, book = area_run.summary, load_rulebook()

    assert told["program"] == {"name": "omi-rules", "version": omi_rules.__version__}
    assert told["rulebook"] == {"name": book.name, "version": book.version, "hash": book.hash}
    assert (told["as_at"], told["as_at_from"]) == ("2006-11-30", "export.yaml")
    assert told["export"]["form"] == "csv"
    assert told["calendar"] == {"first": "1995-01-01", "last": "2035-12-31"}
    assert (told["exit_code"], told["filters"], told["warnings"]) == (0, {}, [])
    assert told["exit_because"]


def test_fingerprint_and_hash_change_with_what_is_read_alone(
    small_run: Kept, small: Path, rules: Path, tmp_path: Path
) -> None:
    other_export = write_csv({**SMALL, "documents": [{"case_id": "0100"}]}, tmp_path / "export")
    other_rules = write_rulebook(tmp_path / "rules", informational="ethnicity-recorded")
    before = small_run.summary

    exported = run_only(other_export, rules=rules, as_at=AS_AT).summary
    ruled = run_only(small, rules=other_rules, as_at=AS_AT).summary

    assert exported["export"]["fingerprint"] != before["export"]["fingerprint"] == ruled["export"]["fingerprint"]
    assert ruled["rulebook"]["hash"] != before["rulebook"]["hash"] == exported["rulebook"]["hash"]


def test_undecided_by_names_the_column_or_the_table(small_run: Kept) -> None:
    told = {rule["rule"]: rule["undecided_by"] for rule in small_run.summary["rules"]}

    assert told["risk-management-plan-on-time"] == [{"column": "roh_level", "cases": 1}]
    assert told["rmp-standard-headings"] == [
        {"column": "risk_management_plans", "cases": 1},
        {"column": "risk_management_plans.standard_headings", "cases": 1},
    ]


def test_warnings_and_missing_tables_are_told(rules: Path, tmp_path: Path) -> None:
    row = {"case_id": "1", "scheduled_on": "2006-02-01", "kind": "office", "outcome": "attended"}
    export = write_csv(
        {"cases": [{"case_id": "1", **CASE, "tier": 2, "Shoe size": 9}], "appointments": [row, row]}, tmp_path
    )

    told = run_only(export, rules=rules, as_at=date(2007, 5, 1)).summary

    assert faults(told) == []
    assert told["unread"] == ["cases.Shoe size"]
    assert told["identical"] == {"appointments": 1}
    assert len(told["warnings"]) == 2
    assert "older than the as-at date, 2007-05-01" in told["warnings"][0]
    costs = told["missing_costs"]
    assert costs["risk_management_plans"] == ["risk-management-plan-on-time", "rmp-standard-headings"]
    assert "appointments" not in costs
    assert set(costs) <= set(told["missing_tables"])


def test_informational_rule_is_counted_and_never_a_finding(small: Path, tmp_path: Path) -> None:
    rules = write_rulebook(tmp_path / "rules", informational="ethnicity-recorded")

    silent = run_only(small, rules=rules, as_at=AS_AT)
    told = run_only(small, rules=rules, as_at=AS_AT, informational=True)

    def counted(rule: str) -> int:
        (found,) = [line for line in silent.summary["rules"] if line["rule"] == rule]
        return int(found["outcomes"]["not_met"])

    assert counted("ethnicity-recorded") == 2
    assert told.summary["findings"] - silent.summary["findings"] == 2
    assert told.summary["recommendations"] == silent.summary["recommendations"]


def test_missing_table_costs_the_rules_that_it_left_unknown_and_no_others(tmp_path: Path) -> None:
    case = {**CASE, "case_id": "1", "tier": 1, "roh_level": "high", "ppo": "no"}

    told = run_only(write_csv({"cases": [case]}, tmp_path), as_at=AS_AT).summary

    undecided = {rule["rule"]: {each["column"] for each in rule["undecided_by"]} for rule in told["rules"]}
    tables = set(told["missing_tables"]) - {"staff", "appraisals", "supervisions"}
    assert {table: set(told["missing_costs"].get(table, ())) for table in tables} == {
        table: {rule for rule, columns in undecided.items() if table in columns} for table in tables
    }
    assert told["missing_costs"]["mappa_events"] == ["high-roh-managed-in-mappa"]
    # decided without requirements: the tier is wrong whatever they are
    assert "tier-matches-risk" not in str(told["missing_costs"])


def test_missing_tables_of_staff_are_told_with_the_rules_about_them(tmp_path: Path) -> None:
    cases = [{**CASE, "case_id": "1"}]
    staff = [{"staff_id": "S1", "grade": "po", "employed_on": "2001-01-01"}]

    nobody = run_only(write_csv({"cases": cases}, tmp_path / "nobody"), as_at=AS_AT).summary
    somebody = run_only(write_csv({"cases": cases, "staff": staff}, tmp_path / "somebody"), as_at=AS_AT).summary

    costs = {"appraisals": ["annual-appraisal"], "supervisions": ["six-weekly-supervision"]}
    everything = {**costs, "staff": ["annual-appraisal", "six-weekly-supervision"]}
    assert {table: rules for table, rules in nobody["missing_costs"].items() if table in everything} == everything
    assert {table: rules for table, rules in somebody["missing_costs"].items() if table in everything} == costs


def test_narrowed_run_tells_of_no_rule_that_was_not_asked_for(tmp_path: Path) -> None:
    export = write_csv({"cases": [{**CASE, "case_id": "1", "roh_level": "high"}]}, tmp_path)

    told = run_only(export, as_at=AS_AT, filters=Filters(rules=("high-roh-managed-in-mappa",))).summary

    assert {rule for rules in told["missing_costs"].values() for rule in rules} == {"high-roh-managed-in-mappa"}
    assert {rule for value in told["assumed"] for rule in value["rules"]} == {"high-roh-managed-in-mappa"}
