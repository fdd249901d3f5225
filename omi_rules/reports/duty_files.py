"""A work list for other programs: CSV, JSON, a calendar feed and a workbook."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from omi_rules.data.cells import csv_text, neutral
from omi_rules.duties.find import Duty, WorkList
from omi_rules.reports.duty_text import weeks_of
from omi_rules.reports.workbook.text import cell_text

COLUMNS = (
    *("severity", "state", "due_on", "days", "case_id", "rule", "title", "action"),
    *("recommendations", "division", "team", "officer", "waived_until"),
)
_WIDTHS = (10, 10, 12, 8, 14, 34, 44, 60, 16, 22, 22, 14, 12)


def _row(duty: Duty) -> dict[str, Any]:
    return {**asdict(duty), "recommendations": " ".join(map(str, duty.recommendations))}


def duties_csv(found: WorkList) -> str:
    """A line a duty; a cell that a spreadsheet would run as a formula is neutralised."""
    return csv_text(COLUMNS, (_row(duty) for duty in found.duties))


def duties_json(found: WorkList) -> str:
    """The whole list, with how many fall into each week."""
    record = asdict(found) | {"weeks": [{"week": name, **week} for name, week in weeks_of(found)]}
    return json.dumps(record, ensure_ascii=False, indent=2, default=lambda day: day.isoformat()) + "\n"


def duties_calendar(found: WorkList) -> bytes:
    """A calendar feed (RFC 5545): a day-long event on each day that something is due; overdue ones stand on today.

    It names cases and duties, and nobody. The same duty keeps its UID, so that a calendar that reads the feed again
    moves it and does not double it.
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//omi-rules//work list//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Duties due")
    stamp = datetime.combine(found.as_at, time(), UTC)
    for duty in found.duties:
        day = found.as_at if duty.state == "overdue" or duty.due_on is None else duty.due_on
        event = Event()
        event.add("uid", f"{_uid(duty)}@omi-rules")
        event.add("dtstamp", stamp)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        late = "overdue: " if duty.state == "overdue" else ""
        event.add("summary", f"{late}{duty.case_id}: {duty.title}")
        since = f"Due on {duty.due_on.isoformat()}. " if duty.due_on else ""
        waived = f"Waived until {duty.waived_until.isoformat()}. " if duty.waived_until else ""
        event.add("description", f"{since}{waived}{duty.action}")
        event.add("priority", {"critical": 1, "high": 3}.get(duty.severity, 5))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _uid(duty: Duty) -> str:
    due = duty.due_on.isoformat() if duty.due_on else ""
    return hashlib.sha256("\0".join((duty.case_id, duty.rule, due)).encode()).hexdigest()[:32]


def duties_workbook(found: WorkList) -> bytes:
    """A workbook: the duties with filters and real dates, and how many fall into each week."""
    import xlsxwriter

    content = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, settings) as book:
        # the day of the records and not of the clock: the same list gives the same bytes
        book.set_properties({"title": "Duties due", "created": datetime.combine(found.as_at, time())})
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        dated = book.add_format({"num_format": "d mmm yyyy", "align": "left", "valign": "top"})
        _add_duties(book.add_worksheet("Duties"), found.duties, heading, wrapped, dated)
        _add_weeks(book.add_worksheet("Weeks"), weeks_of(found), heading)
    return content.getvalue()


def _add_duties(sheet: Any, duties: Sequence[Duty], heading: Any, wrapped: Any, dated: Any) -> None:
    for place, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width, wrapped)
        sheet.write_string(0, place, name.replace("_", " ").capitalize(), heading)
    for number, duty in enumerate(duties, 1):
        for place, name in enumerate(COLUMNS):
            value = _row(duty)[name]
            if isinstance(value, date):
                sheet.write_datetime(number, place, value, dated)
            elif isinstance(value, int):
                sheet.write_number(number, place, value, wrapped)
            elif value is not None:
                sheet.write_string(number, place, cell_text(neutral(value)), wrapped)
    sheet.autofilter(0, 0, max(len(duties), 1), len(COLUMNS) - 1)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _add_weeks(sheet: Any, weeks: Sequence[tuple[str, Mapping[str, int]]], heading: Any) -> None:
    header = ("Week of", "critical", "high", "medium")
    for place, name in enumerate(header):
        sheet.set_column(place, place, 14)
        sheet.write_string(0, place, name.capitalize(), heading)
    for number, (name, week) in enumerate(weeks, 1):
        sheet.write_string(number, 0, name)
        for place, severity in enumerate(header[1:], 1):
            sheet.write_number(number, place, week.get(severity, 0))
    sheet.freeze_panes(1, 0)
