"""Records of JSON: one or many, named only in part, and rows inside that name another record."""

import json
from pathlib import Path

import pytest

from tests.data import exports
from tests.data.exports import CASE


def test_single_json_record_is_an_export(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps({"case_id": 12, **CASE, "police_checks": []}))
    export, store = exports.read(tmp_path / "one.json")
    assert store.execute("SELECT case_id FROM cases").fetchall() == [("12",)]
    assert "police_checks" not in export.missing
    assert "documents" in export.missing


def test_table_named_only_by_a_rejected_record_is_in_the_export(tmp_path: Path) -> None:
    records = [{"case_id": "A", **CASE}, {"case_id": "B", **CASE, "tier": 9, "documents": [{"held": True}]}]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, records)))
    assert exports.counts(exports.read(tmp_path)[0]) == {"cases": (2, 1, 0, 1), "documents": (1, 0, 0, 1)}


@pytest.mark.parametrize("name", ["case_id", " case_id "])
def test_row_that_names_another_record_than_the_one_around_it_is_lost_for_both(name: str, tmp_path: Path) -> None:
    plans = [{name: case, "completed_on": "2006-01-10"} for case in (" B", "B", "A ", "none")]
    records = [{"case_id": "A", **CASE, "sentence_plans": plans}, {"case_id": "B", **CASE}, {"case_id": "C", **CASE}]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, records)))
    export, store = exports.read(tmp_path)
    assert exports.counts(export)["sentence_plans"] == (4, 1, 0, 3)
    found = store.execute('SELECT "row", "column", reason, record FROM rejects').fetchall()
    assert [(row, json.loads(record)["case_id"]) for row, *_, record in found] == [(1, " B"), (2, "B"), (4, "none")]
    assert {tuple(words) for _, *words, _ in found} == {("case_id", "differs from that of the record around it")}
    assert store.execute("SELECT * FROM lost").fetchall() == [("sentence_plans", 0, 3), ("sentence_plans", 1, 2)]
    for case, lost in (("A", 3), ("B", 2)):
        one, store = exports.read(tmp_path, only_case=case)
        assert exports.counts(one)["sentence_plans"] == (lost + (case == "A"), case == "A", 0, lost)
        assert store.execute("SELECT * FROM lost").fetchall() == [("sentence_plans", 0, lost)]
    assert exports.counts(exports.read(tmp_path, only_case="C")[0])["sentence_plans"] == (0, 0, 0, 0)
