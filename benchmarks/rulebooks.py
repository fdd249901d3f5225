"""A rulebook of some of the program's rules, with the clues and conclusions that they still allow."""

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from omi_rules.resources import rules_folder

#: The rules that the first version was measured with: every kind of rule, and the costliest of each.
TWENTY = (
    "roh-screening-at-start",
    "roh-full-analysis-when-indicated",
    "roh-exemption-countersigned",
    "high-roh-managed-in-mappa",
    "risk-management-plan-on-time",
    "rmp-standard-headings",
    "ppo-oasys-on-time",
    "ethnicity-recorded",
    "initial-plan-exists",
    "initial-plan-on-time",
    "plan-reviewed-every-16-weeks",
    "plan-review-with-risk-review",
    "transfer-in-rmp-updated",
    "high-roh-home-visit-on-time",
    "roh-first-review-on-time",
    "roh-reviewed-every-16-weeks",
    "roh-reviewed-after-change",
    "contact-frequency",
    "breach-instigated-on-time",
    "bank-holiday-absence",
)


def write_rulebook(folder: Path, rules: Collection[str]) -> None:
    """Copy the program's rulebook into `folder` with these rules alone."""
    shutil.copytree(rules_folder(), folder)
    for file in (folder / "checks").rglob("*.yaml"):
        if file.stem not in rules:
            file.unlink()
    known = {"rule": set(rules), "clue": _keep(folder / "clues", {"rule": set(rules)}), "flag": set[str]()}
    while (flags := _keep(folder / "conclusions", known)) != known["flag"]:
        known["flag"] = flags
    for file in (folder / "conclusions").glob("*.yaml"):
        if file.stem not in known["flag"]:
            file.unlink()


def _keep(folder: Path, known: Mapping[str, Collection[str]]) -> set[str]:
    """The files that name nothing unknown."""
    return {file.stem for file in folder.glob("*.yaml") if _names(yaml.safe_load(file.read_text("utf-8")), known)}


def _names(content: Any, known: Mapping[str, Collection[str]]) -> bool:
    """Whether whatever is named under these words, in all that a file says but its examples, is known."""
    if isinstance(content, list):
        return all(_names(part, known) for part in content)
    if not isinstance(content, dict):
        return True
    for word, names in known.items():
        named = content.get(word, [])
        if not set([named] if isinstance(named, str) else named) <= set(names):
            return False
    return all(_names(part, known) for word, part in content.items() if word not in ("examples", "then"))
