"""Days counted one by one, and the bank holidays passed over by name."""

from datetime import date, timedelta

from omi_rules.calendar.working_days import (
    FIRST_DAY,
    LAST_DAY,
    add_working_days,
    holidays_between,
    working_days_between,
)
from omi_rules.explain.layout import Line, numbered, passed_over
from omi_rules.explain.words import amount_in_words, day_in_words, weekday_in_words
from omi_rules.rulebook.model import Unit


def add_amount(day: date, amount: int, unit: Unit) -> date | None:
    """The day so much later; None if it cannot be counted within the calendar."""
    if unit == "working_days":
        return add_working_days(day, amount)
    try:
        return day + timedelta(days=amount * (7 if unit == "weeks" else 1))
    except OverflowError:
        return None


def count_lines(day: date, amount: int, unit: Unit, depth: int = 0) -> list[Line]:
    """How that day is found: each working day, or the sum."""
    until = add_amount(day, amount, unit)
    if until is None:
        span = f"{day_in_words(FIRST_DAY)} to {day_in_words(LAST_DAY)}"
        return [Line(f"It cannot be counted: the calendar of bank holidays runs from {span}.", depth=depth)]
    if unit != "working_days":
        weeks = f" ({amount * 7} days)" if unit == "weeks" else ""
        sum_ = f"{day_in_words(day)} + {amount_in_words(amount, unit)}{weeks} = {weekday_in_words(until)}"
        return [Line(f"{sum_}. Every day counts, weekends and bank holidays too.", depth=depth)]
    if amount == 0:
        return [Line("No days are allowed: it is due on the day itself.", depth=depth)]
    return _working_day_lines(day, until, depth)


def _working_day_lines(day: date, until: date, depth: int) -> list[Line]:
    counted, holidays = working_days_between(day, until), holidays_between(day, until)
    numbers = {each: number for number, each in enumerate(counted, 1)}
    names = dict(holidays)
    lines = [Line(f"Working days after {weekday_in_words(day)}, which is day 0:", depth=depth)]
    for each in sorted([*numbers, *names]):
        if each in names:
            lines.append(passed_over(f"{weekday_in_words(each)}, {names[each]}: not counted", depth + 1))
        else:
            lines.append(numbered(numbers[each], weekday_in_words(each), depth + 1))
    weekend = (until - day).days - len(counted) - len(holidays)
    if weekend:
        days = "1 day" if weekend == 1 else f"{weekend} days"
        lines.append(passed_over(f"{days} of weekends: not counted", depth + 1))
    return lines
