"""`omi-rules schedule print`: the whole paths, the settings that hold at night, and nothing installed."""

import getpass
import shlex
import sys
from pathlib import Path

import pytest

from tests.cli.running import run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "export").mkdir()
    (tmp_path / "runs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "omi-rules.toml").write_text(text, encoding="utf-8")


def words_of(*arguments: str) -> list[str]:
    """The words of the check in the line for cron."""
    shown = run("schedule", "print", "cron", "export", *arguments)
    assert shown.code == 0
    words = shlex.split(shown.out.splitlines()[-1].replace("\\%", "%"))
    return words[words.index("check") :]


def test_paths_are_made_whole_and_every_night_has_a_folder(folder: Path) -> None:
    words = words_of("--output", "runs", "--store", "omi.db", "--log-json", "log.jsonl")

    assert words == [
        *("check", f"{folder}/export", "-q", "--store", f"{folder}/omi.db"),
        *("--output", f"{folder}/runs/{{as_at}}", "--log-json", f"{folder}/log.jsonl"),
    ]
    assert sorted(file.name for file in folder.iterdir()) == ["export", "runs"], "nothing is made"


@pytest.mark.parametrize(("text", "is_said"), [("", True), ('store = "x"', True), ("max_age = 3", False)])
def test_night_without_a_limit_of_age_is_said(folder: Path, text: str, is_said: bool) -> None:
    if text:
        write(folder, text)

    shown = run("schedule", "print", "cron", "export", "--output", "runs")

    assert ("no file sets max_age" in shown.err) == is_said


def test_what_the_file_says_is_left_to_it(folder: Path) -> None:
    write(folder, 'max_age = 3\nstore = "omi.db"\noutput = "runs/{as_at}"')

    assert words_of() == [
        *("check", f"{folder}/export", "-q", "--config", f"{folder}/omi-rules.toml"),
        *("--output", f"{folder}/runs/{{as_at}}"),
    ]


def test_output_of_the_file_that_is_the_same_every_night_gets_a_folder_for_each(folder: Path) -> None:
    write(folder, 'max_age = 3\noutput = "runs"')

    assert words_of()[-1] == f"{folder}/runs/{{as_at}}"


def test_command_that_is_printed_runs(area: Path, folder: Path) -> None:
    arguments = ["--output", "runs", "--store", "omi.db"]
    shown = run("schedule", "print", "cron", str(area), *arguments)
    words = shlex.split(shown.out.splitlines()[-1])

    assert run(*words[words.index("check") :]).code == 0
    assert (folder / "runs" / "2006-11-30" / "run.json").is_file()
    assert (folder / "omi.db").is_file()


def test_program_is_this_one_as_a_whole_path(folder: Path) -> None:
    shown = run("schedule", "print", "systemd", "export", "--output", "runs", "--unit", "service")

    assert f"\nUser={getpass.getuser()}\n" in shown.out
    assert f"\nExecStart={Path(sys.executable).parent}/" in shown.out


def test_teams_are_told_after_the_check_only_if_the_file_says_where(folder: Path) -> None:
    write(folder, 'max_age = 3\nstore = "omi.db"\n[notify.files]\nfolder = "messages"')
    line = run("schedule", "print", "cron", "export").out.splitlines()[-1]
    assert line.endswith(f"omi-rules notify -q --config {folder}/omi-rules.toml")

    service = run("schedule", "print", "systemd", "export", "--log-json", "/var/log/omi/log.jsonl").out
    assert f"\nReadWritePaths={folder} /var/log/omi\n" in service

    write(folder, 'max_age = 3\nstore = "omi.db"')
    assert "notify" not in run("schedule", "print", "cron", "export").out


@pytest.mark.parametrize(
    ("text", "arguments", "is_private"),
    [
        ('store = "omi.db"', [], True),
        ('store = "postgresql://me:secret@server/area"', [], False),
        ('store = "omi.db"\n[notify.webhook]\nurl = "https://hooks.example.org/omi"', [], False),
        ('store = "omi.db"\n[notify.files]\nfolder = "messages"', [], True),
        ('store = "omi.db"', ["--network"], False),
        ('store = "omi.db"', ["--store", "postgresql:///area"], False),
    ],
)
def test_network_is_shut_unless_something_needs_it(
    folder: Path, text: str, arguments: list[str], is_private: bool
) -> None:
    write(folder, f"max_age = 3\n{text}")

    shown = run("schedule", "print", "systemd", "export", *arguments)

    assert (shown.code, shown.err) == (0, "")
    assert ("\nPrivateNetwork=yes\n" in shown.out) == is_private
    assert "secret" not in shown.out


def test_service_may_write_where_it_has_to_and_says_what_has_to_be_there(folder: Path) -> None:
    shown = run("schedule", "print", "systemd", "nowhere", "--output", "new", "--store", "omi.db")

    assert f"\nReadWritePaths={folder}/new {folder}\n" in shown.out
    assert f"there is no export at {folder}/nowhere yet." in shown.err
    assert f"mkdir -p -m 700 {folder}/new" in shown.err


@pytest.mark.parametrize("name", ["{as_at}", "night-{as_at}", "{as_at}/area", "{as_at}/{as_at}", "n-{as_at}/x/area"])
def test_output_with_the_day_anywhere_in_its_path_is_left_as_it_is(folder: Path, name: str) -> None:
    write(folder, f'max_age = 3\noutput = "runs/{name}"')

    service = run("schedule", "print", "systemd", "export", "--unit", "service").out

    assert words_of()[-1] == f"{folder}/runs/{name}"
    assert f"\nReadWritePaths={folder}/runs\n" in service


def test_store_behind_a_link_keeps_its_name_and_is_written_where_the_link_leads(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "omi.db").symlink_to("data/omi.db")

    service = run("schedule", "print", "systemd", "export", "--store", "omi.db", "--unit", "service").out

    assert f" --store {folder}/omi.db\n" in service
    assert f"\nReadWritePaths={folder}/data\n" in service


def test_variables_that_will_not_hold_at_night_are_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, 'store = "omi.db"')
    monkeypatch.setenv("OMI_RULES_MAX_AGE", "3")

    shown = run("schedule", "print", "cron", "export")

    assert "OMI_RULES_MAX_AGE is set here, and will not be at night" in shown.err
    assert "no file sets max_age" in shown.err


@pytest.mark.parametrize(("at", "is_said"), [("00:59", False), ("01:00", True), ("01:59", True), ("02:00", False)])
def test_hour_that_comes_twice_is_said(folder: Path, at: str, is_said: bool) -> None:
    shown = run("schedule", "print", "cron", "export", "--output", "runs", "--at", at)

    assert shown.code == 0
    assert ("one night a year comes twice" in shown.err) == is_said


def test_task_starts_the_program_inside_wsl(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "max_age = 3")
    monkeypatch.setenv("WSL_DISTRO_NAME", "Debian")

    shown = run("schedule", "print", "windows", "export", "--program", "/usr/local/bin/omi-rules", "--output", "runs")

    check = f"check {folder}/export -q --config {folder}/omi-rules.toml --output {folder}/runs/{{as_at}}"
    assert (shown.code, shown.err) == (0, "")
    assert "<Command>C:\\Windows\\System32\\wsl.exe</Command>" in shown.out
    assert f"<Arguments>--distribution Debian --exec /usr/local/bin/omi-rules {check}</Arguments>" in shown.out
    assert "UserId" not in shown.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["cron", "export"], "a night that keeps nothing is of no use: name --output or --store."),
        (["cron", "export", "--store", "omi.db", "--unit", "timer"], "--unit goes with systemd alone"),
        (["cron", "export", "--store", "postgresql://me:secret@server/area"], "Write the URL into omi-rules.toml."),
        (["cron", "export", "--store", "postgresql:///area?user=me&password=secret"], "Write the URL into"),
        (["cron", "export", "--output", "runs/{day}"], "{day} stands for nothing"),
        (["cron", "ex\nport", "--output", "runs"], "cron cannot be told a path"),
        (["cron", "export", "--output", "runs", "--at", "2:30"], "--at should be a time written HH:MM, as in 02:30."),
        (["cron", "export", "--output", "runs", "--at", "24:00"], "--at should be a time from 00:00 to 23:59."),
        (["windows", "100% export", "--output", "runs"], "the Task Scheduler cannot be told a path"),
        (["systemd", "export", "--output", "runs", "--user", "a b"], "--user should be the name of a user"),
        (["crom", "export"], "crom"),
    ],
)
def test_what_cannot_be_scheduled_is_a_wrong_use_that_says_why(
    folder: Path, arguments: list[str], sentence: str
) -> None:
    shown = run("schedule", "print", *arguments)

    assert (shown.code, shown.out) == (2, "")
    assert sentence in shown.err
    assert "secret" not in shown.err


def test_user_without_a_name_has_to_be_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr(getpass, "getuser", fail)

    nameless = run("schedule", "print", "cron", "export", "--output", "runs")
    named = run("schedule", "print", "cron", "export", "--output", "runs", "--user", "omi")

    assert (nameless.code, named.code) == (2, 0)
    assert "say with --user who runs the job" in nameless.err


def test_secret_that_only_the_environment_has_is_a_wrong_use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = 'server = "localhost"\nfrom = "a@b.example"\nalerts = "c@b.example"\narea = "d@b.example"\nuser = "me"'
    write(folder, f'store = "omi.db"\n[notify.mail]\n{mail}')
    monkeypatch.setenv("OMI_RULES_SMTP_PASSWORD", "secret")

    shown = run("schedule", "print", "cron", "export")

    assert (shown.code, shown.out) == (2, "")
    assert "name its file in password_file" in shown.err
