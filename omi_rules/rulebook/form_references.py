"""The names that the forms of matches use: columns, tables and values, each where it makes sense."""

from collections.abc import Callable, Mapping
from typing import Any

from omi_rules.problems import nearest
from omi_rules.rulebook.columns import Contract
from omi_rules.rulebook.keywords import Path

Content = Mapping[str, Any]
CheckValue = Callable[[str, Path, tuple[str, ...]], None]


def check_form(contract: Contract, check_value: CheckValue, check_plain: CheckValue, spec: Content, path: Path) -> None:
    """Everything that one matches names; `check_plain` checks a value that has to have one amount for all."""
    contract.check_age = lambda name, place: check_plain(name, place, ("working_days",))
    form = next(word for word in spec if word not in ("satisfies", "where"))
    given, here = spec[form], (*path, form)
    match form:
        case "case":
            _check_case(contract, check_value, given, here)
        case "any" | "none":
            contract.check_selections(given, here)
        case "falls":
            _check_falls(contract, given, here)
        case "distinct":
            table = contract.find_table(given["table"], (*here, "table"))
            if table is not None:
                contract.find_column(given["column"], (*here, "column"), table)
            check_plain(given["at_most"], (*here, "at_most"), ("offender_managers",))
        case "weekly":
            _check_weekly(contract, given, here)
            check_plain(given["at_least"], (*here, "at_least"), ("hours",))
        case _:
            table = contract.check_selection(given, here, dated=form != "every")
            if table is not None:
                contract.check_tests(spec["satisfies"], (*path, "satisfies"), table)
                contract.check_tests(spec.get("where", {}), (*path, "where"), table)
    contract.check_age = None
    for word in ("satisfies", "where"):
        if word in spec and form not in ("latest", "first", *(["every"] if word == "satisfies" else [])):
            contract.report((*path, word), f"{word} says nothing beside {form}: leave it out")


def _check_case(contract: Contract, check_value: CheckValue, tests: Content, path: Path) -> None:
    """Tests of the case, whose bounds may be named values."""
    plain = {}
    for name, test in tests.items():
        bound = next(iter(test.values())) if isinstance(test, dict) else None
        word = next(iter(test)) if isinstance(test, dict) else ""
        if word in ("at_least", "at_most") and isinstance(bound, str):
            if contract.find_column(name, (*path, name), contract.subject, "integer"):
                check_value(bound, (*path, name, word), ("tier",))
        else:
            plain[name] = test
    contract.check_subject_tests(plain, path)


def _check_falls(contract: Contract, given: Content, path: Path) -> None:
    table = contract.find_table(given["table"], (*path, "table"))
    if table is None:
        return
    if table.own_date is None:
        contract.report((*path, "table"), f"rows of {table.name} have no date of their own, so none is the first")
        return
    column = contract.find_column(given["column"], (*path, "column"), table, "integer")
    if column and column.empty == "unknown":
        deciding = [each.name for each in table.columns if each.type == "integer" and each.empty != "unknown"]
        hint = nearest(column.name, deciding)
        contract.report((*path, "column"), f"an empty {column.name} does not say that there is none{hint}")


def _check_weekly(contract: Contract, given: Content, path: Path) -> None:
    each = contract.check_selection(given["each"], (*path, "each"))
    for word in ("since", "until") if each is not None else ():
        assert each is not None
        if word in given:
            column = contract.find_column(given[word], (*path, word), each, "date")
            if column and column.empty == "unknown":
                contract.report((*path, word), f"an empty {column.name} does not say that it has not happened")
    rows = contract.check_selection(given["rows"], (*path, "rows"), dated=True)
    if rows is not None:
        contract.find_column(given["sum"], (*path, "sum"), rows, "number")
