"""`omi-rules sample`: what it prints, what it keeps, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.assess.making import make_case, make_cases
from tests.cli.running import run
from tests.data.exports import write_csv

AS_AT = ("--as-at", "2006-11-30")


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    few = [make_case(f"P{place}", ppo=True, roh_level=None) for place in range(3)]
    return write_csv({"cases": [*make_cases(120), *few]}, tmp_path_factory.mktemp("export"))


def test_summary_fits_the_page_and_says_what_the_quotas_did(export: Path, tmp_path: Path) -> None:
    shown = run("sample", export, *AS_AT, "--output", tmp_path / "sample.json")

    lines = shown.out.splitlines()
    assert (shown.code, shown.err) == (0, f"Sample: {tmp_path / 'sample.json'}\n")
    assert lines[0].startswith("Sample of 100 cases as at 30 November 2006, ")
    assert max(map(len, lines)) <= 80
    (told,) = (line for line in lines if line.startswith("Prolific") and ":" not in line)
    assert told.split()[-4:-2] == ["3", "10"]
    text = " ".join(shown.out.split())
    assert "the frame has 3, and 10 are needed; all are taken." in text
    assert "Drawn with seed 1 from 123 cases of 123: community orders and licences" in text
    assert "Assumed, because no source gives them: the months," in text


def test_json_is_what_the_file_holds(export: Path, tmp_path: Path) -> None:
    shown = run("sample", export, *AS_AT, "--format", "json", "--output", tmp_path / "sample.json")

    assert (tmp_path / "sample.json").read_text("utf-8") == shown.out
    assert len(json.loads(shown.out)["cases"]) == 100


def test_nothing_is_kept_without_output_and_that_is_said(export: Path) -> None:
    shown = run("sample", export, *AS_AT, "--seed", "7", "--size", "5")

    assert "Drawn with seed 7" in shown.out
    assert shown.err == "Nothing is kept. Keep the sample with --output FILE.\n"


def test_unknown_sample_is_a_wrong_use(export: Path) -> None:
    shown = run("sample", export, *AS_AT, "--sample", "inspections")

    assert (shown.code, shown.out) == (2, "")
    assert "did you mean inspection?" in shown.err


def test_export_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert run("sample", tmp_path / "away").code == 3


def test_other_sample_in_the_file_is_not_replaced(export: Path, tmp_path: Path) -> None:
    run("sample", export, *AS_AT, "--output", tmp_path / "sample.json")

    shown = run("sample", export, *AS_AT, "--seed", "2", "--output", tmp_path / "sample.json")

    assert (shown.code, shown.out) == (6, "")
    assert "is there already, and is not this sample" in shown.err


def test_output_of_a_configuration_is_a_run_folder_and_no_sample(export: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('as_at = 2006-11-30\noutput = "run"\n')

    shown = run("sample", export, "--config", tmp_path / "settings.toml")

    assert shown.code == 0
    assert not (tmp_path / "run").exists()
