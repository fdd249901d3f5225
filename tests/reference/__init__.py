"""The third reading: every rule evaluated slowly and obviously over plain dicts, from rulebook.md alone.

Nothing here looks at SQL, and only `by_rule.py` at rule files. `law_*.py` say what each rule is, `kinds.py`
how a kind decides when nothing is left open, `fillings.py` what follows when something is.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from omi_rules.rulebook.model import Rule, Rulebook
from tests.reference import by_rule, law_assessment, law_delivery, law_enforcement
from tests.reference.fillings import (
    Judgement,
    TooManyWays,
    every_answer,
    interesting_days,
    judge_events,
    settle_answers,
)
from tests.reference.kinds import Answer
from tests.reference.law import LAW, Reading
from tests.reference.limits import Limit, OutsideCalendar
from tests.reference.world import MOST_WAYS, MOST_WAYS_AT_RANDOM, LeftOut, World, as_they_stood

__all__ = ["LAW", "MOST_WAYS", "Judgement", "LeftOut", "TooManyWays", "judge", "judge_by_law"]

_PARTS = (law_assessment, law_delivery, law_enforcement)


def judge(
    rule: Rule,
    rulebook: Rulebook,
    record: Mapping[str, Any],
    as_at: date,
    missing_tables: Iterable[str] = frozenset(),
    most_ways: int = MOST_WAYS_AT_RANDOM,
) -> Judgement:
    """What a rule says of one record: {"case" or "staff": cells, "<table>": [cells, ...], "lost": {...}}."""
    reading = LAW[rule.id] if rule.id in LAW else by_rule.reading_of(rule, rulebook)
    return judge_by_law(reading, record, as_at, missing_tables, most_ways)


def judge_by_law(
    reading: Reading,
    record: Mapping[str, Any],
    as_at: date,
    missing_tables: Iterable[str] = frozenset(),
    most_ways: int = MOST_WAYS_AT_RANDOM,
) -> Judgement:
    """The same, for a rule of the law.

    `LeftOut` if the case is not in the run at that day, `TooManyWays` if it leaves more open than may be tried.
    """

    def limits(w: World) -> Iterable[Limit]:
        return reading.limits(w) if callable(reading.limits) else reading.limits

    world = World(
        subject=reading.subject,
        stood=as_they_stood(record, reading.subject, as_at),
        as_at=as_at,
        days=interesting_days(limits, reading.also),
        reads=reading.reads,
        lost=record.get("lost", {}),
        missing=frozenset(missing_tables),
        phantoms=reading.phantoms,
        alike=reading.alike,
        most_ways=most_ways,
    )

    def in_calendar(*given: Any) -> Answer:
        try:
            return reading.evaluate(*given)
        except OutsideCalendar:
            return Answer("unknown")

    if reading.events is not None:
        return judge_events(world, reading.events, in_calendar)
    return settle_answers(every_answer(world, in_calendar), as_at)
