"""The file that holds a sample: its shape, who can read it, and that it is never replaced by another."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from omi_rules.assess.sample_file import read_sample, write_sample
from omi_rules.problems import ExportError, OutputError
from omi_rules.resources import schemas_folder
from omi_rules.rulebook.load import load_rulebook
from tests.assess.making import draw_from, make_case, make_cases


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return draw_from(
        tmp_path_factory.mktemp("export"), {"cases": [*make_cases(30), make_case("é", tier=None)]}, size=31
    )


def test_sample_has_the_shape_of_its_schema(record: dict[str, Any]) -> None:
    schema = json.loads((schemas_folder() / "sample-file.schema.json").read_text("utf-8"))

    Draft202012Validator(schema).validate(record)


def test_sample_records_where_it_comes_from(record: dict[str, Any]) -> None:
    assert record["seed"] == 1
    assert record["as_at"] == "2006-11-30"
    assert len(record["export"]["fingerprint"]) == 64
    assert record["rulebook"]["hash"] == load_rulebook().hash
    assert record["settings"]["under_supervision"] == {"from_months": 5, "to_months": 7, "assumed": True}
    assert record["settings"]["ethnicity"]["black-and-minority-ethnic"]["assumed"]


def test_sample_is_its_owners_alone_and_reads_back(record: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "new" / "sample.json"

    write_sample(record, path)

    assert path.stat().st_mode & 0o777 == 0o600
    sample = read_sample(path)
    assert (sample.id, sample.fingerprint) == (record["sample_id"], record["export"]["fingerprint"])
    assert [case.case_id for case in sample.cases] == [case["case_id"] for case in record["cases"]]


def test_same_sample_can_be_written_again_and_another_cannot(record: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "sample.json"
    write_sample(record, path)
    before = path.read_bytes()

    write_sample(record, path)
    with pytest.raises(OutputError, match="is there already, and is not this sample"):
        write_sample({**record, "seed": 2}, path)

    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"sample_id": "x"}'])
def test_something_else_is_no_sample(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sample.json"
    path.write_bytes(content)

    with pytest.raises(ExportError, match="is no sample"):
        read_sample(path)


def test_sample_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be read"):
        read_sample(tmp_path / "sample.json")
