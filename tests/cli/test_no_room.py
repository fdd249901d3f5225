"""Scratch files that have no place, or not enough: a sentence that says what to do, never a fault of the program."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.cli.running import PROGRAM, Ran, environment

AS_AT = ("--as-at", "2006-11-30")


def run_within(blocks: int, folder: Path, *words: str) -> Ran:
    """Run in a folder where no file may be longer than so many blocks of 512 bytes; of none, none can be made."""
    limited = ["sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh", *PROGRAM, *words]
    done = subprocess.run(limited, cwd=folder, capture_output=True, encoding="utf-8", env=environment({}))
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def folder(area: Path, checked: tuple[Ran, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an export, a zip of it and a run."""
    folder = tmp_path_factory.mktemp("no-room")
    (folder / "export").symlink_to(area)
    with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in area.iterdir():
            archive.write(file, file.name)
    shutil.copytree(checked[1], folder / "run")
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ("check", "export"),
        ("check", "export", "--format", "csv"),
        ("check", "export.zip"),
        ("explain", "export", "M0000001"),
        ("score", "run"),
        ("report", "run"),
        ("demo", "--cases", "2"),
    ],
    ids=" ".join,
)
def test_scratch_files_without_a_place_are_told_of(folder: Path, words: tuple[str, ...]) -> None:
    ran = run_within(0, folder, *words)

    assert (ran.code, ran.out) == (6, "")
    assert "there is no place for scratch files: set TMPDIR to a folder" in ran.err


def test_doctor_says_that_scratch_files_have_no_place(folder: Path) -> None:
    ran = run_within(0, folder, "doctor")

    assert ran.code == 6
    assert "broken     Disk           there is no place for scratch files" in ran.out
    assert "What to do: set TMPDIR" in ran.out


@pytest.mark.parametrize("ending", ["html", "xlsx"])
def test_report_that_grows_too_large_is_told_of(folder: Path, ending: str) -> None:
    ran = run_within(64, folder, "report", "run", "--format", ending, "--output", f"report.{ending}")

    assert (ran.code, ran.out) == (6, "")
    assert ran.err.startswith("omi-rules: what should be written could not be: File too large. Free some space")


def test_zip_that_has_no_room_says_where_to_make_some(folder: Path) -> None:
    ran = run_within(8, folder, "check", "export.zip", *AS_AT)

    assert (ran.code, ran.out) == (6, "")
    assert "omi-rules: export.zip could not be unpacked into /" in ran.err
    assert ": File too large. Free some space there, or set TMPDIR to a folder" in ran.err
