"""What random exports are made around: days, limits, and tables that rules read together."""

from datetime import date

from tests.reference.world import OWN_DATES

#: Christmas 2006, both Easters, leap days, the days on which the national standards changed, and
#: the end of the calendar.
ANCHORS = (
    *(date(2006, 12, day) for day in (18, 20, 21, 22, 24, 25, 27, 29)),
    date(2006, 4, 13),
    date(2006, 4, 14),
    date(2007, 4, 5),
    date(2007, 4, 9),
    date(2004, 2, 29),
    date(2005, 2, 28),
    date(2008, 2, 29),
    date(2007, 9, 29),
    date(2007, 9, 30),
    date(2005, 3, 3),
    date(2005, 3, 4),
    date(2006, 11, 30),
    date(2035, 12, 20),
)
WORKING_DAY_LIMITS = (1, 3, 5, 5, 10, 10, 15, 20, 25, 40)
DAY_LIMITS = (0, 0, 1, 7, 42, 56, 56, 112, 112, 111, 365)

#: Tables that rules read together, so that they meet in one record.
THEMES: tuple[tuple[str, ...], ...] = (
    ("roh_screenings", "roh_assessments"),
    ("roh_assessments", "risk_management_plans", "oasys_assessments", "home_visits", "mappa_events"),
    ("sentence_plans", "roh_assessments", "oasys_assessments"),
    ("sentence_plans",),
    ("roh_assessments",),
    ("court_reports",),
    *[("appointments", "breaches")] * 4,
    ("appointments",),
    ("requirements", "appointments"),
    ("requirements", "court_reviews"),
    ("requirements", "court_reviews"),
    ("requirements", "oasys_assessments", "sentence_plans"),
    ("transfers", "appointments", "home_visits", "risk_management_plans"),
    ("skills_for_life",),
    ("victim_contacts",),
    ("significant_changes", "roh_assessments"),
    ("specialist_assessments", "police_checks", "inductions", "allocations"),
    ("convictions", "documents", "oasys_assessments"),
)
SINGLE_TABLES = tuple(name for name in OWN_DATES if name not in ("appraisals", "supervisions"))
#: Days and working days from the start, at which the rules of a table look.
TYPICAL: dict[str, tuple[tuple[str, int], ...]] = {
    "allocations": (("working", 1), ("working", 3)),
    "appointments": (("working", 5), ("days", 30), ("days", 111), ("days", 112)),
    "breaches": (("working", 10), ("working", 25), ("days", 60)),
    "home_visits": (("working", 10), ("days", 0)),
    "inductions": (("working", 5),),
    "mappa_events": (("working", 10), ("days", -56)),
    "oasys_assessments": (("working", 5), ("working", 15), ("days", -56), ("days", 112)),
    "police_checks": (("working", 5), ("working", 15)),
    "risk_management_plans": (("working", 5), ("days", -56), ("days", 40)),
    "roh_assessments": (("days", 112), ("days", 224), ("working", 10), ("days", 20), ("days", 60)),
    "roh_screenings": (("working", 5), ("working", 15), ("days", -56)),
    "sentence_plans": (("working", 5), ("working", 15), ("days", 112), ("days", 224), ("days", -56)),
    "skills_for_life": (("working", 15), ("working", 20), ("working", 40)),
    "specialist_assessments": (("working", 5), ("working", 15), ("days", -56)),
    "victim_contacts": (("days", 56), ("days", 0)),
    "appraisals": (("days", 365), ("days", 730)),
    "supervisions": (("days", 42), ("days", 84)),
}
NEVER_EMPTIED = ("case_id", "staff_id", "order_type", "sentence_date", "release_date")
#: Kinds that rules ask for, which would be rare among all the codes.
LIKELY_KINDS = {"requirements": ("unpaid_work", "accredited_programme", "drug_rehabilitation", "supervision")}
