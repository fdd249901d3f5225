"""`--log-json`: a line an event, the last one true however the command ends, and no value of a cell in any."""

import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from omi_rules import pipeline
from omi_rules.checks import run as judging
from omi_rules.cli import event_log
from tests.cli.logs import SCHEMA, read
from tests.cli.running import Ran, run
from tests.data.exports import write_csv
from tests.reports.marked import MARK, marked_tables


def events(lines: Sequence[dict[str, Any]]) -> list[str]:
    return [line["event"] for line in lines]


@pytest.fixture(scope="module")
def night(area: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A night's log and its run folder."""
    folder = tmp_path_factory.mktemp("night")
    store, log = folder / "omi-rules.db", folder / "log.jsonl"
    shown = run("check", area, "--output", folder / "run", "--store", store, "--min-cases", 200, "--log-json", log)
    assert shown.code == 0
    return log, folder / "run"


def test_night_is_told_from_its_start_to_its_end(night: tuple[Path, Path]) -> None:
    lines = read(night[0])

    told = [line["doing"] if line["event"] == "stage" else line["event"] for line in lines if line["event"] != "rows"]
    assert told == [
        "started",
        *("reading the export", "gates", "applying the rules", "drawing conclusions"),
        *("comparing with the latest run", "writing the run", "written", "recorded", "finished"),
    ]
    assert len({line["run"] for line in lines}) == 1
    assert [line["time"] for line in lines] == sorted(line["time"] for line in lines)


def test_night_tells_what_its_run_json_tells(night: tuple[Path, Path]) -> None:
    lines, kept = read(night[0]), json.loads((night[1] / "run.json").read_text("utf-8"))

    rows = [(line["table"], line["rows_in"], line["rejected"]) for line in lines if line["event"] == "rows"]
    assert rows == [(table["table"], table["rows_in"], table["rejected"]) for table in kept["tables"]]
    (gates,) = (line for line in lines if line["event"] == "gates")
    assert (gates["passed"], gates["limits"]["min_cases"], gates["limits"]["max_age"]) == (True, "200", None)
    assert (lines[-1]["exit_code"], lines[-1]["because"]) == (kept["exit_code"], kept["exit_because"])


def test_log_is_its_owners_alone_and_is_added_to(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for _ in range(2):
        assert run("check", tmp_path / "nowhere", "--log-json", log).code == 3

    lines = read(log)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert events(lines) == ["started", "stage", "finished"] * 2
    assert len({line["run"] for line in lines}) == 2


@pytest.mark.parametrize("command", ["due", "register"])
def test_other_commands_log_too_and_stdout_stays_data(area: Path, tmp_path: Path, command: str) -> None:
    log = tmp_path / "log.jsonl"
    shown = run(command, area, "--format", "json", "--log-json", log)

    lines = read(log)
    assert (lines[0]["command"], lines[-1]["exit_code"]) == (command, 0)
    assert json.loads(shown.out)


def test_score_and_report_log_too(night: tuple[Path, Path], tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert run("score", night[1], "--log-json", log).code == 0
    assert run("report", night[1], "--format", "html", "--output", tmp_path / "page.html", "--log-json", log).code == 0

    assert events(read(log)) == ["started", "stage", "finished"] * 2


def test_log_may_go_to_stderr(tmp_path: Path) -> None:
    shown = run("check", tmp_path / "nowhere", "--log-json", "stderr")

    first, *_, last = shown.err.splitlines()
    SCHEMA.validate(json.loads(first))
    assert json.loads(last)["exit_code"] == 3


def test_gate_that_holds_is_told_with_the_limit(area: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert run("check", area, "--min-cases", 201, "--log-json", log).code == 3

    *_, gates, last = read(log)
    assert (gates["event"], gates["passed"], gates["limits"]["min_cases"]) == ("gates", False, "201")
    assert "the export has 200 cases, and --min-cases is 201" in last["because"]


@pytest.mark.parametrize("wrong", [["--nono"], ["A12345"], ["--as-at", "A12345"], ["--max-age", "A12345"]], ids=str)
def test_wrong_command_line_is_the_last_line_of_the_log_and_is_not_repeated(tmp_path: Path, wrong: list[str]) -> None:
    log = tmp_path / "log.jsonl"

    shown = run("check", "export", *wrong, f"--log-json={log}")

    last = read(log)[-1]
    assert (shown.code, last["event"], last["exit_code"]) == (2, "finished", 2)
    assert "A12345" not in log.read_text("utf-8")


def test_wrong_command_line_finds_the_log_wherever_it_is_named(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"

    run("check", "--log-json", log, "export", "--nono")

    assert events(read(log)) == ["finished"]


@pytest.mark.parametrize("place", ["missing/log.jsonl", "/dev/full", "."])
def test_log_that_cannot_be_written_ends_the_command_before_the_work(tmp_path: Path, place: str) -> None:
    shown = run("check", tmp_path / "nowhere", "--log-json", tmp_path / place)

    assert (shown.code, shown.out, shown.err.count("\n")) == (6, "", 1)
    assert f"{tmp_path / place} cannot be written" in shown.err


@pytest.mark.parametrize("place", ["", "-"])
def test_log_is_never_mixed_with_the_data(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    shown = run("check", "export", "--log-json", place)

    assert shown.code == 2
    assert "--log-json should be a file, or stderr: stdout is for data." in shown.err
    assert list(tmp_path.iterdir()) == []


def test_log_that_breaks_off_is_no_success(area: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, written = os.write, []

    def fill_up(file: int, content: bytes) -> int:
        written.append(content)
        if 5 <= len(written) <= 6:
            raise OSError(28, "No space left on device")
        return write(file, content)

    monkeypatch.setattr(event_log.os, "write", fill_up)

    shown = run("check", area, "--output", tmp_path / "run", "--log-json", tmp_path / "log.jsonl")

    last = read(tmp_path / "log.jsonl")[-1]
    assert (shown.code, last["exit_code"]) == (6, 6)
    assert (tmp_path / "run" / "run.json").is_file(), "the run itself is not lost"
    assert "the log could not be written to its end" in shown.err


@pytest.mark.parametrize(("error", "code"), [(KeyError(MARK), 70), (KeyboardInterrupt(), 130), (OSError(28, MARK), 6)])
def test_last_line_tells_every_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "check", fail)

    shown = run("check", "export", "--log-json", tmp_path / "log.jsonl")

    last = read(tmp_path / "log.jsonl")[-1]
    assert (shown.code, last["exit_code"]) == (code, code)
    if code == 70:
        assert last["because"] == "a fault of the program itself (KeyError)"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(marked_tables(), tmp_path_factory.mktemp("marked"))


def check_marked(marked: Path, folder: Path, *others: str) -> Ran:
    return run("check", marked, "--as-at", "2006-11-30", "--log-json", folder / "log.jsonl", *others)


@pytest.mark.parametrize(
    ("others", "code"),
    [
        (["-v", "--format", "csv"], 0),
        (["--case", f"{MARK} 9"], 2),
        (["--max-rejects", "1"], 3),
        ([f"{MARK} 1"], 2),
    ],
    ids=str,
)
def test_no_line_holds_a_value_of_a_cell(marked: Path, tmp_path: Path, others: list[str], code: int) -> None:
    shown = check_marked(marked, tmp_path, *others)

    assert shown.code == code
    assert read(tmp_path / "log.jsonl")[-1]["exit_code"] == code
    assert "Secret" not in (tmp_path / "log.jsonl").read_text("utf-8")


@pytest.mark.parametrize("name", ["M0000066.jsonl", "area/M0000066.jsonl", "M0000066"])
def test_no_line_holds_what_was_typed(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "M0000077"
    folder.mkdir()
    (folder / "letter.txt").touch()
    area = write_csv({"cases": [{"case_id": "1", "order_type": "community_order"}]}, tmp_path / "area")
    log = tmp_path / "log.jsonl"

    missing = run("check", name, "--log-json", log)
    kept = run("check", area, f"--output={folder}", "--log-json", log)

    assert (missing.code, kept.code) == (3, 6)
    first = next(line for line in read(log) if line["event"] == "finished")
    assert first["because"] == "there is no export at …: give a folder, a .zip, or a .jsonl or .json file"
    assert "M00000" not in log.read_text("utf-8")


NO_EXPORT = "there is no export at …: give a folder, a .zip, or a .jsonl or .json file"
NO_FOLDER = "… is not a folder. Choose another --output."

NO_STORE = "the store … could not be used: it is no store: name another file, or put back a copy of it."


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("./M0000077/export",), NO_EXPORT),
        (("M0000077//export/",), NO_EXPORT),
        (("M0000077/./export",), NO_EXPORT),
        (("area", "--output", "./M0000077/letter.txt"), NO_FOLDER),
        (("area", "--store", "sqlite:///M0000077/letter.txt"), NO_STORE),
        (("area", "--config", "./M0000077/output.toml"), NO_FOLDER),
        (("area", "--config", "M0000077//store.toml"), NO_STORE),
    ],
)
def test_no_line_holds_a_path_that_a_message_spells_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], because: str
) -> None:
    lay_out_letter(tmp_path)
    monkeypatch.chdir(tmp_path)

    shown = run("check", *words, "--log-json", "log.jsonl")

    assert "M0000077" in shown.err
    assert read(tmp_path / "log.jsonl")[-1]["because"] == because


@pytest.mark.parametrize("name", ["OMI_RULES_OUTPUT", "OMI_RULES_STORE"])
def test_no_line_holds_a_path_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    lay_out_letter(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, "./M0000077/letter.txt")

    shown = run("check", "area", "--log-json", "log.jsonl")

    assert "M0000077" in shown.err
    assert "M0000077" not in (tmp_path / "log.jsonl").read_text("utf-8")


def lay_out_letter(folder: Path) -> None:
    """An export, and a folder named after a case, with a letter that is neither run nor store, and settings that take
    it for one."""
    write_csv({"cases": [{"case_id": "1", "order_type": "community_order"}]}, folder / "area")
    (folder / "M0000077").mkdir()
    (folder / "M0000077" / "letter.txt").write_text("Dear reader,\n" * 100)
    for setting in ("output", "store"):
        (folder / "M0000077" / f"{setting}.toml").write_text(f'{setting} = "letter.txt"\n')


def test_output_of_a_night_is_kept_out_with_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"case_id": "1", "order_type": "community_order", "sentence_date": "2006-11-01"}
    write_csv({"cases": [row]}, tmp_path / "area")
    (tmp_path / "M0000077-2006-11-30").write_text("no folder")
    monkeypatch.chdir(tmp_path)

    shown = run("check", "area", "--as-at", "2006-11-30", "--output", "./M0000077-{as_at}", "--log-json", "log.jsonl")

    assert "M0000077-2006-11-30" in shown.err
    assert read(tmp_path / "log.jsonl")[-1]["because"] == NO_FOLDER


def test_fault_of_a_rule_is_told_without_a_value(marked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_rule = judging.compile_rule

    def fail_on_data(plan: Any, rule: Any) -> Any:
        query, judgement = compile_rule(plan, rule)
        if rule.id != "contact-frequency":
            return query, judgement
        return f"SELECT q.* REPLACE (c.team::INTEGER AS arm) FROM ({query}) q JOIN cases c USING (case_no)", judgement

    monkeypatch.setattr(judging, "compile_rule", fail_on_data)

    shown = check_marked(marked, tmp_path)

    lines = read(tmp_path / "log.jsonl")
    (fault,) = (line for line in lines if line["event"] == "rule_fault")
    assert (shown.code, fault["rule"], lines[-1]["exit_code"]) == (4, "contact-frequency", 4)
    assert "Secret" not in (tmp_path / "log.jsonl").read_text("utf-8")
