"""Fills in workbooks as people would: every yellow cell gets an answer, and two who assess a case may disagree."""

import csv
import hashlib
from pathlib import Path

from tests.assess.making import edit, headings

#: What people say, in ten: most work does what is expected.
_SAID = (*["sufficient"] * 5, "excellent", *["insufficient"] * 2, "poor", "not applicable")


def fill_workbooks(handed_out: Path, returned: Path) -> None:
    """A filled-in copy of every workbook, in another folder."""
    for path in sorted(handed_out.glob("*.xlsx")):
        edit(path, returned / path.name, lambda book, name=path.stem: _fill(book, name))


def _fill(book: object, assessor: str) -> None:
    for sheet in book.worksheets:  # type: ignore[attr-defined]
        if not sheet.title.startswith("Case"):
            continue
        places = headings(sheet)
        for row in range(1, sheet.max_row + 1):
            key = str(sheet.cell(row, places["Key"]).value or "")
            records = sheet.cell(row, places["By the records"]).value
            if ":" in key and not records:
                sheet.cell(row, places["Answer"]).value = _answer(sheet["A1"].value, key, assessor)


def _answer(case: str, key: str, assessor: str) -> str:
    """One of ten, by what is asked; one answer in eight depends on who gives it."""
    about = f"{case.partition(':')[2]} {key.partition(':')[2]}"
    own = hashlib.sha256(f"{about} {assessor}".encode()).digest()
    chosen = own if own[0] % 8 == 0 else hashlib.sha256(about.encode()).digest()
    return _SAID[chosen[1] % len(_SAID)]


def settle(table: Path) -> None:
    """What two people settle on when they talk: here the stricter of the two, in every row."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for row in rows:
            said = [row["first_answer"], row["second_answer"]]
            writer.writerow(row | {"answer": _strictest(said), "reason": "Agreed after looking at the file together."})


def _strictest(said: list[str]) -> str:
    order = ("poor", "insufficient", "not_evidenced", "sufficient", "excellent", "not_applicable")
    return min(said, key=order.index)
