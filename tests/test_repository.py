"""What holds for the repository as a whole: its shape, its layers, its names, and what stays out of it."""

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

TOP = Path(__file__).resolve().parent.parent
PACKAGE = TOP / "omi_rules"
MOST_LINES = 350

TOP_LEVEL = {
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "benchmarks",
    "docs",
    "omi_rules",
    "pyproject.toml",
    "rules",
    "schemas",
    "tests",
}
EMPTY_NAMES = {"base", "common", "helper", "helpers", "manager", "util", "utils"}

#: From the bottom up; a module imports from lower layers and from itself, never sideways.
LAYERS = (
    {"__init__"},
    {"problems", "calendar", "resources"},
    {"shapes", "paths", "temporary"},
    {"rulebook"},
    {"data"},
    {"checks"},
    {"conclusions"},
    {"scoring"},
    {"duties", "registers"},
    {"reports", "explain", "demo"},
    {"authoring", "assess", "history"},
    {"notify", "events", "judging"},
    {"pipeline", "operation"},
    {"spark"},
    {"cli"},
    {"__main__"},
)
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}

MACHINE_PATH = re.compile(r"(?<![\w.*])/(work|root|opt|home/\w+|Users/\w+|tmp/\w*venv)/")
REGISTRY_HOST = re.compile(r"https?://[\w.-]*(registry|simple|pythonhosted|pypi|mirror|deb\.)")


@cache
def kept_files() -> tuple[Path, ...]:
    """The files of the repository: those git tracks, or in an unpacked archive whatever is not ignored."""
    if tracked := tracked_names():
        return tuple(file for file in (TOP / name for name in tracked) if file.is_file())
    patterns = [line.strip("/") for line in (TOP / ".gitignore").read_text("utf-8").splitlines()]
    return tuple(walk(TOP, [".git", "PKG-INFO", *filter(None, patterns)]))


def tracked_names() -> list[str]:
    if not (TOP / ".git").exists() or not shutil.which("git"):
        return []
    command = ["git", "-c", f"safe.directory={TOP}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=TOP, capture_output=True, text=True)
    return [name for name in listed.stdout.split("\0") if name]


def walk(folder: Path, ignored: list[str]) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if any(fnmatch(entry.name, pattern) for pattern in ignored):
            continue
        if entry.is_dir():
            yield from walk(entry, ignored)
        else:
            yield entry


def place(file: Path) -> str:
    return file.relative_to(TOP).as_posix()


def python_files(*folders: Path) -> list[Path]:
    return sorted(file for folder in folders for file in folder.rglob("*.py"))


def imported_modules(file: Path) -> Iterator[str]:
    """The full name of every module that a file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(file)}: line {node.lineno} imports relatively"
            if node.module == "omi_rules":
                yield from (f"omi_rules.{alias.name}" for alias in node.names)
            elif node.module:
                yield node.module


def layer_of(module: str) -> str:
    """`data` for omi_rules.data.export; `__init__` for the package itself and the names in it."""
    part = module.removeprefix("omi_rules").strip(".").split(".")[0]
    return part if (PACKAGE / part).is_dir() or (PACKAGE / f"{part}.py").is_file() else "__init__"


def files_importing(*libraries: str) -> set[str]:
    return {
        place(file)
        for file in python_files(PACKAGE)
        if any(module.split(".")[0] in libraries for module in imported_modules(file))
    }


def test_top_level_holds_only_what_belongs_there() -> None:
    assert {file.relative_to(TOP).parts[0] for file in kept_files()} <= TOP_LEVEL


def test_every_python_file_is_short() -> None:
    lines = {place(file): file.read_text("utf-8").count("\n") for file in python_files(PACKAGE, TOP / "tests")}

    assert {file: count for file, count in lines.items() if count > MOST_LINES} == {}


def test_every_name_says_something() -> None:
    named = [Path(place(file)) for file in kept_files()]
    words: Iterable[tuple[Path, str]] = (
        (file, word) for file in named for part in file.parts for word in re.split(r"[-_.]", part.lower())
    )

    assert {str(file) for file, word in words if word in EMPTY_NAMES} == set()


def test_every_module_has_a_layer() -> None:
    assert {layer_of(".".join(file.relative_to(TOP).with_suffix("").parts)) for file in python_files(PACKAGE)} <= (
        HEIGHT.keys()
    )


@pytest.mark.parametrize("file", python_files(PACKAGE), ids=place)
def test_imports_only_go_down(file: Path) -> None:
    own = layer_of(".".join(file.relative_to(TOP).with_suffix("").parts))
    others = {layer_of(module) for module in imported_modules(file) if module.split(".")[0] == "omi_rules"}

    assert {other for other in others - {own} if HEIGHT[other] >= HEIGHT[own]} == set()


def test_duckdb_is_imported_only_where_data_is_read_and_measured() -> None:
    allowed = ("omi_rules/data/", "omi_rules/checks/", "omi_rules/demo/", "omi_rules/pipeline.py")

    assert {file for file in files_importing("duckdb") if not file.startswith(allowed)} == set()


def test_durable_rules_is_imported_in_one_file() -> None:
    assert files_importing("durable", "durable_rules_engine") == {"omi_rules/conclusions/durable_engine.py"}


def test_sqlalchemy_is_imported_only_where_runs_are_kept() -> None:
    allowed = "omi_rules/history/"

    assert {file for file in files_importing("sqlalchemy") if not file.startswith(allowed)} <= {
        "omi_rules/cli/history.py"  # for its types alone
    }


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY_HOST], ids=["path", "host"])
def test_no_file_names_a_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{place(file)}:{number}"
        for file in kept_files()
        for number, line in enumerate(file.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("file", sorted((TOP / "schemas").rglob("*.json")), ids=place)
def test_schema_is_valid_json_schema(file: Path) -> None:
    schema = json.loads(file.read_text("utf-8"))

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_gate_can_be_run() -> None:
    assert (TOP / ".ci" / "run").stat().st_mode & 0o111


def test_gate_never_leaves_out_what_libreoffice_saved() -> None:
    gate = (TOP / ".ci" / "run").read_text("utf-8")

    assert "command -v soffice >/dev/null || packages+=(libreoffice-calc-nogui)" in gate
    assert "command -v soffice >/dev/null || { echo" in gate


def test_changelog_has_an_unreleased_section() -> None:
    assert "\n## [Unreleased]\n" in (TOP / "CHANGELOG.md").read_text("utf-8")
