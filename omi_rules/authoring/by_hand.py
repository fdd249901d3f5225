"""How an inspector would check a rule by hand: which part of the file to open, and which dates to compare."""

from collections.abc import Iterator, Sequence

from omi_rules.authoring.rule_words import amount_words
from omi_rules.explain.words import code_in_words, name_in_words, selection_in_words
from omi_rules.explain.words import test_in_words as asked
from omi_rules.reports.words import listed
from omi_rules.rulebook.model import (
    DAYS_BEFORE,
    Count,
    Deadline,
    Distinct,
    Exclusion,
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
from omi_rules.rulebook.outcomes import possible_outcomes
from omi_rules.rulebook.usage import columns_read
from omi_rules.shapes import load_tables

_WINDOWS = {
    "trigger": "Pass over any dated before the day when the clock starts.",
    "before_start": f"Where the clock starts with supervision, one from the {DAYS_BEFORE} days before it counts too; "
    "pass over earlier ones.",
    "before_trigger": f"Pass over any dated more than {DAYS_BEFORE} days before the clock starts.",
    "start": "Pass over any dated before the start of supervision.",
    "any_time": "It counts whatever its date.",
}
_WORKING_DAYS = "Count Mondays to Fridays without bank holidays, and begin on the day after."
_CALENDAR_DAYS = "Count calendar days, weekends and holidays among them, and begin on the day after."


def steps(rule: Rule, book: Rulebook) -> list[str]:
    """The steps in order, each one or two sentences."""
    return [*_whether(rule, book), *_checking(rule, book), *_endings(rule)]


def _whether(rule: Rule, book: Rulebook) -> Iterator[str]:
    """Whether the rule is about the case at all."""
    record = "staff record" if rule.about_staff else "order or licence"
    tests = listed(map(asked, rule.population.tests))
    if tests:
        yield f"Open the {record}. Go on only if {tests}."
    else:
        yield f"Open the {record}: the rule is about every one."
    began, until = ("employment", "leaving") if rule.about_staff else ("supervision", "its end")
    if rule.population.started_longer_ago_than:
        yield f"Go on only if {began} began more than {_limit(rule.population.started_longer_ago_than, book)} ago."
    if rule.population.lasted_at_least:
        length = _limit(rule.population.lasted_at_least, book)
        yield f"Go on only if it was at least {length} from the start of {began} to {until}, or to now."
    for rows in rule.population.any_row:
        yield f"Look for one of the {selection_in_words(rows)}. Without one the rule does not apply."
    if rule.excluded:
        yield _excluding(rule.excluded, "case")


def _excluding(exclusion: Exclusion, what: str) -> str:
    return f"Leave the {what} out if {listed(map(asked, exclusion.tests))}: {exclusion.because}"


def _checking(rule: Rule, book: Rulebook) -> Iterator[str]:
    """What to look for, and which dates to compare."""
    require = rule.require
    if isinstance(require, Deadline):
        yield f"Note the day when the clock starts. {_trigger(require, book)}"
        yield from _deadline(require, book)
    elif isinstance(require, PerEvent):
        yield from _per_event(require, book)
    elif isinstance(require, ReviewChain):
        yield from _chain(require, book)
    elif isinstance(require, Count):
        window = _limit(require.within_first, book)
        yield f"Add {window} to the start of supervision: the day before is the last that counts."
        yield f"Count the {_opened(require.rows)} from the start to that day."
        yield f"Compare the number with {_limit(require.at_least, book)}."
    elif isinstance(require, Paired):
        partners = listed(selection_in_words(rows) for rows in require.partners)
        yield f"List the dates of the {_opened(require.each)}."
        yield f"For each, look for its partners, before or after it: {partners}."
        yield f"Count from one date to the other: it may be no more than {_limit(require.within, book)}."
    else:
        yield from _form(require, book)
        named = [test.value for _, test in columns_read(rule) if test.value]
        yield from (f"Look up the {name.replace('-', ' ')}: {_limit(name, book)}." for name in dict.fromkeys(named))


def _trigger(require: Deadline, book: Rulebook) -> str:
    if require.first:
        return f"It is the day of the first of the {_opened(require.first)}."
    return book.triggers[require.trigger or ""]["says"]


def _deadline(require: Deadline, book: Rulebook) -> Iterator[str]:
    if require.due_column:
        yield f"Read the due day in the {name_in_words(require.due_column)} of the same entry."
    if require.limit:
        where = "Where that is empty, add" if require.due_column else "Add"
        yield f"{where} {_limit(require.limit, book)}: that is the due day. {_counting(require.limit, book)}"
    if require.limits_by:
        yield from _limits_by_code(require, book)
    if require.met_at_once:
        yield f"If {listed(map(asked, require.met_at_once))}, it is met without more."
    if require.done_column:
        yield f"Read when it was done in the {name_in_words(require.done_column)} of the same entry."
    for rows in require.done:
        which = "first" if require.times == 1 else f"first {require.times}"
        yield f"Find the {which} of the {_opened(rows)}. {_WINDOWS[require.window]}"
    if require.times > 1:
        yield f"It is done on the day of the last of these {require.times}."
    last = "the last of these dates" if len(require.done) > 1 else "its date"
    if require.grace:
        yield "It is enough that it was done, whatever the date. Without it, it is missing once the due day has passed."
    else:
        yield f"Compare {last} with the due day: up to it is in time, after it late. Without one it is missing."
    if require.also:
        yield f"Done in time, it is met only if also {listed(map(asked, require.also))}."


def _limits_by_code(require: Deadline, book: Rulebook) -> Iterator[str]:
    column, limits = require.limits_by or ("", ())
    if require.due_column:
        yield f"Where that is empty, the {name_in_words(column)} says how long there was."
    for code, limit in limits:
        where = f"{name_in_words(column)} is {code_in_words(code)}"
        yield f"Where {where}, add {_limit(limit, book)}: that is the due day. {_counting(limit, book)}"
    yield f"For any other {name_in_words(column)} nothing is due."


def _per_event(require: PerEvent, book: Rulebook) -> Iterator[str]:
    if isinstance(require.event, Selection):
        if require.latest:
            yield f"Take the latest of the {_opened(require.event)}; of several of that day, the worst decides."
        else:
            yield f"List the {_opened(require.event)}. Check each by itself; the worst decides."
        yield from _event_clock(require.deadline, require.event, book)
    else:
        says = book.triggers[require.event]["says"]
        yield f"List the appointments and the breaches, to find each day when it was called for. {says}"
    if require.excluded:
        yield _excluding(require.excluded, "entry")
    yield from _deadline(require.deadline, book)


def _event_clock(deadline: Deadline, event: Selection, book: Rulebook) -> Iterator[str]:
    if deadline.clock_column:
        yield f"Its {name_in_words(deadline.clock_column)} starts the clock."
    elif deadline.from_failure:
        yield (
            "Look among the appointments and the earlier breaches for the failure that it answered. "
            f"{book.triggers['relevant-failure']['says']} If it answered none, its own date starts the clock."
        )
    elif load_tables()[event.table].own_date:
        yield "Its date starts the clock."


def _chain(require: ReviewChain, book: Rulebook) -> Iterator[str]:
    begins = "the start of supervision" if require.clock_from == "start" else name_in_words(require.clock_from)
    yield f"Note {begins}, and list the {_opened(require.reviews)} after it, in order of date."
    shorter = ""
    if require.shorter_if_set:
        shorter = f" Take the {name_in_words(require.shorter_if_set)} of the case where that is set and shorter."
    judged = {
        "first": "Judge only the first.",
        "next": "Judge only those after the first.",
        "all": "Judge every one, and the one that is now open.",
    }
    yield (
        f"Add {_limit(require.every, book)} to {begins}, and to each of those dates: by then the next one is due."
        f"{shorter} {_counting(require.every, book)}"
    )
    yield f"Compare each date with the day when it was due. {judged[require.part]}"


def _form(require: Form, book: Rulebook) -> Iterator[str]:
    if isinstance(require, Matches):
        conditions = listed(map(asked, require.satisfies))
        if require.rows is None:
            yield f"It is met if {conditions}."
        else:
            which = {"latest": "the latest", "first": "the first", "every": "every one"}[require.of]
            yield f"Take {which} of the {_opened(require.rows)}."
            if require.where:
                yield f"Of several of that day, judge those whose {listed(map(asked, require.where))}."
            yield f"It is met if its {conditions}."
    elif isinstance(require, Presence):
        for rows in require.selections:
            yield f"Look for any of the {_opened(rows)}."
        yield "It is met if there is one." if require.of == "any" else "It is met if there is none."
    elif isinstance(require, Falls):
        column = name_in_words(require.column)
        yield f"In the {name_in_words(require.table)}, note the {column} of the first day and of the last day."
        yield "It is met if every number of the last day is lower than every number of the first."
    elif isinstance(require, Distinct):
        yield f"In the {name_in_words(require.table)}, count the different values of {name_in_words(require.column)}."
        yield f"It is met if there are no more than {_limit(require.at_most, book)}."
    elif isinstance(require, Weekly):
        until = f", up to {name_in_words(require.until)}" if require.until else ""
        since = f"{name_in_words(require.since)}{until}"
        yield f"For each of the {_opened(require.each)}, mark off weeks of seven days from {since}."
        yield f"In each full week add up the {name_in_words(require.sum)} of the {_opened(require.rows)}."
        yield f"It is met if every full week has at least {_limit(require.at_least, book)}."


def _endings(rule: Rule) -> Iterator[str]:
    """What holds for every rule: supervision that ended, and what is not recorded."""
    if not isinstance(rule.require, Paired) and {"missing", "due"} & possible_outcomes(rule):
        ended = "the member of staff left" if rule.about_staff else "supervision ended"
        yield f"If {ended} before the due day with the duty not yet done, the rule does not apply."
    yield "Where an empty cell could change the answer, write down unknown, and not a failure."


def _opened(rows: Selection) -> str:
    """The rows, and by which date they are known."""
    own_date = load_tables()[rows.table].own_date
    return selection_in_words(rows) + (f" (by {name_in_words(own_date)})" if own_date else "")


def _limit(name: str, book: Rulebook) -> str:
    """The amounts of a value; where there are several, what they depend on is told above."""
    value = book.values[name]
    words: Sequence[str] = list(dict.fromkeys(amount_words(arm, value) for arm in value.arms))
    return listed(words, "or") + (", whichever holds for the case" if len(words) > 1 else "")


def _counting(name: str, book: Rulebook) -> str:
    return _WORKING_DAYS if book.values[name].unit == "working_days" else _CALENDAR_DAYS
