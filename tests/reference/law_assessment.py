"""Rules of criteria 1.1 to 1.5: reports, risk, likelihood of reoffending, and planning."""

from datetime import date

from tests.reference.kinds import (
    BEFORE,
    EXCLUDED,
    NOT_APPLICABLE,
    Answer,
    days_of,
    deadline,
    exists,
    matches,
    settle,
    worst,
)
from tests.reference.law import is_, law
from tests.reference.limits import (
    ALLOCATION,
    ASSESSMENT,
    FDR,
    MAPPA_REFERRAL,
    PLAN,
    RMP,
    SDR,
    SKILLS_ASSESSMENT,
    SKILLS_SCREENING,
    OutsideCalendar,
    days,
    high_roh_trigger,
    is_community,
    is_high,
    minimum_tier,
    working,
)
from tests.reference.world import Row, World

PRE = days(56)
FIVE = working(5)


def scored(row: Row) -> bool:
    """With a score: what the empty cell itself answers."""
    return row.recorded("score")


def reports_by_sentence(w: World) -> list[Row]:
    """The court reports completed by sentence; one without a date of completion is not completed."""

    def by_sentence(row: Row) -> bool:
        completed = row["completed_on"]
        return completed is not None and completed <= w.case("sentence_date")

    return w.rows("court_reports", by_sentence)


def latest_reports(w: World) -> list[Row]:
    """The latest of those completed by sentence, or all of that day; none for a licence."""
    reports = reports_by_sentence(w) if is_community(w) else []
    last = max((row["completed_on"] for row in reports), default=None)
    return [row for row in reports if row["completed_on"] == last]


@law("court-report-prepared", reads=("court_reports",))
def _(w: World) -> Answer:
    return matches([bool(reports_by_sentence(w))]) if is_community(w) else NOT_APPLICABLE


@law("court-report-proposed-community", reads=("court_reports",))
def _(w: World) -> Answer:
    return matches(row["proposal"] == "community" for row in latest_reports(w))


@law("court-report-proposal-followed", reads=("court_reports",))
def _(w: World) -> Answer:
    return matches(row["proposal_followed"] for row in latest_reports(w))


@law("court-report-on-time", reads=("court_reports",), limits=(SDR, FDR))
def _(w: World) -> Answer:
    def judge(row: Row) -> Answer:
        due = row["due_on"]
        if due is None:
            if row["kind"] == "oral":
                return NOT_APPLICABLE
            try:
                due = (SDR if row["kind"] == "sdr" else FDR).after(w, row["requested_on"])
            except OutsideCalendar:
                return Answer("unknown")
        return settle(w, due, row["completed_on"])

    return worst(judge(row) for row in latest_reports(w))


@law("court-report-national-format", reads=("court_reports",))
def _(w: World) -> Answer:
    return matches(row["national_format"] for row in latest_reports(w))


@law("court-report-oasys-template", reads=("court_reports",))
def _(w: World) -> Answer:
    return matches(row["oasys_template"] for row in latest_reports(w))


@law("court-report-outline-plan", reads=("court_reports",))
def _(w: World) -> Answer:
    return matches(row["outline_plan"] for row in latest_reports(w) if row["proposal"] == "community")


@law("roh-screening-at-start", reads=("roh_screenings", "roh_assessments"), limits=(ASSESSMENT, PRE))
def _(w: World) -> Answer:
    return deadline(w, w.start, ASSESSMENT, days_of(w.rows("roh_screenings")), opens=w.start - BEFORE)


@law(
    "roh-full-analysis-when-indicated",
    events="roh_screenings",
    reads=("roh_screenings", "roh_assessments"),
    limits=(ASSESSMENT,),
    phantoms={"roh_assessments": 2},
)
def _(w: World, screening: Row) -> Answer:
    if not screening["full_analysis_indicated"]:
        return NOT_APPLICABLE
    if screening["exempted"]:
        return EXCLUDED
    done = w.rows("roh_assessments", is_("kind", "full_analysis"))
    return deadline(w, screening.on, ASSESSMENT, days_of(done))


@law("roh-exemption-countersigned", reads=("roh_screenings",))
def _(w: World) -> Answer:
    return matches(
        row.recorded("exemption_reason") and row.recorded("countersigned_on")
        for row in w.rows("roh_screenings", is_("exempted"))
    )


@law(
    "sara-in-domestic-abuse",
    reads=("specialist_assessments", "roh_assessments"),
    limits=(ASSESSMENT, PRE),
)
def _(w: World) -> Answer:
    if not w.case("domestic_abuse"):
        return NOT_APPLICABLE
    done = w.rows("specialist_assessments", is_("kind", "sara"))
    return deadline(w, w.start, ASSESSMENT, days_of(done), opens=w.start - BEFORE)


@law("high-roh-managed-in-mappa", reads=("mappa_events", "roh_assessments"), limits=(MAPPA_REFERRAL, PRE))
def _(w: World) -> Answer:
    if not is_high(w):
        return NOT_APPLICABLE
    if w.case_recorded("mappa_exception_reason"):
        return EXCLUDED
    trigger = high_roh_trigger(w)
    if w.case_recorded("mappa_level"):
        try:
            return Answer("met", MAPPA_REFERRAL.after(w, trigger))
        except OutsideCalendar:
            return Answer("met")
    done = w.rows("mappa_events", is_("kind", "referral", "meeting"))
    return deadline(w, trigger, MAPPA_REFERRAL, days_of(done), opens=trigger - BEFORE)


def before_start_only(w: World, trigger: date) -> date:
    """Pre if the trigger is the start: the window opens early only then."""
    return trigger - BEFORE if trigger == w.start else trigger


@law(
    "risk-management-plan-on-time",
    reads=("risk_management_plans", "roh_assessments"),
    limits=(RMP, PRE),
)
def _(w: World) -> Answer:
    if not is_community(w) or not is_high(w):
        return NOT_APPLICABLE
    trigger = high_roh_trigger(w)
    done = w.rows("risk_management_plans")
    return deadline(w, trigger, RMP, days_of(done), opens=before_start_only(w, trigger))


@law("rmp-standard-headings", reads=("risk_management_plans",))
def _(w: World) -> Answer:
    return matches(row["standard_headings"] for row in w.latest("risk_management_plans"))


@law(
    "oasys-scored-at-start",
    reads=("oasys_assessments", "roh_assessments"),
    limits=(ASSESSMENT, PRE),
)
def _(w: World) -> Answer:
    done = w.rows("oasys_assessments", scored)
    return deadline(w, w.start, ASSESSMENT, days_of(done), opens=w.start - BEFORE)


@law("ppo-oasys-on-time", reads=("oasys_assessments",), limits=(FIVE, PRE))
def _(w: World) -> Answer:
    if not w.case("ppo"):
        return NOT_APPLICABLE
    done = w.rows("oasys_assessments")
    return deadline(w, w.start, FIVE, days_of(done), opens=w.start - BEFORE)


@law("oasys-after-resentence", reads=("oasys_assessments", "roh_assessments"), limits=(ASSESSMENT,))
def _(w: World) -> Answer:
    resentenced = w.case("resentenced_date")
    if resentenced is None:
        return NOT_APPLICABLE
    return deadline(w, resentenced, ASSESSMENT, days_of(w.rows("oasys_assessments")))


@law("ethnicity-recorded")
def _(w: World) -> Answer:
    return matches([w.case_recorded("ethnicity")])


@law("skills-screening-at-start", reads=("skills_for_life",), limits=(SKILLS_SCREENING, PRE))
def _(w: World) -> Answer:
    done = w.rows("skills_for_life", is_("kind", "screening"))
    return deadline(w, w.start, SKILLS_SCREENING, days_of(done), opens=w.start - BEFORE)


@law(
    "skills-assessment-when-indicated",
    events="skills_for_life",
    reads=("skills_for_life",),
    limits=(SKILLS_ASSESSMENT,),
    phantoms={"skills_for_life": 2},
)
def _(w: World, screening: Row) -> Answer:
    if screening["kind"] != "screening" or not screening["need_indicated"]:
        return NOT_APPLICABLE
    done = w.rows("skills_for_life", is_("kind", "assessment"))
    return exists(w, screening.on, SKILLS_ASSESSMENT, days_of(done))


@law("allocated-on-time", reads=("allocations",), limits=(ALLOCATION, PRE))
def _(w: World) -> Answer:
    if not is_community(w):
        return NOT_APPLICABLE
    return deadline(w, w.start, ALLOCATION, days_of(w.rows("allocations")), opens=w.start - BEFORE)


def initial_plans(w: World) -> list[Row]:
    """The initial sentence plans."""
    return w.rows("sentence_plans", is_("kind", "initial"))


@law("plan-states-contact-levels", reads=("sentence_plans",))
def _(w: World) -> Answer:
    if not is_community(w):
        return NOT_APPLICABLE
    return matches(row["contact_levels_stated"] for row in w.first("sentence_plans", is_("kind", "initial")))


@law(
    "tier-1-unpaid-work-assessed",
    reads=("requirements", "oasys_assessments", "sentence_plans", "roh_assessments"),
    limits=(PLAN, PRE),
)
def _(w: World) -> Answer:
    if w.case("tier") != 1 or not w.rows("requirements", is_("kind", "unpaid_work")):
        return NOT_APPLICABLE
    done = days_of(w.rows("oasys_assessments")), days_of(initial_plans(w))
    return exists(w, w.start, PLAN, *done, opens=w.start - BEFORE)


@law("initial-plan-exists", reads=("sentence_plans", "roh_assessments"), limits=(PLAN, PRE))
def _(w: World) -> Answer:
    if not is_community(w):
        return NOT_APPLICABLE
    return exists(w, w.start, PLAN, days_of(initial_plans(w)), opens=w.start - BEFORE)


@law("initial-plan-on-time", reads=("sentence_plans", "roh_assessments"), limits=(PLAN, PRE))
def _(w: World) -> Answer:
    if not is_community(w) or not initial_plans(w):
        return NOT_APPLICABLE
    return deadline(w, w.start, PLAN, days_of(initial_plans(w)), opens=w.start - BEFORE)


@law("tier-allocated")
def _(w: World) -> Answer:
    return matches([w.case_recorded("tier")])


@law("tier-matches-risk", reads=("requirements",))
def _(w: World) -> Answer:
    if not w.case_recorded("tier"):
        return NOT_APPLICABLE
    return matches([w.case("tier") >= minimum_tier(w)])


@law(
    "high-roh-assessed-and-planned",
    reads=("oasys_assessments", "risk_management_plans", "roh_assessments"),
    limits=(FIVE, PRE),
)
def _(w: World) -> Answer:
    if not is_high(w):
        return NOT_APPLICABLE
    trigger = high_roh_trigger(w)
    done = days_of(w.rows("oasys_assessments", scored)), days_of(w.rows("risk_management_plans"))
    return deadline(w, trigger, FIVE, *done, opens=before_start_only(w, trigger))


@law("ppo-assessed-and-planned", reads=("oasys_assessments", "sentence_plans"), limits=(FIVE, PRE))
def _(w: World) -> Answer:
    if not w.case("ppo"):
        return NOT_APPLICABLE
    done = days_of(w.rows("oasys_assessments", scored)), days_of(initial_plans(w))
    return deadline(w, w.start, FIVE, *done, opens=w.start - BEFORE)
