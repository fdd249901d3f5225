"""The mapping file: what it renames, and what is wrong with a bad one."""

import json
from datetime import date
from pathlib import Path

import pytest

from omi_rules.data.mapping import load_mapping
from omi_rules.problems import ExportError, UsageError
from tests.data import exports

LOCAL = """
encoding: latin-1
date_format: "%d/%m/%Y"
tables:
  cases:
    name: Offenders
    columns: {case_id: CRN, order_type: Sentence, sentence_date: Date of sentence}
    codes:
      order_type: {CO: community_order, LIC: licence}
      tier: {Tier 3: 3}
      ppo: {X: true, "-": false}
    empty_means_no: [disability, literacy_need]
"""


def write_mapping(folder: Path, text: str) -> Path:
    path = folder / "local.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def write_forms(tables: exports.Tables, folder: Path, form: str) -> Path:
    if form == "csv":
        return exports.write_csv(tables, folder)
    return exports.write_parquet(tables, folder) if form == "parquet" else exports.write_records(tables, folder, form)


def test_mapping_renames_tables_columns_codes_and_dates(tmp_path: Path) -> None:
    mapping = load_mapping(write_mapping(tmp_path, LOCAL))
    folder = tmp_path / "export"
    folder.mkdir()
    rows = "CRN,Sentence,Date of sentence,tier,ppo,disability,team,order_type\n"
    rows += "A,co,9/01/2006,tier 3,x,,Crèche,z\n"
    rows += "B,community_order,2006-01-09,1,-,yes,,\nC,CO,09/01/2006,2,-,yes,,\n"
    (folder / "offenders.csv").write_text(rows, encoding="latin-1")
    export, store = exports.read(folder, mapping=mapping)
    assert exports.counts(export) == {"cases": (3, 2, 0, 1)}
    assert export.unread == ("cases.order_type",)
    found = store.execute(
        "SELECT case_id, sentence_date, tier, ppo, disability, literacy_need, team FROM cases"
    ).fetchall()
    day = date(2006, 1, 9)
    assert found == [("A", day, 3, True, False, False, "Crèche"), ("C", day, 2, False, True, False, None)]
    reject = store.execute('SELECT "row", "column", reason, record FROM rejects').fetchall()[0]
    assert reject[:2] == (2, "sentence_date")
    assert "%d/%m/%Y" in reject[2]
    assert '"ppo":"-"' in reject[3]


def test_mapping_reads_json_records(tmp_path: Path) -> None:
    text = "tables: {cases: {columns: {case_id: ref}}, home_visits: {name: visits, columns: {occurred_on: day}}}"
    mapping = load_mapping(write_mapping(tmp_path, text))
    record = '{"ref": "A", "order_type": "licence", "sentence_date": "2006-01-09", "release_date": "2006-02-01", '
    path = tmp_path / "x.jsonl"
    path.write_text(record + '"visits": [{"day": "2006-03-01", "occurred_on": "no"}]}')
    export, store = exports.read(path, mapping=mapping)
    assert store.execute("SELECT occurred_on FROM home_visits").fetchall() == [(date(2006, 3, 1),)]
    assert export.unread == ("home_visits.occurred_on",)


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_local_column_that_is_read_as_another_is_not_read_under_its_own_name(form: str, tmp_path: Path) -> None:
    local = "{cases: {columns: {team: division, tier: custody_months}}, documents: {columns: {kind: held}}}"
    mapping = load_mapping(write_mapping(tmp_path, f"tables: {local}"))
    case = {"case_id": "A", **exports.CASE, "division": "north", "custody_months": 3}
    tables = {"cases": [case], "documents": [{"case_id": "A", "held": "yes"}]}
    export, store = exports.read(write_forms(tables, tmp_path / "export", form), mapping=mapping)
    assert store.execute("SELECT team, division, tier, custody_months FROM cases").fetchall() == [
        ("north", None, 3, None)
    ]
    assert store.execute("SELECT kind, held FROM documents").fetchall() == [("yes", None)]
    assert export.unread == ()


def test_column_that_the_export_lacks_is_a_mistake_of_the_mapping(tmp_path: Path) -> None:
    mapping = load_mapping(write_mapping(tmp_path, "tables: {cases: {columns: {tier: Teir}}}"))
    folder = exports.write_csv({"cases": [{"case_id": "A", **exports.CASE, "Tier": 1}]}, tmp_path / "export")
    with pytest.raises(UsageError, match=r"cases\.tier from Teir, .* did you mean Tier\?"):
        exports.read(folder, mapping=mapping)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_table_that_the_export_lacks_is_told_with_the_name_that_was_looked_for(tmp_path: Path, form: str) -> None:
    mapping = load_mapping(write_mapping(tmp_path, "tables: {home_visits: {name: vists}, cases: {name: cases}}"))
    case, visit = {"case_id": "A", **exports.CASE}, {"case_id": "A", "occurred_on": "2006-03-01"}
    path = tmp_path / "export"
    if form == "csv":
        exports.write_csv({"cases": [case], "visits": [visit]}, path)
    else:
        path = tmp_path / "area.jsonl"
        path.write_text(json.dumps({**case, "visits": [visit]}), encoding="utf-8")
    export, _ = exports.read(path, mapping=mapping)
    assert "home_visits" in export.missing
    assert [warning for warning in export.warnings if "mapping" in warning] == [
        "the mapping file reads home_visits from vists, and the export has no such table; did you mean visits?"
    ]


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_records_of_cases_and_staff_are_looked_for_under_their_local_names(form: str, tmp_path: Path) -> None:
    mapping = load_mapping(write_mapping(tmp_path, "tables: {cases: {name: Offenders}, staff: {name: Officers}}"))
    folder = tmp_path / "export"
    folder.mkdir()
    supervised = {"staff_id": "S1", "grade": "po", "supervisions": [{"held_on": "2006-05-05"}]}
    for name, records in (("offenders", [{"case_id": "A", **exports.CASE}]), ("officers", [supervised]), ("notes", [])):
        text = json.dumps(records) if form == "json" else "\n".join(map(json.dumps, records))
        (folder / f"{name}.{form}").write_text(text, encoding="utf-8")
    export, _ = exports.read(folder, mapping=mapping)
    assert exports.counts(export) == {"cases": (1, 1, 0, 0), "staff": (1, 1, 0, 0), "supervisions": (1, 1, 0, 0)}
    assert export.unread == (f"notes.{form}",)
    assert not [warning for warning in export.warnings if "mapping" in warning]


@pytest.mark.parametrize("others", [(), ("home_visits",)])
def test_refusal_for_want_of_cases_names_the_mapping_and_what_was_looked_for(
    others: tuple[str, ...], tmp_path: Path
) -> None:
    mapping = load_mapping(write_mapping(tmp_path, "tables: {cases: {name: offenders}}"))
    tables = {"cases": [{"case_id": "A", **exports.CASE}], **{name: [{"case_id": "A"}] for name in others}}
    folder = exports.write_csv(tables, tmp_path / "export")
    with pytest.raises(ExportError, match=r"\(the mapping file reads cases from offenders\): (give|add) ") as caught:
        exports.read(folder, mapping=mapping)
    assert "offenders.csv" in str(caught.value)
    assert "cases.csv" not in str(caught.value)


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_column_whose_empty_cells_mean_no_is_warned_of_where_it_is_not_there(form: str, tmp_path: Path) -> None:
    text = "tables: {cases: {empty_means_no: [ppo, disability]}, documents: {empty_means_no: [held]}}"
    mapping = load_mapping(write_mapping(tmp_path, text))
    case = {"case_id": "A", **exports.CASE, "disability": None}
    export, store = exports.read(write_forms({"cases": [case]}, tmp_path / "export", form), mapping=mapping)
    assert store.execute("SELECT ppo, disability FROM cases").fetchall() == [(False, False)]
    assert [warning for warning in export.warnings if "mapping" in warning] == [
        "the mapping file says that an empty cell of cases.ppo means no, and the export has no such column: "
        "each row of cases counts as a no"
    ]


def test_column_whose_empty_cells_mean_no_is_held_against_the_names_that_are_there(tmp_path: Path) -> None:
    mapping = load_mapping(write_mapping(tmp_path, "tables: {cases: {empty_means_no: [ppo]}}"))
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "cases.csv").write_text("case_id,order_type,sentence_date,PPO\nA,community_order,2006-01-09,yes\n")
    export, _ = exports.read(folder, mapping=mapping)
    assert any(warning.endswith("counts as a no; did you mean PPO?") for warning in export.warnings)


def test_utf_16_is_read_where_the_mapping_says_so(tmp_path: Path) -> None:
    mapping = load_mapping(write_mapping(tmp_path, "encoding: utf-16"))
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "cases.csv").write_text("case_id,order_type,sentence_date\r\nA,licence,x\r\n", encoding="utf-16")
    with pytest.raises(ExportError, match="no case is left"):
        exports.read(folder, mapping=mapping)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tables: {case: {}}", ["tables.case", "did you mean cases"]),
        ("table: {}", ["table", "did you mean tables"]),
        ("tables: {cases: {columns: {teir: x}}}", ["tables.cases.columns.teir", "did you mean tier"]),
        ("tables: {cases: {codes: {order_type: {x: licens}}}}", ["order_type.x", "did you mean licence"]),
        ("tables: {cases: {codes: {end_date: {x: y}}}}", ["end_date", "has no codes"]),
        ("tables: {cases: {codes: {ppo: {x: maybe}}}}", ["ppo.x", "true or false"]),
        ("tables: {cases: {codes: {tier: {x: y}}}}", ["tier.x", "whole number"]),
        ("tables: {cases: {codes: {tier: {x: 1, X: 2}}}}", ["twice"]),
        ("tables: {cases: {empty_means_no: [tier]}}", ["empty_means_no", "no yes-or-no column"]),
        ("tables: {cases: {empty_means_no: [pop]}}", ["did you mean ppo"]),
        ("tables: {cases: {columns: {tier: x, ppo: x}}}", ["same local column"]),
        ("tables: {cases: {columns: {team: case_id}}}", ["case_id is read as another", "holds the key"]),
        ("tables: {cases: {name: x}, documents: {name: X}}", ["same local table"]),
        ("encoding: utf-9", ["encoding", "no such text encoding"]),
        ("encoding: base64", ["encoding", "no such text encoding"]),
        ('date_format: "%d/%m/%y"', ["date_format", "%Y"]),
        ('date_format: "%d/%m/%Y %H:%M"', ["date_format"]),
        ("- a\n", ["mapping"]),
        ("tables: [\n", ["local.yaml"]),
    ],
)
def test_bad_mapping_names_the_place(text: str, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_mapping(write_mapping(tmp_path, text))
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)


def test_mapping_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_mapping(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("date_format", "cells", "days"),
    [
        ("%d/%m/%Y", ["2/1/2006", "epoch", "Epoch", "infinity"], [date(2006, 1, 2)]),
        ("%d %b %Y", ["9 JAN 2006", "EPOCH", "9 January 2006"], [date(2006, 1, 9)]),
        ("%Y%m%d", ["20060111", "2006111", "epoch"], [date(2006, 1, 11)]),
        ("%-d%-m%Y", ["11012006", "1112006", "1012006"], [date(2006, 1, 11)]),
        ("%b%d%Y", ["JAN112006", "Jan12006"], [date(2006, 1, 11)]),
    ],
)
def test_date_that_is_not_told_apart_is_not_guessed(
    tmp_path: Path, date_format: str, cells: list[str], days: list[date]
) -> None:
    mapping = load_mapping(write_mapping(tmp_path, f'date_format: "{date_format}"'))
    case = {"order_type": "community_order", "sentence_date": cells[0]}
    rows = [{"case_id": "A", "occurred_on": cell} for cell in cells]
    folder = exports.write_csv({"cases": [{"case_id": "A", **case}], "convictions": rows}, tmp_path / "export")
    export, store = exports.read(folder, mapping=mapping)
    assert store.execute("SELECT occurred_on FROM convictions").fetchall() == [(day,) for day in days]
    assert exports.counts(export)["convictions"] == (len(cells), len(days), 0, len(cells) - len(days))
