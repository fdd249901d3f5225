"""Names, codes, dates and tests of the contract in plain words."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from omi_rules.calendar.working_days import bank_holidays
from omi_rules.calendar.written import written
from omi_rules.rulebook.model import Fact, Rulebook, Selection, Source, Test, Unit
from omi_rules.shapes import load_tables

_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_SPECIAL = {"roh": "Risk of Harm", "ppo": "PPO", "mappa": "MAPPA", "oasys": "OASys"}
_CODES = {
    **{code: code.upper() for code in ("sara", "rm2000", "sdr", "fdr", "po", "pso", "spo", "tpo")},
    "skills_for_life": "Skills for Life",
}
_UNITS = {
    "working_days": ("working day", "working days"),
    "days": ("day", "days"),
    "weeks": ("week", "weeks"),
    "appointments": ("appointment", "appointments"),
    "hours": ("hour", "hours"),
    "absences": ("unacceptable absence", "unacceptable absences"),
    "offender_managers": ("offender manager", "offender managers"),
}
_DAYS = {"as_at": "the as-at date", "sentence_date": "the day of sentence", "start_date": "the start of supervision"}
_LONGEST_CELL = 120


def day_in_words(day: date) -> str:
    """29 December 2006."""
    return written(day)


def weekday_in_words(day: date) -> str:
    """Fri 29 December 2006."""
    return f"{_WEEKDAYS[day.weekday()]} {day_in_words(day)}"


def name_in_words(name: str) -> str:
    """The name of a table or column: Risk of Harm level for roh_level."""
    if name in _CODES:
        return _CODES[name]
    return " ".join(_SPECIAL.get(part, part) for part in name.split("_"))


def code_in_words(code: str) -> str:
    """A code of a column: very high for very_high."""
    return _CODES.get(code, code.replace("_", " "))


def outcome_in_words(outcome: str) -> str:
    """An outcome: not met for not_met."""
    return outcome.replace("_", " ")


def cell_in_words(value: Any) -> str:
    """The value of a cell on one line, without anything that a terminal would act upon."""
    if value is None:
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    text = plain(str(value))
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 3]}..."


def plain(text: str) -> str:
    """Text of an export on one line: control and formatting characters become spaces."""
    visible = (" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    return " ".join("".join(visible).split())


def coded(table: str, column: str, value: Any) -> str:
    """The value of a cell, codes in words."""
    contract = load_tables().get(table)
    if value is not None and contract and contract.has(column) and contract.column(column).type == "code":
        return code_in_words(str(value))
    return cell_in_words(value)


def cells_in_words(table: str, row: Any, columns: Iterable[str]) -> str:
    """The cells of a row: `completed on: 8 September 2006; kind: review`."""
    return "; ".join(f"{name_in_words(column)}: {coded(table, column, row.get(column))}" for column in columns)


def row_in_words(table: str, row: Any) -> str:
    """Which row it is: row 3 of sentence_plans."""
    return f"row {row['row']} of {table}" if row.get("row") is not None else f"a row of {table}"


def either(words: Iterable[str]) -> str:
    """A, B or C."""
    return _listed(list(words), "or")


def both(words: Iterable[str]) -> str:
    """A, B and C."""
    return _listed(list(words), "and")


def _listed(words: list[str], joint: str) -> str:
    return f" {joint} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def test_in_words(test: Test) -> str:
    """What a test asks: Risk of Harm level is high or very high."""
    if test.operator == "on_bank_holiday":
        return _on_a_bank_holiday(test, "is")
    if test.other:
        return f"{name_in_words(test.column)} is {_stands_to(test)}"
    if test.operator == "longer_ago_than":
        return f"{name_in_words(test.column)} is more than {_age(test)} ago"
    codes = _codes_of(test)
    asked = {
        "in": codes,
        "not_in": f"not {codes}",
        "is": "yes" if test.flag else "no",
        "recorded": "recorded",
        "not_recorded": "not recorded",
        "at_least": f"{_bound(test)} or more",
        "at_most": f"{_bound(test)} or less",
    }
    return f"{name_in_words(test.column)} is {asked[test.operator]}"


def failure_in_words(test: Test) -> str:
    """What is so where a test fails: Risk of Harm level is not high or very high."""
    if test.operator == "on_bank_holiday":
        return _on_a_bank_holiday(test, "is not")
    if test.other:
        return f"{name_in_words(test.column)} is not {_stands_to(test)}"
    if test.operator == "longer_ago_than":
        return f"{name_in_words(test.column)} is not more than {_age(test)} ago"
    codes = _codes_of(test)
    found = {
        "in": f"not {codes}",
        "not_in": codes,
        "is": "no" if test.flag else "yes",
        "recorded": "not recorded",
        "not_recorded": "recorded",
        "at_least": f"less than {test.number}",
        "at_most": f"more than {test.number}",
    }
    return f"{name_in_words(test.column)} is {found[test.operator]}"


def _stands_to(test: Test) -> str:
    return f"{test.operator.replace('_', ' ')} {_DAYS.get(test.other) or name_in_words(test.other)}"


def _bound(test: Test) -> str:
    return f"the {test.value.replace('-', ' ')}" if test.value and not test.number else str(test.number)


def _age(test: Test) -> str:
    return amount_in_words(test.number, "working_days") if test.number else f"the {test.value.replace('-', ' ')}"


def _on_a_bank_holiday(test: Test, is_: str) -> str:
    """It is scheduled on a bank holiday; not: scheduled on is on a bank holiday."""
    return f"it {is_} {name_in_words(test.column).removesuffix(' on')} on a bank holiday"


def _codes_of(test: Test) -> str:
    return either(code_in_words(code) for code in test.values)


def days_in_words(days: int) -> str:
    """1 day, 2 days."""
    return amount_in_words(days, "days")


def cell_for_test(table: str, test: Test, cells: Mapping[str, Any]) -> str:
    """The value that a test looks at; a bank holiday with its name."""
    value = cells.get(test.column)
    text = coded(table, test.column, value)
    if test.operator == "on_bank_holiday" and value is not None and value in bank_holidays():
        return f"{text}, {bank_holidays()[value]}"
    if test.other:
        return f"{text}; {name_in_words(test.other)}: {cell_in_words(cells.get(test.other))}"
    return text


def selection_in_words(selection: Selection) -> str:
    """The rows that a selection takes: sentence plans where kind is review."""
    table = name_in_words(selection.table)
    return f"{table} where {both(map(test_in_words, selection.tests))}" if selection.tests else table


def amount_in_words(amount: int, unit: Unit) -> str:
    """5 working days; tier 4."""
    if unit == "tier":
        return f"tier {amount}"
    one, more = _UNITS[unit]
    return f"{amount} {one if amount == 1 else more}"


def source_in_words(source: Source, rulebook: Rulebook) -> str:
    """The document by its title, and the place in it."""
    document = rulebook.sources.get(source.document)
    return f"{document.title if document else source.document}, {source.place}"


def fact_in_words(fact: Fact, rulebook: Rulebook) -> str:
    """What a conclusion asks for: an outcome of a rule, a clue that holds or does not, or another conclusion."""
    if fact.kind == "clue":
        title = rulebook.clues[fact.name].title
        return title if "true" in fact.values else f"Not so: {title}"
    if fact.kind == "flag":
        return f"{rulebook.conclusions[fact.name].title} ({fact.name})"
    return f"{rulebook.rules[fact.name].title} ({fact.name}): {either(map(outcome_in_words, fact.values))}"


def reference_in_words(reference: str) -> str:
    """`table.column` or `table`, as Judged.undecided has it."""
    table, _, column = reference.partition(".")
    if not column:
        return f"the rows of {name_in_words(table)} (table {table})"
    owner = "the case" if table == "cases" else name_in_words(table)
    return f"{name_in_words(column)} of {owner} ({reference})"
