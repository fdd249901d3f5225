"""A run folder as scoring reads it: what run.json says, and the run's files as views of the store."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from omi_rules.data.store import Store, view_parquet
from omi_rules.problems import UsageError
from omi_rules.scoring.dimensions import COLUMNS

#: The run's files by the view that each becomes, and the columns that scoring needs of it; it needs them all.
_VIEWS = {
    "run_outcomes": ("outcomes.parquet", {"case_id", "rule", "outcome", "due_on", "reason"}),
    "run_cases": ("cases.parquet", {"case_id", *COLUMNS}),
    "measures": ("measures.parquet", {"case_id", "measure", "on", "amount"}),
}


@dataclass(frozen=True)
class RunFolder:
    """A run that was kept: where, and what its run.json says."""

    folder: Path
    summary: Mapping[str, Any]

    @property
    def as_at(self) -> date:
        """The day as at which the run judged the records."""
        return date.fromisoformat(self.summary["as_at"])

    @property
    def rules(self) -> frozenset[str]:
        """The ids of the rules whose outcomes the run holds."""
        return frozenset(rule["rule"] for rule in self.summary["rules"])

    @property
    def failed(self) -> frozenset[str]:
        """The ids of the rules that could not run."""
        return frozenset(rule["rule"] for rule in self.summary["rules"] if rule["outcomes"]["error"])


def read_run(folder: Path) -> RunFolder:
    """The run in a folder; UsageError if there is none."""
    try:
        summary = json.loads((folder / "run.json").read_bytes())
    except (OSError, ValueError):
        summary = None
    program = summary.get("program") if isinstance(summary, dict) else None
    if not isinstance(program, dict) or program.get("name") != "omi-rules":
        raise UsageError(f"{folder} is no run: make one with `omi-rules check EXPORT --output {folder}`.")
    if not {"rulebook", "as_at", "area", "rules"} <= summary.keys():
        raise _unusable(folder, "run.json")
    for file, _ in _VIEWS.values():
        if not (folder / file).is_file():
            raise UsageError(f"{folder} has no {file}: check the export again, with --output {folder}.")
    return RunFolder(folder, summary)


def create_views(store: Store, run: RunFolder) -> None:
    """Make the run's files the views `run_outcomes`, `run_cases` and `measures`; UsageError if one cannot be used."""
    for view, (file, columns) in _VIEWS.items():
        if not columns <= view_parquet(store, view, run.folder / file):
            raise _unusable(run.folder, file)


def _unusable(folder: Path, file: str) -> UsageError:
    return UsageError(
        f"{folder / file} is damaged, or another version of the program wrote it: "
        f"check the export again, with --output {folder}."
    )
