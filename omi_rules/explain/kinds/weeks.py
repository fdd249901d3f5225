"""Works out a condition on full weeks: what was counted in each, and which of them fall short."""

from datetime import date, timedelta
from decimal import Decimal

from omi_rules.explain.judgement import Row
from omi_rules.explain.layout import Line, answered
from omi_rules.explain.records import Records, all_hold, day_of
from omi_rules.explain.values import choice_lines, choose
from omi_rules.explain.words import day_in_words, name_in_words, row_in_words, weekday_in_words
from omi_rules.explain.working import Look, Weight, Working, counts
from omi_rules.rulebook.model import Weekly

_WEEK = timedelta(days=7)
#: As the rules add up, see checks/kinds/weekly.py.
_PLACES = Decimal("0.000000001")


def work_out_weeks(records: Records, weekly: Weekly) -> Working:
    """Every full week of every row that weeks are counted from."""
    choice = choose(records, weekly.at_least, records.start)
    need = choice.amounts[0]
    lines = choice_lines(records, choice, "Needed in each full week")
    change: list[str] = []
    weeks: list[date] = []
    for row in records.rows(weekly.each.table):
        if all_hold(weekly.each.tests, row) is not True:
            continue
        begins = _weeks(records, weekly, row)
        weeks += begins
        lines.append(Line(f"{row_in_words(weekly.each.table, row).capitalize()}: {_span(weekly, row, begins)}"))
        for begin in begins:
            counted = _counted(records, weekly, begin)
            enough = counted >= need
            span = f"{weekday_in_words(begin)} to {weekday_in_words(begin + _WEEK - timedelta(days=1))}"
            lines.append(answered("enough" if enough else "short", f"{span}: {_number(counted)}.", depth=1))
            if not enough:
                more = _number(need - counted)
                change.append(f"{more} more in {name_in_words(weekly.sum)} from {day_in_words(begin)} on.")
    if not weeks:
        lines.append(Line("There is no full week, so there is nothing to judge."))

    def weigh(row: Row) -> tuple[Weight, str]:
        day = day_of(weekly.rows.table, row)
        if day is None:
            return "may count", "it has no date"
        if not any(begin <= day < begin + _WEEK for begin in weeks):
            return "not counted", "in no full week"
        if row.get(weekly.sum) is None:
            return "may count", f"{name_in_words(weekly.sum)} is not recorded"
        return "counts", ""

    looks = (
        Look("Weeks are counted for", weekly.each, counts, tuple(filter(None, (weekly.since, weekly.until)))),
        Look("Counted in each week", weekly.rows, weigh, (weekly.sum,)),
    )
    return Working(tuple(lines), looks, change=tuple(change))


def _weeks(records: Records, weekly: Weekly, row: Row) -> list[date]:
    begin = row.get(weekly.since)
    ends = [row.get(weekly.until) if weekly.until else None, records.end, records.as_at]
    until = min(end for end in ends if end is not None)
    found = []
    while begin is not None and begin + _WEEK - timedelta(days=1) <= until:
        found.append(begin)
        begin += _WEEK
    return found


def _span(weekly: Weekly, row: Row, begins: list[date]) -> str:
    began = row.get(weekly.since)
    if began is None:
        return f"{name_in_words(weekly.since)} is not recorded, so it has no weeks."
    number = "1 full week" if len(begins) == 1 else f"{len(begins)} full weeks"
    return f"{number}, counted from {weekday_in_words(began)}."


def _counted(records: Records, weekly: Weekly, begin: date) -> Decimal:
    table = weekly.rows.table
    counted = sum(
        (
            Decimal(str(row[weekly.sum]))
            for row in records.rows(table)
            if (day := day_of(table, row)) is not None
            and begin <= day < begin + _WEEK
            and row.get(weekly.sum) is not None
            and all_hold(weekly.rows.tests, row)
        ),
        Decimal(0),
    )
    return counted.quantize(_PLACES)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
