"""What national targets measure, slowly and obviously: every way that a record may be, and what all ways agree on."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from tests.reference.days import DAY, bank_holidays
from tests.reference.failures import TWELVE_MONTHS, relevant_failures
from tests.reference.fillings import every_answer, interesting_days
from tests.reference.kinds import Answer, count, days_of
from tests.reference.law_enforcement import FIRST_SIXTEEN_WEEKS, contacts
from tests.reference.limits import FIRST_WEEKS, NS_2007, Limit, contact_minimum, is_community
from tests.reference.world import World, as_they_stood

#: Measure, day and amount; None is what cannot be told.
Measured = tuple[str, date | None, float | None]

_FIRST_DAY, _LAST_DAY = date(1995, 1, 1), date(2035, 12, 31)


def measure(record: Mapping[str, Any], as_at: date, missing: Iterable[str] = ()) -> list[Measured]:
    """What is measured of one case; `LeftOut` if it is not in the run at that day."""
    return [*_attended(record, as_at, missing), *_resolved(record, as_at, missing)]


def _world(
    record: Mapping[str, Any],
    as_at: date,
    missing: Iterable[str],
    reads: tuple[str, ...],
    limits: tuple[Limit, ...],
    phantoms: Mapping[str, int],
    alike: bool,
) -> World:
    return World(
        subject="cases",
        stood=as_they_stood(record, "cases", as_at),
        as_at=as_at,
        days=interesting_days(lambda w: limits, lambda w: [NS_2007]),
        reads=reads,
        lost=record.get("lost", {}),
        missing=frozenset(missing),
        phantoms=phantoms,
        alike=alike,
    )


def _attended(record: Mapping[str, Any], as_at: date, missing: Iterable[str]) -> list[Measured]:
    world = _world(record, as_at, missing, ("appointments",), FIRST_SIXTEEN_WEEKS, {"appointments": 32}, True)
    last = world.start + timedelta(days=FIRST_WEEKS - 1)

    if as_at <= last:
        return []

    def evaluate(w: World) -> Answer:
        minimum = contact_minimum(w)
        if minimum is None:
            return Answer("nothing")
        arranged = contacts(w)
        if count(w, arranged, minimum).outcome not in ("met", "not_met"):
            return Answer("nothing")
        kept = [row for row in arranged if row["outcome"] == "attended" and w.start <= row.on <= last]
        return Answer("1" if len(kept) >= minimum else "0")

    told = {answer.outcome for answer in every_answer(world, evaluate)}
    if told == {"nothing"}:
        return []
    return [("appointments-attended", last, float(told.pop()) if len(told) == 1 else None)]


def _resolved(record: Mapping[str, Any], as_at: date, missing: Iterable[str]) -> list[Measured]:
    tables, phantoms = ("appointments", "breaches"), {"appointments": 3, "breaches": 2}
    world = _world(record, as_at, missing, tables, (TWELVE_MONTHS,), phantoms, False)
    if not is_community(world) or "breaches" in missing:
        return []
    found: list[Measured] = [
        ("breach-resolution-average", cells["resolved_on"], _amount(world, _days_to_resolve(place)))
        for place, (_, cells) in enumerate(world.stood.get("breaches", ()))
        if cells.get("resolved_on") is not None
    ]
    return [*found, *[("breach-resolution-average", None, None)] * world.phantom_rows("breaches")]


def _amount(world: World, evaluate: Callable[[World], Answer]) -> float | None:
    told = {answer.outcome for answer in every_answer(world, evaluate)}
    return float(told.pop()) if len(told) == 1 and told != {"nothing"} else None


def _days_to_resolve(place: int) -> Callable[[World], Answer]:
    def evaluate(w: World) -> Answer:
        breach = list(w.possible_rows("breaches"))[place]
        resolved = breach["resolved_on"]
        instigated = days_of(w.rows("breaches"))
        answered = [
            failure
            for failure in relevant_failures(w, instigated)
            if breach.on == min((day for day in instigated if day >= failure), default=None)
        ]
        began = min(answered, default=breach.on)
        if not _FIRST_DAY <= began <= resolved <= _LAST_DAY:
            return Answer("nothing")
        return Answer(str(_working_days(began, resolved)))

    return evaluate


def _working_days(after: date, until: date) -> int:
    days = 0
    while after < until:
        after += DAY
        days += after.weekday() < 5 and after not in bank_holidays()
    return days
