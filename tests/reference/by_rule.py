"""Reads a rule file by its kind: for rules that the law does not name, and to hold rule files against it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from omi_rules.rulebook.model import (
    Arm,
    Count,
    Deadline,
    Distinct,
    Falls,
    Form,
    Matches,
    Paired,
    PerEvent,
    Presence,
    ReviewChain,
    Rule,
    Rulebook,
    Selection,
    Weekly,
)
from omi_rules.rulebook.model import Value as NamedValue
from omi_rules.rulebook.usage import selections_read, values_used
from tests.reference.by_event import clock_day, has_gone_on, limit_name, with_more
from tests.reference.by_form import judge_distinct, judge_falls, judge_presence, judge_weekly
from tests.reference.days import bank_holidays
from tests.reference.failures import TWELVE_MONTHS, failed_on
from tests.reference.kinds import (
    ANY_TIME,
    BEFORE,
    EXCLUDED,
    NOT_APPLICABLE,
    Answer,
    count,
    days_of,
    deadline,
    matches,
    paired,
    review_chain,
    settle,
    worst,
)
from tests.reference.law import Reading
from tests.reference.law_delivery import on_schedule
from tests.reference.law_enforcement import week_ends
from tests.reference.limits import NS_2007, Limit, OutsideCalendar, days, high_at_start, high_roh_trigger
from tests.reference.selecting import CaseCells, all_hold, rows_of
from tests.reference.world import Row, World

KINDS = ("deadline", "exists", "review_chain", "per_event", "count", "matches", "paired")


def arm_at(value: NamedValue, w: World, day: date) -> Arm:
    """The first arm that holds, of those in force on the day; before the first, the first."""
    in_force = [entry for entry in value.dated if entry.start <= day] or list(value.dated[:1])
    for arm in in_force[-1].arms:
        if (
            all_hold(arm.tests, CaseCells(w))
            and (not arm.high_roh_at_start or high_at_start(w))
            and all(rows_of(w, selection) for selection in arm.any_row)
        ):
            return arm
    raise LookupError("no arm holds")


def limit_of(value: NamedValue) -> Limit:
    """The limit that a named value sets."""
    step = 7 if value.unit == "weeks" else 1
    amounts = tuple({arm.amount * step for arm in value.arms})
    unit = "working_days" if value.unit == "working_days" else "days"
    return Limit(unit, amounts, lambda w, day: arm_at(value, w, day).amount * step)  # type: ignore[arg-type]


def trigger_day(w: World, trigger: str) -> date | None:
    """The day of a named trigger."""
    if trigger == "high-roh-trigger":
        return high_roh_trigger(w)
    if trigger in ("sentence", "resentence"):
        day: date | None = w.case("sentence_date" if trigger == "sentence" else "resentenced_date")
        return day
    assert trigger == "start", trigger
    return w.start


def window_start(w: World, window: str, trigger: date) -> date:
    """The first day on which work counts."""
    if window == "before_trigger" or (window == "before_start" and trigger == w.start):
        return trigger - BEFORE
    return {"start": w.start, "any_time": ANY_TIME}.get(window, trigger)


def judge_deadline(w: World, require: Deadline, rulebook: Rulebook, event: Row | None = None) -> Answer:
    """A deadline or exists, of the case or of one event."""
    if require.met_at_once and all_hold(require.met_at_once, CaseCells(w)):
        trigger = trigger_day(w, require.trigger or "start")
        if trigger is None:
            return NOT_APPLICABLE
        try:
            return Answer("met", _limit(require, rulebook).after(w, trigger))
        except OutsideCalendar:
            return Answer("met")
    due = event[require.due_column] if event is not None and require.due_column else None
    if due is None:
        name = limit_name(event, require)
        if name is None:
            return NOT_APPLICABLE
        trigger = clock_day(w, event, require) if event is not None else None
        trigger = trigger or _trigger_of(w, require)
        if trigger is None:
            return NOT_APPLICABLE
        limit = limit_of(rulebook.values[name])
        if require.times > 1:
            (selection,) = require.done
            done_days = sorted(day for day in days_of(rows_of(w, selection)) if day >= trigger)
            return deadline(w, trigger, limit, done_days[require.times - 1 :], grace=require.grace)
        if not require.done_column:
            opens = window_start(w, require.window, trigger)
            done = [days_of(rows_of(w, selection)) for selection in require.done]
            return deadline(w, trigger, limit, *done, opens=opens, grace=require.grace)
        due = limit.after(w, trigger)
    assert event is not None, "only an event has its own column of when it was done"
    answer = settle(w, due, event[require.done_column or ""], require.grace)
    if answer.outcome != "met" or not require.also:
        return answer
    return with_more(w, answer, all_hold(require.also, event))


def _trigger_of(w: World, require: Deadline) -> date | None:
    if require.first:
        return min(days_of(rows_of(w, require.first)), default=None)
    return trigger_day(w, require.trigger or "start")


def _limit(require: Deadline, rulebook: Rulebook) -> Limit:
    assert require.limit is not None, "a deadline without a column of plans has a limit"
    return limit_of(rulebook.values[require.limit])


def judge_event(w: World, row: Row, require: PerEvent, rulebook: Rulebook) -> Answer:
    """One event by itself."""
    if isinstance(require.event, Selection):
        if not all_hold(require.event.tests, row):
            return NOT_APPLICABLE
    elif failed_on(w, row) is None:
        return NOT_APPLICABLE
    if require.excluded and all_hold(require.excluded.tests, row):
        return EXCLUDED
    return judge_deadline(w, require.deadline, rulebook, row)


def judge_chain(w: World, require: ReviewChain, rulebook: Rulebook) -> Answer:
    """A review chain."""
    interval = interval_of(w, require, rulebook)
    table = require.reviews.table
    reviews = on_schedule(w, table, interval) if table in w.missing else days_of(rows_of(w, require.reviews))
    return review_chain(w, reviews, interval, require.part)


def interval_of(w: World, require: ReviewChain, rulebook: Rulebook) -> int:
    """The interval in days: the shorter one if the case has one set."""
    value = rulebook.values[require.every]
    limit = limit_of(value)
    # of a member of staff the start may be open, and no interval of theirs depends on it
    interval = limit.choose(w, w.start) if require.clock_from == "start" else limit.amounts[0]
    shorter = w.case(require.shorter_if_set) if require.shorter_if_set else None
    return min(interval, 7 * shorter) if shorter else interval


def judge_matches(w: World, require: Matches, rulebook: Rulebook) -> Answer:
    """A condition on the case, or on rows."""
    if require.rows is None:
        bounds = {
            test: arm_at(rulebook.values[test.value], w, w.start).amount for test in require.satisfies if test.value
        }
        tests = tuple(replace(test, number=bounds.get(test, test.number)) for test in require.satisfies)
        return matches([all_hold(tests, CaseCells(w))])
    pick = {"latest": w.latest, "first": w.first, "every": w.rows}[require.of]
    tests = require.rows.tests
    picked = pick(require.rows.table, lambda row: all_hold(tests, row))
    return matches(all_hold(require.satisfies, row) for row in picked if all_hold(require.where, row))


def judge_form(w: World, require: Form, rulebook: Rulebook) -> Answer:
    """Any form of matches."""
    if isinstance(require, Presence):
        return judge_presence(w, require)
    if isinstance(require, Distinct):
        return judge_distinct(w, require, rulebook)
    if isinstance(require, Falls):
        return judge_falls(w, require)
    return judge_matches(w, require, rulebook) if isinstance(require, Matches) else judge_weekly(w, require, rulebook)


def judge_paired(w: World, require: Paired, rulebook: Rulebook) -> Answer:
    """Rows and their partners."""
    each = rows_of(w, require.each)
    if not each:
        return NOT_APPLICABLE
    partners = [None if partner.table in w.missing else rows_of(w, partner) for partner in require.partners]
    return paired(w, each, partners, limit_of(rulebook.values[require.within]))


def judge_count(w: World, require: Count, rulebook: Rulebook) -> Answer:
    """Enough rows in the first days."""
    return count(w, rows_of(w, require.rows), arm_at(rulebook.values[require.at_least], w, w.start).amount)


def reading_of(rule: Rule, rulebook: Rulebook) -> Reading:
    """What a rule file says, read by its kind."""
    require = rule.require

    def evaluate(w: World, *row: Row) -> Answer:
        if not all_hold(rule.population.tests, CaseCells(w)):
            return NOT_APPLICABLE
        if not all(rows_of(w, selection) for selection in rule.population.any_row):
            return NOT_APPLICABLE
        if rule.excluded and all_hold(rule.excluded.tests, CaseCells(w)):
            return EXCLUDED
        if not has_gone_on(w, rule, rulebook):
            return NOT_APPLICABLE
        if isinstance(require, PerEvent) and require.latest and isinstance(require.event, Selection):
            tests = require.event.tests
            latest = w.latest(require.event.table, lambda row: all_hold(tests, row))
            return worst(judge_event(w, row, require, rulebook) for row in latest)
        if isinstance(require, PerEvent):
            return judge_event(w, row[0], require, rulebook)
        if isinstance(require, Deadline):
            return judge_deadline(w, require, rulebook)
        if isinstance(require, ReviewChain):
            return judge_chain(w, require, rulebook)
        if isinstance(require, Count):
            return judge_count(w, require, rulebook)
        if isinstance(require, Paired):
            return judge_paired(w, require, rulebook)
        return judge_form(w, require, rulebook)

    values, tables = _asks(rule, rulebook)
    limits: list[Limit] = [limit_of(value) for value in values] + [days(56)]
    events, also, phantoms = None, _no_days, {}
    if isinstance(require, PerEvent):
        events = require.event.table if isinstance(require.event, Selection) else "appointments"
        phantoms = {events: 2, "roh_assessments": 2}
        if events == "appointments" or require.deadline.from_failure:
            limits.append(TWELVE_MONTHS)
            also, phantoms = _change_of_standard, {"appointments": 3, "breaches": 2}
        if require.latest:
            events, phantoms = None, {}
    if isinstance(require, Weekly):
        limits.append(days(6))
        also = week_ends
    if isinstance(require, Distinct | Falls):
        phantoms = {require.table: 3}
    if isinstance(require, Deadline) and (require.first or require.times > 1):
        phantoms = {selection.table: 2 for selection in require.done}
    if isinstance(require, Count):
        limits += [days(amount) for amount in (111, 112)]
        phantoms = {require.rows.table: max(arm.amount for arm in rulebook.values[require.at_least].arms)}

    def all_limits(w: World) -> Iterable[Limit]:
        if isinstance(require, ReviewChain):
            return [days(step * interval_of(w, require, rulebook)) for step in (1, 2, 3)]
        return limits

    return Reading(
        evaluate,
        "staff" if rule.about_staff else "cases",
        reads=tuple(sorted(tables)),
        limits=all_limits,
        also=_holidays if _asks_for_holidays(require) else also,
        events=events,
        phantoms=phantoms,
        alike=isinstance(require, Count),
    )


def _no_days(w: World) -> Iterable[date]:
    return ()


def _change_of_standard(w: World) -> Iterable[date]:
    return [NS_2007]


def _holidays(w: World) -> Iterable[date]:
    return sorted(day for day in bank_holidays() if day <= w.as_at)[-3:]


def _asks_for_holidays(require: object) -> bool:
    rows = require.rows if isinstance(require, Matches) else None
    return rows is not None and any(test.operator == "on_bank_holiday" for test in rows.tests)


def _asks(rule: Rule, rulebook: Rulebook) -> tuple[list[NamedValue], set[str]]:
    """The named values and the tables that a rule reads."""
    names: list[str | None] = []
    selections = list(rule.population.any_row)
    require = rule.require
    tables: set[str] = set()
    if isinstance(require, PerEvent):
        if isinstance(require.event, Selection):
            selections.append(require.event)
        if require.deadline.from_failure or not isinstance(require.event, Selection):
            tables |= {"appointments", "breaches"}
        names += [name for _, name in require.deadline.limits_by[1]] if require.deadline.limits_by else []
    inner = require.deadline if isinstance(require, PerEvent) else require
    if isinstance(inner, Deadline):
        names.append(inner.limit)
        selections += [*inner.done, *([inner.first] if inner.first else [])]
        tables |= {"roh_assessments"} if inner.trigger == "high-roh-trigger" else set()
    elif isinstance(inner, ReviewChain):
        selections.append(inner.reviews)
    elif isinstance(inner, Count):
        selections.append(inner.rows)
    else:
        names += values_used(rule)
        selections += selections_read(rule)
    values = [rulebook.values[name] for name in names if name]
    for arm in (arm for value in values for arm in value.arms):
        selections += arm.any_row
        tables |= {"roh_assessments"} if arm.high_roh_at_start else set()
    return values, tables | {selection.table for selection in selections}
