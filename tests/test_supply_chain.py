"""What users install is what pyproject.toml names and what it brings: listed, pinned for the gate, and enough."""

import re
import runpy
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.cli.running import TOP
from tests.test_repository import PACKAGE, imported_modules, python_files

PAGE = TOP / "docs" / "licences.md"
ROW = re.compile(r"^\| ([a-z0-9-]+) \| ([^|]+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def audit() -> dict[str, Any]:
    return runpy.run_path(str(TOP / ".ci" / "audit.py"), run_name="audit")


def listed() -> dict[str, str]:
    """The packages of the page, and their licences."""
    return {name: licence for name, licence in ROW.findall(PAGE.read_text("utf-8")) if name != "package"}


def declared(audit: dict[str, Any]) -> set[str]:
    """The packages that pyproject.toml names for users."""
    return {canonicalize_name(Requirement(need).name) for needs in audit["run_time_sets"]().values() for need in needs}


def pinned() -> set[str]:
    lines = (TOP / ".ci" / "constraints.txt").read_text("utf-8").splitlines()
    return {canonicalize_name(line.split("==")[0]) for line in lines if not line.startswith("#")}


def test_page_lists_what_is_declared(audit: dict[str, Any]) -> None:
    assert declared(audit) - set(listed()) == set()


def test_page_out_of_date_is_noticed(audit: dict[str, Any]) -> None:
    made = audit["page"]()
    row = next(line for line in made.splitlines() if line.startswith("| click |"))

    assert audit["out_of_date"](made) == []
    assert audit["out_of_date"](made.replace(row + "\n", "")) == [row]
    changed = "| click | none | omi-rules |"
    assert set(audit["out_of_date"](made.replace(row, changed))) == {changed, row}


def test_page_knows_every_licence() -> None:
    assert {name for name, licence in listed().items() if licence in ("not installed", "not stated", "UNKNOWN")} == (
        set()
    )


def test_gate_pins_every_package_that_is_declared() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    everything = [
        *project["dependencies"],
        *(need for needs in project["optional-dependencies"].values() for need in needs),
    ]

    assert {canonicalize_name(Requirement(need).name) for need in everything} - pinned() == set()


def test_package_imports_only_what_it_declares(audit: dict[str, Any]) -> None:
    known = packages_distributions()
    imported = {module.split(".")[0] for file in python_files(PACKAGE) for module in imported_modules(file)}
    libraries = imported - sys.stdlib_module_names - {"omi_rules", "durable_rules_engine"}

    undeclared = {top for top in libraries if declared(audit).isdisjoint(map(canonicalize_name, known.get(top, ())))}
    assert undeclared == set()


def fake_auditor(folder: Path, exit_code: int) -> None:
    program = folder / "pip-audit"
    program.write_text(
        f'#!/bin/sh\necho "$@" >"{folder}/asked"\ncat "$3" >"{folder}/pins"\nexit {exit_code}\n', "utf-8"
    )
    program.chmod(0o755)


def test_audit_asks_strictly_about_each_installed_package(
    audit: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_auditor(tmp_path, 1)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert audit["audit"]() == 1
    assert "--strict" in (tmp_path / "asked").read_text("utf-8")
    asked = {line.split("==")[0] for line in (tmp_path / "pins").read_text("utf-8").splitlines()}
    assert declared(audit) - asked <= {"durable-rules"}


def test_audit_without_an_auditor_is_no_pass(
    audit: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert audit["audit"]() == 2
    assert "pip-audit is not installed" in capfd.readouterr().err
