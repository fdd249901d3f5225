"""Works out a deadline, or a duty with a grace: of the case, or of one event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from omi_rules.explain.counting import add_amount, count_lines
from omi_rules.explain.judgement import Row
from omi_rules.explain.kinds.clocks import (
    also_lines,
    also_verdict,
    column_trigger,
    failure_trigger,
    first_row_look,
    first_row_trigger,
)
from omi_rules.explain.kinds.work_done import Done, Event, done_in_words, done_of
from omi_rules.explain.layout import Line, answered
from omi_rules.explain.records import Records, all_hold, answer, day_of, holds, own_date
from omi_rules.explain.triggers import Trigger, find_trigger
from omi_rules.explain.values import choice_lines, choose
from omi_rules.explain.words import (
    cell_for_test,
    coded,
    day_in_words,
    days_in_words,
    name_in_words,
    row_in_words,
    selection_in_words,
    test_in_words,
    weekday_in_words,
)
from omi_rules.explain.working import Look, Weight, Working
from omi_rules.rulebook.model import DAYS_BEFORE, Deadline, Selection, Window


@dataclass(frozen=True)
class Settled:
    """A deadline worked out: `verdict` is an outcome; `opens` is the first day on which work counts."""

    lines: tuple[Line, ...]
    verdict: str
    due_on: date | None = None
    done_on: date | None = None
    opens: date | None = None


def work_out_deadline(records: Records, deadline: Deadline) -> Working:
    """The working of a rule that is one deadline."""
    settled = settle(records, deadline)
    return Working(
        lines=settled.lines,
        looks=tuple(deadline_looks(deadline, [settled])),
        due_on=settled.due_on,
        done_on=settled.done_on,
        change=tuple(deadline_change(deadline, settled)),
    )


def settle(records: Records, deadline: Deadline, event: Event | None = None) -> Settled:
    """The clock from its trigger to what was done, in lines."""
    depth = event.depth if event else 0
    lines: list[Line] = []
    planned = event.row.get(deadline.due_column) if event and deadline.due_column else None
    opens: date | None
    if event and planned is not None:
        which = row_in_words(event.table, event.row)
        lines.append(Line(f"The due date is the {name_in_words(deadline.due_column or '')} of {which}.", depth=depth))
        dues, opens = [planned], None
    else:
        trigger = _trigger(records, deadline, event)
        lines += _deeper(trigger.lines, depth)
        if trigger.day is None:
            return _undated(records, deadline, event, lines) if event else Settled(tuple(lines), "not_applicable")
        name = _limit_name(deadline, event)
        if name is None and deadline.limits_by and event:
            lines.append(Line(_no_limit(deadline.limits_by[0], event), depth=depth))
            code = event.row.get(deadline.limits_by[0])
            return Settled(tuple(lines), "unknown" if code is None else "not_applicable")
        dues, limit_lines = _limit(records, deadline, name, trigger.day)
        lines += _deeper(limit_lines, depth)
        opens, why = window_start(records, deadline.window, trigger.day)
        if deadline.done:
            lines.append(Line(why, depth=depth))
    lines += _at_once_lines(records, deadline)
    due = dues[0] if len(set(dues)) == 1 else None
    lines.append(Line(f"Due: {_due_in_words(dues)}", depth=depth))
    if deadline.met_at_once and all_hold(deadline.met_at_once, records.case):
        return Settled(tuple(lines), "met", due, None, opens)
    done = done_of(records, deadline, opens, event)
    done_on = max(each.day for each in done if each.day) if all(each.day for each in done) else None
    lines += [Line(done_in_words(records, each, event), depth=depth) for each in done]
    if due is not None:
        lines += [Line(each, depth=depth) for each in _compared(records, deadline, due, done_on)]
    verdict = _verdict(records, deadline, dues, done, opens)
    if deadline.also and event:
        lines += also_lines(deadline, event)
        verdict = also_verdict(records, deadline, event, verdict, due)
    return Settled(tuple(lines), verdict, due, done_on, opens)


def _undated(records: Records, deadline: Deadline, event: Event, lines: list[Line]) -> Settled:
    """An event on an unknown day up to the as-at date: if done at any time will do, work on that date answers it."""
    dues = _limit(records, deadline, deadline.limit, records.as_at)[0] if deadline.limit else []
    done = done_of(records, deadline, records.as_at, event) if deadline.grace and None not in dues else ()
    days = [each.day for each in done if each.day]
    if not done or len(days) < len(done):
        return Settled(tuple(lines), "unknown")
    lines += [Line(done_in_words(records, each, event), depth=event.depth) for each in done]
    return Settled(tuple(lines), "met", done_on=max(days))


def _deeper(lines: Iterable[Line], depth: int) -> list[Line]:
    return [Line(line.text, line.label, line.label_width, line.depth + depth) for line in lines]


def _trigger(records: Records, deadline: Deadline, event: Event | None) -> Trigger:
    """The event's own date, if its table has one, else the named trigger."""
    if deadline.first:
        return first_row_trigger(records, deadline.first)
    if event and deadline.from_failure:
        return failure_trigger(records, event)
    if event and deadline.clock_column:
        return column_trigger(deadline.clock_column, event)
    if event is None or own_date(event.table) is None:
        return find_trigger(records, deadline.trigger or "start")
    day, which = day_of(event.table, event.row), row_in_words(event.table, event.row)
    if day is None:
        return Trigger(None, (Line(f"The clock cannot be started: {which} has no date."),))
    return Trigger(day, (Line(f"The clock started on {weekday_in_words(day)}, the date of {which}."),))


def _limit_name(deadline: Deadline, event: Event | None) -> str | None:
    """The named value that limits it, by the code of the event's row if the rule says so."""
    if deadline.limits_by is None or event is None:
        return deadline.limit
    column, names = deadline.limits_by
    return dict(names).get(str(event.row.get(column)))


def _no_limit(column: str, event: Event) -> str:
    code = event.row.get(column)
    if code is None:
        return f"The limit cannot be said: {name_in_words(column)} is not recorded."
    return f"No limit is set where {name_in_words(column)} is {coded(event.table, column, code)}, so nothing is due."


def _limit(records: Records, deadline: Deadline, name: str | None, day: date) -> tuple[list[date | None], list[Line]]:
    """The due date with each amount that may apply, and the lines that count them out."""
    if name is None:
        return [None], [Line("No day is planned, and the rule sets no limit of its own.")]
    choice = choose(records, name, day)
    unit = choice.value.unit
    lines = choice_lines(records, choice, "Grace" if deadline.grace else "Limit")
    for amount in choice.amounts:
        lines += count_lines(day, amount, unit)
    return [add_amount(day, amount, unit) for amount in choice.amounts], lines


def window_start(records: Records, window: Window, trigger: date) -> tuple[date | None, str]:
    """The first day on which work counts, None for any day, and a sentence that says so."""
    if window == "any_time":
        return None, "Work of any date counts."
    if window == "start":
        return records.start, f"Work from {day_in_words(records.start)} counts, the start of supervision."
    if window == "before_trigger" or (window == "before_start" and trigger == records.start):
        opens = trigger - timedelta(days=DAYS_BEFORE)
        return opens, f"Work from {day_in_words(opens)} counts, {DAYS_BEFORE} days before the clock started."
    return trigger, f"Work from {day_in_words(trigger)} counts, the day on which the clock started."


def _at_once_lines(records: Records, deadline: Deadline) -> list[Line]:
    if not deadline.met_at_once:
        return []
    lines = [Line("The rule is met at once, whatever the dates, if:")]
    for test in deadline.met_at_once:
        value = cell_for_test("cases", test, records.case)
        asked = f"{test_in_words(test)} (the case: {value})"
        lines.append(answered(answer(holds(test, records.case)), asked, depth=1))
    if all_hold(deadline.met_at_once, records.case):
        lines.append(Line("So it is met at once."))
    return lines


def _due_in_words(dues: Sequence[date | None]) -> str:
    known = sorted({due for due in dues if due})
    if not known:
        return "cannot be said."
    days = " or ".join(weekday_in_words(due) for due in known)
    return f"{days}." if len(known) == 1 else f"{days}, which is not certain."


def _compared(records: Records, deadline: Deadline, due: date, done_on: date | None) -> list[str]:
    """How what was done, or the end of supervision, lies to the due date."""
    if done_on is not None and (done_on <= due or deadline.grace):
        after = f"{days_in_words((done_on - due).days)} after it, which this rule allows"
        return [f"Done on {day_in_words(done_on)}: {after if done_on > due else 'in time'}."]
    said = []
    if records.end is not None:
        side = "before the due date" if records.end < due else "not before the due date"
        said.append(f"Supervision ended on {day_in_words(records.end)}, {side}.")
    if done_on is not None:
        said.append(f"Done on {day_in_words(done_on)}: {days_in_words((done_on - due).days)} late.")
    elif records.as_at > due:
        past = days_in_words((records.as_at - due).days)
        said.append(f"The due date had passed by {past} on {day_in_words(records.as_at)}.")
    else:
        said.append(f"The due date has not passed on {day_in_words(records.as_at)}.")
    return said


def verdict_of(records: Records, due: date, done_on: date | None, grace: bool) -> str:
    """The outcome of one deadline whose dates are known."""
    if done_on is not None and (grace or done_on <= due):
        return "met"
    if records.end is not None and records.end < due:
        return "not_applicable"
    if done_on is not None:
        return "late"
    return "missing" if records.as_at > due else "due"


def _verdict(
    records: Records,
    deadline: Deadline,
    dues: Sequence[date | None],
    done: Sequence[Done],
    opens: date | None,
) -> str:
    """The outcome if what is not recorded leaves only one, else unknown."""
    found = set()
    for due in dues:
        if due is None:
            return "unknown"
        surely = [each.day for each in done]
        at_best = [(opens or date.min) if each.may_be_earlier else each.day for each in done]
        for days in (surely, at_best):
            done_on = max(day for day in days if day) if all(days) else None
            found.add(verdict_of(records, due, done_on, deadline.grace))
    return found.pop() if len(found) == 1 else "unknown"


def deadline_looks(deadline: Deadline, settled: Sequence[Settled]) -> list[Look]:
    """The looks at what has to be done, weighed against the window that opens first."""
    windows = [each.opens for each in settled if each.verdict != "excluded"]
    opens = None if not windows or None in windows else min(each for each in windows if each)

    def look(selection: Selection) -> Look:
        def weigh(row: Row) -> tuple[Weight, str]:
            day = day_of(selection.table, row)
            if day is None:
                return "may count", "it has no date"
            if opens and day < opens:
                return "not counted", f"before {day_in_words(opens)}, from when work counts"
            return "counts", ""

        return Look("What has to be done", selection, weigh)

    starts = [first_row_look(deadline.first)] if deadline.first else []
    return starts + [look(selection) for selection in deadline.done]


def deadline_change(deadline: Deadline, settled: Settled, event: Event | None = None) -> list[str]:
    """The records that would make it met."""
    until = f" to {day_in_words(settled.due_on)}" if settled.due_on and not deadline.grace else ""
    since = f" from {day_in_words(settled.opens)}" if settled.opens else ""
    one = "A row" if deadline.times == 1 else f"At least {deadline.times} rows"
    said = [
        f"{one} of {selection_in_words(selection)} dated{since}{until or ' or later' if since else until}."
        for selection in deadline.done
    ]
    if event and deadline.done_column:
        by = f" no later than {day_in_words(settled.due_on)}" if settled.due_on and not deadline.grace else ""
        which = row_in_words(event.table, event.row)
        said.append(f"A date{by} as {name_in_words(deadline.done_column)} in {which}.")
        said += [f"A record in {which} that {test_in_words(test)}." for test in deadline.also]
    if deadline.met_at_once:
        tests = " and ".join(test_in_words(test) for test in deadline.met_at_once)
        said.append(f"Or a record that the {tests}.")
    return said
