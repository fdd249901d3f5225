"""A work list as text, CSV, JSON, calendar and workbook: the same duties, safe to open, the same bytes each time."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from icalendar import Calendar

from omi_rules.duties.find import Duty, WorkList
from omi_rules.reports.duty_files import duties_calendar, duties_csv, duties_json, duties_workbook
from omi_rules.reports.duty_text import GROUPS, show_duties, weeks_of


def duty(case_id: str, severity: str, due_on: date | None, days: int | None, **cells: str | None) -> Duty:
    return Duty(
        case_id=case_id,
        rule="risk-management-plan-on-time",
        title="Risk management plan within five working days",
        severity=severity,
        state="overdue" if days is None or days > 0 else "due",
        due_on=due_on,
        days=days,
        action="Complete the plan now; ask.",
        recommendations=(1, 2),
        division=cells.get("division", "Sefton"),
        team=cells.get("team", "=Bootle"),
        officer=cells.get("officer", "OM1"),
    )


FOUND = WorkList(
    as_at=date(2006, 11, 30),
    until=date(2006, 12, 14),
    area="Somewhere",
    duties=(
        duty("C1", "critical", date(2006, 11, 24), 6),
        duty("C2", "critical", None, None, officer=None, team=None, division=None),
        duty("C3", "high", date(2006, 12, 4), -4, officer="OM2"),
        duty("C4", "medium", date(2006, 11, 30), 0),
    ),
    ended=1,
    unknown=2,
    undated=3,
)


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("verbose", [False, True])
def test_text_fits_the_page_and_names_every_duty(by: str, verbose: bool) -> None:
    lines = show_duties(FOUND, by, verbose=verbose)

    assert max(map(len, lines)) <= 80
    said = " ".join(" ".join(lines).split())
    assert "Somewhere, as at 30 November 2006, looking ahead to 14 December 2006. 2 overdue, 2 due." in said
    assert "3 more duties are still in time, for how long the records do not tell." in said
    assert "1 duty of cases that have ended can no longer be done" in said
    assert "2 duties cannot be told" in said
    assert all(f" {one.case_id} " in said for one in FOUND.duties)


def test_text_is_parted_by_officer_with_their_team() -> None:
    lines = show_duties(FOUND, "officer")

    assert [line for line in lines if line.startswith(("OM", "not"))] == [
        "OM1 (=Bootle)",
        "OM2 (=Bootle)",
        "not recorded (no team)",
    ]
    assert any(line.startswith("critical  2006-11-24          6  C1    Risk management") for line in lines)
    assert any(line.split()[:4] == ["critical", "past", "C2", "Risk"] for line in lines)


def test_a_long_part_is_cut_and_says_so() -> None:
    many = WorkList(FOUND.as_at, FOUND.until, "", (duty("C1", "high", FOUND.as_at, 0),) * 12, 0, 0)

    assert "and 2 duties more: -v lists all." in show_duties(many, "team")
    assert "and 2 duties more: -v lists all." not in show_duties(many, "team", verbose=True)


def test_weeks_begin_on_monday_and_reach_to_the_last_day() -> None:
    assert weeks_of(FOUND) == [
        ("overdue", {"critical": 2}),
        ("2006-11-27", {"medium": 1}),
        ("2006-12-04", {"high": 1}),
        ("2006-12-11", {}),
    ]


def test_csv_has_a_line_a_duty_and_runs_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(duties_csv(FOUND))))

    assert [(row["case_id"], row["due_on"], row["days"], row["team"]) for row in rows] == [
        ("C1", "2006-11-24", "6", "'=Bootle"),
        ("C2", "", "", ""),
        ("C3", "2006-12-04", "-4", "'=Bootle"),
        ("C4", "2006-11-30", "0", "'=Bootle"),
    ]
    assert rows[0]["recommendations"] == "1 2"


def test_json_has_everything() -> None:
    told = json.loads(duties_json(FOUND))

    assert (told["as_at"], told["until"], told["ended"], told["unknown"]) == ("2006-11-30", "2006-12-14", 1, 2)
    assert [one["due_on"] for one in told["duties"]] == ["2006-11-24", None, "2006-12-04", "2006-11-30"]
    assert told["weeks"][0] == {"week": "overdue", "critical": 2}


def test_calendar_has_a_day_long_event_a_duty_and_names_nobody() -> None:
    content = duties_calendar(FOUND)
    events = Calendar.from_ical(content).walk("VEVENT")

    assert [event["dtstart"].dt for event in events] == [
        date(2006, 11, 30),
        date(2006, 11, 30),
        date(2006, 12, 4),
        date(2006, 11, 30),
    ]
    assert str(events[0]["summary"]) == "overdue: C1: Risk management plan within five working days"
    assert str(events[0]["description"]) == "Due on 2006-11-24. Complete the plan now; ask."
    assert len({str(event["uid"]) for event in events}) == 4
    assert b"OM1" not in content
    assert b"Bootle" not in content


def test_a_duty_keeps_its_uid_when_it_becomes_overdue() -> None:
    today, later = (
        WorkList(FOUND.as_at, FOUND.until, "", (duty("C1", "high", date(2006, 12, 1), days),), 0, 0) for days in (-1, 5)
    )

    uids = [Calendar.from_ical(duties_calendar(one)).walk("VEVENT")[0]["uid"] for one in (today, later)]
    assert uids[0] == uids[1]


def test_workbook_has_real_dates_filters_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(duties_workbook(FOUND)))
    sheet = book["Duties"]

    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:5] == ("Severity", "State", "Due on", "Days", "Case id")
    assert rows[1][:5] == ("critical", "overdue", datetime(2006, 11, 24), 6, "C1")
    assert rows[2][2:4] == (None, None)
    assert [row[-1] for row in rows] == ["Waived until", None, None, None, None]
    assert sheet.auto_filter.ref == "A1:M5"
    assert sheet.freeze_panes == "A2"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert [row[0] for row in book["Weeks"].iter_rows(values_only=True)][:2] == ["Week of", "overdue"]


def test_waived_duty_is_listed_with_the_last_day_of_its_waiver() -> None:
    waived = replace(FOUND.duties[0], waived_until=date(2007, 1, 31))
    found = replace(FOUND, duties=(waived, *FOUND.duties[1:]))

    assert [row["waived_until"] for row in csv.DictReader(io.StringIO(duties_csv(found)))] == ["2007-01-31", "", "", ""]
    assert json.loads(duties_json(found))["duties"][0]["waived_until"] == "2007-01-31"
    sheet = openpyxl.load_workbook(io.BytesIO(duties_workbook(found)))["Duties"]
    assert [*sheet.iter_rows(values_only=True)][1][-1] == datetime(2007, 1, 31)
    event = Calendar.from_ical(duties_calendar(found)).walk("VEVENT")[0]
    assert str(event["description"]).startswith("Due on 2006-11-24. Waived until 2007-01-31. ")


def test_workbook_can_be_opened_whatever_names_hold() -> None:
    nasty = "<r>broken & <b></r>"
    one = duty(nasty, "high", FOUND.as_at, 0, team="\x01\u202eteam", officer="n" * 40_000)
    found = WorkList(FOUND.as_at, FOUND.as_at, "", (one,), 0, 0)

    cells = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(duties_workbook(found)))["Duties"][2]]
    assert cells[4] == f"{nasty} "
    assert cells[10:12] == ["??team", "n" * 32_766 + "…"]


def test_the_same_list_gives_the_same_bytes() -> None:
    assert duties_workbook(FOUND) == duties_workbook(FOUND)
    assert duties_calendar(FOUND) == duties_calendar(FOUND)
