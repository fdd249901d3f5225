"""Every command is helped, with examples first, and documented."""

import re
import subprocess
from collections.abc import Iterator

import click
import pytest

from omi_rules.cli.main import main
from tests.cli.running import PROGRAM, TOP, environment, run


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


ALL = list(commands())


def test_program_has_only_the_commands_that_work() -> None:
    working = [
        *("action", "assess", "check", "config", "demo", "doctor", "due", "explain", "history"),
        *("notify", "register", "report", "rules", "sample", "schedule", "score", "waive"),
    ]
    assert main.list_commands(click.Context(main)) == working


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "omi-rules")
def test_help_begins_with_examples_of_the_command(path: tuple[str, ...]) -> None:
    shown = run(*path, "--help")

    assert shown.code == 0
    assert shown.err == ""
    first, second, *_ = shown.out.splitlines()
    assert first == "Examples:"
    assert second.startswith("  " + " ".join(["omi-rules", *path]))


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "omi-rules")
def test_help_fits_80_columns_and_cuts_nothing(path: tuple[str, ...]) -> None:
    shown = run(*path, "--help").out

    assert max(map(len, shown.splitlines())) <= 80
    assert "..." not in re.sub(r"\[OPTIONS\] COMMAND \[ARGS\]\.\.\.|\[ID\]\.\.\.", "", shown)


@pytest.mark.parametrize("path", [path for path in ALL if path], ids=" ".join)
def test_readme_documents_the_command(path: tuple[str, ...]) -> None:
    readme = (TOP / "README.md").read_text("utf-8")

    assert f"omi-rules {' '.join(path)}" in readme


@pytest.mark.parametrize("path", [path for path in ALL if path], ids=" ".join)
def test_every_option_says_what_it_does(path: tuple[str, ...]) -> None:
    context = click.Context(main)
    command: click.Command | None = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(context, name)
    assert command is not None

    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_readme_documents_every_exit_code() -> None:
    readme = (TOP / "README.md").read_text("utf-8")

    codes = re.findall(r"^\| (\d+) \|", readme.partition("## Exit codes")[2], re.MULTILINE)
    assert codes == ["0", "1", "2", "3", "4", "6", "7", "70", "130"]


def test_version_is_said() -> None:
    assert re.fullmatch(r"omi-rules \d+\.\d+\.\d+\S*\n", run("--version").out)


def test_module_runs_as_the_program() -> None:
    shown = subprocess.run([*PROGRAM, "--version"], capture_output=True, text=True, env=environment({}))

    assert shown.stdout == run("--version").out


def test_unknown_command_names_the_nearest() -> None:
    shown = run("chek", "export")

    assert (shown.code, shown.out) == (2, "")
    assert "there is no command chek; did you mean check?" in shown.err
    assert "Try 'omi-rules --help'." in shown.err


def test_no_command_is_a_wrong_use() -> None:
    assert run().code == 2
