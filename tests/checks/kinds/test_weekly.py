"""Unpaid work by the week, where appointments of unknown day or rejected ones may fill what falls short."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.checks.rows import Rows, judge, order

RULE = "unpaid-work-hours-offered"
START = date(2006, 11, 6)
AS_AT = date(2007, 1, 31)


def requirement(weeks: int, start: date = START, kind: str | None = "unpaid_work") -> dict[str, Any]:
    """Unpaid work of so many full weeks."""
    end = date.fromordinal(start.toordinal() + 7 * weeks - 1)
    return {"kind": kind, "started_on": start, "completed_on": end}


def offered(day: date | None, hours: str) -> dict[str, Any]:
    return {"scheduled_on": day, "kind": "unpaid_work", "outcome": "attended", "hours": Decimal(hours)}


def judged(requirements: Rows, appointments: Rows, /, **lost: int) -> str:
    case = order(date(2006, 9, 4))
    return judge(RULE, case, AS_AT, lost=lost, requirements=requirements, appointments=appointments)[0]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (["6", "6"], "unknown"),
        (["6", "5.9"], "not_met"),
        (["12"], "not_met"),
        (["3", "3", "3", "3"], "unknown"),
        (["4", "4", "4"], "not_met"),
        (["5", "5", "1", "1"], "unknown"),
        (["5", "5", "1", "0.9"], "not_met"),
    ],
)
def test_undated_appointments_fill_two_weeks_only_if_they_can_be_shared_out(hours: list[str], expected: str) -> None:
    assert judged([requirement(2)], [offered(None, each) for each in hours]) == expected


def test_undated_appointments_fill_only_what_dated_ones_leave() -> None:
    dated = [offered(START, "2.9"), offered(date(2006, 11, 13), "2.9")]
    assert judged([requirement(2)], [*dated, offered(None, "3.1"), offered(None, "3")]) == "not_met"
    assert judged([requirement(2)], [*dated, offered(None, "3.1"), offered(None, "3.1")]) == "unknown"


def test_one_undated_appointment_fills_weeks_of_two_requirements_where_they_overlap() -> None:
    overlapping = [requirement(1), requirement(1, date(2006, 11, 12))]
    apart = [requirement(1), requirement(1, date(2006, 11, 13))]
    assert judged(overlapping, [offered(None, "6")]) == "unknown"
    assert judged(apart, [offered(None, "6")]) == "not_met"


def test_many_undated_appointments_are_asked_whether_they_add_up_to_enough() -> None:
    assert judged([requirement(2)], [offered(None, "1.9")] * 6) == "not_met"
    assert judged([requirement(2)], [offered(None, "2")] * 6) == "unknown"


@pytest.mark.parametrize(("halves", "expected"), [(4, "not_met"), (5, "unknown")])
def test_up_to_five_undated_appointments_are_tried_in_every_week(halves: int, expected: str) -> None:
    # ten hours fill one week, and the half hours do not fill the other, though together they add up to twelve
    assert judged([requirement(2)], [offered(None, "10"), *[offered(None, "0.5")] * halves]) == expected


@pytest.mark.parametrize(("weeks", "expected"), [(4, "unknown"), (5, "not_met")])
def test_an_appointment_without_hours_offers_no_more_than_a_day_has(weeks: int, expected: str) -> None:
    without = {**offered(None, "0"), "hours": None}
    assert judged([requirement(weeks)], [without, *[offered(None, "0.1")] * 5]) == expected


@pytest.mark.parametrize("third", ["0.333333333333", "0.333333333333333"])
def test_thirds_of_an_hour_as_programs_write_them_add_up_to_hours(third: str) -> None:
    thirds = [offered(START, third)] * 18
    assert judged([requirement(1)], thirds) == "met"
    assert judged([requirement(1)], thirds[:17]) == "not_met"
    assert judged([requirement(1)], [offered(None, third)] * 18) == "unknown"
    assert judged([requirement(1)], [*thirds[:15], *[offered(None, third)] * 3]) == "unknown"
    assert judged([requirement(1)], [*thirds[:14], *[offered(None, third)] * 3]) == "not_met"


@pytest.mark.parametrize(("hours", "expected"), [("5.9999999995", "met"), ("5.9999999994", "not_met")])
def test_hours_add_up_to_nine_decimal_places(hours: str, expected: str) -> None:
    assert judged([requirement(1)], [offered(START, hours)]) == expected


def test_as_many_rejected_appointments_as_weeks_may_fill_them() -> None:
    assert judged([requirement(3)], [], appointments=2) == "not_met"
    assert judged([requirement(3)], [], appointments=3) == "unknown"
    assert judged([requirement(3)], [offered(None, "6")], appointments=2) == "unknown"
    assert judged([requirement(3)], [offered(None, "5.9")], appointments=2) == "not_met"


def test_rejected_requirement_cannot_mend_one_that_falls_short() -> None:
    assert judged([requirement(1)], [offered(START, "5.9")], requirements=1) == "not_met"
    assert judged([requirement(1)], [offered(START, "6")], requirements=1) == "unknown"
