"""`omi-rules register` as a user runs it."""

import csv
import io
import json
import stat
from pathlib import Path

from tests.cli.running import Ran, run


def test_the_registers_fit_80_columns(area: Path, checked: tuple[Ran, Path]) -> None:
    _, earlier = checked

    for options in ([], ["-v"], ["--since", earlier]):
        shown = run("register", area, *options)
        assert (shown.code, shown.err) == (0, "")
        assert max(map(len, shown.out.splitlines())) <= 80
    assert "Nobody joined or left." in shown.out


def test_csv_and_json_tell_the_same(area: Path, tmp_path: Path) -> None:
    told = json.loads(run("register", area, "--format", "json").out)
    shown = run("register", area, "--format", "csv", "--output", tmp_path / "register.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "register.csv").read_text("utf-8"))))

    assert (shown.code, shown.err) == (0, f"Written: {tmp_path / 'register.csv'}\n")
    assert stat.S_IMODE((tmp_path / "register.csv").stat().st_mode) == 0o600
    entries = [(row["case_id"], row["register"]) for row in rows if row["part"] == "entry"]
    assert entries == [(entry["case_id"], name) for entry in told["entries"] for name in entry["registers"]]
    assert sum(row["part"] == "disagreement" for row in rows) == len(told["disagreements"])


def test_a_folder_that_is_no_run_is_refused(area: Path, tmp_path: Path) -> None:
    refused = run("register", area, "--since", tmp_path)

    assert refused.code == 2
    assert "is no run: make one with" in refused.err
