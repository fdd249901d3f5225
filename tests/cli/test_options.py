"""The command line over a configuration file over the defaults."""

from datetime import date
from pathlib import Path

import pytest

from omi_rules.cli.options import read_options
from omi_rules.cli.settings import SECRETS, SETTINGS
from omi_rules.notify import settings as notify
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


@pytest.mark.parametrize("number", ["abc", "0", "10001", "1.5", ""])
def test_number_that_is_none_or_out_of_bounds_is_told_in_plain_english(number: str) -> None:
    shown = run("sample", "export", "--size", number)

    assert (shown.code, shown.out) == (2, "")
    assert f"{number!r} is not a whole number from 1 to 10000." in shown.err


def test_number_without_an_upper_bound_names_the_lower_one() -> None:
    assert "'-1' is not a whole number of 0 or more." in run("check", "export", "--min-cases", "-1").err


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


def test_environment_is_over_the_file_and_below_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, "max_age = 1\nmin_cases = 1\nthreads = 1")
    monkeypatch.setenv("OMI_RULES_MAX_AGE", "2")
    monkeypatch.setenv("OMI_RULES_MIN_CASES", "2")

    options = read_options({"config": file, "max_age": 3})

    assert (options.threads, options.min_cases, options.max_age) == (1, 2, 3)


def test_every_setting_has_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "mapping.yaml").touch()
    for name, setting in SETTINGS.items():
        monkeypatch.setenv(f"OMI_RULES_{name.upper()}", setting.example)

    options = read_options({"config": None})

    assert {name: str(getattr(options, name)) for name in SETTINGS} == {
        name: setting.example for name, setting in SETTINGS.items()
    }


def test_every_example_of_a_setting_is_one_that_a_file_may_have(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "mapping.yaml").touch()
    lines = [f"{name} = {s.example if s.is_number else repr(s.example)}" for name, s in SETTINGS.items()]

    assert read_options({"config": write(tmp_path, "\n".join(lines))}).max_age == 3


def test_path_of_the_environment_starts_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    file = write(tmp_path, 'output = "run"\nstore = "omi.db"')
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("OMI_RULES_OUTPUT", "run")

    options = read_options({"config": file})

    assert (options.output, options.store) == (Path("run"), str(tmp_path / "omi.db"))


def test_command_that_takes_no_settings_minds_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMI_RULES_FAIL_ON", "any")

    assert read_options({}).fail_on == "never"


def test_secrets_are_those_that_messages_have() -> None:
    assert (notify.PASSWORD, notify.TOKEN) == SECRETS


@pytest.mark.parametrize("name", SECRETS)
def test_secret_of_a_table_is_left_to_its_own_reader(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "secret")

    assert read_options({"config": None}).store is None


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("MAX_AGEE", "3", "has OMI_RULES_MAX_AGEE, which is no setting; did you mean OMI_RULES_MAX_AGE?"),
        ("max_age", "3", "has OMI_RULES_max_age, which is no setting"),
        (
            "SMTP_PASSWORT",
            "3",
            "which is no setting; did you mean OMI_RULES_SMTP_PASSWORD?",
        ),
        ("NOTIFY", "3", "has OMI_RULES_NOTIFY, which is no setting"),
        ("MAX_AGE", "", "OMI_RULES_MAX_AGE is empty in the environment: give it a value, or unset it."),
        ("MAX_AGE", "three", "OMI_RULES_MAX_AGE should be a whole number, as in OMI_RULES_MAX_AGE=3."),
        ("MAX_AGE", "-1", "OMI_RULES_MAX_AGE should be a whole number"),
        ("MAX_AGE", "9" * 5000, "OMI_RULES_MAX_AGE should be a whole number"),
        ("THREADS", "0", "OMI_RULES_THREADS should be a whole number from 1 to 256, as in OMI_RULES_THREADS=2."),
        ("FAIL_ON", "criticl", "did you mean critical?"),
        ("AS_AT", "2006-02-30", "OMI_RULES_AS_AT should be a date written YYYY-MM-DD, as in OMI_RULES_AS_AT=2006-11"),
        ("AS_AT", "2006-02-30", "There is no such day."),
        ("RULES", "nowhere", "OMI_RULES_RULES: there is no folder nowhere."),
    ],
)
def test_wrong_variable_is_a_wrong_use_that_names_it(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"OMI_RULES_{variable}", value)

    with pytest.raises(UsageError) as error:
        read_options({"config": None})

    assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fail_onn = 'any'", "there is no setting fail_onn; did you mean fail_on?"),
        ("[check]\nas_at = 2006-11-30", "there is no setting check"),
        ("as_at = 2006-11-30T00:00:00", 'as_at should be a date written YYYY-MM-DD, as in as_at = "2006-11-30".'),
        ("as_at = '30.11.2006'", "as_at should be a date written YYYY-MM-DD"),
        ("rules = 3", 'rules should be a path, as in rules = "rules".'),
        ("fail_on = 'criticl'", "did you mean critical?"),
        ("fail_on = true", "fail_on should be one of never, critical, missing, any"),
        ("memory = 2", 'memory should be a size, as in memory = "2GB".'),
        ('memory = "99999999999999999999TB"', 'as in memory = "2GB". No machine has so much.'),
        (f'unpack_limit = "{"9" * 400}KiB"', 'as in unpack_limit = "16GB". No machine has so much.'),
        ('output = "a\\u0000b"', 'output should be a path, as in output = "run". It may hold no NUL.'),
        ('store = "a\\u0000b"', "It may hold no NUL."),
        ("unpack_limit = 8", 'unpack_limit should be a size, as in unpack_limit = "16GB".'),
        ("threads = 257", "threads should be a whole number from 1 to 256, as in threads = 2."),
        ("threads = 0", "threads should be a whole number from 1 to 256, as in threads = 2."),
        ("threads = true", "threads should be a whole number from 1 to 256"),
        ("threads", "is no TOML"),
        ("store = 3", 'store should be a file or a URL, as in store = "omi-rules.db".'),
        ("max_age = '3'", "max_age should be a whole number, as in max_age = 3"),
        ("max_age = -1", "max_age should be a whole number"),
        ("min_cases = true", "min_cases should be a whole number"),
        ("max_rejects = 'many'", 'max_rejects should be a number or a share, as in max_rejects = "2%".'),
        ("drop_limit = -1", "drop_limit should be a number or a share"),
        ("drop_limt = 1", "there is no setting drop_limt; did you mean drop_limit?"),
        ("rules = 'nowhere'", "omi-rules.toml: rules: there is no folder"),
        ("map = 'nowhere'", "omi-rules.toml: map: there is no file"),
        ("notify = 3", "notify should be a table: write its settings below a line [notify]."),
        ("[notfy]", "there is no setting notfy; did you mean notify?"),
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


@pytest.mark.parametrize(
    "words",
    [("check", "export", "--case", "\udcff"), ("due", "export", "--team", "\udcff"), ("explain", "export", "\udcff")],
)
def test_what_is_no_text_is_a_wrong_use(words: tuple[str, ...]) -> None:
    shown = run(*words)

    assert (shown.code, shown.out) == (2, "")
    assert f"{words[2] if len(words) == 4 else 'case'} should be text in UTF-8" in shown.err
