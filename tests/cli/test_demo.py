"""The synthetic area, made and checked in one go."""

import stat
from pathlib import Path

import pytest

from tests.cli.running import Ran, run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """What was said of a demo, and its folder."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    return run("demo", "--cases", "200", "--output", folder), folder


@pytest.fixture(scope="module")
def merseyside(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """The same of the sample of the report."""
    folder = tmp_path_factory.mktemp("merseyside") / "new" / "demo"
    return run("demo", "--merseyside", "--output", folder), folder


def test_demo_makes_an_area_and_checks_it(made: tuple[Ran, Path]) -> None:
    shown, folder = made

    assert shown.code == 0
    assert shown.err == f"Made 200 cases: {folder / 'export'}\n"
    assert "as at 30 November 2006" in shown.out.splitlines()[0]
    kept = f"Results: {folder / 'run'}"
    assert max(len(line) for line in shown.out.splitlines() if line != kept) <= 80
    assert kept in shown.out.splitlines()
    assert (folder / "export" / "cases.csv").is_file()
    assert (folder / "run" / "run.json").is_file()


def test_demo_can_be_made_again(made: tuple[Ran, Path]) -> None:
    first, folder = made

    again = run("demo", "--cases", "200", "--output", folder)

    assert (again.code, again.out) == (0, first.out)


def test_export_only_checks_nothing(tmp_path: Path) -> None:
    shown = run("demo", "--cases", "20", "--output", tmp_path, "--export-only", "-q")

    assert (shown.code, shown.out, shown.err) == (0, "", "")
    assert [file.name for file in tmp_path.iterdir()] == ["export"]


def test_folder_that_cannot_be_made_is_an_output_that_could_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    shown = run("demo", "--cases", "20", "--output", tmp_path / "file")

    assert (shown.code, shown.out) == (6, "")


def test_merseyside_makes_checks_scores_and_compares_the_sample_of_the_report(merseyside: tuple[Ran, Path]) -> None:
    shown, folder = merseyside

    assert shown.code == 0
    lines = shown.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "175 of 175 questions with a printed figure agree."
    assert "1.2.20  9 of 11                         82%      9/11   82%   none" in lines
    told = [f"Made 148 cases: {folder / 'export'}", f"Answers of assessors: {folder / 'answers'}"]
    assert shown.err.splitlines() == [*told, f"Results: {folder / 'run'}", f"Scores: {folder / 'score.json'}"]
    assert sorted(entry.name for entry in folder.iterdir()) == ["answers", "export", "run", "score.json"]
    written = list(folder.rglob("*"))
    assert {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [folder, *written]} == {
        (True, 0o700),
        (False, 0o600),
    }


def test_merseyside_can_be_made_again_with_the_same_scores(tmp_path: Path) -> None:
    first = run("demo", "--merseyside", "--output", tmp_path, "-q")
    kept = (tmp_path / "score.json").read_bytes()
    again = run("demo", "--merseyside", "--output", tmp_path, "-q")

    assert (first.code, first.err, again.out) == (0, "", first.out)
    assert (tmp_path / "score.json").read_bytes() == kept


def test_merseyside_export_only_neither_checks_nor_scores(tmp_path: Path) -> None:
    shown = run("demo", "--merseyside", "--output", tmp_path, "--export-only", "-q")

    assert (shown.code, shown.out, shown.err) == (0, "", "")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["answers", "export"]


@pytest.mark.parametrize("option", ["--cases", "--seed"])
def test_sample_of_the_report_has_one_size_and_no_seed(tmp_path: Path, option: str) -> None:
    shown = run("demo", "--merseyside", option, "3", "--output", tmp_path / "demo")

    assert (shown.code, shown.out) == (2, "")
    assert f"{option} does not go with --merseyside" in shown.err
    assert not (tmp_path / "demo").exists()


def test_merseyside_in_a_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    shown = run("demo", "--merseyside", "--output", tmp_path / "file")

    assert (shown.code, shown.out) == (6, "")
