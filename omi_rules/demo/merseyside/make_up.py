"""How many cases of each sort the sample has: printed, implied or chosen, and said so (make-up.yaml)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from omi_rules.rulebook.questions import Criteria

_FILE = Path(__file__).with_name("make-up.yaml")


def load_make_up(criteria: Criteria) -> Mapping[str, int]:
    """The number of cases of each sort, by its name; what a figure of the criteria prints is read there."""
    entries: Mapping[str, Mapping[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {name: _number(entry, criteria) for name, entry in entries.items()}


def _number(entry: Mapping[str, Any], criteria: Criteria) -> int:
    if "number" in entry:
        return int(entry["number"])
    kind, question = next(iter(entry.items()))
    figure = criteria.questions[question].figure
    number = getattr(figure, kind)
    if number is None:
        raise ValueError(f"The figure of question {question} has no number for {kind}.")
    return int(number)
