"""Whether the program is installed whole: Python, its packages, durable-rules, and the rulebook."""

import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

from omi_rules.operation.diagnosis import Diagnosis

#: The packages that the program needs, and the module that each is imported as; durable-rules is looked at by itself.
PACKAGES: Mapping[str, str] = {
    "click": "click",
    "duckdb": "duckdb",
    "icalendar": "icalendar",
    "jinja2": "jinja2",
    "jsonschema": "jsonschema",
    "markupsafe": "markupsafe",
    "openpyxl": "openpyxl",
    "pyyaml": "yaml",
    "referencing": "referencing",
    "sqlalchemy": "sqlalchemy",
    "tzdata": "tzdata",
    "xlsxwriter": "xlsxwriter",
}
_OLDEST = (3, 11)
#: From this version of Python on, durable-rules has no build.
_WITHOUT_DURABLE = (3, 13)
_INSTALL = "install omi-rules again, in the environment that it runs in: python -m pip install ."


def look_at_python() -> Iterator[Diagnosis]:
    """The version of Python, and where it is."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _OLDEST:
        yield Diagnosis.broken("Python", f"{version} is too old", "install Python 3.11 or newer")
    else:
        yield Diagnosis.fine("Python", f"{version}, {sys.executable}")


def look_at_packages() -> Iterator[Diagnosis]:
    """That every package can be imported, and is of a version that the program is made for."""
    versions, needed = [], _needed()
    for package, module in PACKAGES.items():
        try:
            importlib.import_module(module)
            version = metadata.version(package)
        except Exception as error:  # noqa: BLE001 - a package that is broken may raise anything
            yield Diagnosis.broken("Packages", f"{package} cannot be imported ({type(error).__name__})", _INSTALL)
            continue
        if not is_within(version, needed.get(package, "")):
            yield Diagnosis.broken("Packages", f"{package} is {version}, and has to be {needed[package]}", _INSTALL)
        versions.append(f"{package} {version}")
    yield Diagnosis.fine("Packages", ", ".join(versions))


def _needed() -> dict[str, str]:
    """The versions that the program asked for when it was installed; none where it runs from a checkout."""
    try:
        lines = metadata.requires("omi-rules") or []
    except metadata.PackageNotFoundError:
        return {}
    split = (re.match(r"([\w.-]+)([^;]*)", line) for line in lines if "extra ==" not in line)
    return {found[1].lower(): found[2].strip() for found in split if found}


def is_within(version: str, needed: str) -> bool:
    """Whether a version is at least, and below, what is needed.

    >>> is_within("2.0.10", ">=2.0.9,<3"), is_within("3.0", ">=2.0.9,<3"), is_within("1.9", ">=2"), is_within("1", "")
    (True, False, False, True)
    """
    have = _numbers(version)
    return all((have < _numbers(bound)) == (sign == "<") for sign, bound in re.findall(r"(>=|<)([\d.]+)", needed))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


def look_at_conclusions() -> Iterator[Diagnosis]:
    """What draws the conclusions: durable-rules in its own process, or the plain evaluator."""
    from omi_rules.conclusions.reason import Reasoner

    with Reasoner(()) as reasoner:
        evaluator = reasoner.evaluator
        notes = " ".join(reasoner.notes)
    if evaluator == "durable-rules":
        yield Diagnosis.fine("Conclusions", f"durable-rules {metadata.version('durable-rules')} draws them")
    elif sys.version_info[:2] >= _WITHOUT_DURABLE:
        words = "the plain evaluator draws them, the same: on this version of Python durable-rules has no build"
        yield Diagnosis.fine("Conclusions", words)
    else:
        yield Diagnosis.attention(
            "Conclusions",
            notes or "the plain evaluator draws them",
            "they are the same. For durable-rules, install a C compiler and the headers of Python, then: "
            "python -m pip install --force-reinstall --no-cache-dir durable-rules",
        )


def look_at_rulebook(folder: Path | None) -> Iterator[Diagnosis]:
    """That the rulebook loads, whole."""
    from omi_rules.problems import RulebookError
    from omi_rules.rulebook.load import load_rulebook

    try:
        book = load_rulebook(folder)
    except RulebookError as error:
        first = f": {error.problems[0]}" if error.problems else ""
        yield Diagnosis.broken("Rulebook", f"{error}{first}", "omi-rules rules lint lists them all", error.exit_code)
        return
    where = folder or "the program's own"
    yield Diagnosis.fine("Rulebook", f"{book.name} {book.version}, {len(book.rules)} rules ({where})")


def look_at_mapping(path: Path) -> Iterator[Diagnosis]:
    """That the mapping file can be read, and says nothing that the export's tables do not know."""
    from omi_rules.data.mapping import load_mapping

    load_mapping(path)
    yield Diagnosis.fine("Mapping", str(path))
