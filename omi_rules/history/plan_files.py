"""The improvement plan for other programs: CSV, JSON, and a workbook that an office keeps beside its meetings."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from omi_rules.data.cells import csv_text, neutral
from omi_rules.history.action_plan import Item, Plan
from omi_rules.history.plan_progress import CAUTION, Step
from omi_rules.reports.row_heights import row_height
from omi_rules.reports.words import english_date
from omi_rules.reports.workbook.text import cell_text
from omi_rules.scoring.breaches import Cause

#: The columns of the workbook's sheets with their widths, in digits.
_ITEMS: Mapping[str, float] = {
    "item": 7,
    "recommendation": 17,
    "findings": 10,
    "cases": 8,
    "action": 60,
    "owner": 22,
    "due_on": 13,
    "state": 9,
    "opened_as_at": 13,
    "closed_on": 13,
    "note": 40,
}
_CAUSES: Mapping[str, float] = {
    "recommendation": 17,
    "rank": 7,
    "kind": 8,
    "cause": 60,
    "severity": 10,
    "findings": 10,
    "cases": 8,
    "action": 60,
}
_OF_PLAN = ("plan_published_on", "plan_due_on")
#: What keeps the heading apart from the table on a sheet.
_FIRST_ROW = 3


def item_rows(plan: Plan, items: Sequence[Item]) -> list[dict[str, Any]]:
    """Items as rows; `findings` and `cases` are those of the recommendation in the plan's latest run."""
    rows = []
    for item in items:
        counted = plan.latest.get(item.recommendation)
        rows.append(
            {
                "item": item.id,
                **asdict(item),
                "findings": counted.findings if counted else None,
                "cases": counted.cases if counted else None,
                "state": "open" if item.closed_on is None else "closed",
                "plan_published_on": plan.published_on,
                "plan_due_on": plan.due_on,
            }
        )
    return [{name: row[name] for name in (*_ITEMS, *_OF_PLAN)} for row in rows]


def cause_rows(causes: Sequence[Cause]) -> list[dict[str, Any]]:
    """Causes as rows, each with its rank within its recommendation."""
    rows: list[dict[str, Any]] = []
    for cause in causes:
        rank = 1 + sum(row["recommendation"] == cause.recommendation for row in rows)
        row = {**asdict(cause), "cause": cause.words, "rank": rank}
        rows.append({name: row[name] for name in _CAUSES})
    return rows


def items_csv(plan: Plan, items: Sequence[Item]) -> str:
    """A line an item; a cell that a spreadsheet would run as a formula is neutralised."""
    return csv_text((*_ITEMS, *_OF_PLAN), item_rows(plan, items))


def plan_json(plan: Plan, items: Sequence[Item], causes: Sequence[Cause]) -> str:
    """The plan's dates, these items and these causes."""
    rows = [{name: row[name] for name in _ITEMS} for row in item_rows(plan, items)]
    return _json({**_dates(plan), "as_at": plan.as_at, "items": rows, "causes": cause_rows(causes)})


def progress_rows(plan: Plan, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as rows, with the change in findings."""
    return [{**asdict(step), "change": step.change, "notes": list(step.notes), **_dates(plan)} for step in steps]


def progress_csv(plan: Plan, steps: Sequence[Step]) -> str:
    """A line a recommendation; every line ends with what the numbers do not prove."""
    rows = [{**row, "notes": "; ".join(row["notes"]), "caution": CAUTION} for row in progress_rows(plan, steps)]
    names = [name for name in Step.__dataclass_fields__ if name != "notes"]
    return csv_text((*names, "change", "notes", *_OF_PLAN, "caution"), rows)


def progress_record(plan: Plan, steps: Sequence[Step], as_at: date) -> dict[str, Any]:
    """The steps, and what the numbers do not prove; days are dates."""
    dates = _dates(plan)
    rows = [{name: cell for name, cell in row.items() if name not in dates} for row in progress_rows(plan, steps)]
    return {**dates, "as_at": as_at, "caution": CAUTION, "recommendations": rows}


def progress_json(plan: Plan, steps: Sequence[Step], as_at: date) -> str:
    """The same as text."""
    return _json(progress_record(plan, steps, as_at))


def _dates(plan: Plan) -> dict[str, date]:
    return {"plan_published_on": plan.published_on, "plan_due_on": plan.due_on}


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2, default=lambda day: day.isoformat()) + "\n"


def plan_sentence(plan: Plan) -> str:
    """When the plan itself is due, and by what it goes."""
    return (
        f"The plan is due on {english_date(plan.due_on)}, four weeks after publication on "
        f"{english_date(plan.published_on)}. Its counts are those of the run as at {english_date(plan.as_at)}."
    )


def plan_workbook(plan: Plan, items: Sequence[Item], causes: Sequence[Cause]) -> bytes:
    """A workbook of two sheets, items and causes; the same plan gives the same bytes."""
    import xlsxwriter

    content = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, settings) as book:
        # the day of the records and not of the clock: the same plan gives the same bytes
        book.set_properties({"title": "Improvement plan", "created": datetime.combine(plan.as_at, time())})
        looks = _Looks(book)
        said = plan_sentence(plan)
        _write_sheet(book.add_worksheet("Items"), "Improvement plan", said, _ITEMS, item_rows(plan, items), looks)
        rows = cause_rows(causes)
        _write_sheet(book.add_worksheet("Causes"), "Causes behind the findings", said, _CAUSES, rows, looks)
    return content.getvalue()


class _Looks:
    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.number = book.add_format({"num_format": "#,##0", "align": "right", "indent": 1, "valign": "top"})
        self.day = book.add_format({"num_format": "d mmm yyyy", "align": "left", "valign": "top"})


def _write_sheet(
    sheet: Any, title: str, said: str, columns: Mapping[str, float], rows: Sequence[Mapping[str, Any]], looks: _Looks
) -> None:
    sheet.write_string(0, 0, title, looks.title)
    sheet.write_string(1, 0, said)
    for place, (name, width) in enumerate(columns.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(_FIRST_ROW, place, name.replace("_", " ").capitalize(), looks.heading)
    for number, row in enumerate(rows, _FIRST_ROW + 1):
        texts = ((row[name], width) for name, width in columns.items() if isinstance(row[name], str))
        sheet.set_row(number, row_height(*texts))
        for place, name in enumerate(columns):
            _write_cell(sheet, number, place, row[name], looks)
    sheet.autofilter(_FIRST_ROW, 0, _FIRST_ROW + max(len(rows), 1), len(columns) - 1)
    sheet.freeze_panes(_FIRST_ROW + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST_ROW)
    sheet.set_footer(f"&L{title}&RPage &P of &N")


def _write_cell(sheet: Any, row: int, place: int, value: object, looks: _Looks) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, place, datetime.combine(value, time()), looks.day)
    elif isinstance(value, int):
        sheet.write_number(row, place, value, looks.number)
    elif isinstance(value, str):
        sheet.write_string(row, place, cell_text(neutral(value)), looks.text)
    else:
        sheet.write_blank(row, place, None, looks.text)
