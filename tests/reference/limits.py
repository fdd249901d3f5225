"""The named values of rulebook.md, and the two triggers that need working out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tests.reference.days import months_after, working_days_after, working_days_before
from tests.reference.world import World

HIGH = ("high", "very_high")
COMMUNITY = ("community_order", "suspended_sentence_order")
NS_2007 = date(2007, 9, 30)


class OutsideCalendar(Exception):
    """A working-day clock begins or ends where the calendar does not reach."""


@dataclass(frozen=True)
class Limit:
    """So many days or working days; `amounts` are all there are, `choose` says which at a trigger date."""

    unit: Literal["days", "working_days", "months"]
    amounts: tuple[int, ...]
    choose: Callable[[World, date], int]

    def after(self, w: World, day: date) -> date:
        """The last day in time, if the clock starts on `day`."""
        amount = self.choose(w, day)
        if self.unit == "days":
            return day + timedelta(days=amount)
        due = working_days_after(day, amount)
        if due is None:
            raise OutsideCalendar
        return due

    def around(self, day: date) -> set[date]:
        """Days from which, or to which, this limit leads close to `day`."""
        found: set[date | None] = set()
        for amount in self.amounts:
            if self.unit == "days":
                found |= {day - timedelta(days=amount), day + timedelta(days=amount)}
            elif self.unit == "months":
                found |= {months_after(day, -amount), months_after(day, amount)}
            else:
                found |= {working_days_after(day, amount), working_days_before(day, amount)}
                found |= {working_days_before(day, amount - 1)}
        return {each for each in found if each is not None}


def days(amount: int) -> Limit:
    """A plain number of days."""
    return Limit("days", (amount,), lambda w, day: amount)


def working(amount: int) -> Limit:
    """A plain number of working days."""
    return Limit("working_days", (amount,), lambda w, day: amount)


def is_high(w: World) -> bool:
    """HVH: the Risk of Harm level is now high or very high."""
    return w.case("roh_level") in HIGH


def is_community(w: World) -> bool:
    """A community order or a suspended sentence order."""
    return w.case("order_type") in COMMUNITY


def high_roh_trigger(w: World) -> date:
    """The later of the start and the first assessment as high or very high; without one, the start."""
    first = w.first("roh_assessments", lambda row: row["level"] in HIGH)
    return max(w.start, first[0].on) if first else w.start


def high_at_start(w: World) -> bool:
    """HVH at start: HVH, and the HVH trigger is the start."""
    return is_high(w) and high_roh_trigger(w) == w.start


ASSESSMENT = Limit("working_days", (5, 15), lambda w, day: 5 if w.case("ppo") or high_at_start(w) else 15)
PLAN = Limit(
    "working_days",
    (5, 15),
    lambda w, day: 5 if w.case("ppo") or w.case("tier") == 4 or high_at_start(w) else 15,
)
RMP = working(5)
HOME_VISIT = working(10)
REVIEW_INTERVAL = days(16 * 7)
ALLOCATION = Limit("working_days", (1, 3), lambda w, day: 1 if w.case("tier") == 4 else 3)
VICTIM_OFFER = days(56)
BREACH = working(10)
BREACH_RESOLUTION = working(25)
TRANSFER_RMP = working(5)
SDR = working(15)
FDR = working(5)
APPRAISAL_INTERVAL = days(365)
SUPERVISION_INTERVAL = days(6 * 7)
SKILLS_SCREENING = working(15)
SKILLS_ASSESSMENT = working(20)
SKILLS_INTERVENTION = working(40)
MAPPA_REFERRAL = working(10)
INDUCTION = working(5)
TRANSFER_APPOINTMENT = working(5)
TRANSFER_VISIT = working(10)
TRANSFER_OASYS = working(5)
CHANGE_REVIEW = working(10)
PAIRING = working(10)
ATTENDANCE_RECORDING = working(3)
REQUIREMENT_START = working(20)
PROGRAMME_START = working(20)
FIRST_WEEKS = 112
UNPAID_WORK_HOURS = 6
PPO_CONTACTS = 32


def contact_minimum(w: World) -> int | None:
    """Appointments in the first 16 weeks; None for tier 1."""
    tier_2 = 10 if w.start >= NS_2007 else 16
    return {1: None, 2: tier_2, 3: 16, 4: 32}[w.case("tier")]


def minimum_tier(w: World) -> int:
    """The least tier that goes with the risk and the requirements."""
    if is_high(w) or w.case("ppo"):
        return 4
    if w.rows("requirements", lambda row: row["kind"] in ("accredited_programme", "drug_rehabilitation")):
        return 3
    return 2 if w.rows("requirements", lambda row: row["kind"] == "supervision") else 1
