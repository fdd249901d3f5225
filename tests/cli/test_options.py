"""The command line over a configuration file over the defaults."""

from datetime import date
from pathlib import Path

import pytest

from omi_rules.cli.options import read_options
from omi_rules.problems import UsageError
from tests.cli.running import run


def write(folder: Path, text: str) -> Path:
    file = folder / "omi-rules.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("day", ["30/11/2006", "2006-11", "20061130", "2006-11-30T00:00", "2006-1-1", "٢٠٠٦-11-30", ""])
def test_date_in_another_form_is_a_wrong_use_that_says_the_form(day: str) -> None:
    shown = run("check", "export", "--as-at", day)

    assert (shown.code, shown.out) == (2, "")
    assert "--as-at should be a date written YYYY-MM-DD, as in 2006-11-30." in shown.err


def test_day_that_does_not_exist_is_a_wrong_use() -> None:
    shown = run("check", "export", "--as-at", "2006-02-30")

    assert shown.code == 2
    assert "There is no such day." in shown.err


def test_settings_of_a_file_are_taken(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "map.yaml").touch()
    file = write(
        tmp_path,
        'as_at = 2006-11-30\nrules = "rules"\nmap = "map.yaml"\nfail_on = "critical"\nmemory = "2GB"\n'
        'threads = 2\noutput = "run"\n',
    )

    options = read_options({"config": file})

    assert options.as_at == date(2006, 11, 30)
    assert (options.rules, options.map, options.output) == (
        tmp_path / "rules",
        tmp_path / "map.yaml",
        tmp_path / "run",
    )
    assert (options.fail_on, options.memory, options.threads) == ("critical", "2GB", 2)


def test_date_of_a_file_may_be_text(tmp_path: Path) -> None:
    assert read_options({"config": write(tmp_path, 'as_at = "2006-11-30"')}).as_at == date(2006, 11, 30)


def test_command_line_overrides_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, 'fail_on = "critical"\nas_at = 2006-11-30')

    options = read_options({"config": file, "fail_on": "any", "as_at": None})

    assert (options.fail_on, options.as_at) == ("any", date(2006, 11, 30))


def test_store_and_limits_of_a_file_are_taken(tmp_path: Path) -> None:
    file = write(tmp_path, 'store = "omi.db"\nmax_age = 3\nmax_rejects = "2%"\nmin_cases = 0\ndrop_limit = 5.5\n')

    options = read_options({"config": file})

    assert options.store == str(tmp_path / "omi.db")
    assert (options.max_age, options.max_rejects) == (3, "2%")
    assert (options.min_cases, options.drop_limit) == (0, "5.5")


def test_url_of_a_store_is_no_path(tmp_path: Path) -> None:
    file = write(tmp_path, 'store = "postgresql://server/area"')

    assert read_options({"config": file}).store == "postgresql://server/area"


def test_file_of_the_folder_is_read_where_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'fail_on = "any"')
    other = tmp_path / "other.toml"
    other.write_text("threads = 1", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert read_options({"config": None}).fail_on == "any"
    assert read_options({"config": other}).fail_on == "never"
    assert read_options({}).fail_on == "never", "a command that takes no settings"


@pytest.mark.parametrize("value", ["many", "-1", "2 %", "%", ""])
@pytest.mark.parametrize("option", ["--max-rejects", "--drop-limit"])
def test_share_in_another_form_is_a_wrong_use(option: str, value: str) -> None:
    shown = run("check", "export", f"{option}={value}")

    assert (shown.code, shown.out) == (2, "")
    assert f"{option} should be a number or a share, as in 20 or 2%." in shown.err


def test_without_anything_the_defaults_hold() -> None:
    options = read_options({"config": None, "fail_on": None})

    assert (options.fail_on, options.as_at, options.format, options.output) == ("never", None, "table", None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fail_onn = 'any'", "there is no setting fail_onn; did you mean fail_on?"),
        ("[check]\nas_at = 2006-11-30", "there is no setting check"),
        ("as_at = 2006-11-30T00:00:00", "as_at should be a date written YYYY-MM-DD"),
        ("as_at = '30.11.2006'", "as_at should be a date written YYYY-MM-DD"),
        ("rules = 3", 'rules should be a path in quotes, as in rules = "rules"'),
        ("fail_on = 'criticl'", "did you mean critical?"),
        ("fail_on = true", "fail_on should be one of never, critical, missing, any"),
        ("memory = 2", "memory should be a size in quotes"),
        ("threads = 0", "threads should be a whole number from 1 on"),
        ("threads = true", "threads should be a whole number from 1 on"),
        ("threads", "is no TOML"),
        ("store = 3", 'store should be a file or a URL in quotes, as in store = "omi-rules.db"'),
        ("max_age = '3'", "max_age should be a whole number, as in max_age = 3"),
        ("max_age = -1", "max_age should be a whole number"),
        ("min_cases = true", "min_cases should be a whole number"),
        ("max_rejects = 'many'", 'max_rejects should be a share in quotes or a number, as in max_rejects = "2%"'),
        ("drop_limit = -1", "drop_limit should be a share in quotes or a number"),
        ("drop_limt = 1", "there is no setting drop_limt; did you mean drop_limit?"),
        ("rules = 'nowhere'", "--rules: there is no folder"),
        ("map = 'nowhere'", "--map: there is no file"),
    ],
)
def test_wrong_setting_is_a_wrong_use_that_says_what_to_do(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        read_options({"config": write(tmp_path, text)})

    assert sentence in str(error.value)


def test_file_that_is_not_there_is_a_wrong_use(tmp_path: Path) -> None:
    shown = run("check", "export", "--config", tmp_path / "nowhere.toml")

    assert shown.code == 2
    assert "cannot be read: No such file or directory" in shown.err


def test_file_that_is_not_utf_8_is_a_wrong_use(tmp_path: Path) -> None:
    file = tmp_path / "omi-rules.toml"
    file.write_bytes(b"rules = '\xff'")

    with pytest.raises(UsageError, match="is not UTF-8"):
        read_options({"config": file})


def test_quiet_and_verbose_together_are_a_wrong_use() -> None:
    shown = run("check", "export", "-q", "-v")

    assert shown.code == 2
    assert "-q and -v say opposite things" in shown.err
