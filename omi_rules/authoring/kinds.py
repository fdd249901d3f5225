"""The small changes that could be made to what a rule requires, kind by kind."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, cast, get_args

from omi_rules.authoring.changes import (
    Change,
    change_exclusion,
    change_selection,
    change_selections,
    change_tests,
    inside,
)
from omi_rules.rulebook.keywords import Path
from omi_rules.rulebook.model import (
    Count,
    Deadline,
    Distinct,
    Falls,
    Matches,
    Paired,
    Part,
    PerEvent,
    Presence,
    Requirement,
    ReviewChain,
    Selection,
    Weekly,
    Window,
)
from omi_rules.rulebook.references import CASE_TRIGGERS
from omi_rules.shapes import load_tables

#: Windows that open on the same day where the clock starts with supervision.
_SAME_AT_START = ({"before_start", "before_trigger"}, {"trigger", "start"})

#: Windows of work that answers an event.
_EVENT_WINDOWS: tuple[Window, ...] = ("trigger", "any_time")


def change_requirement(require: Requirement, subject: str) -> Iterator[Change[Requirement]]:
    """Everything that could be otherwise in it but for the values that it names."""
    match require:
        case Deadline():
            yield from _change_deadline(require, subject, get_args(Window))
        case ReviewChain():
            yield from _change_chain(require)
        case PerEvent():
            yield from _change_per_event(require)
        case Count():
            yield from inside(change_selection(require.rows), ("rows",), lambda rows: replace(require, rows=rows))
        case Matches():
            yield from _change_matches(require, subject)
        case Presence():
            yield from _change_presence(require)
        case Weekly():
            yield from _change_weekly(require)
        case Falls() | Distinct():
            pass  # all that they say is a column, and a named value
        case Paired():
            yield from inside(change_selection(require.each), ("each",), lambda each: replace(require, each=each))
            partners = change_selections(require.partners, least=1)
            yield from inside(partners, ("with",), lambda partners: replace(require, partners=partners))


def _change_deadline(deadline: Deadline, subject: str, windows: tuple[Window, ...]) -> Iterator[Change[Deadline]]:
    """Where rows are counted, or a first row calls for something, only what such an exists can say."""
    counted = deadline.times > 1
    for trigger in CASE_TRIGGERS if deadline.trigger else ():
        if trigger != deadline.trigger and not (counted and trigger == "high-roh-trigger"):
            yield Change(("trigger",), f"{trigger} for {deadline.trigger}", replace(deadline, trigger=trigger))
    if deadline.first:
        first = change_selection(deadline.first)
        yield from inside(first, ("trigger", "first"), lambda first: replace(deadline, first=first))
    elif not deadline.done_column:
        yield from _change_window(deadline, windows)
    if counted:
        for times in (deadline.times - 1, deadline.times + 1):
            yield Change(("times",), f"{times} for {deadline.times}", replace(deadline, times=times))
    if not counted and not deadline.first:
        kinds = ("deadline", "exists") if deadline.grace else ("exists", "deadline")
        yield Change((), f"{kinds[0]} for {kinds[1]}", replace(deadline, grace=not deadline.grace))
    done = change_selections(deadline.done, least=1)
    yield from inside(done, ("done",), lambda done: replace(deadline, done=done))
    yield from inside(
        change_tests(deadline.met_at_once, subject),
        ("met_at_once",),
        lambda tests: replace(deadline, met_at_once=tests),
    )


def _change_window(deadline: Deadline, windows: tuple[Window, ...]) -> Iterator[Change[Deadline]]:
    place: Path = ("work_before_start_counts" if deadline.window == "before_start" else "window_opens",)
    at_start = deadline.trigger == "start"
    for window in windows:
        same = window == deadline.window or (at_start and {window, deadline.window} in _SAME_AT_START)
        if not same:
            yield Change(place, f"{window} for {deadline.window}", replace(deadline, window=window))


def _change_chain(chain: ReviewChain) -> Iterator[Change[ReviewChain]]:
    yield from inside(change_selection(chain.reviews), ("reviews",), lambda reviews: replace(chain, reviews=reviews))
    for part in cast(tuple[Part, ...], get_args(Part)):
        if part != chain.part:
            yield Change(("part",), f"{part} for {chain.part}", replace(chain, part=part))
    if chain.shorter_if_set:
        yield Change(("shorter_if_set",), "left out", replace(chain, shorter_if_set=None))


def _change_per_event(require: PerEvent) -> Iterator[Change[PerEvent]]:
    """Everything that could be otherwise in it, as far as the loader would take it."""
    deadline, event = require.deadline, require.event
    word = "exists" if deadline.grace else "deadline"

    def put(deadline: Deadline) -> PerEvent:
        return replace(require, deadline=deadline)

    changes = [*inside(_change_deadline(deadline, "cases", _EVENT_WINDOWS), (word,), put)]
    changes += inside(_change_dates(deadline), (word,), put)
    if isinstance(event, Selection):
        also = change_tests(deadline.also, event.table)
        changes += inside(also, (word, "also"), lambda tests: put(replace(deadline, also=tests)))
        changes += inside(change_selection(event), ("event",), lambda event: replace(require, event=event))
        excluded = change_exclusion(require.excluded, event.table)
        changes += inside(excluded, ("excluded",), lambda excluded: replace(require, excluded=excluded))
    if require.latest:
        changes.append(Change(("of",), "left out", replace(require, latest=False)))
    return (change for change in changes if _can_be_loaded(change.changed))


def _change_dates(deadline: Deadline) -> Iterator[Change[Deadline]]:
    """What says when the clock of an event starts, and when it is due, left out."""
    if deadline.due_column:
        yield Change(("due_column",), "left out", replace(deadline, due_column=None))
    if deadline.limit:
        yield Change(("grace" if deadline.grace else "within",), "left out", replace(deadline, limit=None))
    if deadline.limits_by:
        column, limits = deadline.limits_by
        for number, (code, _) in enumerate(limits):
            others = limits[:number] + limits[number + 1 :]
            left = (column, others) if others else None
            yield Change(("within", column, code), "left out", replace(deadline, limits_by=left))
    if deadline.clock_column:
        yield Change(("clock_column",), "left out", replace(deadline, clock_column=None))
    if deadline.from_failure:
        yield Change(("clock_from",), "left out", replace(deadline, from_failure=False))


def _can_be_loaded(require: PerEvent) -> bool:
    """Whether a rule file could say so: the same as rulebook/event_references.py asks of one."""
    deadline = require.deadline
    if not (deadline.limit or deadline.limits_by or deadline.due_column):
        return False
    own_clock = deadline.clock_column or deadline.from_failure
    if deadline.grace and (require.latest or own_clock or deadline.limits_by or deadline.also):
        return False
    if deadline.limits_by and not require.latest:
        return False
    return not isinstance(require.event, Selection) or _has_a_day(require.event, deadline)


def _has_a_day(event: Selection, deadline: Deadline) -> bool:
    """Whether each such row has a day that it is due, or that starts its clock."""
    table = load_tables()[event.table]
    if deadline.due_column:
        return True
    if not deadline.clock_column:
        return table.own_date is not None
    recorded = any(test.column == deadline.clock_column and test.operator == "recorded" for test in event.tests)
    return recorded or table.column(deadline.clock_column).empty == "unknown"


def _change_presence(presence: Presence) -> Iterator[Change[Presence]]:
    other: Literal["any", "none"] = "none" if presence.of == "any" else "any"
    yield Change((presence.of,), f"{other} for {presence.of}", replace(presence, of=other))
    changes = change_selections(presence.selections, least=1)
    yield from inside(changes, (presence.of,), lambda selections: replace(presence, selections=selections))


def _change_weekly(weekly: Weekly) -> Iterator[Change[Weekly]]:
    yield from inside(change_selection(weekly.each), ("weekly", "each"), lambda each: replace(weekly, each=each))
    yield from inside(change_selection(weekly.rows), ("weekly", "rows"), lambda rows: replace(weekly, rows=rows))
    if weekly.until:
        yield Change(("weekly", "until"), "left out", replace(weekly, until=None))


def _change_matches(matches: Matches, subject: str) -> Iterator[Change[Matches]]:
    if matches.rows is None:
        yield from inside(
            change_tests(matches.satisfies, subject), ("case",), lambda tests: replace(matches, satisfies=tests)
        )
        return
    table = matches.rows.table
    yield from inside(change_selection(matches.rows), (matches.of,), lambda rows: replace(matches, rows=rows))
    yield from inside(
        change_tests(matches.satisfies, table), ("satisfies",), lambda tests: replace(matches, satisfies=tests)
    )
    yield from inside(change_tests(matches.where, table), ("where",), lambda tests: replace(matches, where=tests))
    if load_tables()[table].own_date:
        for of in ("latest", "first", "every"):
            if of != matches.of:
                yield Change((matches.of,), f"{of} for {matches.of}", replace(matches, of=of))
