"""`omi-rules report` as a user runs it."""

import shutil
import stat
from pathlib import Path

import pytest

from tests.cli.running import run


@pytest.fixture(scope="module")
def kept(area: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on the small area."""
    folder = tmp_path_factory.mktemp("kept") / "run"
    assert run("check", area, "--output", folder, "-q").code == 0
    return folder


def test_page_is_written_for_its_owner_alone(kept: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"

    done = run("report", kept, "--format", "html", "--output", page)

    assert (done.code, done.out, done.err) == (0, "", f"Written: {page}\n")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert page.read_bytes().startswith(b"<!doctype html>")


def test_quiet_says_nothing(kept: Path, tmp_path: Path) -> None:
    done = run("report", kept, "--format", "html", "--output", tmp_path / "page.html", "-q")

    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize("audience", ["board", "manager", "officer", "inspector"])
def test_every_audience_can_be_asked_for(kept: Path, tmp_path: Path, audience: str) -> None:
    page = tmp_path / "page.html"

    assert run("report", kept, "--format", "html", "--audience", audience, "--output", page).code == 0
    told = {"board": "the board", "manager": "managers", "officer": "officers", "inspector": "inspectors"}
    assert f"<dt>Made for</dt><dd>{told[audience]}</dd>" in page.read_text("utf-8")


def test_pseudonyms_take_a_key_file_of_the_owner_alone(kept: Path, tmp_path: Path) -> None:
    key, page = tmp_path / "key", tmp_path / "page.html"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o644)
    asked = ("report", kept, "--format", "html", "--pseudonyms", key, "--output", page)

    refused = run(*asked)
    assert refused.code == 2
    assert "chmod 600" in refused.err
    assert not page.exists()
    key.chmod(0o600)
    assert run(*asked).code == 0
    assert "<dt>Case references</dt><dd>pseudonyms</dd>" in page.read_text("utf-8")


def test_a_folder_that_is_no_run_is_told_of(tmp_path: Path) -> None:
    done = run("report", tmp_path, "--format", "html", "--output", tmp_path / "page.html")

    assert done.code == 2
    assert "is no run: make one with `omi-rules check" in done.err


def test_format_and_output_have_to_be_said(kept: Path, tmp_path: Path) -> None:
    assert "--format" in run("report", kept, "--output", tmp_path / "page.html").err
    assert "--output" in run("report", kept, "--format", "html").err


def test_a_run_without_its_findings_is_told_of(kept: Path, tmp_path: Path) -> None:
    part = tmp_path / "run"
    shutil.copytree(kept, part)
    (part / "findings.jsonl").unlink()

    done = run("report", part, "--format", "html", "--output", tmp_path / "page.html")

    assert done.code == 2
    assert "has no findings.jsonl: check the export again" in done.err
