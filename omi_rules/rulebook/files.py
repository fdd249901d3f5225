"""Finds the files of a rulebook, says what kind each is by where it lies, and sums them up in a hash."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from omi_rules.problems import Problem, nearest

Kind = Literal[
    "rulebook",
    "sources",
    "example-case",
    "triggers",
    "value",
    "clue",
    "conclusion",
    "rule",
    "criterion",
    "target",
    "scoring",
    "sample",
    "recommendations",
    "equivalent-mutants",
]

#: Mutants that no example can catch, for those who write rules.
EQUIVALENT_MUTANTS = "equivalent-mutants.yaml"

_SINGLE: dict[str, Kind] = {
    "rulebook.yaml": "rulebook",
    "sources.yaml": "sources",
    "example-case.yaml": "example-case",
    "values/triggers.yaml": "triggers",
}
_OPTIONAL: dict[str, Kind] = {
    EQUIVALENT_MUTANTS: "equivalent-mutants",
    "scoring.yaml": "scoring",
    "recommendations.yaml": "recommendations",
}
_FOLDERS: dict[str, Kind] = {
    "values": "value",
    "clues": "clue",
    "conclusions": "conclusion",
    "criteria": "criterion",
    "targets": "target",
    "samples": "sample",
}
#: What a check of an export does not need. It belongs to the rulebook and to its hash, and is read when asked for.
ASSESSMENT_KINDS: tuple[Kind, ...] = ("criterion", "target", "scoring", "recommendations", "sample")
_CRITERION = re.compile(r"[1-4]\.[0-9]|targets|staff")
_CRITERION_FILE = re.compile(r"[1-4]\.[0-9]")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class RuleFile:
    """One file: where it lies in the rulebook's folder, what it holds, and its bytes."""

    file: str
    kind: Kind
    content: bytes

    @property
    def id(self) -> str:
        """The file's name without its ending."""
        return self.file.rpartition("/")[2].removesuffix(".yaml")

    @property
    def criterion(self) -> str:
        """The folder that the file lies in."""
        return self.file.split("/")[-2]


@dataclass(frozen=True)
class Folder:
    """Every file of a rulebook, what is wrong with their names and places, and the hash of them all."""

    files: tuple[RuleFile, ...]
    problems: tuple[Problem, ...]
    hash: str


def is_id(name: str) -> bool:
    """Whether a name can be that of a file, and so the id of what is in it."""
    return _ID.fullmatch(name) is not None


def is_criterion(name: str) -> bool:
    """Whether a name is that of a criterion, or of the other folders in which rules can lie."""
    return _CRITERION.fullmatch(name) is not None


def modeline(file: str, kind: Kind) -> str:
    """The comment that tells an editor which schema a file is held to; `schemas` lies beside the rulebook's folder."""
    return f"# yaml-language-server: $schema={'../' * (file.count('/') + 1)}schemas/{kind}.schema.json"


def read_folder(folder: Path) -> Folder:
    """Reads every YAML file under the folder; sha256 over their paths, lengths and bytes in order of path."""
    files: list[RuleFile] = []
    problems: list[Problem] = []
    digest = hashlib.sha256()
    for file, path in sorted(_walk(folder, "")):
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            problems.append(Problem(file, 0, "", f"the file cannot be read: {error.strerror}"))
            continue
        digest.update(f"{file}\0{len(content)}\0".encode() + content)
        kind, sentence = _place(file)
        if sentence:
            problems.append(Problem(file, 0, "", sentence))
        if kind:
            files.append(RuleFile(file, kind, content))
    found = {item.file for item in files}
    problems += [
        Problem(file, 0, "", f"the rulebook has no {file}: add it") for file in sorted(_SINGLE) if file not in found
    ]
    problems += _same_names(files)
    return Folder(tuple(files), tuple(problems), digest.hexdigest())


def _walk(folder: Path | str, prefix: str) -> Iterator[tuple[str, str]]:
    """Every .yaml and .yml file with its path inside the folder; dotted names are left alone."""
    with os.scandir(folder) as entries:
        for entry in entries:
            # a name that is not UTF-8 has to be printable all the same
            name = os.fsencode(entry.name).decode("utf-8", "replace")
            if name.startswith("."):
                continue
            if entry.is_dir():
                yield from _walk(entry.path, f"{prefix}{name}/")
            elif name.lower().endswith((".yaml", ".yml")):
                yield f"{prefix}{name}", entry.path


def _place(file: str) -> tuple[Kind | None, str]:
    """What a file is by its place, and what is wrong with its place or name."""
    parts = file.split("/")
    if not file.endswith(".yaml"):
        return None, "the name must end in .yaml, or the file would never be read: rename it"
    if single := _SINGLE.get(file) or _OPTIONAL.get(file):
        return single, ""
    name = parts[-1].removesuffix(".yaml")
    if len(parts) == 2 and parts[0] == "criteria":
        if _CRITERION_FILE.fullmatch(name):
            return "criterion", ""
        return None, "a file of criteria is named after its criterion: rename it, like criteria/1.2.yaml"
    wrong_name = (
        ""
        if _ID.fullmatch(name)
        else (f"the file's name is the id, in small letters, digits and hyphens: {_as_id(name)}.yaml")
    )
    if len(parts) == 2 and parts[0] in _FOLDERS:
        return _FOLDERS[parts[0]], wrong_name
    if len(parts) == 3 and parts[0] == "checks":
        if _CRITERION.fullmatch(parts[1]):
            return "rule", wrong_name
        return (
            None,
            f"{parts[1]} is no criterion: use a folder like checks/1.2, checks/targets or checks/staff",
        )
    known = [*_SINGLE, *_OPTIONAL, *(f"{folder}/{parts[-1]}" for folder in _FOLDERS)]
    return None, (
        "a rulebook has no place for this file: rules lie in checks/<criterion>/, the rest in values/, "
        f"clues/, conclusions/, criteria/, targets/ and samples/{nearest(file, known)}"
    )


def _as_id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "a-name"


def _same_names(files: list[RuleFile]) -> list[Problem]:
    """Rules are known by their names alone, whatever folder they lie in."""
    first: dict[str, str] = {}
    problems = []
    for item in files:
        if item.kind == "rule":
            if item.id in first:
                problems.append(
                    Problem(item.file, 0, "", f"the rule {item.id} is also in {first[item.id]}: rename one")
                )
            first.setdefault(item.id, item.file)
    return problems
