"""Reads the forms of matches of a rule file."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from omi_rules.rulebook.model import Distinct, Falls, Presence, Rulebook, Weekly
from tests.reference.kinds import NOT_APPLICABLE, Answer, matches
from tests.reference.selecting import rows_of
from tests.reference.world import World


def judge_presence(w: World, require: Presence) -> Answer:
    """There is a row, or none of any."""
    there = any(rows_of(w, selection) for selection in require.selections)
    return matches([there == (require.of == "any")])


def judge_distinct(w: World, require: Distinct, rulebook: Rulebook) -> Answer:
    """Not too many different values."""
    values = [row[require.column] for row in w.rows(require.table)]
    most = rulebook.values[require.at_most].arms[0].amount
    return matches([len(set(values)) <= most]) if values else NOT_APPLICABLE


def judge_falls(w: World, require: Falls) -> Answer:
    """Whatever is of the last day lies below whatever is of the first."""
    numbers = [(row.on, row[require.column]) for row in w.rows(require.table) if row.recorded(require.column)]
    if len(numbers) < 2:
        return NOT_APPLICABLE
    first, last = min(day for day, _ in numbers), max(day for day, _ in numbers)
    begins = [number for day, number in numbers if day == first]
    ends = [number for day, number in numbers if day == last]
    return matches(end < begin for end in ends for begin in begins)


def judge_weekly(w: World, require: Weekly, rulebook: Rulebook) -> Answer:
    """Enough in every full week of every row."""
    need = rulebook.values[require.at_least].arms[0].amount
    periods: list[tuple[date, date]] = []
    for row in rows_of(w, require.each):
        day = row[require.since]
        ends = [end for end in (row[require.until] if require.until else None, w.end, w.as_at) if end is not None]
        if day is not None:
            periods.append((day, min(ends)))
    if not any(True for day, until in periods for _ in weeks_from(day, until)):
        return NOT_APPLICABLE
    if require.rows.table in w.missing:
        return matches([w.either("enough hours in every week")])
    offered = [(row.on, Decimal(row[require.sum])) for row in rows_of(w, require.rows)]
    # one after the other: what started long ago has hundreds of weeks, and the first that falls short says all
    weeks = (week for day, until in periods for week in weeks_from(day, until))
    sums = (sum(hours for day, hours in offered if week <= day < week + timedelta(days=7)) for week in weeks)
    return matches([all(total >= need for total in sums)])


def weeks_from(day: date, until: date) -> Iterator[date]:
    """The first day of every week from a day on that is full by another."""
    while day + timedelta(days=6) <= until:
        yield day
        day += timedelta(days=7)
