"""Case records as plain Python objects, with the calendar that they are judged by.

Days are whole numbers (`date.toordinal`), an empty cell is None, and what happened after the as-at date has not
happened. Rows are taken to be valid: nothing here looks for wrong ones, and a wrong one ends the program.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from arguments import HOLIDAYS

FIRST_DAY, LAST_DAY = date(1995, 1, 1), date(2035, 12, 31)

HIGH = ("high", "very_high")
COMMUNITY = ("community_order", "suspended_sentence_order")


class Row(NamedTuple):
    """A dated row: its day, its kind (a transfer's direction, an appointment's outcome), and what else is asked."""

    on: int | None
    kind: str | None = None
    more: str | None = None


class Screening(NamedTuple):
    """A Risk of Harm screening."""

    on: int | None
    indicated: bool | None
    exempted: bool | None
    countersigned: bool


@dataclass(slots=True)
class Case:
    """One order or licence, with the rows that the duties ask for, in the order of their files."""

    case_id: str
    community: bool
    start: int
    end: int | None
    tier: int | None
    roh_level: str | None
    ppo: bool | None
    in_mappa: bool
    excepted: bool
    ethnicity: bool
    interval: int
    screenings: list[Screening] = field(default_factory=list)
    roh: list[Row] = field(default_factory=list)
    oasys: list[Row] = field(default_factory=list)
    rmps: list[Row] = field(default_factory=list)
    plans: list[Row] = field(default_factory=list)
    mappa: list[Row] = field(default_factory=list)
    visits: list[Row] = field(default_factory=list)
    appointments: list[Row] = field(default_factory=list)
    breaches: list[Row] = field(default_factory=list)
    transfers: list[Row] = field(default_factory=list)
    changes: list[Row] = field(default_factory=list)


#: table: (attribute of a case, day, kind, more)
TABLES: Mapping[str, tuple[str, str, str | None, str | None]] = {
    "roh_assessments": ("roh", "completed_on", "kind", "level"),
    "oasys_assessments": ("oasys", "completed_on", "kind", None),
    "risk_management_plans": ("rmps", "completed_on", "kind", "standard_headings"),
    "sentence_plans": ("plans", "completed_on", "kind", None),
    "mappa_events": ("mappa", "occurred_on", "kind", None),
    "home_visits": ("visits", "occurred_on", "purposeful", None),
    "appointments": ("appointments", "scheduled_on", "outcome", "kind"),
    "breaches": ("breaches", "instigated_on", None, None),
    "transfers": ("transfers", "transferred_on", "direction", None),
    "significant_changes": ("changes", "occurred_on", None, None),
}


@cache
def holidays() -> frozenset[int]:
    """The bank holidays of England and Wales that fall on a weekday."""
    with HOLIDAYS.open(encoding="utf-8") as lines:
        return frozenset(day_number(row["date"]) or 0 for row in csv.DictReader(lines))


@cache
def working_days() -> list[int]:
    """Every working day of the calendar, in order."""
    days = range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)
    return [day for day in days if day % 7 not in (6, 0) and day not in holidays()]


@cache
def working_days_after(day: int, number: int) -> int:
    """The last day in time: day 0 is the day itself; an IndexError beyond the calendar."""
    return working_days()[bisect_right(working_days(), day) + number - 1]


@cache
def day_number(text: str) -> int | None:
    """A date of the export as a number."""
    return date.fromisoformat(text).toordinal() if text else None


@cache
def written(day: int | None) -> str:
    """A day as it is written."""
    return "" if day is None else date.fromordinal(day).isoformat()


def twelve_months_after(day: int) -> int:
    """The same day of the next year; 28 February after 29 February."""
    then = date.fromordinal(day)
    try:
        return then.replace(year=then.year + 1).toordinal()
    except ValueError:
        return (then - timedelta(days=1)).replace(year=then.year + 1).toordinal()


_FLAGS = {"true": True, "false": False, "": None}


def read_cases(export: Path, as_at: int) -> list[Case]:
    """Every case sentenced by the as-at date, with its rows."""
    cases = {row["case_id"]: _case(row, as_at) for row in _dicts(export / "cases.csv") if _sentenced(row, as_at)}
    for case_id, on, indicated, exempted, reason, countersigned in _cells(
        export / "roh_screenings.csv",
        ("case_id", "completed_on", "full_analysis_indicated", "exempted", "exemption_reason", "countersigned_on"),
    ):
        day, signed = day_number(on), day_number(countersigned)
        if (day is None or day <= as_at) and case_id in cases:
            in_order = bool(reason) and signed is not None and signed <= as_at
            cases[case_id].screenings.append(Screening(day, _FLAGS[indicated], _FLAGS[exempted], in_order))
    for table, (attribute, own, kind, more) in TABLES.items():
        lists = {case_id: getattr(case, attribute) for case_id, case in cases.items()}
        rows = Rows(as_at)
        for case_id, *cells in _cells(export / f"{table}.csv", ("case_id", own, kind, more)):
            row = rows[tuple(cells)]
            if row is not None and case_id in lists:
                lists[case_id].append(row)
    return list(cases.values())


class Rows(dict[tuple[str, ...], Row | None]):
    """Rows by their cells, each made once: a table has few that differ, and they do not change."""

    def __init__(self, as_at: int) -> None:
        super().__init__()
        self.as_at = as_at

    def __missing__(self, cells: tuple[str, ...]) -> Row | None:
        on, kind, more = cells
        day = day_number(on)
        self[cells] = row = Row(day, kind or None, more or None) if day is None or day <= self.as_at else None
        return row


def _sentenced(row: Mapping[str, str], as_at: int) -> bool:
    return (day_number(row["sentence_date"]) or 0) <= as_at


def _case(row: Mapping[str, str], as_at: int) -> Case:
    start = day_number(row["release_date" if row["order_type"] == "licence" else "sentence_date"])
    end = day_number(row["end_date"])
    assert start is not None, "cases.csv: a case without the date of its start"
    return Case(
        case_id=row["case_id"],
        community=row["order_type"] in COMMUNITY,
        start=start,
        end=end if end is not None and end <= as_at else None,
        tier=int(row["tier"]) if row["tier"] else None,
        roh_level=row["roh_level"] or None,
        ppo=_FLAGS[row["ppo"]],
        in_mappa=bool(row["mappa_level"]),
        excepted=bool(row["mappa_exception_reason"]),
        ethnicity=bool(row["ethnicity"]),
        interval=7 * min(16, int(row["review_interval_weeks"] or 16)),
    )


def _dicts(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _cells(file: Path, columns: Iterable[str | None]) -> Iterator[list[str]]:
    """These columns of every row; None for a column that nobody asks for."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        header = [*next(rows), None]
        places = [header.index(column) for column in columns]
        for row in rows:
            row.append("")
            yield [row[place] for place in places]


def write_outcomes(file: Path, rows: Iterable[tuple[str, str, str, int | None, int | None]]) -> None:
    """One line a case and rule."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["case_id", "rule", "outcome", "due_on", "done_on"])
        writer.writerows((case, rule, outcome, written(due), written(done)) for case, rule, outcome, due, done in rows)
