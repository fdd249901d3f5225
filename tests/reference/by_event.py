"""The parts of a rule file that speak of an event's own row: when its clock starts, its limit, what must hold too."""

from datetime import date, timedelta

from omi_rules.rulebook.model import Deadline, Rule, Rulebook
from tests.reference.failures import relevant_failures
from tests.reference.kinds import NOT_APPLICABLE, Answer, days_of
from tests.reference.world import OWN_DATES, Row, World


def clock_day(w: World, event: Row, require: Deadline) -> date | None:
    """The day on which the clock of an event starts; None if it has none of its own."""
    if require.clock_column:
        day: date | None = event[require.clock_column]
        return day
    if event.table not in OWN_DATES:
        return None
    if not require.from_failure:
        own: date = event.on
        return own
    instigated = days_of(w.rows("breaches"))
    answered = [
        failure
        for failure in relevant_failures(w, instigated)
        if event.on == min((day for day in instigated if day >= failure), default=None)
    ]
    return min(answered, default=event.on)


def limit_name(event: Row | None, require: Deadline) -> str | None:
    """The named value that limits an event, by the code of its row if the rule says so; None if it has no limit."""
    if require.limits_by is None or event is None:
        return require.limit
    column, names = require.limits_by
    return dict(names).get(str(event[column]))


def with_more(w: World, answer: Answer, holds: bool) -> Answer:
    """What is done in time is met only if the rest holds."""
    if answer.outcome != "met" or holds:
        return answer
    assert answer.due_on is not None
    return NOT_APPLICABLE if w.end is not None and w.end < answer.due_on else Answer("not_met")


def has_gone_on(w: World, rule: Rule, rulebook: Rulebook) -> bool:
    """Whether the case, or the employment, has gone on as long as the population asks."""

    def days(name: str) -> timedelta:
        value = rulebook.values[name]
        (arm,) = value.dated[0].arms
        return timedelta(days=arm.amount * (7 if value.unit == "weeks" else 1))

    population = rule.population
    started, lasted = population.started_longer_ago_than, population.lasted_at_least
    if started and not w.as_at - w.start > days(started):
        return False
    return not lasted or min(w.as_at, w.end or w.as_at) - w.start >= days(lasted)
