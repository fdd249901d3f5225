"""Appointments and inductions, unpaid work by the week, and what was missed."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from omi_rules.calendar.working_days import is_working_day
from omi_rules.demo.merseyside.chance import after, working_day, working_days_after
from omi_rules.demo.merseyside.sample import AS_AT, FIRST_REVIEW, Case, Sample, others

_WEEK = timedelta(weeks=1)
#: The bank holiday on which appointments had been given all the same.
_HOLIDAY = date(2006, 8, 28)


def add_contact(sample: Sample) -> None:
    """Inductions and appointments, all of them kept so far: `enforcement` says which were not."""
    _add_inductions(sample)
    frequent = _share_out_contact(sample)
    for case in sample.cases:
        for day in [*_first_days(case, case in frequent), *_later_days(case)]:
            sample.add("appointments", case, scheduled_on=day, kind=_kind(case, day), outcome="attended")
    for case in sample.those(lambda case: "drug_rehabilitation" in case.requirements):
        _add_drug_tests(sample, case)
    _add_unpaid_work(sample)
    _add_holiday_appointments(sample, frequent)


def _add_inductions(sample: Sample) -> None:
    in_time = sample.draw_sufficient("2.4.01", sample.cases)
    told = sample.draw_sufficient("2.7.03", sample.cases)
    for case in sample.cases:
        early = after(case.start, case.number("induction", 0, 3))
        late = after(working_days_after(case.start, 5), case.number("induction late", 1, 12))
        sample.add(
            "inductions", case, completed_on=early if case in in_time else late, discrimination_explained=case in told
        )


def _share_out_contact(sample: Sample) -> list[Case]:
    """The cases with as many appointments as the standard asks for."""
    ppo = sample.those(lambda case: case.ppo)
    enhanced = sample.draw_sufficient("2.4.05", ppo)
    counted = sample.those(lambda case: case.tier > 1)
    tested = [case for case in counted if "drug_rehabilitation" in case.requirements]
    always = [*enhanced, *others(others(tested, enhanced), ppo)]
    return sample.draw_sufficient("2.4.02", counted, always=always, never=others(ppo, enhanced))


def _first_days(case: Case, frequent: bool) -> Iterator[date]:
    """Every week of the first sixteen, twice a week for tier 4 and PPOs; every other week where it was too seldom."""
    weekday = case.number("weekday", 0, 4)
    twice = case.tier == 4 or case.ppo
    every = 4 if case.tier == 1 else 1 if frequent else 2
    for place in [weekday, (weekday + 2) % 5] if twice else [weekday]:
        first = case.start + timedelta(days=(place - case.start.weekday()) % 7)
        for week in range(0, 16, every):
            yield _moved(first + week * _WEEK, case.start)


def _moved(day: date, start: date) -> date:
    """The day, or if it is a bank holiday the working day before it."""
    return day if is_working_day(day) else max(working_day(day, -1), start)


def _later_days(case: Case) -> Iterator[date]:
    day = after(case.start, FIRST_REVIEW.days + 3)
    while day <= AS_AT:
        yield day
        day = after(day, 14)


def _kind(case: Case, day: date) -> str:
    on_programme = "accredited_programme" in case.requirements and day > after(case.start, 70)
    return "programme" if on_programme else "office"


def _add_drug_tests(sample: Sample, case: Case) -> None:
    for week in range(16):
        for place in (1, 4):
            day = _moved(case.start + week * _WEEK + timedelta(days=(place - case.start.weekday()) % 7), case.start)
            sample.add("appointments", case, scheduled_on=day, kind="drug_test", outcome="attended")


def _add_unpaid_work(sample: Sample) -> None:
    """Seven hours a week, but for the weeks in which the group was stood down."""
    started = [
        (case, row["started_on"])
        for case in sample.cases
        for row in sample.rows_of("requirements", case, kind="unpaid_work")
        if row["started_on"]
    ]
    offered = sample.draw_sufficient("2.4.15", [case for case, _ in started])
    for case, first in started:
        stood_down = () if case in offered else (case.number("stood down", 2, 8), case.number("again", 9, 20))
        for week in range((AS_AT - first).days // 7 + 1):
            sample.add(
                "appointments",
                case,
                scheduled_on=working_day(first + week * _WEEK),
                kind="unpaid_work",
                outcome="cancelled_by_service" if week in stood_down else "attended",
                hours=7,
            )


def _add_holiday_appointments(sample: Sample, frequent: list[Case]) -> None:
    """Given for a bank holiday: rearranged, or recorded as an acceptable absence."""
    given = sample.draw_sort("bank_holiday", frequent)
    absent = sample.draw_sort("bank_holiday_absence", given)
    for case in given:
        sample.add(
            "appointments",
            case,
            scheduled_on=_HOLIDAY,
            kind="office",
            outcome="acceptable_absence" if case in absent else "cancelled_by_service",
        )


def kept_appointments(sample: Sample, case: Case, first: date, last: date) -> list[dict[str, Any]]:
    """The appointments of a case on the days from first to last that were kept, in order of day."""
    rows = sample.rows_of("appointments", case, outcome="attended")
    return sorted((row for row in rows if first <= row["scheduled_on"] <= last), key=lambda row: row["scheduled_on"])
