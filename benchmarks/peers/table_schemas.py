"""pandera schemas of the tables that the rules ask for: types, codes, and what must be recorded."""

import pandera.pandas as pa

ORDERS = ["community_order", "suspended_sentence_order", "licence"]
LEVELS = ["low", "medium", "high", "very_high"]
ATTENDANCE = ["attended", "acceptable_absence", "unacceptable_absence", "cancelled_by_service"]
KINDS = {
    "roh_assessments": ["full_analysis", "review"],
    "oasys_assessments": ["start", "review", "end"],
    "risk_management_plans": ["pre_release", "initial", "update"],
    "sentence_plans": ["initial", "review"],
    "mappa_events": ["referral", "meeting", "exit"],
    "appointments": ["office", "programme", "unpaid_work", "drug_test", "other"],
}


def _date(*, required: bool = False) -> pa.Column:
    """A date that a calendar of this century and the last may hold."""
    return pa.Column("datetime64[us]", pa.Check.in_range("1950-01-01", "2099-12-31"), nullable=not required)


def _code(*codes: str, required: bool = False) -> pa.Column:
    return pa.Column("category", pa.Check.isin(codes), nullable=not required)


def _number(least: int, most: int) -> pa.Column:
    return pa.Column("Int64", pa.Check.in_range(least, most), nullable=True)


FLAG = pa.Column("boolean", nullable=True)
KEY = pa.Column("str")
TEXT = pa.Column("str", nullable=True)


def _rows(own: str, **others: pa.Column) -> pa.DataFrameSchema:
    return pa.DataFrameSchema({"case_id": KEY, own: _date(), **others}, strict=True)


CASES = pa.DataFrameSchema(
    {
        "case_id": pa.Column("str", unique=True),
        "order_type": _code(*ORDERS, required=True),
        "sentence_date": _date(required=True),
        "release_date": _date(),
        "end_date": _date(),
        "tier": _number(1, 4),
        "roh_level": _code(*LEVELS),
        "ppo": FLAG,
        "mappa_level": _number(1, 3),
        "mappa_exception_reason": TEXT,
        "ethnicity": TEXT,
        "review_interval_weeks": _number(1, 16),
    },
    checks=pa.Check(
        lambda cases: (cases.order_type != "licence") | cases.release_date.notna(),
        name="a licence has a date of release",
        ignore_na=False,
    ),
    strict=True,
)
SCHEMAS = {
    "cases": CASES,
    "roh_screenings": _rows(
        "completed_on",
        full_analysis_indicated=FLAG,
        exempted=FLAG,
        exemption_reason=TEXT,
        countersigned_on=_date(),
    ),
    "roh_assessments": _rows("completed_on", kind=_code(*KINDS["roh_assessments"]), level=_code(*LEVELS)),
    "oasys_assessments": _rows("completed_on", kind=_code(*KINDS["oasys_assessments"])),
    "risk_management_plans": _rows("completed_on", kind=_code(*KINDS["risk_management_plans"]), standard_headings=FLAG),
    "sentence_plans": _rows("completed_on", kind=_code(*KINDS["sentence_plans"])),
    "mappa_events": _rows("occurred_on", kind=_code(*KINDS["mappa_events"])),
    "home_visits": _rows("occurred_on", purposeful=FLAG),
    "appointments": _rows("scheduled_on", kind=_code(*KINDS["appointments"]), outcome=_code(*ATTENDANCE)),
    "breaches": _rows("instigated_on"),
    "transfers": _rows("transferred_on", direction=_code("in", "out")),
    "significant_changes": _rows("occurred_on"),
}
