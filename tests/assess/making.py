"""Exports, samples and workbooks for the tests of assessments, and edits as people make them."""

import random
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from omi_rules.assess.handing_out import hand_out
from omi_rules.assess.sample_file import write_sample
from omi_rules.assess.sampling import Reading, draw_sample
from tests.data.exports import Tables, write_csv

AS_AT = date(2006, 11, 30)
READING = Reading(as_at=AS_AT)
#: Supervision began five to seven months before the as-at date.
FIRST, LAST = "2006-04-30", "2006-06-30"


def make_case(case_id: str, **cells: Any) -> dict[str, Any]:
    known = {"order_type": "community_order", "sentence_date": "2006-05-15", "tier": 3, "roh_level": "medium"}
    flags = {"ppo": False, "statutory_victim_contact": False, "ethnicity": "W1"}
    held = {"division": "North", "team": "North 1", "offender_manager": "OM1"}
    return {"case_id": case_id, **known, **flags, **held, **cells}


def make_cases(number: int, **cells: Any) -> list[dict[str, Any]]:
    return [make_case(f"C{place:04}", **cells) for place in range(1, number + 1)]


def draw_from(folder: Path, tables: Tables, *, seed: int = 1, size: int | None = None, **more: Any) -> dict[str, Any]:
    """The sample of an export of these tables, written as CSV."""
    return draw_sample(write_csv(tables, folder), more.pop("sample", "inspection"), seed, size, Reading(AS_AT, **more))


def ids(record: Mapping[str, Any], part: str = "cases") -> list[str]:
    return [case["case_id"] for case in record[part]]


#: Six cases for workbooks: of them a report was written for 0002, one is a licence, one of nobody, one of a PPO.
SIX: Tables = {
    "cases": [
        make_case("0001", offender_manager="OM1"),
        make_case("0002", offender_manager="OM2", roh_level="high"),
        make_case("=0003", offender_manager="OM3", team="=cmd|' /C calc'!A0", division="<r>North</r>"),
        make_case("0004", offender_manager="OM1", ppo=True, tier=4),
        make_case("0005", order_type="licence", sentence_date="2005-05-15", release_date="2006-05-15"),
        make_case("0006", offender_manager="OM9", ppo=None),
    ],
    "court_reports": [
        {"case_id": "0002", "kind": "sdr", "requested_on": "2006-04-20", "due_on": "2006-05-12"}
        | {"completed_on": "2006-05-11", "proposal": "community"},
        {"case_id": "0006", "kind": "sdr", "requested_on": "2006-04-20", "due_on": "2006-05-12"}
        # a day that does not exist: the row is lost, and may have been a report
        | {"completed_on": "2006-13-12"},
    ],
    "sentence_plans": [{"case_id": "0001", "completed_on": "2006-07-01", "kind": "initial"}],
}

ASSESSORS = """\
assessors:
  - {name: Inspector A, local: false}
  - {name: Inspector B, local: false}
  - {name: Local one, local: true, offender_manager: OM1}
"""


class Office:
    """A folder with an export, its sample, and the workbooks that were handed out."""

    def __init__(self, folder: Path, tables: Tables = SIX, assessors: str = ASSESSORS, double: int = 0) -> None:
        self.folder = folder
        self.export = write_csv(tables, folder / "export")
        self.sample = folder / "sample.json"
        self.record = draw_sample(self.export, "inspection", 1, len(tables["cases"]), READING)
        write_sample(self.record, self.sample)
        self.assessors = folder / "who.yaml"
        self.assessors.write_text(assessors, encoding="utf-8")
        self.out = folder / "out"
        self.assignment = self.hand_out(self.out, double=double)

    def hand_out(self, output: Path, **more: Any) -> dict[str, Any]:
        settings: dict[str, Any] = {"double": 0, "seed": 1, "reading": READING, **more}
        return hand_out(self.sample, self.export, self.assessors, output, **settings)

    def workbook_with(self, case_id: str, rating: int = 1) -> Path:
        """The workbook in which a case is assessed."""
        return self.out / next(
            one["workbook"]
            for one in self.assignment["assessors"]
            for case in one["cases"]
            if (case["case_id"], case["rating"]) == (case_id, rating)
        )

    def sheet_of(self, case_id: str) -> str:
        return f"Case {next(case['number'] for case in self.record['cases'] if case['case_id'] == case_id)}"


def open_book(path: Path, **more: Any) -> Any:
    """A workbook as openpyxl reads it, without what it says of things that it leaves aside."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(path, **more)


def edit(source: Path, target: Path, change: Callable[[Any], object]) -> Path:
    """A copy of a workbook with something changed in it."""
    book = open_book(source)
    change(book)
    target.parent.mkdir(exist_ok=True, parents=True)
    book.save(target)
    return target


def headings(sheet: Any) -> dict[str, int]:
    """The columns of a case's sheet by their headings, from 1."""
    for row in sheet.iter_rows():
        if any(cell.value == "Key" for cell in row):
            return {cell.value: cell.column for cell in row if cell.value}
    raise AssertionError(f"{sheet.title} has no headings")


def find_row(sheet: Any, question: str) -> int:
    key = headings(sheet)["Key"]
    return next(row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, key).value).endswith(f":{question}"))


def put(sheet: Any, question: str, **cells: Any) -> None:
    """Fill in cells of a question's row, by the first word of the heading in small letters."""
    row = find_row(sheet, question)
    places = {heading.split(",")[0].lower(): column for heading, column in headings(sheet).items()}
    for name, value in cells.items():
        sheet.cell(row, places[name]).value = value


def cell_of(sheet: Any, question: str, heading: str) -> Any:
    return sheet.cell(find_row(sheet, question), headings(sheet)[heading])


def rows_of(sheet: Any) -> dict[str, dict[str, Any]]:
    """What a case's sheet says, by question and heading."""
    places = headings(sheet)
    found = {}
    for row in range(1, sheet.max_row + 1):
        key = str(sheet.cell(row, places["Key"]).value or "")
        if ":" in key:
            found[key.partition(":")[2]] = {name: sheet.cell(row, column).value for name, column in places.items()}
    return found


def shuffle(sheet: Any, seed: int = 1) -> None:
    """Put the columns and the rows below the headings into another order, and a line above them all."""
    chance = random.Random(seed)
    grid = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(place for place, row in enumerate(grid) if "Key" in row)
    order = chance.sample(range(len(grid[head])), len(grid[head]))
    body = chance.sample(grid[head + 1 :], len(grid) - head - 1)
    sheet.delete_rows(1, len(grid))
    rows: Sequence[Sequence[Any]] = [
        ["A line of one's own"],
        *grid[:head],
        *([row[n] for n in order] for row in grid[head : head + 1] + body),
    ]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if not (isinstance(value, str) and value.startswith("=")):
                sheet.cell(number, column).value = value
