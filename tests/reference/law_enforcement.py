"""Rules of criterion 2.4 to 3.2 and of the staff: contact, enforcement, interventions, results."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from tests.reference.days import bank_holidays
from tests.reference.failures import TWELVE_MONTHS, failed_on, relevant_failures
from tests.reference.kinds import (
    NOT_APPLICABLE,
    Answer,
    count,
    days_of,
    deadline,
    exists,
    matches,
    settle,
)
from tests.reference.law import is_, law
from tests.reference.law_assessment import scored
from tests.reference.law_delivery import chain
from tests.reference.limits import (
    APPRAISAL_INTERVAL,
    ASSESSMENT,
    ATTENDANCE_RECORDING,
    BREACH,
    BREACH_RESOLUTION,
    FIRST_WEEKS,
    INDUCTION,
    NS_2007,
    PPO_CONTACTS,
    PROGRAMME_START,
    SKILLS_INTERVENTION,
    SUPERVISION_INTERVAL,
    UNPAID_WORK_HOURS,
    OutsideCalendar,
    contact_minimum,
    days,
)
from tests.reference.world import Row, World

FIRST_SIXTEEN_WEEKS = (days(FIRST_WEEKS - 1), days(FIRST_WEEKS))


@law("induction-on-time", reads=("inductions",), limits=(INDUCTION,))
def _(w: World) -> Answer:
    return deadline(w, w.start, INDUCTION, days_of(w.rows("inductions")))


def contacts(w: World) -> list[Row]:
    """Appointments that count as contact: scheduled, and not cancelled by the service."""
    return w.rows(
        "appointments",
        is_("kind", "office", "programme", "drug_test", "other"),
        lambda row: row["outcome"] != "cancelled_by_service",
    )


@law(
    "contact-frequency",
    reads=("appointments",),
    limits=FIRST_SIXTEEN_WEEKS,
    phantoms={"appointments": 32},
    alike=True,
)
def _(w: World) -> Answer:
    minimum = contact_minimum(w)
    return NOT_APPLICABLE if minimum is None else count(w, contacts(w), minimum)


@law(
    "ppo-enhanced-contact",
    reads=("appointments",),
    limits=FIRST_SIXTEEN_WEEKS,
    phantoms={"appointments": 32},
    alike=True,
)
def _(w: World) -> Answer:
    return count(w, contacts(w), PPO_CONTACTS) if w.case("ppo") else NOT_APPLICABLE


@law("attendance-recorded", reads=("appointments",), limits=(ATTENDANCE_RECORDING,))
def _(w: World) -> Answer:
    def is_past_its_grace(row: Row) -> bool:
        try:
            return w.as_at > ATTENDANCE_RECORDING.after(w, row.on)
        except OutsideCalendar:
            return w.either(row.key, "past its grace")

    return matches(row.recorded("outcome") for row in w.rows("appointments", is_past_its_grace))


BREACHES = ("appointments", "breaches")


@law(
    "breach-instigated-on-time",
    events="appointments",
    reads=BREACHES,
    limits=(BREACH, TWELVE_MONTHS),
    also=lambda w: [NS_2007],
    phantoms={"appointments": 3, "breaches": 2},
)
def _(w: World, appointment: Row) -> Answer:
    failed = failed_on(w, appointment)
    return NOT_APPLICABLE if failed is None else deadline(w, failed, BREACH, days_of(w.rows("breaches")))


@law(
    "breach-resolved-on-time",
    events="breaches",
    reads=BREACHES,
    limits=(BREACH_RESOLUTION, TWELVE_MONTHS),
    also=lambda w: [NS_2007],
    phantoms={"appointments": 3, "breaches": 2},
)
def _(w: World, breach: Row) -> Answer:
    instigated = days_of(w.rows("breaches"))
    answered = [
        failure
        for failure in relevant_failures(w, instigated)
        if breach.on == min((day for day in instigated if day >= failure), default=None)
    ]
    trigger = answered[0] if answered else breach.on
    try:
        due = BREACH_RESOLUTION.after(w, trigger)
    except OutsideCalendar:
        return Answer("unknown")
    return settle(w, due, breach["resolved_on"])


def week_ends(w: World) -> Iterable[date]:
    """The ends of weeks counted from every start of unpaid work."""
    starts = [cells.get("started_on") for _, cells in w.stood.get("requirements", ())]
    starts += [value for value in w.filled.values() if isinstance(value, date)]
    for started in starts:
        if started is not None:
            yield from (last for _, last in full_weeks(started, w.as_at))


@law(
    "unpaid-work-hours-offered",
    reads=("requirements", "appointments"),
    limits=(days(6),),
    also=week_ends,
)
def _(w: World) -> Answer:
    periods: list[tuple[date, date]] = []
    for row in w.rows("requirements", is_("kind", "unpaid_work")):
        if row["started_on"] is None:
            continue
        until = min(day for day in (row["completed_on"], w.end, w.as_at) if day is not None)
        periods.append((row["started_on"], until))
    if not any(True for started, until in periods for _ in full_weeks(started, until)):
        return NOT_APPLICABLE
    if "appointments" in w.missing:
        return matches([w.either("enough hours in every week")])
    offered = [
        (row.on, Decimal(str(row["hours"])))
        for row in w.rows("appointments", is_("kind", "unpaid_work"))
        if row["outcome"] != "cancelled_by_service"
    ]
    # the first week that falls short says all: work that started long ago has hundreds
    enough = all(
        round(sum(hours for day, hours in offered if first <= day <= last), 9) >= UNPAID_WORK_HOURS
        for started, until in periods
        for first, last in full_weeks(started, until)
    )
    return matches([enough])


def full_weeks(first: date, until: date) -> Iterator[tuple[date, date]]:
    """The first and last day of each week from a day on that ends no later than another."""
    while first + timedelta(days=6) <= until:
        yield first, first + timedelta(days=6)
        first += timedelta(days=7)


@law("file-documents-held", reads=("documents",))
def _(w: World) -> Answer:
    return matches(row["held"] for row in w.rows("documents"))


def recent_holidays(w: World) -> list[date]:
    """The last few bank holidays up to the as-at date: one of them stands for all."""
    return sorted(day for day in bank_holidays() if day <= w.as_at)[-3:]


@law("bank-holiday-absence", reads=("appointments",), also=recent_holidays)
def _(w: World) -> Answer:
    rows = w.rows("appointments", lambda row: row.on in bank_holidays())
    return matches(row["outcome"] != "acceptable_absence" for row in rows)


@law("drr-court-reviews", events="court_reviews", reads=("court_reviews", "requirements"))
def _(w: World, review: Row) -> Answer:
    due = review["due_on"]
    if due > w.as_at or not w.rows("requirements", is_("kind", "drug_rehabilitation")):
        return NOT_APPLICABLE
    report = review["report_completed_on"]
    if report is not None and report <= due:
        if review["attended"]:
            return Answer("met", due, report)
        return NOT_APPLICABLE if w.end is not None and w.end < due else Answer("not_met")
    return settle(w, due, report)


@law(
    "skills-intervention-arranged",
    reads=("skills_for_life",),
    limits=(SKILLS_INTERVENTION,),
    phantoms={"skills_for_life": 2},
)
def _(w: World) -> Answer:
    needs = w.rows("skills_for_life", is_("kind", "screening", "assessment"), is_("need_indicated"))
    if not needs:
        return NOT_APPLICABLE
    done = w.rows("skills_for_life", is_("kind", "intervention"))
    return exists(w, min(days_of(needs)), SKILLS_INTERVENTION, days_of(done))


@law(
    "programme-starts-on-plan",
    events="requirements",
    reads=("requirements",),
    limits=(PROGRAMME_START,),
)
def _(w: World, requirement: Row) -> Answer:
    if requirement["kind"] != "accredited_programme" or not requirement.recorded("planned_start_on"):
        return NOT_APPLICABLE
    try:
        due = PROGRAMME_START.after(w, requirement["planned_start_on"])
    except OutsideCalendar:
        return Answer("unknown")
    return settle(w, due, requirement["started_on"])


@law("discrimination-explained", reads=("inductions",))
def _(w: World) -> Answer:
    return matches(row["discrimination_explained"] for row in w.first("inductions"))


@law("singleton-consent", reads=("requirements",))
def _(w: World) -> Answer:
    def has_consent(row: Row) -> bool:
        consent, started = row["consent_recorded_on"], row["started_on"]
        return consent is not None and (started is None or consent <= started)

    return matches(has_consent(row) for row in w.rows("requirements", is_("singleton_placement")))


@law("no-reconviction", reads=("convictions",))
def _(w: World) -> Answer:
    return matches([all(day < w.start for day in days_of(w.rows("convictions")))])


@law("full-compliance", reads=BREACHES)
def _(w: World) -> Answer:
    return matches([not w.rows("appointments", is_("outcome", "unacceptable_absence")) and not w.rows("breaches")])


@law("police-callouts-checked", reads=("police_checks", "roh_assessments"), limits=(ASSESSMENT,))
def _(w: World) -> Answer:
    if not w.case("domestic_abuse"):
        return NOT_APPLICABLE
    return exists(w, w.start, ASSESSMENT, days_of(w.rows("police_checks")))


@law("oasys-rescored", reads=("oasys_assessments",), phantoms={"oasys_assessments": 2})
def _(w: World) -> Answer:
    due = w.start + timedelta(days=FIRST_WEEKS)
    if w.as_at <= due:
        return NOT_APPLICABLE
    done = sorted(day for day in days_of(w.rows("oasys_assessments", scored)) if day >= w.start)
    return settle(w, due, done[1] if len(done) > 1 else None, grace=True)


@law("oasys-score-improved", reads=("oasys_assessments",), phantoms={"oasys_assessments": 2})
def _(w: World) -> Answer:
    rows = w.rows("oasys_assessments", scored)
    if len(rows) < 2:
        return NOT_APPLICABLE
    by_day = [list(same) for _, same in groupby(sorted(rows, key=lambda row: row.on), key=lambda row: row.on)]
    first, last = ([row["score"] for row in same] for same in (by_day[0], by_day[-1]))
    return matches([len(by_day) > 1 and max(last) < min(first)])


@law("few-offender-managers", reads=("allocations",), phantoms={"allocations": 3})
def _(w: World) -> Answer:
    rows = w.rows("allocations")
    return matches([len({row["offender_manager"] for row in rows}) <= 2]) if rows else NOT_APPLICABLE


@law("annual-appraisal", subject="staff", reads=("appraisals",), limits=(APPRAISAL_INTERVAL, days(730)))
def _(w: World) -> Answer:
    if (min(w.as_at, w.end or w.as_at) - w.start).days < 365:
        return NOT_APPLICABLE
    return chain(w, "appraisals", APPRAISAL_INTERVAL.amounts[0], "all")


@law(
    "six-weekly-supervision",
    subject="staff",
    reads=("supervisions",),
    limits=(SUPERVISION_INTERVAL, days(84)),
)
def _(w: World) -> Answer:
    return chain(w, "supervisions", SUPERVISION_INTERVAL.amounts[0], "all")
