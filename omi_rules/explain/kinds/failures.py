"""Finds the unacceptable absences that call for breach action, absence by absence."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from omi_rules.explain.judgement import Row
from omi_rules.explain.layout import Line
from omi_rules.explain.records import Records, day_of
from omi_rules.explain.values import choice_lines, choose
from omi_rules.explain.words import day_in_words, row_in_words, weekday_in_words
from omi_rules.explain.working import Look, Weight
from omi_rules.rulebook.model import Selection, Test

RELEVANT_FAILURE = "relevant-failure"
ABSENCES = Selection("appointments", (Test("outcome", "in", ("unacceptable_absence",)),))
BREACHES = Selection("breaches")


@dataclass(frozen=True)
class Failures:
    """The absences that start a clock, in order, and the lines that tell how they were found."""

    rows: tuple[Row, ...]
    lines: tuple[Line, ...]


def months_later(day: date, months: int) -> date:
    """The same day so many calendar months later; 29 February counts to 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def find_failures(records: Records) -> Failures:
    """Counts the absences from the start on; breach action answers a clock and starts the count again."""
    absences, instigated = records.dated(ABSENCES), records.dated(BREACHES)
    lines: list[Line] = []
    counted: list[date] = []
    failures: list[Row] = []
    is_open = False
    before: date | None = None
    for day, row in absences:
        which = f"{weekday_in_words(day)}, {row_in_words('appointments', row)}"
        if day < records.start:
            lines.append(Line(f"{which}: before the start of supervision, not counted.", depth=1))
            continue
        action = [each for each, _ in instigated if (before is None or each >= before) and each < day]
        if action:
            lines.append(Line(f"Breach action on {day_in_words(action[-1])}: the count starts again.", depth=1))
            counted, is_open = [], False
        needed, within = _needed(records, day)
        recent = [each for each in counted if within is None or day <= months_later(each, within)]
        span = f" within {within} months" if within else ""
        number = f"absence {len(recent) + 1} of the {needed}{span} that call for breach action"
        if is_open:
            lines.append(Line(f"{which}: a clock is running already, so no second one starts.", depth=1))
        elif len(recent) + 1 >= needed:
            lines.append(Line(f"{which}: {number}. A clock starts.", depth=1))
            failures.append(row)
            is_open = True
        else:
            lines.append(Line(f"{which}: {number}.", depth=1))
        counted.append(day)
        before = day
    return Failures(tuple(failures), tuple(_introduced(records, lines, [day for day, _ in absences])))


def failure_answered(records: Records, instigated_on: date) -> date | None:
    """The day of the failure that breach action of that day answered, if it answered one."""
    instigated = [day for day, _ in records.dated(BREACHES)]
    failed = [day for row in find_failures(records).rows if (day := day_of(ABSENCES.table, row))]
    answered = [
        day for day in failed if instigated_on == min((each for each in instigated if each >= day), default=None)
    ]
    return min(answered, default=None)


def _needed(records: Records, day: date) -> tuple[int, int | None]:
    """How many absences call for breach action, and within how many months."""
    arm = choose(records, RELEVANT_FAILURE, day).arms[0]
    return arm.amount, arm.within_months


def _introduced(records: Records, lines: list[Line], days: Sequence[date]) -> list[Line]:
    choice = choose(records, RELEVANT_FAILURE, days[-1] if days else records.start)
    number = choice_lines(records, choice, "Number of unacceptable absences that calls for breach action")
    if not lines:
        lines = [Line("No unacceptable absence is recorded with its date.", depth=1)]
    return [*number, Line("The unacceptable absences, counted one by one:"), *lines]


def failure_looks(records: Records) -> list[Look]:
    """The looks at absences and at breach action."""

    def weigh(row: Row) -> tuple[Weight, str]:
        day = day_of(ABSENCES.table, row)
        if day is None:
            return "may count", "it has no date"
        return ("not counted", "before the start of supervision") if day < records.start else ("counts", "")

    return [Look("Absences that may call for breach action", ABSENCES, weigh)]
