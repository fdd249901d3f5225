"""Trying every way that the records may be, and keeping what all of them agree on.

`unknown` if and only if two ways of filling in the empty cells give two different outcomes ("Null").
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from tests.reference.days import DAY
from tests.reference.kinds import WORST_FIRST, Answer
from tests.reference.limits import Limit
from tests.reference.world import Row, Undecided, World

#: A day before which nothing in these records happens, but within the calendar.
LONG_AGO = date(1996, 1, 3)

T = TypeVar("T")


class TooManyWays(Exception):
    """The record leaves more open than can be tried one by one."""


@dataclass(frozen=True)
class Judgement:
    """What is certain of a rule for one record."""

    outcome: str
    due_on: date | None = None
    done_on: date | None = None
    days_late: int | None = None


def interesting_days(
    limits: Callable[[World], Iterable[Limit]], also: Callable[[World], Iterable[date]]
) -> Callable[[World], tuple[date, ...]]:
    """Days at which a rule with these limits may change its mind, those nearest to the as-at date first.

    At and next to every date that it sees and every day that a limit lies away from one, and a day long ago.
    """

    def days(w: World) -> tuple[date, ...]:
        bases = {w.as_at, *also(w)}
        bases |= {value for value in w.stood[w.subject].values() if isinstance(value, date)}
        bases |= {value for value in w.filled.values() if isinstance(value, date)}
        for table in w.reads:
            for _, cells in w.stood.get(table, ()):
                bases |= {value for value in cells.values() if isinstance(value, date)}
        found = {LONG_AGO} | bases
        for limit in limits(w):
            for base in bases:
                found |= limit.around(base)
        near = {day + step for day in found for step in (-DAY, timedelta(0), DAY)}
        return tuple(
            sorted(
                (day for day in near if day >= min(LONG_AGO, w.as_at)),
                key=lambda day: (abs(day - w.as_at), day),
            )
        )

    return days


def every_answer(world: World, evaluate: Callable[[World], Answer]) -> set[Answer]:
    """The answers of all fillings; no further than the second outcome, which makes it unknown."""
    answers: set[Answer] = set()
    to_try: list[Mapping[Any, Any]] = [world.filled]
    tried = 0
    while to_try:
        tried += 1
        if tried > world.most_ways:
            raise TooManyWays
        filled = to_try.pop()
        try:
            answers.add(evaluate(replace(world, filled=filled)))
        except Undecided as undecided:
            to_try += [{**filled, undecided.key: way} for way in reversed(undecided.ways)]
        if len({answer.outcome for answer in answers}) > 1:
            break
    return answers


def agreed(values: Iterable[T]) -> T | None:
    """The value that all have, if there is one."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def settle_answers(answers: Iterable[Answer], as_at: date) -> Judgement:
    """The outcome if all agree on it, with each date that all agree on."""
    answers = list(answers)
    outcome = agreed(answer.outcome for answer in answers) or "unknown"
    if outcome not in ("met", "late", "missing", "due", "not_met"):
        return Judgement(outcome)
    due = agreed(answer.due_on for answer in answers)
    done = agreed(answer.done_on for answer in answers)
    days_late = None
    if outcome == "late" and due and done:
        days_late = (done - due).days
    if outcome == "missing" and due:
        days_late = (as_at - due).days
    return Judgement(outcome, due, done, days_late)


def judge_events(world: World, table: str, evaluate: Callable[[World, Row], Answer]) -> Judgement:
    """Each event by itself, then the worst; of several, the one due first, then the lowest row."""

    def of_row(number: int) -> Callable[[World], Answer]:
        def judge_row(w: World) -> Answer:
            row = list(w.possible_rows(table))[number]
            return evaluate(w, row) if w.is_there(row) else Answer("not_applicable")

        return judge_row

    events = [every_answer(world, of_row(number)) for number in range(len(list(world.possible_rows(table))))]
    outcomes = [settle_answers(answers, world.as_at).outcome for answers in events]
    if not outcomes:
        return Judgement("not_applicable")
    outcome = min(outcomes, key=WORST_FIRST.index)
    alike = [answers for answers, each in zip(events, outcomes, strict=True) if each == outcome]
    if outcome == "unknown":
        return Judgement(outcome)
    return settle_answers(_first_due(alike), world.as_at)


def _first_due(events: list[set[Answer]]) -> list[Answer]:
    """Every answer that may be that of the event due first."""

    def key(answer: Answer, place: int) -> tuple[date, int]:
        return answer.due_on or date.max, place

    return [
        answer
        for place, answers in enumerate(events)
        for answer in answers
        if all(
            any(key(other, rival) > key(answer, place) for other in others)
            for rival, others in enumerate(events)
            if rival != place
        )
    ]
