"""The synthetic area, made and checked in one go."""

from pathlib import Path

from tests.cli.running import run


def test_demo_makes_an_area_and_checks_it(tmp_path: Path) -> None:
    shown = run("demo", "--cases", "200", "--output", tmp_path / "demo")

    assert shown.code == 0
    assert shown.err == f"Made 200 cases: {tmp_path / 'demo' / 'export'}\n"
    assert "as at 30 November 2006" in shown.out.splitlines()[0]
    kept = f"Results: {tmp_path / 'demo' / 'run'}"
    assert max(len(line) for line in shown.out.splitlines() if line != kept) <= 80
    assert kept in shown.out.splitlines()
    assert (tmp_path / "demo" / "export" / "cases.csv").is_file()
    assert (tmp_path / "demo" / "run" / "run.json").is_file()


def test_demo_can_be_made_again(tmp_path: Path) -> None:
    first = run("demo", "--cases", "20", "--output", tmp_path)
    again = run("demo", "--cases", "20", "--output", tmp_path)

    assert (again.code, again.out) == (0, first.out)


def test_export_only_checks_nothing(tmp_path: Path) -> None:
    shown = run("demo", "--cases", "20", "--output", tmp_path, "--export-only", "-q")

    assert (shown.code, shown.out, shown.err) == (0, "", "")
    assert [file.name for file in tmp_path.iterdir()] == ["export"]


def test_folder_that_cannot_be_made_is_an_output_that_could_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    shown = run("demo", "--cases", "20", "--output", tmp_path / "file")

    assert (shown.code, shown.out) == (6, "")
