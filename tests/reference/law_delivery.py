"""Rules of criteria 2.1 to 2.3: implementing, protecting, victims."""

from collections.abc import Iterable
from datetime import date

from tests.reference.days import every_day
from tests.reference.kinds import (
    ANY_TIME,
    NOT_APPLICABLE,
    Answer,
    days_of,
    deadline,
    exists,
    paired,
    review_chain,
    settle,
)
from tests.reference.law import is_, law
from tests.reference.limits import (
    CHANGE_REVIEW,
    HOME_VISIT,
    PAIRING,
    REQUIREMENT_START,
    TRANSFER_APPOINTMENT,
    TRANSFER_OASYS,
    TRANSFER_RMP,
    TRANSFER_VISIT,
    VICTIM_OFFER,
    Limit,
    OutsideCalendar,
    days,
    high_roh_trigger,
    is_high,
)
from tests.reference.world import Row, World

ON_THE_DAY = days(0)


def weeks_between_reviews(w: World) -> int:
    """The smaller of 16 weeks and the shorter interval set, if one is; in days."""
    return 7 * min(16, w.case("review_interval_weeks") or 16)


def interval_limits(w: World) -> Iterable[Limit]:
    """Review dates that hang on other reviews: one, two or three intervals away."""
    return [days(step * weeks_between_reviews(w)) for step in (1, 2, 3)]


def on_schedule(w: World, table: str, interval: int) -> list[date]:
    """A table that is not in the export: no review, one a day, or each on the last day in time.

    One a day, as a second review may have followed the first long before it was due.
    """
    step = w.choose((table, "schedule"), lambda: (None, 1, interval))
    if step is None:
        return []
    return [day for day in every_day(w.start, w.as_at) if (day - w.start).days % step == 0]


def chain(w: World, table: str, interval: int, part: str) -> Answer:
    """The review chain over the reviews of a table; appraisals and supervisions are all of one kind."""
    if table in w.missing:
        return review_chain(w, on_schedule(w, table, interval), interval, part)
    kinds = () if w.subject == "staff" else (is_("kind", "review"),)
    return review_chain(w, days_of(w.rows(table, *kinds)), interval, part)


@law(
    "requirements-implemented",
    events="requirements",
    reads=("requirements",),
    limits=(REQUIREMENT_START,),
)
def _(w: World, requirement: Row) -> Answer:
    due = requirement["planned_start_on"]
    try:
        due = due or REQUIREMENT_START.after(w, w.start)
    except OutsideCalendar:
        return Answer("unknown")
    return settle(w, due, requirement["started_on"], grace=True)


@law("plan-reviewed-every-16-weeks", reads=("sentence_plans",), limits=interval_limits)
def _(w: World) -> Answer:
    return chain(w, "sentence_plans", weeks_between_reviews(w), "all")


@law(
    "plan-review-with-risk-review",
    reads=("sentence_plans", "roh_assessments", "oasys_assessments"),
    limits=(PAIRING,),
)
def _(w: World) -> Answer:
    review = is_("kind", "review")
    reviews = w.rows("sentence_plans", review)
    if not reviews:
        return NOT_APPLICABLE
    partners = [
        None if table in w.missing else w.rows(table, review) for table in ("roh_assessments", "oasys_assessments")
    ]
    return paired(w, reviews, partners, PAIRING)


def is_transfer_in(row: Row) -> bool:
    """Transferred in, not out."""
    return bool(row["direction"] == "in")


@law(
    "transfer-in-appointment",
    events="transfers",
    reads=("transfers", "appointments"),
    limits=(TRANSFER_APPOINTMENT,),
)
def _(w: World, transfer: Row) -> Answer:
    if not is_transfer_in(transfer):
        return NOT_APPLICABLE
    return deadline(w, transfer.on, TRANSFER_APPOINTMENT, days_of(w.rows("appointments")))


@law(
    "transfer-in-home-visit",
    events="transfers",
    reads=("transfers", "home_visits"),
    limits=(TRANSFER_VISIT,),
)
def _(w: World, transfer: Row) -> Answer:
    if not is_transfer_in(transfer):
        return NOT_APPLICABLE
    return deadline(w, transfer.on, TRANSFER_VISIT, days_of(w.rows("home_visits")))


@law(
    "transfer-in-rmp-updated",
    events="transfers",
    reads=("transfers", "risk_management_plans"),
    limits=(TRANSFER_RMP,),
)
def _(w: World, transfer: Row) -> Answer:
    if not is_high(w) or not is_transfer_in(transfer):
        return NOT_APPLICABLE
    done = w.rows("risk_management_plans", is_("kind", "update"))
    return deadline(w, transfer.on, TRANSFER_RMP, days_of(done))


@law("transfer-in-oasys-supplied", events="transfers", reads=("transfers",), limits=(TRANSFER_OASYS,))
def _(w: World, transfer: Row) -> Answer:
    if not is_transfer_in(transfer):
        return NOT_APPLICABLE
    try:
        due = TRANSFER_OASYS.after(w, transfer.on)
    except OutsideCalendar:
        return Answer("unknown")
    return settle(w, due, transfer["oasys_received_on"], grace=True)


@law("high-roh-home-visit-on-time", reads=("home_visits", "roh_assessments"), limits=(HOME_VISIT,))
def _(w: World) -> Answer:
    if not is_high(w):
        return NOT_APPLICABLE
    done = w.rows("home_visits", is_("purposeful"))
    return deadline(w, high_roh_trigger(w), HOME_VISIT, days_of(done))


@law("high-roh-home-visit-made", reads=("home_visits", "roh_assessments"), limits=(HOME_VISIT,))
def _(w: World) -> Answer:
    if not is_high(w):
        return NOT_APPLICABLE
    done = w.rows("home_visits", is_("purposeful"))
    return exists(w, high_roh_trigger(w), HOME_VISIT, days_of(done), opens=w.start)


def reviewed_for_risk(w: World) -> bool:
    """Medium or higher: the Risk of Harm reviews are for these."""
    return w.case("roh_level") in ("medium", "high", "very_high")


@law("roh-first-review-on-time", reads=("roh_assessments",), limits=interval_limits)
def _(w: World) -> Answer:
    if not reviewed_for_risk(w):
        return NOT_APPLICABLE
    return chain(w, "roh_assessments", weeks_between_reviews(w), "first")


@law("roh-reviewed-every-16-weeks", reads=("roh_assessments",), limits=interval_limits)
def _(w: World) -> Answer:
    if not reviewed_for_risk(w):
        return NOT_APPLICABLE
    return chain(w, "roh_assessments", weeks_between_reviews(w), "next")


@law(
    "roh-reviewed-after-change",
    events="significant_changes",
    reads=("significant_changes", "roh_assessments"),
    limits=(CHANGE_REVIEW,),
)
def _(w: World, change: Row) -> Answer:
    return deadline(w, change.on, CHANGE_REVIEW, days_of(w.rows("roh_assessments")))


def is_victim_licence(w: World) -> bool:
    """A licence with statutory victim contact."""
    return bool(w.case("order_type") == "licence" and w.case("statutory_victim_contact"))


@law("victim-licence-views-invited", reads=("victim_contacts",))
def _(w: World) -> Answer:
    if not is_victim_licence(w):
        return NOT_APPLICABLE
    done = w.rows("victim_contacts", is_("kind", "licence_conditions_views"))
    return deadline(w, w.start, ON_THE_DAY, days_of(done), opens=ANY_TIME)


@law("victim-offer-on-time", reads=("victim_contacts",), limits=(VICTIM_OFFER,))
def _(w: World) -> Answer:
    if not w.case("statutory_victim_contact"):
        return NOT_APPLICABLE
    done = w.rows("victim_contacts", is_("kind", "written_offer"))
    return deadline(w, w.case("sentence_date"), VICTIM_OFFER, days_of(done))


@law("victim-process-information", reads=("victim_contacts",), limits=(VICTIM_OFFER,))
def _(w: World) -> Answer:
    if not w.case("statutory_victim_contact"):
        return NOT_APPLICABLE
    done = w.rows("victim_contacts", is_("kind", "process_information"))
    return exists(w, w.case("sentence_date"), VICTIM_OFFER, days_of(done))


@law("victim-release-conditions-told", reads=("victim_contacts",))
def _(w: World) -> Answer:
    if not is_victim_licence(w):
        return NOT_APPLICABLE
    done = w.rows("victim_contacts", is_("kind", "release_conditions_told"))
    return deadline(w, w.start, ON_THE_DAY, days_of(done), opens=ANY_TIME)
