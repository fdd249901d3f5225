"""The same records give the same results, whatever form, order or company they come in."""

import json
import random
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from omi_rules.checks import run
from omi_rules.data import reading
from omi_rules.data.means import Means
from tests.data.exports import AS_AT, Tables, write_csv, write_parquet, write_records
from tests.reports.runs import SMALL, Kept, keep

#: The small export without what depends on the form: a bad cell of a typed column.
CLEAN: Tables = {
    name: [row for row in rows if row["case_id"] not in ("0700", "0800") and row.get("completed_on") != "2006-13-10"]
    for name, rows in SMALL.items()
}


def found(kept: Kept) -> tuple[list[dict[str, Any]], bytes, bytes]:
    """What must not depend on the form of the export."""
    files = kept.bytes()
    return kept.outcomes(), files["findings.jsonl"], files["conclusions.jsonl"]


@pytest.fixture(scope="module")
def clean_run(rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("clean")
    return keep(write_csv(CLEAN, folder / "export"), folder / "run", rules=rules, as_at=AS_AT)


@pytest.mark.parametrize("threads", [1, 2])
def test_same_export_gives_the_same_bytes(area: Path, area_run: Kept, tmp_path: Path, threads: int) -> None:
    again = keep(area, tmp_path / "run", means=Means(threads=threads))

    assert again.bytes() == area_run.bytes()


def test_many_cases_are_judged_as_few_are(
    area: Path, area_run: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "FEW_CASES", 0)
    monkeypatch.setattr(reading, "_FEW_CASES", 0)

    assert keep(area, tmp_path / "run").bytes() == area_run.bytes()


def test_bytes_do_not_depend_on_where_the_export_lies(
    small: Path, small_run: Kept, rules: Path, tmp_path: Path
) -> None:
    elsewhere = write_csv(SMALL, tmp_path / "another 'place'")

    assert keep(elsewhere, tmp_path / "a 'run'", rules=rules, as_at=AS_AT).bytes() == small_run.bytes()


@pytest.mark.parametrize("form", ["zip", "parquet", "jsonl", "json"])
def test_forms_give_the_same_results(clean_run: Kept, rules: Path, tmp_path: Path, form: str) -> None:
    if form == "zip":
        export = tmp_path / "export.zip"
        with zipfile.ZipFile(export, "w") as packed:
            for file in write_csv(CLEAN, tmp_path / "export").iterdir():
                packed.write(file, file.name)
    elif form == "parquet":
        export = write_parquet(CLEAN, tmp_path / "export")
    else:
        export = write_records(CLEAN, tmp_path / "export", form)

    kept = keep(export, tmp_path / "run", rules=rules, as_at=AS_AT)

    assert found(kept) == found(clean_run)
    assert kept.summary["export"]["form"] == form.replace("zip", "csv")
    counted = ("cases", "cases_left_out", "rules", "findings", "conclusions", "recommendations", "identical")
    assert {name: kept.summary[name] for name in counted} == {name: clean_run.summary[name] for name in counted}


def test_order_of_rows_changes_nothing(clean_run: Kept, rules: Path, tmp_path: Path) -> None:
    mixed = {name: random.Random(3).sample(list(rows), len(rows)) for name, rows in CLEAN.items()}
    assert mixed != CLEAN

    kept = keep(write_csv(mixed, tmp_path / "export"), tmp_path / "run", rules=rules, as_at=AS_AT)

    assert found(kept) == found(clean_run)


def test_one_more_case_changes_no_other(area: Path, area_run: Kept, tmp_path: Path) -> None:
    def add(row: Mapping[str, str], file: Path) -> None:
        head = file.read_text("utf-8").partition("\n")[0].split(",")
        with file.open("a", encoding="utf-8") as text:
            text.write(",".join(row.get(name, "") for name in head) + "\n")

    export = tmp_path / "export"
    export.mkdir()
    for file in area.iterdir():
        (export / file.name).write_bytes(file.read_bytes())
    new = {"case_id": "M0000007a", "order_type": "community_order", "sentence_date": "2006-03-01", "tier": "4"}
    add(new, export / "cases.csv")
    add({"case_id": "M0000007a", "kind": "review", "completed_on": "2006-05-01"}, export / "sentence_plans.csv")

    kept = keep(export, tmp_path / "run")

    def others(run: Kept, name: str) -> list[dict[str, Any]]:
        rows = run.outcomes() if name == "outcomes" else run.lines(name)
        return [row for row in rows if row["case_id"] != "M0000007a"]

    for name in ("outcomes", "findings", "conclusions"):
        assert others(kept, name) == others(area_run, name)
    assert len(kept.outcomes()) > len(area_run.outcomes())
    assert kept.summary["cases"] == 201


def test_two_tables_of_one_file_are_rejected_in_one_order(rules: Path, tmp_path: Path) -> None:
    record = {
        "case_id": "1",
        "order_type": "community_order",
        "sentence_date": "2006-01-09",
        "roh_assessments": [{"completed_on": "x"}],
        "appointments": [{"scheduled_on": "x"}],
        "breaches": [{"instigated_on": "x"}],
    }
    (tmp_path / "area.jsonl").write_text(json.dumps(record), encoding="utf-8")

    runs = [keep(tmp_path / "area.jsonl", tmp_path / f"run{n}", rules=rules, as_at=AS_AT) for n in range(2)]

    assert [row["table"] for row in runs[0].table("rejects")] == ["appointments", "breaches", "roh_assessments"]
    assert runs[0].bytes() == runs[1].bytes()
