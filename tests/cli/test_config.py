"""What the settings are, and where each comes from; never a password."""

import json
from pathlib import Path

import pytest

from omi_rules.cli.settings import SETTINGS
from tests.cli.running import run

FILE = """\
as_at = 2006-11-30
max_age = 1
min_cases = 1
store = "postgresql://clerk:hunter2@server/area?password=hunter3"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "omi-rules.toml").write_text(FILE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMI_RULES_MAX_AGE", "2")
    monkeypatch.setenv("OMI_RULES_MIN_CASES", "2")
    return tmp_path


def test_every_setting_says_where_it_comes_from(folder: Path) -> None:
    shown = run("config", "show", "--min-cases", "3", "--format", "json")

    found = json.loads(shown.out)
    rows = {row["setting"]: (row["value"], row["from"], row["name"]) for row in found["settings"]}
    assert (shown.code, shown.err, found["config"]) == (0, "", "omi-rules.toml")
    assert list(rows) == list(SETTINGS)
    assert rows["as_at"] == ("2006-11-30", "file", "omi-rules.toml")
    assert rows["max_age"] == (2, "environment", "OMI_RULES_MAX_AGE")
    assert rows["min_cases"] == (3, "option", "--min-cases")
    assert rows["fail_on"] == (None, "default", None)


def test_table_says_the_same_in_80_columns(folder: Path) -> None:
    lines = run("config", "show", "--min-cases", "3", "--output", folder / ("run" * 40)).out.splitlines()

    assert lines[0] == "Configuration file: omi-rules.toml"
    assert "as_at         omi-rules.toml     2006-11-30" in lines
    assert "max_age       OMI_RULES_MAX_AGE  2" in lines
    assert "min_cases     --min-cases        3" in lines
    assert "fail_on       default            never" in lines
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("form", ["table", "json"])
def test_password_of_a_store_is_never_shown(folder: Path, form: str) -> None:
    shown = run("config", "show", "--format", form)

    assert "server/area" in shown.out
    assert "hunter" not in shown.out + shown.err


def test_password_in_a_url_that_is_wrong_is_not_shown_either(folder: Path) -> None:
    shown = run("config", "show", "--store", "mysql://clerk:hunter2@server/area")

    assert shown.code == 2
    assert "hunter" not in shown.out + shown.err


def test_values_of_a_table_that_another_part_reads_are_not_shown(folder: Path) -> None:
    (folder / "omi-rules.toml").write_text(f'{FILE}[notify]\npassword = "hunter4"\n', encoding="utf-8")

    shown = run("config", "show")

    assert "The table [notify] is read where it is needed." in shown.out
    assert "hunter" not in shown.out


def test_without_a_file_every_setting_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    lines = run("config", "show").out.splitlines()

    assert lines[0] == "Configuration file: none"
    assert [line.split()[1] for line in lines[3:]] == ["default"] * len(SETTINGS)


def test_wrong_setting_is_told_and_nothing_is_shown(folder: Path) -> None:
    (folder / "omi-rules.toml").write_text("max_agee = 1", encoding="utf-8")

    shown = run("config", "show")

    assert (shown.code, shown.out) == (2, "")
    assert "there is no setting max_agee; did you mean max_age?" in shown.err
