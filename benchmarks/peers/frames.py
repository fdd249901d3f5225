"""The tables of an export as pandas frames, as they stood on the as-at date, and working days.

`case` is the place of the case in the frame of cases. What happened after the as-at date has not happened.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from arguments import HOLIDAYS

HIGH = ("high", "very_high")
COMMUNITY = ("community_order", "suspended_sentence_order")
#: table: (its own date, other columns)
TABLES = {
    "roh_screenings": (
        "completed_on",
        ("full_analysis_indicated", "exempted", "exemption_reason", "countersigned_on"),
    ),
    "roh_assessments": ("completed_on", ("kind", "level")),
    "oasys_assessments": ("completed_on", ("kind",)),
    "risk_management_plans": ("completed_on", ("kind", "standard_headings")),
    "sentence_plans": ("completed_on", ("kind",)),
    "mappa_events": ("occurred_on", ("kind",)),
    "home_visits": ("occurred_on", ("purposeful",)),
    "appointments": ("scheduled_on", ("kind", "outcome")),
    "breaches": ("instigated_on", ()),
    "transfers": ("transferred_on", ("direction",)),
    "significant_changes": ("occurred_on", ()),
}
CASE_COLUMNS = (
    "case_id",
    "order_type",
    "sentence_date",
    "release_date",
    "end_date",
    "tier",
    "roh_level",
    "ppo",
    "mappa_level",
    "mappa_exception_reason",
    "ethnicity",
    "review_interval_weeks",
)
FLAGS = ("full_analysis_indicated", "exempted", "standard_headings", "purposeful", "ppo")
DATES = ("sentence_date", "release_date", "end_date", "countersigned_on")
CODES = ("order_type", "roh_level", "kind", "level", "outcome", "direction")


def read_table(export: Path, table: str) -> pd.DataFrame:
    """A table with the columns that the rules ask for, in their types."""
    own, others = TABLES.get(table, (None, CASE_COLUMNS))
    columns = list(others) if own is None else ["case_id", own, *others]
    kinds: dict[str, str] = dict.fromkeys(columns, "str")
    kinds |= {column: "boolean" for column in columns if column in FLAGS}
    kinds |= {column: "category" for column in columns if column in CODES}
    kinds |= {column: "Int64" for column in ("tier", "mappa_level", "review_interval_weeks") if column in columns}
    dates = [column for column in columns if column == own or column in DATES]
    for column in dates:
        del kinds[column]
    return pd.read_csv(export / f"{table}.csv", usecols=columns, dtype=kinds, parse_dates=dates, date_format="%Y-%m-%d")


def stand_cases(cases: pd.DataFrame, as_at: pd.Timestamp) -> pd.DataFrame:
    """The cases of the day, with what is derived."""
    cases = cases[cases.sentence_date <= as_at].reset_index(drop=True)
    weeks = cases.review_interval_weeks.fillna(16)
    return pd.DataFrame(
        {
            "case": cases.index,
            "case_id": cases.case_id,
            "community": cases.order_type.isin(COMMUNITY),
            "start": cases.sentence_date.mask(cases.order_type == "licence", cases.release_date),
            "end": cases.end_date.where(cases.end_date <= as_at),
            "tier": cases.tier,
            "roh_level": cases.roh_level,
            "ppo": cases.ppo,
            "in_mappa": cases.mappa_level.notna(),
            "excepted": cases.mappa_exception_reason.notna(),
            "ethnicity": cases.ethnicity.notna(),
            "interval": pd.to_timedelta(7 * weeks.clip(upper=16).astype(int), unit="D"),
            "maybe_high": cases.roh_level.isna() | cases.roh_level.isin(HIGH),
            "maybe_low": cases.roh_level.isna() | ~cases.roh_level.isin(HIGH),
        }
    )


def stand_rows(rows: pd.DataFrame, table: str, cases: pd.DataFrame, as_at: pd.Timestamp) -> pd.DataFrame:
    """The rows that had happened; `day` is their own date, `event` their place in the file."""
    own, _ = TABLES[table]
    rows = rows.rename(columns={own: "day"})
    rows["event"] = rows.index + 1
    rows["case"] = pd.Index(cases.case_id).get_indexer(rows.case_id)
    if table == "roh_screenings":
        rows["countersigned"] = rows.exemption_reason.notna() & (rows.countersigned_on <= as_at)
    return rows[(rows.day.isna() | (rows.day <= as_at)) & (rows.case >= 0)].drop(columns="case_id")


@cache
def _calendar() -> np.busdaycalendar:
    holidays = pd.read_csv(HOLIDAYS, parse_dates=["date"]).date
    return np.busdaycalendar(holidays=holidays.to_numpy().astype("datetime64[D]"))


def working_days_after(days: pd.Series, number: int | pd.Series) -> pd.Series:
    """The last day in time: so many working days after each day, which is day 0 itself."""
    start = days.to_numpy().astype("datetime64[D]")
    due = np.busday_offset(start, number, roll="backward", busdaycal=_calendar())
    return pd.Series(due.astype("datetime64[us]"), index=days.index)


def first_day_within(days: pd.Series, number: int) -> pd.Series:
    """The earliest day of which so many working days after it reach each day."""
    start = np.busday_offset(days.to_numpy().astype("datetime64[D]"), 0, roll="forward", busdaycal=_calendar())
    before = np.busday_offset(start, -number, roll="forward", busdaycal=_calendar())
    return pd.Series(before.astype("datetime64[us]"), index=days.index)


def is_holiday(days: pd.Series) -> pd.Series:
    """Whether each day is a bank holiday; an empty one is none."""
    return days.isin(_calendar().holidays.astype("datetime64[us]"))


def every_day(frame: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """The frame with a row for every day between two of its columns, in `any_day`."""
    lengths = ((frame[last] - frame[first]).dt.days + 1).clip(lower=0).fillna(0).astype(int)
    long = frame.loc[frame.index.repeat(lengths)].copy()
    steps = np.concatenate([np.arange(length) for length in lengths]) if len(lengths) else np.array([], dtype=int)
    long["any_day"] = long[first] + pd.to_timedelta(steps, unit="D")
    return long.reset_index(drop=True)


def known_or(values: pd.Series, wanted: Iterable[object]) -> pd.Series:
    """Where a value is one of those wanted, or may be, as nothing is recorded."""
    return values.isna() | values.isin(list(wanted))
