"""The workbook of section 4 for the tests, from a small run, and as it is filled in."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from omi_rules.assess.leadership import write_leadership
from omi_rules.assess.leadership_columns import EVIDENCE, FINDING, KEY
from tests.assess.making import edit, open_book
from tests.scoring.runs import spread, write_run

#: Of 22 members of staff 17 were appraised, of 5 nothing is due yet or known.
APPRAISALS = {"met": 17, "late": 2, "missing": 3, "due": 1, "unknown": 4, "not_applicable": 30}


def make_run(folder: Path) -> Path:
    """A run with outcomes of the rules that some targets rest on, and with staff rules in its counts."""
    run = write_run(folder / "run", [*spread("victim-offer-on-time", met=11, late=9), *spread("other", met=3)])
    return add_staff(run, {"annual-appraisal": APPRAISALS})


def add_staff(run: Path, counts: Mapping[str, Mapping[str, int]]) -> Path:
    """Put counts of staff rules into run.json."""
    path = run / "run.json"
    summary = json.loads(path.read_bytes())
    every = summary["rules"][0]["outcomes"]
    summary["rules"] += [
        {"rule": rule, "outcomes": {**dict.fromkeys(every, 0), **told}} for rule, told in counts.items()
    ]
    path.write_text(json.dumps(summary), encoding="utf-8")
    return run


def make_workbook(folder: Path, name: str = "leadership.xlsx") -> Path:
    """The workbook for that run."""
    write_leadership(make_run(folder), folder / name, None, None)
    return folder / name


def headings(sheet: Any) -> dict[str, int]:
    """The columns of a criterion's sheet by their headings, from 1."""
    for row in sheet.iter_rows():
        if any(cell.value == KEY.heading for cell in row):
            return {cell.value: cell.column for cell in row if cell.value}
    raise AssertionError(f"{sheet.title} has no headings")


def find_row(sheet: Any, key: str) -> int:
    column = headings(sheet)[KEY.heading]
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == key)


def fill(sheet: Any, key: str, finding: str | None = None, evidence: str | None = None) -> None:
    """Fill in the row with a key."""
    row = find_row(sheet, key)
    for column, value in ((FINDING, finding), (EVIDENCE, evidence)):
        if value is not None:
            cell = sheet.cell(row, headings(sheet)[column.heading])
            cell.value = value
            cell.data_type = "s"


def give_back(source: Path, target: Path, **given: tuple[str, str]) -> Path:
    """A copy with rows filled in, by key with _ for its dots and a letter before it: p4_1_01, p4_1_level."""

    def change(book: Any) -> None:
        for key, cells in given.items():
            dotted = key[1:].replace("_", ".")
            fill(book[dotted[:3]], dotted, *cells)

    return edit(source, target, change)


def cell(path: Path, sheet: str, key: str, heading: str) -> Any:
    """A cell of a criterion's sheet."""
    found = open_book(path)[sheet]
    return found.cell(find_row(found, key), headings(found)[heading])
