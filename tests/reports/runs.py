"""Runs of the engine for tests: a small rulebook, an export for it, and what a run folder holds."""

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyarrow import parquet

from omi_rules.pipeline import Run, Settings, check
from omi_rules.resources import rules_folder
from tests.data.exports import CASE, Tables

DATED = ("met", "late", "missing", "due")
INSUFFICIENT = ("late", "missing", "not_met")
FINDING_COLUMNS = [
    *("case_id", "rule", "outcome", "due_on", "done_on", "days_late", "severity", "criterion", "questions"),
    *("recommendations", "causes", "reason", "action", "division", "team", "offender_manager"),
]

#: One rule of the rulebook each: a count, a column of the case, a deadline, the latest row.
RULES = ("contact-frequency", "ethnicity-recorded", "risk-management-plan-on-time", "rmp-standard-headings")

#: A flag of two recommendations, and one of none that follows from it.
CONCLUSIONS = {
    "plan-falls-short": """
title: The plan falls short
when_any:
  - - {rule: rmp-standard-headings, outcome: not_met}
    - {clue: hvh}
  - - {rule: risk-management-plan-on-time, outcome: [late, missing]}
then: {flag: plan-falls-short, recommendations: [3, 2], severity: high, cause: =Nobody read it., action: Read it.}
source: {document: merseyside-omi-2007, place: x}
examples: [{name: one, facts: [{rule: risk-management-plan-on-time, outcome: late}], expect: true}]
""",
    "tell-somebody": """
title: Somebody has to be told
when: [{flag: plan-falls-short}, {rule: ethnicity-recorded, outcome: not_met}]
then: {flag: tell-somebody, recommendations: [], severity: critical, cause: Two things went wrong., action: Tell them.}
source: {document: merseyside-omi-2007, place: x}
examples: [{name: one, facts: [{flag: plan-falls-short}], expect: false}]
""",
}


def _case(case_id: str, **cells: Any) -> Mapping[str, Any]:
    known = {"tier": 3, "roh_level": "high", "ethnicity": "W1", "team": "Bootle, north", "division": "Sefton"}
    return {"case_id": case_id, **CASE, **known, "offender_manager": "OM1", **cells}


def _plan(case_id: str, completed_on: str | None, headings: bool | None = True) -> Mapping[str, Any]:
    return {
        "case_id": case_id,
        "completed_on": completed_on,
        "kind": "initial",
        "standard_headings": headings,
    }


#: Cases for the small rulebook, as at 30 November 2006: in time, late, missing, due, undecided, rejected, to come.
SMALL: Tables = {
    "cases": [
        _case("0100", team="Wirral"),
        _case("0200", ethnicity=None),
        _case("=1+1", ethnicity=None, team="@team", division="-division", offender_manager="+om"),
        _case("0300", sentence_date="2006-11-29"),
        _case("0400", roh_level=None),
        _case("0500", tier=1, roh_level="low"),
        _case("0600", sentence_date="2006-12-01"),
        _case("0700", tier="=9"),
        _case("0900"),
        _case("é800", end_date="2007-01-01"),
    ],
    "risk_management_plans": [
        _plan("0100", "2006-01-10"),
        _plan("0200", "2006-03-10", False),
        _plan("0600", "2006-03-10", False),
        _plan("0700", "2006-03-10", False),
        _plan("0800", "2006-12-10", False),
        _plan("é800", "2006-12-10", False),
        _plan("é800", "2006-01-10", None),
        _plan("0500", "2006-13-10", None),
    ],
    "roh_assessments": [
        {"case_id": "0100", "completed_on": "2006-01-09", "kind": "full_analysis", "level": "high"},
    ],
    "appointments": [
        {
            "case_id": case,
            "scheduled_on": f"2006-{1 + week // 4:02}-{10 + week % 4 * 6:02}",
            "kind": "office",
            "outcome": "attended",
        }
        for case, weeks in (("0100", 16), ("0200", 3), ("0400", 16))
        for week in range(weeks)
    ],
}


def write_rulebook(folder: Path, informational: str = "") -> Path:
    """The small rulebook; one of its rules may be made informational."""
    source = rules_folder()
    shutil.copytree(source / "values", folder / "values")
    for name in ("rulebook.yaml", "sources.yaml", "example-case.yaml", "clues/hvh.yaml"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(source / name, folder / name)
    for file in sorted(source.glob("checks/*/*.yaml")):
        if file.stem in RULES:
            place = folder / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text("utf-8")
            if file.stem == informational:
                head, severity, tail = text.partition("severity: ")
                text = head + severity + "informational\n" + tail.partition("\n")[2]
            place.write_text(text, encoding="utf-8")
    (folder / "conclusions").mkdir()
    for name, text in CONCLUSIONS.items():
        (folder / "conclusions" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Kept:
    """A run folder, read."""

    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        """run.json."""
        summary: dict[str, Any] = json.loads((self.folder / "run.json").read_text("utf-8"))
        return summary

    def outcomes(self, name: str = "outcomes") -> list[dict[str, Any]]:
        """The rows of a file of outcomes."""
        rows: list[dict[str, Any]] = parquet.read_table(self.folder / f"{name}.parquet").to_pylist()
        return rows

    def lines(self, name: str) -> list[dict[str, Any]]:
        """The lines of a file of JSON Lines."""
        text = (self.folder / f"{name}.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of a file of CSV."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def bytes(self) -> Mapping[str, bytes]:
        """The content of every file."""
        return {file.name: file.read_bytes() for file in sorted(self.folder.iterdir())}

    def found(self) -> tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]:
        """Outcomes and findings: what must not depend on the form of the export."""
        return self.outcomes(), self.lines("findings")


def keep(export: Path, folder: Path, **settings: Any) -> Kept:
    """Check an export into a folder."""
    check(export, folder, Settings(**settings))
    return Kept(folder)


def run_only(export: Path, **settings: Any) -> Run:
    """Check an export and keep nothing."""
    return check(export, None, Settings(**settings))
