"""`omi-rules report` as a user runs it."""

import errno
import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from tests.cli.running import Ran, run
from tests.cli.test_streams import run_on_a_terminal


@pytest.fixture(scope="module")
def kept(checked: tuple[Ran, Path]) -> Path:
    """A run on the small area."""
    shown, folder = checked
    assert shown.code == 0
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


def test_without_a_format_the_board_s_summary_is_printed(kept: Path) -> None:
    done = run("report", kept)

    assert (done.code, done.err) == (0, "")
    first, second, *_ = done.out.splitlines()
    assert first.endswith(": standards of offender management as at 30 November 2006")
    assert second.endswith("Made for the board.")
    assert max(map(len, done.out.splitlines())) <= 80


def test_a_mail_can_be_printed_or_written(kept: Path, tmp_path: Path) -> None:
    mail = tmp_path / "mail.md"

    printed = run("report", kept, "--format", "md")
    written = run("report", kept, "--format", "md", "--output", mail)
    assert printed.out.startswith("# ")
    assert (written.code, written.out, written.err) == (0, "", f"Written: {mail}\n")
    assert mail.read_text("utf-8") == printed.out
    assert stat.S_IMODE(mail.stat().st_mode) == 0o600


def test_verbose_leaves_no_cause_out(kept: Path) -> None:
    assert "which the page and the workbook list" in " ".join(run("report", kept).out.split())
    assert "which the page and the workbook list" not in " ".join(run("report", kept, "-v").out.split())


def test_readers_are_told_apart_in_words_too(kept: Path) -> None:
    assert "Scores of sections 1 to 3" in run("report", kept).out
    officers = run("report", kept, "--audience", "officer").out
    assert "Made for officers." in officers
    assert "Scores of sections 1 to 3" not in officers


def test_summary_is_coloured_on_a_terminal_alone(kept: Path) -> None:
    assert "\x1b[1mWhat was checked\x1b[0m" in run_on_a_terminal("report", str(kept), TERM="xterm")
    assert "\x1b" not in run_on_a_terminal("report", str(kept), TERM="xterm", NO_COLOR="1")
    assert "\x1b" not in run("report", kept).out


@pytest.mark.parametrize("format_", ["html", "xlsx"])
def test_a_page_and_a_workbook_have_to_go_to_a_file(kept: Path, format_: str) -> None:
    done = run("report", kept, "--format", format_)

    assert done.code == 2
    assert f"--format {format_} has to be written to a file: add --output FILE." in done.err


def test_workbook_is_written_for_its_owner_alone(kept: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"

    done = run("report", kept, "--format", "xlsx", "--output", book)

    assert (done.code, done.out, done.err) == (0, "", f"Written: {book}\n")
    assert stat.S_IMODE(book.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [book]
    assert "Findings by case" in load_workbook(book, read_only=True).sheetnames


def test_a_workbook_that_cannot_be_written_is_told_of(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = run("report", kept, "--format", "xlsx", "--output", tmp_path / "file" / "book.xlsx")

    assert done.code == 6
    assert "cannot be written" in done.err


@pytest.mark.parametrize(
    ("format_", "name", "wanted"), [("table", "a.html", "html"), ("md", "a.XLSX", "xlsx"), ("html", "a.md", "md")]
)
def test_a_file_holds_what_its_name_says(kept: Path, tmp_path: Path, format_: str, name: str, wanted: str) -> None:
    done = run("report", kept, "--format", format_, "--output", tmp_path / name)

    assert done.code == 2
    assert f"would not hold what its name says: add --format {wanted}." in done.err
    assert not (tmp_path / name).exists()


def test_a_run_without_its_findings_is_told_of(kept: Path, tmp_path: Path) -> None:
    part = tmp_path / "run"
    shutil.copytree(kept, part)
    (part / "findings.jsonl").unlink()

    done = run("report", part, "--format", "html", "--output", tmp_path / "page.html")

    assert done.code == 2
    assert "has no findings.jsonl: check the export again" in done.err


def test_a_run_that_lost_what_was_found_about_staff_is_told_of(kept: Path, tmp_path: Path) -> None:
    part = tmp_path / "run"
    shutil.copytree(kept, part)
    (part / "staff_findings.jsonl").unlink()

    for format_ in ("html", "xlsx"):
        done = run("report", part, "--format", format_, "--output", tmp_path / f"report.{format_}")
        assert (done.code, "has no staff_findings.jsonl: check the export again" in done.err) == (2, True), format_


def test_workbook_that_fills_the_disk_is_told_of(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store: Callable[[Workbook], None] = Workbook._store_workbook

    def fill_up(book: Workbook) -> None:
        store(book)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Workbook, "_store_workbook", fill_up)

    done = run("report", kept, "--format", "xlsx", "--output", tmp_path / "report.xlsx")

    assert (done.code, done.out) == (6, "")
    assert done.err.startswith("omi-rules: what should be written could not be: No space left on device. Free some")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("format_", "file"),
    [
        *(("html", "findings.jsonl"), ("html", "staff_findings.jsonl")),
        *(("xlsx", "findings.jsonl"), ("xlsx", "rejects.csv")),
    ],
)
def test_a_damaged_run_is_told_of(kept: Path, tmp_path: Path, format_: str, file: str) -> None:
    part, report = tmp_path / "run", tmp_path / f"report.{format_}"
    shutil.copytree(kept, part)
    (part / file).write_bytes(b"\xff\x00{]\n1,2\n")

    done = run("report", part, "--format", format_, "--output", report)

    assert done.code == 2
    assert f"{file} is damaged: check the export again, with --output" in done.err
    assert not report.exists()


def test_machine_form_is_printed_or_written(kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "area.json"

    shown = run("report", kept, "--format", "oscal")
    done = run("report", kept, "--format", "oscal", "--output", file, "-q")

    assert (shown.code, done.code, done.out) == (0, 0, "")
    assert file.read_text("utf-8") == shown.out
    assert list(json.loads(shown.out)) == ["assessment-results"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_trends_come_from_a_store(kept: Path, area: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.html"
    written = "2 days with a run, from 29 November 2006 to 30 November 2006"

    def report(*options: str) -> Ran:
        return run("report", kept, "--format", "html", "--output", page, *options)

    missing = report("--store", "nights.db")
    (tmp_path / "omi-rules.toml").write_text('store = "nights.db"\n')
    assert (missing.code, report().code) == (2, 0)
    assert "there is no store nights.db" in missing.err
    assert written not in page.read_text("utf-8")

    assert run("check", area, "--as-at", "2006-11-29", "--store", "nights.db", "-q").code == 0
    assert report().code == 0
    assert written in page.read_text("utf-8")
