"""The improvement plan of a store: what is breached, what is to be done about it, by whom and by when.

The report (Next steps): "An improvement plan addressing the recommendations above is needed four weeks after
publication."
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from omi_rules.history.database import plain_faults
from omi_rules.history.place import Place
from omi_rules.history.tables import plan_causes, plan_counts, plan_items, plans
from omi_rules.history.writer import hold_store
from omi_rules.problems import UsageError
from omi_rules.scoring.breaches import Breach, Breaches, Cause

TIME_FOR_PLAN = timedelta(weeks=4)
_NO_PLAN = "the store has no improvement plan yet: `omi-rules action plan RUN --published YYYY-MM-DD` makes one."
_ONE = 1


@dataclass(frozen=True)
class Counted:
    """How often a recommendation was breached in a run; None where the run did not judge it."""

    as_at: date
    rulebook: str
    population: int
    findings: int | None
    cases: int | None
    undecided: int


@dataclass(frozen=True)
class Item:
    """One thing to do; open until it has a `closed_on`."""

    id: int
    recommendation: int
    action: str
    owner: str | None
    due_on: date | None
    opened_as_at: date
    closed_on: date | None
    note: str | None

    def is_overdue(self, day: date) -> bool:
        """Whether it is still to be done, and its day is over."""
        return self.closed_on is None and self.due_on is not None and self.due_on < day


@dataclass(frozen=True)
class Plan:
    """The whole plan; `planned` and `latest` are counts by recommendation, of its first and its latest run."""

    published_on: date
    due_on: date
    as_at: date
    planned: Mapping[int, Counted]
    latest: Mapping[int, Counted]
    causes: tuple[Cause, ...]
    items: tuple[Item, ...]

    def unattended(self) -> list[int]:
        """The recommendations that are still breached, and have no open item."""
        open_ = {item.recommendation for item in self.items if item.closed_on is None}
        return [number for number, counted in self.latest.items() if counted.findings and number not in open_]

    def open_items(self, number: int) -> list[Item]:
        """What is still to be done about a recommendation."""
        return [item for item in self.items if item.recommendation == number and item.closed_on is None]


@dataclass(frozen=True)
class Drawn:
    """What bringing a plan up to date changed: recommendations that came in, and the day it was due before."""

    added: tuple[int, ...]
    was_due_on: date | None


@contextmanager
def change_plan(place: Place, *, new: bool = False) -> Iterator[Connection]:
    """The store for this process alone, all or nothing; UsageError where there is no plan, unless it may be `new`."""
    if not new and place.path is not None and not place.path.is_file():
        raise UsageError(_NO_PLAN)
    with hold_store(place) as engine, plain_faults(place), engine.begin() as connection:
        if not new and connection.execute(select(plans.c.id)).first() is None:
            raise UsageError(_NO_PLAN)
        yield connection


def draw_up(connection: Connection, found: Breaches, published_on: date | None) -> Drawn:
    """Make the plan, or bring it up to date with a run: what people put into it stays as it is.

    UsageError for a run older than that of the plan, or if nobody says when the report was published.
    """
    kept = connection.execute(select(plans)).mappings().first()
    if published_on is not None and published_on > date.max - TIME_FOR_PLAN:
        raise UsageError("--published is too late a day for the calendar.")
    if kept is None and published_on is None:
        raise UsageError("a new plan needs the day of publication: add --published YYYY-MM-DD.")
    if kept is not None and found.as_at < kept["as_at"]:
        raise UsageError(
            f"the run is as at {found.as_at.isoformat()}, and the plan rests on a run as at "
            f"{kept['as_at'].isoformat()} already: take a run of that day or later."
        )
    published = published_on or kept["published_on"]  # type: ignore[index]
    row = {"published_on": published, "due_on": published + TIME_FOR_PLAN, "as_at": found.as_at}
    connection.execute(plans.insert().values(id=_ONE, **row) if kept is None else plans.update().values(**row))
    known = set(connection.execute(select(plan_counts.c.recommendation).distinct()).scalars())
    added = [number for number, breach in found.of.items() if breach.is_breached and number not in known]
    connection.execute(plan_counts.delete().where(plan_counts.c.moment == "latest"))
    connection.execute(plan_causes.delete())
    for number in sorted(known | set(added)):
        if number in added:
            _count(connection, found, number, "planned")
            # what is suggested is the remedy of what is behind the most cases
            _insert_item(connection, number, found.of[number].causes[0].action, opened_as_at=found.as_at)
        _count(connection, found, number, "latest")
        _keep_causes(connection, found.of[number])
    was_due_on = kept["due_on"] if kept is not None and kept["due_on"] != row["due_on"] else None
    return Drawn(tuple(added), was_due_on)


def _count(connection: Connection, found: Breaches, number: int, moment: str) -> None:
    breach = found.of[number]
    connection.execute(
        plan_counts.insert().values(
            recommendation=number,
            moment=moment,
            as_at=found.as_at,
            rulebook=found.rulebook,
            population=found.population,
            findings=breach.findings,
            cases=breach.cases,
            undecided=breach.undecided,
        )
    )


def _keep_causes(connection: Connection, breach: Breach) -> None:
    rows = [{**vars(cause), "place": place} for place, cause in enumerate(breach.causes, 1)]
    if rows:
        connection.execute(plan_causes.insert(), rows)


def _insert_item(connection: Connection, number: int, action: str, **cells: Any) -> int:
    id_ = int(connection.execute(select(func.coalesce(func.max(plan_items.c.id), 0) + 1)).scalar_one())
    connection.execute(plan_items.insert().values(id=id_, recommendation=number, action=action, **cells))
    return id_


def add_item(connection: Connection, number: int, action: str, owner: str, due_on: date) -> int:
    """Add an item; gives its number."""
    as_at = connection.execute(select(plans.c.as_at)).scalar_one()
    return _insert_item(connection, number, action, owner=owner, due_on=due_on, opened_as_at=as_at)


def assign_item(connection: Connection, id_: int, **cells: Any) -> None:
    """Change the owner, the due date or the action of an item; UsageError for one that is closed or not there."""
    _require_open(connection, id_)
    connection.execute(plan_items.update().where(plan_items.c.id == id_).values(**cells))


def close_item(connection: Connection, id_: int, note: str, closed_on: date) -> None:
    """Close an item for good; UsageError for one that is closed already or not there."""
    _require_open(connection, id_)
    connection.execute(plan_items.update().where(plan_items.c.id == id_).values(closed_on=closed_on, note=note))


def _require_open(connection: Connection, id_: int) -> None:
    # looked up here: a number that was typed may be larger than a database can ask for
    items = connection.execute(select(plan_items.c.id, plan_items.c.closed_on))
    closed_on = {row.id: row.closed_on for row in items}
    if id_ not in closed_on:
        raise UsageError(f"the plan has no item {id_}: its items are 1 to {len(closed_on)}.")
    if day := closed_on[id_]:
        raise UsageError(f"item {id_} was closed on {day.isoformat()}: add a new item for what is left to do.")


def load_plan(connection: Connection) -> Plan:
    """The plan as it stands; UsageError if there is none."""
    kept = connection.execute(select(plans)).mappings().first()
    if kept is None:
        raise UsageError(_NO_PLAN)
    counts: dict[str, dict[int, Counted]] = {"planned": {}, "latest": {}}
    for row in connection.execute(select(plan_counts).order_by(plan_counts.c.recommendation)).mappings():
        cells = {name: row[name] for name in Counted.__dataclass_fields__}
        counts[row["moment"]][row["recommendation"]] = Counted(**cells)
    in_order = select(plan_causes).order_by(plan_causes.c.recommendation, plan_causes.c.place)
    causes = [
        Cause(**{name: row[name] for name in Cause.__dataclass_fields__})
        for row in connection.execute(in_order).mappings()
    ]
    listed = select(plan_items).order_by(plan_items.c.recommendation, plan_items.c.id)
    return Plan(
        published_on=kept["published_on"],
        due_on=kept["due_on"],
        as_at=kept["as_at"],
        planned=counts["planned"],
        latest=counts["latest"],
        causes=tuple(causes),
        items=tuple(Item(**row) for row in connection.execute(listed).mappings()),
    )
