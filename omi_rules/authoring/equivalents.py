"""The mutants of rules/equivalent-mutants.yaml: those that give every case what the rule gives it, and why."""

from dataclasses import dataclass
from pathlib import Path

from omi_rules.rulebook.files import EQUIVALENT_MUTANTS
from omi_rules.rulebook.model import Rulebook
from omi_rules.rulebook.strict_yaml import read_yaml


@dataclass(frozen=True)
class Equivalent:
    """One entry: the rule, the mutant's name, the reason, and the line that it stands on."""

    rule: str
    mutant: str
    because: str
    line: int


def read_equivalents(rulebook: Rulebook) -> list[Equivalent]:
    """Every entry of a rulebook that has loaded, so that the file's shape is right; none without the file."""
    file = Path(rulebook.folder) / EQUIVALENT_MUTANTS
    if not file.is_file():
        return []
    document, _ = read_yaml(file.read_bytes(), EQUIVALENT_MUTANTS)
    return [
        Equivalent(rule, entry["mutant"], entry["because"], document.line((rule, number)))
        for rule, entries in document.value.items()
        for number, entry in enumerate(entries)
    ]
