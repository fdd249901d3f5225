"""One way the records may be: the export's rows as at a day, with every undecided empty cell filled in.

A rule reads a `World`. When it reads a cell that the export leaves undecided and this world has not filled,
`Undecided` is raised with all the ways to fill it; `fillings` then tries them one by one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from omi_rules.shapes import load_tables
from tests.sizes import sized

#: contract.md 1.2: the date that says when a row happened.
OWN_DATES = {
    "allocations": "allocated_on",
    "appointments": "scheduled_on",
    "appraisals": "completed_on",
    "breaches": "instigated_on",
    "convictions": "occurred_on",
    "court_reports": "completed_on",
    "home_visits": "occurred_on",
    "inductions": "completed_on",
    "mappa_events": "occurred_on",
    "oasys_assessments": "completed_on",
    "police_checks": "requested_on",
    "risk_management_plans": "completed_on",
    "roh_assessments": "completed_on",
    "roh_screenings": "completed_on",
    "sentence_plans": "completed_on",
    "significant_changes": "occurred_on",
    "skills_for_life": "occurred_on",
    "specialist_assessments": "completed_on",
    "supervisions": "held_on",
    "transfers": "transferred_on",
    "victim_contacts": "occurred_on",
}
#: contract.md 1.2: plans stay, and so do the dates that a case starts from.
KEPT_AFTER_AS_AT = {
    ("court_reports", "due_on"),
    ("court_reviews", "due_on"),
    ("requirements", "planned_start_on"),
    ("cases", "sentence_date"),
    ("cases", "release_date"),
}
#: rulebook.md, "Null": what an empty cell says by itself. Every other empty cell is undecided.
SAYS_SOMETHING = {
    ("cases", "end_date"),
    ("cases", "resentenced_date"),
    ("cases", "mappa_level"),
    ("cases", "mappa_exception_reason"),
    ("cases", "ethnicity"),
    ("cases", "review_interval_weeks"),
    ("breaches", "resolved_on"),
    ("court_reports", "completed_on"),
    ("court_reports", "due_on"),
    ("court_reviews", "report_completed_on"),
    ("oasys_assessments", "score"),
    ("requirements", "planned_start_on"),
    ("requirements", "started_on"),
    ("requirements", "completed_on"),
    ("requirements", "consent_recorded_on"),
    ("roh_assessments", "countersigned_on"),
    ("roh_screenings", "exemption_reason"),
    ("roh_screenings", "countersigned_on"),
    ("staff", "left_on"),
    ("transfers", "oasys_received_on"),
}

#: So many ways are tried before the reference gives up on a record: it is slow, not infinite.
MOST_WAYS = 12_000
#: Of a random record so many: the one in a thousand that leaves more open takes longer than all the others.
MOST_WAYS_AT_RANDOM = sized(2_000, MOST_WAYS)

Key = tuple[object, ...]
Days = Callable[["World"], tuple[date, ...]]


class Undecided(Exception):
    """A cell was read that may hold several things."""

    def __init__(self, key: Key, ways: Iterable[Any]) -> None:
        super().__init__("an undecided cell was read")
        self.key = key
        self.ways = tuple(ways)


class LeftOut(Exception):
    """The case or member of staff is not yet in the run at the as-at date."""


def as_they_stood(record: Mapping[str, Any], subject: str, as_at: date) -> dict[str, Any]:
    """The record at the end of the as-at date; each row becomes a (row number, cells) pair."""

    def at_that_day(table: str, cells: Mapping[str, Any]) -> dict[str, Any]:
        own = OWN_DATES.get(table)
        return {
            column: None
            if isinstance(value, date) and value > as_at and column != own and (table, column) not in KEPT_AFTER_AS_AT
            else value
            for column, value in cells.items()
        }

    begins = "sentence_date" if subject == "cases" else "employed_on"
    whole = dict(record.get("case") or record.get("staff") or {})
    if whole.get(begins) is not None and whole[begins] > as_at:
        raise LeftOut
    if whole.get("order_type") != "licence":
        whole["release_date"] = None
    stood: dict[str, Any] = {subject: at_that_day(subject, whole)}
    for table, rows in record.items():
        if table in ("case", "staff", "lost"):
            continue
        own = OWN_DATES.get(table)
        stood[table] = tuple(
            (number, at_that_day(table, cells))
            for number, cells in enumerate(rows, start=1)
            if own is None or cells.get(own) is None or cells[own] <= as_at
        )
    return stood


@dataclass
class Row:
    """A row of a table; `number` counts from 1. A phantom was lost, or may be in a table not given."""

    world: "World"
    table: str
    number: int
    cells: Mapping[str, Any]
    key: Key
    phantom: bool = False

    def __getitem__(self, column: str) -> Any:
        """The cell, as this world has it; None if it says by itself that there is nothing."""
        value = self.cells.get(column)
        if value is not None:
            return value
        says_something = (self.table, column) in SAYS_SOMETHING
        if says_something and not self.phantom:
            return None
        return self.world.fill(self.table, column, (*self.key, column), or_none=says_something)

    def recorded(self, column: str) -> bool:
        """Whether anything is recorded: a question that the empty cell itself answers."""
        if self.phantom:
            ways = (None, *self.world.ways(self.table, column))
            return self.world.choose((*self.key, column), lambda: ways) is not None
        return self.cells.get(column) is not None

    @property
    def on(self) -> Any:
        """The day it happened."""
        return self[OWN_DATES[self.table]]


@dataclass
class World:
    """The records of one case (or member of staff), as one rule sees them in one filling."""

    subject: str
    stood: Mapping[str, Any]
    as_at: date
    days: Days
    reads: tuple[str, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    phantoms: Mapping[str, int] = field(default_factory=dict)
    alike: bool = False
    filled: Mapping[Key, Any] = field(default_factory=dict)
    most_ways: int = MOST_WAYS_AT_RANDOM

    def choose(self, key: Key, ways: Callable[[], Iterable[Any]]) -> Any:
        """What this world holds at a place that the records leave open."""
        if key in self.filled:
            return self.filled[key]
        raise Undecided(key, ways())

    def either(self, *key: object) -> bool:
        """Both are possible."""
        return bool(self.choose(key, lambda: (False, True)))

    def ways(self, table: str, column: str) -> tuple[Any, ...]:
        """Everything that a cell may hold, as far as a rule can tell it apart."""
        spec = load_tables()[table].column(column)
        if spec.type == "code":
            return spec.codes
        if spec.type == "boolean":
            return (False, True)
        if spec.type == "date":
            possible = (day for day in self.days(self) if day <= self.as_at or spec.plan)
            return tuple(possible)
        if column == "tier":
            return (1, 2, 3, 4)
        if column == "hours":
            return (0, 24)  # rules ask for at least so many hours: the least and the most say it all
        if column == "score":
            scores = {cells.get("score") for _, cells in self.stood.get(table, ())} - {None}
            return tuple(sorted({0, 1000} | {score + step for score in scores for step in (-1, 0, 1)}))
        if column == "offender_manager":
            names = {cells.get(column) for _, cells in self.stood.get(table, ())} - {None}
            return (*sorted(names), "somebody else", "yet another", "a third")
        return ("recorded",)

    def fill(self, table: str, column: str, key: Key, or_none: bool = False) -> Any:
        """The cell as this world fills it."""
        none = (None,) if or_none else ()
        return self.choose(key, lambda: (*none, *self.ways(table, column)))

    def case(self, column: str) -> Any:
        """A cell of the case; an undecided one as this world fills it."""
        value = self.stood[self.subject].get(column)
        if value is not None or (self.subject, column) in SAYS_SOMETHING or column == "release_date":
            return value
        return self.fill(self.subject, column, (self.subject, column))

    def case_recorded(self, column: str) -> bool:
        """Whether anything is recorded: a question that the empty cell itself answers."""
        return self.stood[self.subject].get(column) is not None

    def possible_rows(self, table: str) -> Iterator[Row]:
        """Every row that there is or may be."""
        assert table in self.reads, f"a rule reads {table} without saying so"
        last = 0
        for number, cells in self.stood.get(table, ()):
            last = number
            yield Row(self, table, number, cells, (table, number))
        for extra in range(1, self.phantom_rows(table) + 1):
            key = (table, "phantom", 1 if self.alike and table in self.missing else extra)
            yield Row(self, table, last + extra, {}, key, phantom=True)

    def phantom_rows(self, table: str) -> int:
        """How many rows there may be beside those given."""
        return self.phantoms.get(table, 1) if table in self.missing else self.lost.get(table, 0)

    def is_there(self, row: Row) -> bool:
        """Whether this world has the row."""
        return not row.phantom or self.either(*row.key)

    def rows(self, table: str, *tests: Callable[[Row], bool]) -> list[Row]:
        """The rows of a table that pass every test."""
        there = (row for row in self.possible_rows(table) if self.is_there(row))
        return [row for row in there if all(test(row) for test in tests)]

    def first(self, table: str, *tests: Callable[[Row], bool]) -> list[Row]:
        """The row of the earliest day, or all rows of that day."""
        rows = self.rows(table, *tests)
        day = min((row.on for row in rows), default=None)
        return [row for row in rows if row.on == day]

    def latest(self, table: str, *tests: Callable[[Row], bool]) -> list[Row]:
        """The row of the latest day, or all rows of that day."""
        rows = self.rows(table, *tests)
        day = max((row.on for row in rows), default=None)
        return [row for row in rows if row.on == day]

    @property
    def start(self) -> date:
        """Release for a licence, else sentence; a member of staff starts when employed."""
        if self.subject == "staff":
            day: date = self.case("employed_on")
        else:
            day = self.case("release_date" if self.case("order_type") == "licence" else "sentence_date")
        return day

    @property
    def end(self) -> date | None:
        """When supervision, or employment, ended."""
        day: date | None = self.case("end_date" if self.subject == "cases" else "left_on")
        return day
