"""The day on which a clock starts, and how it was found."""

from dataclasses import dataclass
from datetime import date

from omi_rules.explain.judgement import Row
from omi_rules.explain.layout import Line
from omi_rules.explain.records import Records, Truth, all_hold, day_of, holds
from omi_rules.explain.words import day_in_words, row_in_words, weekday_in_words
from omi_rules.rulebook.model import Selection, Test

_HIGH = ("high", "very_high")
HIGH_NOW = Test("roh_level", "in", _HIGH)
HIGH_ASSESSMENTS = Selection("roh_assessments", (Test("level", "in", _HIGH),))


@dataclass(frozen=True)
class Trigger:
    """A day, None if there is none, and lines that say where it comes from."""

    day: date | None
    lines: tuple[Line, ...]


def find_trigger(records: Records, name: str) -> Trigger:
    """The day of a named trigger, as far as it is recorded."""
    title = records.rulebook.triggers.get(name, {}).get("title", name)
    if name == "high-roh-trigger":
        return _high_roh_trigger(records, title)
    column = _column_of(records, name)
    day: date | None = records.case.get(column)
    if day is None:
        return Trigger(None, (Line(f"The clock would start at: {title}. There is no such day."),))
    return Trigger(day, (_started(title, day), Line(f"That is the {_WORDS[column]} of the case.", depth=1)))


_WORDS = {
    "release_date": "day of release",
    "sentence_date": "day of sentence",
    "resentenced_date": "day of the new or concurrent sentence",
    "start_date": "start of supervision",
}


def _column_of(records: Records, name: str) -> str:
    if name in ("sentence", "resentence"):
        return "sentence_date" if name == "sentence" else "resentenced_date"
    column = "release_date" if records.case.get("order_type") == "licence" else "sentence_date"
    return column if records.case.get(column) == records.start else "start_date"


def _started(title: str, day: date) -> Line:
    return Line(f"The clock started on {weekday_in_words(day)}: {title}.")


def _high_roh_trigger(records: Records, title: str) -> Trigger:
    first, start = first_high_assessment(records), records.start
    on = day_of("roh_assessments", first) if first else None
    if first is None or on is None:
        day = start
        why = (
            "No assessment as high or very high Risk of Harm is recorded with its date, "
            "so the clock starts at the start of supervision."
        )
    else:
        day = max(start, on)
        row = row_in_words(HIGH_ASSESSMENTS.table, first)
        which = f"{row} is the first assessment as high or very high Risk of Harm"
        side = (
            f"on or before the start of supervision on {day_in_words(start)}, so the clock starts there"
            if on <= start
            else f"after the start of supervision on {day_in_words(start)}, so the clock starts with it"
        )
        why = f"{which}, of {day_in_words(on)}, {side}."
    lines = [_started(title, day), Line(_sentence(why), depth=1)]
    lines += [Line(f"Not certain: {doubt}.", depth=1) for doubt in _doubts(records, on)]
    return Trigger(day, tuple(lines))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def first_high_assessment(records: Records) -> Row | None:
    """The first dated assessment surely as high or very high."""
    dated = records.dated(HIGH_ASSESSMENTS)
    return dated[0][1] if dated else None


def _doubts(records: Records, first: date | None) -> list[str]:
    """What else may be the first such assessment, given the first that is known."""
    # an assessment on an unknown day was made by the as-at date; by the start it changes nothing
    if records.as_at <= records.start or (first is not None and first <= records.start):
        return []
    table = HIGH_ASSESSMENTS.table
    doubts = []
    for row in records.rows(table):
        high, day = all_hold(HIGH_ASSESSMENTS.tests, row), day_of(table, row)
        if high is None and (day is None or first is None or day < first):
            doubts.append(f"{row_in_words(table, row)} does not record its level")
        elif high and day is None:
            doubts.append(f"{row_in_words(table, row)} is such an assessment and has no date")
    if table in records.missing:
        doubts.append(f"the table {table} is not in the export")
    elif records.is_open(table):
        doubts.append(f"rows of {table} were rejected")
    return doubts


def high_roh_at_start(records: Records) -> Truth:
    """Whether the case is high or very high now, and was when supervision began."""
    now = holds(HIGH_NOW, records.case)
    if now is False:
        return False
    first = first_high_assessment(records)
    on = day_of(HIGH_ASSESSMENTS.table, first) if first else None
    if on is not None and on <= records.start:
        return now
    if _doubts(records, on):
        return None
    return now if on is None else False
