"""The synthetic area: the same bytes whatever the threads, the profile of appendix 1, and only clean rows."""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from omi_rules.demo import area
from omi_rules.demo.area import write_area
from omi_rules.demo.chance import load_shares
from omi_rules.demo.days import AS_AT
from omi_rules.demo.files import case_tables, staff_tables
from omi_rules.resources import rules_folder, schemas_folder
from omi_rules.shapes import load_tables

SMALL = 1_500
CASELOAD = 10_359
TABLES = tuple(load_tables())


def read_bytes(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def read_rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    write_area(folder, SMALL)
    return folder


@pytest.fixture(scope="module")
def caseload(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    folder = tmp_path_factory.mktemp("caseload")
    write_area(folder)
    return read_rows(folder, "cases")


@pytest.mark.parametrize("threads", [1, 3])
def test_area_has_the_same_bytes_whatever_the_threads(small: Path, tmp_path: Path, threads: int) -> None:
    write_area(tmp_path, SMALL, threads=threads)
    assert read_bytes(tmp_path) == read_bytes(small)


def test_area_of_another_seed_differs_in_every_table(small: Path, tmp_path: Path) -> None:
    write_area(tmp_path, SMALL, seed=2)
    other = read_bytes(tmp_path)
    assert [name for name, content in read_bytes(small).items() if content == other[name]] == []


def test_area_written_again_replaces_the_tables(tmp_path: Path) -> None:
    write_area(tmp_path, 40)
    first = read_bytes(tmp_path)
    write_area(tmp_path, 40)
    assert read_bytes(tmp_path) == first


def test_area_in_slices_has_each_case_once_and_one_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(area, "_SLICE", 70)
    write_area(tmp_path, 200)
    assert [row["case_id"] for row in read_rows(tmp_path, "cases")] == [f"M{n:07d}" for n in range(1, 201)]
    for table in case_tables():
        content = (tmp_path / f"{table.name}.csv").read_text(encoding="utf-8")
        assert content.count(",".join(column.name for column in table.columns)) == 1


def test_area_of_one_case_has_every_table(tmp_path: Path) -> None:
    write_area(tmp_path, 1)
    assert {file.stem for file in tmp_path.glob("*.csv")} == set(TABLES)
    assert len(read_rows(tmp_path, "cases")) == 1


def test_export_yaml_states_the_as_at_date_and_the_source(small: Path) -> None:
    lines = (small / "export.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "as_at: 2006-11-30"
    assert [line.split(":")[0] for line in lines] == ["as_at", "area", "source"]


@pytest.mark.parametrize("table", TABLES)
def test_table_conforms_to_its_schema(small: Path, table: str) -> None:
    columns = _columns(table)
    rows = read_rows(small, table)
    assert list(rows[0]) == list(columns)
    for name, schema in columns.items():
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        for cell in {row[name] for row in rows}:
            assert validator.is_valid(_typed(cell, schema)), f"{table}.{name} holds a cell that its schema refuses"


@pytest.mark.parametrize("table", TABLES)
def test_table_has_no_identical_rows(small: Path, table: str) -> None:
    lines = (small / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    assert [line for line, times in Counter(lines).items() if times > 1] == []


@pytest.mark.parametrize("table", case_tables(), ids=lambda table: table.name)
def test_rows_belong_to_a_case_and_have_happened(small: Path, table: Any) -> None:
    cases = {row["case_id"] for row in read_rows(small, "cases")}
    latest = AS_AT + timedelta(days=14) if table.name == "appointments" else AS_AT
    for row in read_rows(small, table.name):
        assert row["case_id"] in cases
        if table.own_date and row[table.own_date]:
            assert date.fromisoformat(row[table.own_date]) <= latest


@pytest.mark.parametrize("table", staff_tables(), ids=lambda table: table.name)
def test_staff_rows_belong_to_a_member_of_staff(small: Path, table: Any) -> None:
    staff = {row["staff_id"] for row in read_rows(small, "staff")}
    assert {row["staff_id"] for row in read_rows(small, table.name)} <= staff


def test_cases_are_dated_without_contradiction(small: Path) -> None:
    for row in read_rows(small, "cases"):
        start = row["release_date"] or row["sentence_date"]
        assert (row["order_type"] == "licence") == bool(row["release_date"])
        assert row["sentence_date"] <= start
        assert row["sentence_date"] <= AS_AT.isoformat()
        assert not row["end_date"] or start <= row["end_date"] <= AS_AT.isoformat()


def test_cases_are_held_by_staff_of_their_team(small: Path) -> None:
    staff = {row["staff_id"]: row for row in read_rows(small, "staff")}
    for row in read_rows(small, "cases"):
        holder = staff[row["offender_manager"]]
        assert (holder["division"], holder["team"]) == (row["division"], row["team"])
        assert holder["grade"] != "spo"


def test_few_cells_are_empty_that_decide_nothing_by_it(small: Path) -> None:
    for table, column in [
        ("cases", "roh_level"),
        ("appointments", "kind"),
        ("roh_screenings", "completed_on"),
    ]:
        rows = read_rows(small, table)
        assert 0 < sum(not row[column] for row in rows) < 0.015 * len(rows)


def test_profile_counts_are_those_of_appendix_1(caseload: list[dict[str, str]]) -> None:
    assert len(caseload) == CASELOAD
    assert sum(row["ppo"] == "true" for row in caseload) == 286
    assert Counter(row["mappa_level"] for row in caseload)["2"] == 118
    assert Counter(row["mappa_level"] for row in caseload)["3"] == 25


def test_profile_shares_are_those_of_appendix_1(caseload: list[dict[str, str]]) -> None:
    recorded = [row["ethnicity"] for row in caseload if row["ethnicity"]]
    white = sum(code.startswith("W") for code in recorded) / len(recorded)
    minority = sum(not code.startswith("W") and code != "NS" for code in recorded) / len(recorded)
    women = sum(row["gender"] == "female" for row in caseload) / len(caseload)
    assert white == pytest.approx(0.9451, abs=0.0005)
    assert minority == pytest.approx(0.0491, abs=0.0005)
    assert women == pytest.approx(0.1224, abs=0.001)


def test_profile_has_five_divisions_and_caseloads_of_a_realistic_size(caseload: list[dict[str, str]]) -> None:
    assert len({row["division"] for row in caseload}) == 5
    held = Counter(row["offender_manager"] for row in caseload)
    assert 30 <= len(caseload) / len(held) <= 50
    assert max(held.values()) < 75


def test_most_cases_started_within_nine_months_and_some_have_ended(caseload: list[dict[str, str]]) -> None:
    starts = [date.fromisoformat(row["release_date"] or row["sentence_date"]) for row in caseload]
    assert 0.6 < sum((AS_AT - start).days <= 274 for start in starts) / len(starts) < 0.8
    assert min(starts) > AS_AT - timedelta(days=560)
    assert 0.04 < sum(bool(row["end_date"]) for row in caseload) / len(caseload) < 0.15


def test_a_case_has_about_forty_appointments(small: Path) -> None:
    assert 35 <= len(read_rows(small, "appointments")) / SMALL <= 45


def test_area_plants_high_risk_that_nobody_manages(small: Path) -> None:
    planned, seen = (
        {row["case_id"] for row in read_rows(small, table)} for table in ("risk_management_plans", "mappa_events")
    )
    assert any(
        row["roh_level"] in ("high", "very_high")
        and row["case_id"] not in planned | seen
        and not row["mappa_level"]
        and not row["mappa_exception_reason"]
        for row in read_rows(small, "cases")
    )


def test_area_plants_children_at_risk_in_homes_nobody_visited(small: Path) -> None:
    visited = {row["case_id"] for row in read_rows(small, "home_visits") if row["purposeful"] == "true"}
    assert any(
        row["roh_level"] in ("high", "very_high")
        and row["child_safeguarding"] == "true"
        and row["case_id"] not in visited
        for row in read_rows(small, "cases")
    )


def test_shares_cover_every_rule_of_the_rulebook() -> None:
    rules = {file.stem for file in (rules_folder() / "checks").glob("*/*.yaml")}
    assert rules <= set(load_shares())
    assert len(load_shares()) == 67


def test_shares_answer_each_question_once() -> None:
    questions = [share.question for share in load_shares().values() if share.question.count(".") == 2]
    assert len(questions) == len(set(questions)) == 63


@cache
def _columns(table: str) -> Mapping[str, Any]:
    text = (schemas_folder() / "export" / f"{table}.schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)["properties"]
    return schema


def _typed(cell: str, schema: Mapping[str, Any]) -> object:
    kinds = schema.get("type", "string")
    if not cell:
        return None
    if "boolean" in kinds:
        return {"true": True, "false": False}.get(cell, cell)
    if "integer" in kinds or "number" in kinds:
        return json.loads(cell)
    return cell
