"""A rule in plain English: whom it is about, when its clock starts, how long it runs, and what counts."""

from collections.abc import Iterator, Mapping, Sequence

from omi_rules.explain.words import (
    amount_in_words,
    code_in_words,
    name_in_words,
    selection_in_words,
    source_in_words,
    test_in_words,
)
from omi_rules.reports.words import count, english_date, listed
from omi_rules.rulebook.model import (
    DAYS_BEFORE,
    Arm,
    Count,
    Deadline,
    Distinct,
    Exclusion,
    Falls,
    Form,
    Matches,
    Paired,
    PerEvent,
    Population,
    Presence,
    ReviewChain,
    Rule,
    Rulebook,
    Selection,
    Tests,
    Value,
    Weekly,
)
from omi_rules.rulebook.usage import values_used

Section = tuple[str, list[str]]

_WINDOWS = {
    "trigger": "It counts from the day when the clock starts.",
    "before_start": f"It counts from {DAYS_BEFORE} days before the clock starts, if that is the start of "
    "supervision; else from the day when the clock starts.",
    "before_trigger": f"It counts from {DAYS_BEFORE} days before the clock starts.",
    "start": "It counts from the start of supervision.",
    "any_time": "It counts whenever it was done.",
}
_PARTS = {
    "first": "Only the first review is judged.",
    "next": "Only the reviews after the first are judged.",
    "all": "Every review is judged.",
}


def tests_words(tests: Tests) -> str:
    """What several tests ask together."""
    return listed(map(test_in_words, tests))


def population_words(rule: Rule) -> str:
    """Whom a rule is about."""
    return cases_words(rule.population, "member of staff" if rule.about_staff else "case")


def cases_words(population: Population, noun: str = "case") -> str:
    """The cases of a population."""
    conditions = []
    if population.tests:
        conditions.append(f"whose {tests_words(population.tests)}")
    conditions += [f"with at least one of its {selection_in_words(rows)}" for rows in population.any_row]
    if population.started_longer_ago_than:
        conditions.append(f"that started longer ago than {population.started_longer_ago_than}")
    if population.lasted_at_least:
        conditions.append(f"that has lasted for {population.lasted_at_least} at least")
    return f"Every {noun} {', and '.join(conditions)}.".replace(" .", ".")


def _exclusion_words(exclusion: Exclusion) -> str:
    return f"Where {tests_words(exclusion.tests)}: {exclusion.because}"


def describe(rule: Rule, rulebook: Rulebook) -> list[Section]:
    """The sections of a rule's description, each a heading and its paragraphs."""
    sections: list[Section] = [("Asks", [rule.asks]), ("About", [population_words(rule)])]
    if rule.excluded:
        sections.append(("Taken out", [_exclusion_words(rule.excluded)]))
    sections += list(_requirement(rule, rulebook))
    sections += [
        ("To do where it fails", [rule.to_do]),
        ("Source", [_source_words(rule, rulebook)]),
        ("Examples", [f"{example.name}: {expected_words(example.expect)}" for example in rule.examples]),
    ]
    return sections


def heading(rule: Rule) -> tuple[str, str]:
    """The rule's title, and where it stands."""
    recommendations = listed(map(str, rule.recommendations))
    stands = [
        rule.id,
        f"criterion {rule.criterion}",
        rule.severity,
        f"recommendation{'s' if len(rule.recommendations) > 1 else ''} {recommendations}"
        if recommendations
        else "no recommendation",
    ]
    if rule.risk_of_harm_thread:
        stands.append("Risk of Harm thread")
    if rule.shadow:
        stands.append("in shadow: it counts nowhere")
    return f"{rule.title}.", f"{', '.join(stands)}."


def _source_words(rule: Rule, rulebook: Rulebook) -> str:
    questions = f" Answers {listed(rule.answers)}." if rule.answers else ""
    return f"{source_in_words(rule.source, rulebook)}.{questions}"


def expected_words(expect: object) -> str:
    """The outcome that an example expects, and its dates."""
    if not isinstance(expect, Mapping):
        return str(expect).replace("_", " ")
    dates = [
        count(int(value), "day") + " late" if name == "days_late" else f"{name[:-3]} on {english_date(str(value))}"
        for name, value in expect.items()
        if name != "outcome" and value is not None
    ]
    return ", ".join([str(expect["outcome"]).replace("_", " "), *dates])


def _requirement(rule: Rule, rulebook: Rulebook) -> Iterator[Section]:
    require = rule.require
    if isinstance(require, Deadline):
        yield from _deadline(require, rulebook)
    elif isinstance(require, PerEvent):
        yield from _per_event(require, rulebook)
    elif isinstance(require, ReviewChain):
        yield from _review_chain(require, rulebook)
    elif isinstance(require, Count):
        yield "Counts", [f"{_sentence(selection_in_words(require.rows))} from the start of supervision on."]
        yield "For how long", _value(rulebook, require.within_first)
        yield "How many are enough", _value(rulebook, require.at_least)
    elif isinstance(require, Matches):
        yield "Sufficient if", [_matches(require)]
        for name in values_used(rule):
            yield "How much is enough", _value(rulebook, name)
    elif isinstance(require, Presence | Falls | Distinct | Weekly):
        yield "Sufficient if", [_rows_together(require)]
        for name in values_used(rule):
            yield "How much is enough", _value(rulebook, name)
    elif isinstance(require, Paired):
        partners = listed(selection_in_words(rows) for rows in require.partners)
        yield "Sufficient if", [f"Each of the {selection_in_words(require.each)} has beside it: {partners}."]
        yield "How far either side", _value(rulebook, require.within)


def _deadline(require: Deadline, rulebook: Rulebook) -> Iterator[Section]:
    if require.trigger:
        trigger = rulebook.triggers.get(require.trigger, {})
        yield "Clock", [trigger.get("says", require.trigger)]
    if require.first:
        yield "Clock", [f"It starts on the day of the first of the {selection_in_words(require.first)}."]
    yield from _limit(require, rulebook)
    yield "Counts as done", _done(require)


def _limit(require: Deadline, rulebook: Rulebook) -> Iterator[Section]:
    lines = [f"The day in the column {name_in_words(require.due_column)}."] if require.due_column else []
    if require.limit:
        lines += (["Where it is empty:"] if lines else []) + _value(rulebook, require.limit)
    if require.limits_by:
        column, names = require.limits_by
        lines += ["Where it is empty:"] if lines else []
        for code, name in names:
            lines += [f"Where {name_in_words(column)} is {code_in_words(code)}:", *_value(rulebook, name)]
        lines.append("Otherwise nothing is due.")
    if require.grace:
        lines.append("Done after it still counts as met; it only says from when on it is missing.")
    if lines:
        yield "Limit", lines


def _done(require: Deadline) -> list[str]:
    if require.done_column:
        lines = [f"The column {name_in_words(require.done_column)} of the same row."]
    elif len(require.done) > 1:
        lines = [f"All of: {listed(selection_in_words(rows) for rows in require.done)}."]
        lines.append("It is done on the day of the last of them.")
    else:
        lines = [f"{_sentence(selection_in_words(rows))}." for rows in require.done]
    lines.append(_WINDOWS[require.window])
    if require.times > 1:
        lines.append(f"There have to be {require.times} of them; it is done on the day of the last of these.")
    if require.also:
        lines.append(f"Done in time, it is met only if also {tests_words(require.also)}.")
    if require.met_at_once:
        lines.append(f"Met at once where {tests_words(require.met_at_once)}.")
    return lines


def _per_event(require: PerEvent, rulebook: Rulebook) -> Iterator[Section]:
    if isinstance(require.event, Selection):
        which = "For the latest of" if require.latest else "For each of"
        yield which, [f"The {selection_in_words(require.event)}. {_event_clock(require.deadline)}"]
    else:
        trigger = rulebook.triggers.get(require.event, {})
        yield "For each", [f"{trigger.get('title', require.event)}. {trigger.get('says', '')}".strip()]
    if require.excluded:
        yield "Taken out", [_exclusion_words(require.excluded)]
    yield from _limit(require.deadline, rulebook)
    yield "Counts as done", _done(require.deadline)


def _event_clock(deadline: Deadline) -> str:
    if deadline.clock_column:
        return f"Its {name_in_words(deadline.clock_column)} starts the clock."
    if deadline.from_failure:
        return "The relevant failure that it answered starts the clock; if it answered none, its own day."
    return "Its own day starts the clock."


def _review_chain(require: ReviewChain, rulebook: Rulebook) -> Iterator[Section]:
    begins = "the start of supervision" if require.clock_from == "start" else name_in_words(require.clock_from)
    yield "Clock", [f"It starts with {begins}, and again with each review. {_PARTS[require.part]}"]
    lines = _value(rulebook, require.every)
    if require.shorter_if_set:
        lines.append(f"Shorter where the case has {name_in_words(require.shorter_if_set)} set.")
    yield "Limit", lines
    yield "Counts as a review", [f"{_sentence(selection_in_words(require.reviews))}."]


def _matches(require: Matches) -> str:
    if require.rows is None:
        return f"{_sentence(tests_words(require.satisfies))}."
    which = {"latest": "The latest", "first": "The first", "every": "Every one"}.get(require.of, "")
    where = f", if its {tests_words(require.where)}," if require.where else ""
    return f"{which} of the {selection_in_words(require.rows)}{where} has: {tests_words(require.satisfies)}."


def _rows_together(require: Form) -> str:
    """What a form of matches asks of the rows of a case together."""
    if isinstance(require, Presence):
        there = "There is one of the" if require.of == "any" else "There is none of the"
        return f"{there} {listed(map(selection_in_words, require.selections))}."
    if isinstance(require, Falls):
        name = name_in_words(require.column)
        rows = name_in_words(require.table)
        return f"Every {name} of the last day of the {rows} is below every {name} of the first day."
    if isinstance(require, Distinct):
        return (
            f"No more different values of {name_in_words(require.column)} stand in the {name_in_words(require.table)}."
        )
    assert isinstance(require, Weekly)
    until = f" to {name_in_words(require.until)}" if require.until else ""
    return (
        f"In every full week of each of the {selection_in_words(require.each)}, counted from "
        f"{name_in_words(require.since)}{until}, {name_in_words(require.sum)} of the "
        f"{selection_in_words(require.rows)} add up to enough."
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _value(rulebook: Rulebook, name: str) -> list[str]:
    value = rulebook.values[name]
    return [f"{value.title} ({name}).", *amounts_words(value)]


def amounts_words(value: Value) -> list[str]:
    """Each amount of a value: from when, for whom, how much, and on what authority or why assumed."""
    lines = []
    for entry in value.dated:
        begins = f"From {english_date(entry.start)}" if len(value.dated) > 1 else "Always"
        lines += [f"{begins}{line}" for line in _arms(entry.arms, value)]
    return lines


def _arms(arms: Sequence[Arm], value: Value) -> Iterator[str]:
    for arm in arms:
        conditions = conditions_words(arm)
        where = f", where {listed(conditions)}" if conditions else ", otherwise" if len(arms) > 1 else ""
        yield f"{where}: {amount_words(arm, value)} ({_basis(arm)})"


def conditions_words(arm: Arm) -> list[str]:
    """The conditions of an amount, all of which hold."""
    conditions = [test_in_words(test) for test in arm.tests]
    conditions += ["Risk of Harm is high or very high from the start"] if arm.high_roh_at_start else []
    return conditions + [f"there is one of the {selection_in_words(rows)}" for rows in arm.any_row]


def amount_words(arm: Arm, value: Value) -> str:
    """How much an arm of a value gives: 10 working days; 2 absences within 12 months."""
    within = f" within {arm.within_months} months" if arm.within_months else ""
    return f"{amount_in_words(arm.amount, value.unit)}{within}"


def _basis(arm: Arm) -> str:
    if arm.assumed:
        return f"assumed: {arm.because}".rstrip(".")
    return f"{arm.source.document}, {arm.source.place}" if arm.source else "no source"
