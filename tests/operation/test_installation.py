"""Whether the program is installed whole."""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from omi_rules.conclusions import reason
from omi_rules.operation import installation
from omi_rules.operation.diagnosis import Diagnosis, examine
from tests.cli.running import TOP


def test_packages_looked_at_are_those_that_the_program_needs() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[<>=;]", line)[0] for line in project["dependencies"]}

    assert {*installation.PACKAGES, "durable-rules"} == needed


def test_whole_installation_is_fine() -> None:
    (found,) = installation.look_at_packages()

    assert found.state == "ok"
    assert f"duckdb {metadata.version('duckdb')}" in found.words


def test_package_that_cannot_be_imported_is_broken_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)

    first, *_ = installation.look_at_packages()

    assert (first.state, first.exit_code) == ("broken", 2)
    assert "pyyaml cannot be imported" in first.words
    assert "pip install" in first.remedy


def test_package_of_another_version_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "requires", lambda _: ["duckdb<3,>=99; python_version > '3'", "click>=1"])

    first, *_ = installation.look_at_packages()

    assert first.words == f"duckdb is {metadata.version('duckdb')}, and has to be <3,>=99"


@pytest.mark.parametrize(
    ("version", "needed", "is_within"),
    [
        ("2.0.9", ">=2.0.9,<3", True),
        ("2.0.10", ">=2.0.9,<3", True),
        ("2.0.8", ">=2.0.9,<3", False),
        ("3.0", ">=2.0.9,<3", False),
        ("3.0.0b1", "<3,>=2", False),
        ("2.99", "<3,>=2", True),
        ("1.0", "", True),
    ],
)
def test_version_is_held_to_both_bounds(version: str, needed: str, is_within: bool) -> None:
    assert installation.is_within(version, needed) == is_within


def test_old_python_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))

    (found,) = installation.look_at_python()

    assert (found.state, found.words) == ("broken", "3.10.2 is too old")


def without_engine(monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]) -> Diagnosis:
    """What is said where durable-rules cannot be imported, on a version of Python."""
    whole = reason.Reasoner

    class Without(whole):  # type: ignore[misc, valid-type]
        def __init__(self, components: object) -> None:
            program = "import json\nprint(json.dumps({'cannot': 'ImportError'}), flush=True)\ninput()"
            super().__init__((), command=(sys.executable, "-c", program))

    monkeypatch.setattr(reason, "Reasoner", Without)
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    (found,) = installation.look_at_conclusions()
    return found


def test_missing_engine_wants_attention_where_it_could_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = without_engine(monkeypatch, (3, 12))

    assert found.state == "attention"
    assert "the plain evaluator drew the conclusions" in found.words
    assert "C compiler" in found.remedy


def test_missing_engine_is_fine_where_it_has_no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    found = without_engine(monkeypatch, (3, 13))

    assert found.state == "ok"
    assert "plain evaluator" in found.words


def test_engine_that_draws_the_conclusions_is_named() -> None:
    (found,) = installation.look_at_conclusions()

    expected = "durable-rules 2" if sys.version_info < (3, 13) else "the plain evaluator"
    assert (found.state, found.words[: len(expected)]) == ("ok", expected)


def test_rulebook_that_is_at_fault_is_broken_with_its_own_exit_code(tmp_path: Path) -> None:
    (found,) = installation.look_at_rulebook(tmp_path)

    assert (found.state, found.exit_code) == ("broken", 4)
    assert found.remedy == "omi-rules rules lint lists them all"


def test_wrong_mapping_is_broken(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("tables: {casess: {}}", encoding="utf-8")

    (found,) = examine("Mapping", lambda: installation.look_at_mapping(tmp_path / "map.yaml"))

    assert (found.state, found.exit_code) == ("broken", 2)
    assert "casess" in found.words


def test_whatever_goes_wrong_in_a_look_is_a_finding_without_its_message() -> None:
    def fail() -> list[Diagnosis]:
        raise KeyError("Mrs Secret")

    (found,) = examine("Store", fail)

    assert (found.state, found.words) == ("broken", "could not be looked at (KeyError)")
