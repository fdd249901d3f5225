"""The names that a per_event rule uses: of its event, of columns of the event's own row, and of its limits."""

from collections.abc import Callable, Mapping
from typing import Any

from omi_rules.problems import nearest
from omi_rules.rulebook.columns import Contract
from omi_rules.rulebook.keywords import Path
from omi_rules.shapes import Table

Report = Callable[[Path, str], None]
CheckLimit = Callable[[str, Path], None]
Content = Mapping[str, Any]

#: The events that the program works out.
EVENTS = ("relevant-failure",)
_OF_THE_ROW = ("due_column", "done_column", "clock_column", "also")


def check_per_event(spec: Content, path: Path, contract: Contract, check_limit: CheckLimit) -> None:
    """Everything that a per_event rule names; `check_limit` is asked about each named limit."""
    event = spec["event"]
    word = "deadline" if "deadline" in spec else "exists"
    limit: Content = spec[word]
    if isinstance(event, str):
        _check_worked_out(spec, word, path, contract.report)
    else:
        table = contract.check_selection(event, (*path, "event"))
        if table is not None:
            _check_row(spec, word, path, contract, table)
    _check_limits(limit, (*path, word), check_limit)
    if "done" in limit:
        contract.check_selections(limit["done"], (*path, word, "done"), dated=True)
    if not {"within", "grace", "due_column"} & set(limit):
        length = "within" if word == "deadline" else "grace"
        contract.report((*path, word), f"nothing says when it is due: add {length} or due_column")
    if "done_column" in limit and "window_opens" in limit:
        contract.report((*path, word, "window_opens"), "a column says when it was done: leave window_opens out")
    if spec.get("of") == "latest":
        _check_latest(spec, word, path, contract.report)
    elif isinstance(limit.get("within"), Mapping) and not isinstance(event, str):
        contract.report(
            (*path, word, "within"), "only of the latest row codes have limits of their own: name one value"
        )


def _check_latest(spec: Content, word: str, path: Path, report: Report) -> None:
    if "done" in spec[word] or word == "exists" or isinstance(spec["event"], str):
        report((*path, "of"), "the latest row is judged by itself: give it a deadline with done_column")
    for place in (("excluded",), (word, "also"), (word, "clock_from")):
        if place[-1] in (spec if len(place) == 1 else spec[word]):
            report((*path, *place), f"of the latest row only the dates are judged: leave {place[-1]} out")


def _check_worked_out(spec: Content, word: str, path: Path, report: Report) -> None:
    event, limit = spec["event"], spec[word]
    if event not in EVENTS:
        report((*path, "event"), f"there is no event {event}{nearest(event, EVENTS)}")
    for place in ((word, key) for key in _OF_THE_ROW if key in limit):
        report((*path, *place), f"{event} is worked out and has no columns of its own: leave {place[-1]} out")
    if "excluded" in spec:
        report((*path, "excluded"), f"{event} is worked out and has no columns of its own: leave excluded out")
    if "clock_from" in limit:
        report((*path, word, "clock_from"), f"{event} starts the clock itself: leave clock_from out")
    if isinstance(limit.get("within"), Mapping):
        report((*path, word, "within"), f"{event} is worked out and has no columns of its own: name one value")


def _check_row(spec: Content, word: str, path: Path, contract: Contract, table: Table) -> None:
    limit: Content = spec[word]
    for key in ("due_column", "done_column", "clock_column"):
        if key in limit:
            contract.find_column(limit[key], (*path, word, key), table, "date")
    for place in ((word, "also"), ("excluded", "when")):
        if place[1] in spec.get(place[0], {}):
            contract.check_tests(spec[place[0]][place[1]], (*path, *place), table)
    if table.own_date is None and not {"due_column", "clock_column"} & set(limit):
        contract.report(
            (*path, "event"), f"rows of {table.name} have no date of their own: name a due_column or a clock_column"
        )
    if "clock_from" in limit and table.name != "breaches":
        contract.report((*path, word, "clock_from"), f"no row of {table.name} answers a failure: breaches do")
    if spec.get("of") == "latest" and table.own_date is None:
        contract.report((*path, "of"), f"rows of {table.name} have no date of their own, so none is the latest")
    _check_clock(spec, limit, (*path, word, "clock_column"), contract, table)
    if isinstance(limit.get("within"), Mapping):
        _check_codes(limit["within"], (*path, word, "within"), contract, table)


def _check_clock(spec: Content, limit: Content, path: Path, contract: Contract, table: Table) -> None:
    """A day that an empty cell says there is not starts no clock; only rows that have it can be events."""
    name = limit.get("clock_column", "")
    if not table.has(name) or table.column(name).empty == "unknown" or "due_column" in limit:
        return
    if spec["event"][table.name].get(name) != "recorded":
        contract.report(path, f"{name} may be empty, and then there is no clock: test it as recorded in event")


def _check_codes(limits: Content, path: Path, contract: Contract, table: Table) -> None:
    ((name, by_code),) = limits.items()
    contract.check_tests({name: list(by_code)}, path, table, every_code=True)


def _check_limits(limit: Content, path: Path, check_limit: CheckLimit) -> None:
    for word in ("within", "grace"):
        named = limit.get(word)
        if isinstance(named, str):
            check_limit(named, (*path, word))
        for column, by_code in named.items() if isinstance(named, Mapping) else ():
            for code, name in by_code.items():
                check_limit(name, (*path, word, column, code))
