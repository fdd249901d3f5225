"""Loads the criteria and the targets of a rulebook, apart from its rules: a check of an export does without them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from omi_rules.resources import rules_folder
from omi_rules.rulebook import criteria_build, criteria_names
from omi_rules.rulebook.files import Folder
from omi_rules.rulebook.load import LoadedFile, open_folder, read_file, stop_at_problems
from omi_rules.rulebook.questions import Criteria
from omi_rules.rulebook.references import Names, check_source
from omi_rules.shapes import load_tables

Made = TypeVar("Made")

_PLACES = ("criteria/", "targets/", "scoring.yaml", "recommendations.yaml")


def load_criteria(folder: Path | None = None) -> Criteria:
    """The criteria and targets in a folder, or the program's own; RulebookError with every problem of their files."""
    root = folder or rules_folder()
    found = open_folder(root)
    criteria = [read_file(file) for file in found.files if file.kind == "criterion"]
    targets = [read_file(file) for file in found.files if file.kind == "target"]
    scoring = [read_file(file) for file in found.files if file.kind == "scoring"]
    told = [read_file(file) for file in found.files if file.kind == "recommendations"]
    names = Names(tables=load_tables(), documents=cited_documents(found))
    for item in criteria:
        if item.sound:
            criteria_names.check_criterion(item.content, item.id, names, [file.id for file in targets], item.report)
    for item in targets:
        if item.sound:
            criteria_names.check_targets(item.content, names, item.report)
    for item in scoring:
        if item.sound:
            criteria_names.check_scoring(item.content, names, item.report)
    for item in told:
        if item.sound:
            check_source(item.content["source"], ("source",), names, item.report)
    _check_sections(criteria)
    misplaced = (problem for problem in found.problems if problem.file.startswith(_PLACES))
    loaded = (*criteria, *targets, *scoring, *told)
    stop_at_problems(root, (*misplaced, *(problem for item in loaded for problem in item.problems)))
    return Criteria(
        criteria=_build(criteria, criteria_build.build_criterion),
        targets=_build(targets, criteria_build.build_targets),
        scoring=criteria_build.build_scoring(scoring[0].content) if scoring else None,
        hash=found.hash,
        recommendations=criteria_build.build_recommendations(told[0].content) if told else None,
    )


def _build(files: list[LoadedFile], make: Callable[[Any, str, str], Made]) -> dict[str, Made]:
    return {item.id: make(item.content, item.id, item.source.file) for item in files}


def cited_documents(found: Folder) -> set[str] | None:
    """The documents that can be cited; None where sources.yaml is at fault, which loading the rules reports."""
    sources = next((read_file(file) for file in found.files if file.kind == "sources"), None)
    return set(sources.content) if sources and sources.sound else None


def _check_sections(criteria: list[LoadedFile]) -> None:
    sound = {item.id: item for item in criteria if item.sound}
    wrong = criteria_names.check_sections({id_: item.content["section"] for id_, item in sound.items()})
    for id_, sentence in wrong.items():
        sound[id_].report(("section",), sentence)
