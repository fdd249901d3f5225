"""The sample of the report on disk, and what its files say."""

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pyarrow import parquet

from omi_rules.demo.merseyside.export import write_sample
from omi_rules.pipeline import Settings, check
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.score import Wanted, score_run

CRITERIA = load_criteria()
SUFFICIENT = {"met", "excellent", "sufficient"}
INSUFFICIENT = {"late", "missing", "not_met", "insufficient", "poor", "not_evidenced"}


@dataclass(frozen=True)
class Made:
    """The folder that `demo --merseyside` fills, and its contents."""

    folder: Path
    summary: Mapping[str, Any]
    score: Mapping[str, Any]

    @property
    def export(self) -> Path:
        return self.folder / "export"

    def rows(self, table: str) -> list[dict[str, str]]:
        return read_csv(self.export / f"{table}.csv")

    @cached_property
    def outcomes(self) -> Mapping[str, Mapping[str, str]]:
        """The outcome of each case by rule."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in parquet.read_table(self.folder / "run" / "outcomes.parquet").to_pylist():
            found[row["rule"]][row["case_id"]] = row["outcome"]
        return found

    @cached_property
    def answers(self) -> Mapping[str, Mapping[str, str]]:
        """The answer of each case by question."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in read_csv(self.folder / "answers" / "answers.csv"):
            found[row["question"]][row["case_id"]] = row["answer"]
        return found

    def counts(self, question: str) -> tuple[int, int]:
        """How many cases are sufficient, and how many relevant."""
        rule = CRITERIA.questions[question].rule
        found = Counter((self.outcomes[rule] if rule else self.answers[question]).values())
        sufficient = sum(found[word] for word in SUFFICIENT)
        return sufficient, sufficient + sum(found[word] for word in INSUFFICIENT)


def make(folder: Path) -> Made:
    """Write the sample into a folder, and check and score it there."""
    write_sample(folder / "export", folder / "answers")
    return judge(folder)


def judge(folder: Path) -> Made:
    """Check and score the sample as it lies in the folder."""
    run = check(folder / "export", folder / "run", Settings())
    return Made(folder, run.summary, score_run(folder / "run", Wanted(answers=folder / "answers")))


def read_csv(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def write_csv(file: Path, rows: list[dict[str, str]]) -> None:
    """Put rows in place of those of a CSV file."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
