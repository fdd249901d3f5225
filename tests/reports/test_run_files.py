"""Every file of a run: its columns, its types, its order, and that the files say the same."""

import json
from collections import Counter
from itertools import pairwise
from typing import Any

import duckdb
import pyarrow
import pytest
from pyarrow import parquet

from omi_rules.reports.lines import neutral_sql
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import OUTCOMES
from omi_rules.shapes import load_tables
from tests.data.exports import AS_AT
from tests.reports.runs import CONCLUSIONS, DATED, FINDING_COLUMNS, INSUFFICIENT, RULES, Kept

OUTCOME_TYPES = [
    ("rule", pyarrow.string()),
    ("outcome", pyarrow.string()),
    ("due_on", pyarrow.date32()),
    ("done_on", pyarrow.date32()),
    ("days_late", pyarrow.int32()),
    ("reason", pyarrow.string()),
]
CASE_TYPES = [
    *((name, pyarrow.string()) for name in ("case_id", "division", "team", "offender_manager", "order_type")),
    ("start_date", pyarrow.date32()),
    ("end_date", pyarrow.date32()),
    ("tier", pyarrow.int32()),
    ("roh_level", pyarrow.string()),
    ("ppo", pyarrow.bool_()),
    ("mappa_level", pyarrow.int32()),
    ("gender", pyarrow.string()),
    ("ethnicity", pyarrow.string()),
]
MEASURE_TYPES = [
    ("case_id", pyarrow.string()),
    ("measure", pyarrow.string()),
    ("on", pyarrow.date32()),
    ("amount", pyarrow.float64()),
]
FILES = {
    "run.json",
    "outcomes.parquet",
    "cases.parquet",
    "measures.parquet",
    "findings.csv",
    "findings.jsonl",
    "conclusions.jsonl",
    "rejects.csv",
}


@pytest.fixture(params=["area_run", "small_run"])
def kept(request: pytest.FixtureRequest) -> Kept:
    run: Kept = request.getfixturevalue(request.param)
    return run


def in_order(rows: list[dict[str, Any]], *columns: str) -> bool:
    """Whether the rows rise, letter by letter as bytes."""
    keys = [tuple(str(row[column]).encode() for column in columns) for row in rows]
    return all(one <= other for one, other in pairwise(keys))


def test_files_are_those_of_the_contract(area_run: Kept, small_run: Kept) -> None:
    assert set(area_run.bytes()) == FILES | {"staff_outcomes.parquet", "staff_findings.jsonl"}
    assert set(small_run.bytes()) == FILES


@pytest.mark.parametrize(("name", "key"), [("outcomes", "case_id"), ("staff_outcomes", "staff_id")])
def test_outcomes_have_the_columns_and_types_of_the_contract(area_run: Kept, name: str, key: str) -> None:
    schema = parquet.read_schema(area_run.folder / f"{name}.parquet")

    found = [(field.name, field.type) for field in schema]
    assert found == [(key, pyarrow.string()), *OUTCOME_TYPES]


def test_staff_outcomes_are_one_for_each_member_and_rule_in_order(area_run: Kept) -> None:
    rows = parquet.read_table(area_run.folder / "staff_outcomes.parquet").to_pylist()

    pairs = [(row["staff_id"], row["rule"]) for row in rows]
    members = sorted({member for member, _ in pairs}, key=str.encode)
    assert len(members) == area_run.summary["staff"]["members"] > 0
    assert pairs == [(one, rule.id) for one in members for rule in load_rulebook().staff_rules]


def test_staff_findings_are_what_is_insufficient_and_what_follows_from_it(area_run: Kept) -> None:
    rows = parquet.read_table(area_run.folder / "staff_outcomes.parquet").to_pylist()
    lapsed = {
        row["staff_id"] for row in rows if row["rule"] == "annual-appraisal" and row["outcome"] in ("missing", "late")
    }

    found = area_run.lines("staff_findings")

    assert len(found) == area_run.summary["staff"]["findings"] > 0
    assert {(line["staff_id"], line["rule"]) for line in found} == {
        (one, rule) for one in lapsed for rule in ("annual-appraisal", "appraisal-lapsed")
    }
    assert area_run.summary["staff"]["conclusions"] == [
        {"flag": "appraisal-lapsed", "severity": "medium", "members": len(lapsed)}
    ]


def test_outcomes_are_one_for_each_case_and_rule_in_order(area_run: Kept) -> None:
    rows = area_run.outcomes()

    pairs = [(row["case_id"], row["rule"]) for row in rows]
    rules = [rule.id for rule in load_rulebook().case_rules]
    cases = sorted({case for case, _ in pairs}, key=str.encode)
    assert len(cases) == area_run.summary["cases"] == 200
    assert pairs == [(case, rule) for case in cases for rule in sorted(rules)]
    assert {row["outcome"] for row in rows} <= set(OUTCOMES)


def test_small_run_gives_what_its_cases_are_made_for(small_run: Kept) -> None:
    found = {(row["case_id"], row["rule"]): row["outcome"] for row in small_run.outcomes()}
    plan = {case: outcome for (case, rule), outcome in found.items() if rule == "risk-management-plan-on-time"}

    assert plan == {
        "0100": "met",
        "0200": "late",
        "0300": "due",
        "0400": "unknown",
        "0500": "not_applicable",
        "0900": "missing",
        "=1+1": "missing",
        "é800": "met",
    }
    assert len(found) == len(plan) * len(RULES)


def test_dates_and_days_are_given_where_the_contract_says(kept: Kept) -> None:
    for row in kept.outcomes():
        outcome, due, done, late = row["outcome"], row["due_on"], row["done_on"], row["days_late"]
        assert due is None or outcome in (*DATED, "not_met"), row
        assert done is None or outcome in ("met", "late"), row
        if outcome == "late" and due and done:
            assert late == (done - due).days > 0
        elif outcome == "missing" and due:
            assert late == (AS_AT - due).days > 0
        else:
            assert late is None, row


@pytest.mark.parametrize(("name", "types"), [("cases", CASE_TYPES), ("measures", MEASURE_TYPES)])
def test_cases_and_measures_have_the_columns_and_types_of_the_contract(
    area_run: Kept, small_run: Kept, name: str, types: list[tuple[str, pyarrow.DataType]]
) -> None:
    for run in (area_run, small_run):
        schema = parquet.read_schema(run.folder / f"{name}.parquet")
        assert [(field.name, field.type) for field in schema] == types
        assert in_order(run.outcomes(name), *(["case_id"] if name == "cases" else ["case_id", "measure"]))


def test_every_case_shown_has_a_row_with_what_is_recorded_of_it(small_run: Kept) -> None:
    cases = {row["case_id"]: row for row in small_run.outcomes("cases")}

    assert len(cases) == len(small_run.outcomes("cases")) == small_run.summary["cases"]
    assert cases.keys() == {row["case_id"] for row in small_run.outcomes()}
    assert cases["=1+1"]["team"] == "@team"
    assert cases["0200"]["ethnicity"] is None
    assert (cases["0500"]["tier"], cases["0500"]["roh_level"]) == (1, "low")


def test_measures_are_of_the_cases_that_their_rules_judge(area_run: Kept) -> None:
    outcomes = {(row["case_id"], row["rule"]): row for row in area_run.outcomes()}
    rows = area_run.outcomes("measures")

    assert {row["measure"] for row in rows} == {"appointments-attended", "breach-resolution-average"}
    for row in rows:
        if row["measure"] == "breach-resolution-average":
            assert outcomes[row["case_id"], "breach-resolved-on-time"]["outcome"] != "not_applicable"
            continue
        rule = outcomes[row["case_id"], "contact-frequency"]
        assert row["amount"] in (0.0, 1.0, None)
        assert rule["outcome"] in ("met", "not_met", "unknown")
        assert rule["due_on"] in (row["on"], None)


def test_reason_is_one_plain_sentence_without_a_gap(kept: Kept) -> None:
    for row in kept.outcomes():
        reason = row["reason"]
        assert reason
        assert reason[0].isupper(), row
        assert reason.endswith("."), row
        assert not [gap for gap in ("{", "  ", " .") if gap in reason], row


def test_findings_are_the_insufficient_outcomes_and_the_conclusions(kept: Kept) -> None:
    context = {rule["rule"] for rule in kept.summary["rules"] if rule["severity"] == "informational"}
    insufficient = {
        (row["case_id"], row["rule"]): row
        for row in kept.outcomes()
        if row["outcome"] in INSUFFICIENT and row["rule"] not in context
    }
    concluded = {(line["case_id"], line["flag"]) for line in kept.lines("conclusions")}
    findings = {(line["case_id"], line["rule"]): line for line in kept.lines("findings")}

    assert set(findings) == set(insufficient) | concluded
    assert len(kept.lines("findings")) == len(insufficient) + len(concluded) == kept.summary["findings"]
    for key, row in insufficient.items():
        for name in ("outcome", "due_on", "done_on", "days_late", "reason"):
            told = row[name].isoformat() if hasattr(row[name], "isoformat") else row[name]
            assert findings[key][name] == told


def test_findings_carry_what_their_rule_says(area_run: Kept) -> None:
    book = load_rulebook()
    causes: dict[tuple[str, str], set[str]] = {}
    for line in area_run.lines("conclusions"):
        for fact in line["because"]:
            causes.setdefault((line["case_id"], fact["rule"]), set()).update(line["causes"])
    assert causes
    for line in area_run.lines("findings"):
        assert list(line) == FINDING_COLUMNS
        if line["outcome"] is None:
            conclusion = book.conclusions[line["rule"]]
            told: tuple[Any, ...] = (conclusion.severity, None, [], list(conclusion.recommendations), conclusion.action)
            assert line["causes"] == [conclusion.cause]
        else:
            rule = book.rules[line["rule"]]
            told = (rule.severity, rule.criterion, list(rule.answers), list(rule.recommendations), rule.to_do)
            assert line["causes"] == sorted(causes.get((line["case_id"], line["rule"]), ()))
        shown = [line[name] for name in ("severity", "criterion", "questions", "recommendations", "action")]
        assert tuple(shown) == told
        assert line["division"]
        assert line["team"]
        assert line["offender_manager"]


def test_findings_and_conclusions_are_in_order(kept: Kept) -> None:
    assert in_order(kept.lines("findings"), "case_id", "rule")
    assert in_order(kept.lines("conclusions"), "case_id")


def test_csv_says_what_the_json_lines_say(kept: Kept) -> None:
    def flat(line: dict[str, Any]) -> dict[str, str]:
        joined = {"questions": ";", "recommendations": ";", "causes": " "}
        cells = {}
        for name, value in line.items():
            text = joined[name].join(map(str, value)) if name in joined else "" if value is None else str(value)
            cells[name] = f"'{text}" if text.startswith(("=", "-", "+", "@")) else text
        return cells

    assert kept.table("findings") == [flat(line) for line in kept.lines("findings")]


def test_conclusion_has_a_line_for_each_recommendation(small_run: Kept) -> None:
    lines = small_run.lines("conclusions")

    of_one_case = [line for line in lines if line["case_id"] == "0200"]
    assert [(line["recommendation"], line["flag"]) for line in of_one_case] == [
        (2, "plan-falls-short"),
        (3, "plan-falls-short"),
        (None, "tell-somebody"),
    ]
    assert {line["flag"] for line in lines} == set(CONCLUSIONS)
    for line in lines:
        columns = ["case_id", "recommendation", "flag", "severity", "causes", "action", "because"]
        assert list(line) == columns


def test_conclusion_rests_on_outcomes_of_its_case(kept: Kept) -> None:
    outcomes = {(row["case_id"], row["rule"]): row["outcome"] for row in kept.outcomes()}

    assert kept.lines("conclusions")
    for line in kept.lines("conclusions"):
        assert line["because"]
        for fact in line["because"]:
            assert list(fact) == ["rule", "outcome"]
            assert outcomes[line["case_id"], fact["rule"]] == fact["outcome"]


def test_every_row_is_accounted_for(kept: Kept) -> None:
    tables = kept.summary["tables"]
    rejected = Counter(row["table"] for row in kept.table("rejects"))

    assert all(t["rows_in"] == t["used"] + t["left_out"] + t["rejected"] for t in tables)
    assert {t["table"]: t["rejected"] for t in tables if t["rejected"]} == rejected
    assert rejected


def test_rejects_hold_the_contract_columns_only_and_say_where(kept: Kept) -> None:
    rows = kept.table("rejects")

    for row in rows:
        assert list(row) == ["file", "row", "column", "reason", "table", "record"]
        columns = [column.name for column in load_tables()[row["table"]].columns]
        assert list(json.loads(row["record"])) == columns
        assert set(row["column"].split("; ")) <= set(columns)
        assert int(row["row"]) >= 1
        assert row["reason"]
        assert row["file"] == f"{row['table']}.csv"
    places = [(row["file"], int(row["row"])) for row in rows]
    assert places == sorted(places)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_cell_that_a_spreadsheet_would_run_is_neutralised(start: str) -> None:
    with duckdb.connect() as store:
        query = f"SELECT {neutral_sql('cell')} FROM (SELECT ?::VARCHAR AS cell)"
        told = [store.execute(query, [cell]).fetchall()[0][0] for cell in (f"{start}1", f"1{start}", "", None)]

    assert told == [f"'{start}1", f"1{start}", "", None]


@pytest.mark.parametrize("name", ["findings", "rejects"])
def test_no_cell_of_a_csv_file_starts_a_formula(small_run: Kept, name: str) -> None:
    cells = [cell for row in small_run.table(name) for cell in row.values()]

    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    if name == "findings":
        assert {"'=1+1", "'@team", "'-division", "'+om", "'=Nobody read it."} <= set(cells)
        assert any(line["case_id"] == "=1+1" for line in small_run.lines("findings"))
