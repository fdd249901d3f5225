"""Holds tests, selections and example rows of a rule file against the tables of the contract."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from omi_rules.problems import nearest
from omi_rules.rulebook.keywords import Path, is_iso_date
from omi_rules.rulebook.selections import DATE_OPERATORS
from omi_rules.shapes import Column, Table

Report = Callable[[Path, str], None]

_RUN_WORDS = {"from", "every_days", "times", "row"}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_OPERATORS: Mapping[str, str] = {
    "code": "a list of codes or {not: [codes]}",
    "boolean": "true or false",
    "integer": "{at_least: n} or {at_most: n}",
    "number": "{at_least: n} or {at_most: n}",
    "date": "on_bank_holiday, {on_or_before: column}, {on_or_after: column}, {before: column}, {after: column}",
    "text": "",
}


class Contract:
    """The tables that a rule may read: those of cases, or for a staff rule those of staff."""

    def __init__(self, tables: Mapping[str, Table], report: Report, about_staff: bool = False) -> None:
        self.report = report
        self.subject = tables["staff" if about_staff else "cases"]
        self.noun = "member of staff" if about_staff else "case"
        self.all = tables
        #: Checks the value of `longer_ago_than`; None where no such test may stand.
        self.check_age: Callable[[str, Path], None] | None = None
        self.rows = {
            name: table for name, table in tables.items() if table.key == self.subject.key and table is not self.subject
        }

    def check_subject_tests(self, tests: Mapping[str, Any], path: Path) -> None:
        """Tests of the case's, or the member of staff's, own columns."""
        self.check_tests(tests, path, self.subject)

    def check_tests(self, tests: Mapping[str, Any], path: Path, table: Table, every_code: bool = False) -> None:
        """Each test names a column of the table and suits its type; `every_code`: a list may name all codes."""
        for name, test in tests.items():
            column = self.find_column(name, (*path, name), table)
            if column and every_code:
                self._check_codes(test, (*path, name), column, every_code)
            elif column:
                self._check_test(test, (*path, name), column, table)

    def find_column(self, name: str, path: Path, table: Table, type_: str | None = None) -> Column | None:
        """The column of that name, and of the type asked for; None once reported that there is none."""
        if name == table.key or not table.has(name):
            known = [column.name for column in table.columns if column.name != table.key]
            elsewhere = f"; for rows write any_row: {{{name}: {{}}}}" if name in self.rows else ""
            self.report(path, f"{table.name} has no column {name}{elsewhere or nearest(name, known)}")
            return None
        column = table.column(name)
        if type_ and column.type != type_:
            fitting = [column.name for column in table.columns if column.type == type_]
            article = "an" if type_ == "integer" else "a"
            self.report(
                path,
                f"{name} is no {type_} column: name {article} {type_} column of {table.name}"
                f" ({', '.join(fitting) or 'it has none'})",
            )
            return None
        return column

    def find_table(self, name: str, path: Path) -> Table | None:
        """The table of rows of that name; None once reported that there is none."""
        if name not in self.rows:
            self.report(path, self._no_table(name))
        return self.rows.get(name)

    def check_selection(self, selection: Mapping[str, Any], path: Path, dated: bool = False) -> Table | None:
        """The table selected from, or None once reported as unreadable; `dated`: its rows need a date."""
        ((name, tests),) = selection.items()
        table = self.find_table(name, (*path, name))
        if table is None:
            return None
        if dated and table.own_date is None:
            self.report((*path, name), f"rows of {name} have no date of their own, so they cannot be put in time here")
        self.check_tests(tests, (*path, name), table)
        return table

    def check_selections(self, selections: Any, path: Path, dated: bool = False) -> None:
        """A selection, or each of a list of selections."""
        if isinstance(selections, list):
            for number, selection in enumerate(selections):
                self.check_selection(selection, (*path, number), dated)
        else:
            self.check_selection(selections, path, dated)

    def check_example_tables(self, tables: Mapping[str, Any], path: Path) -> None:
        """Rows given in an example: known tables, known columns, values of the column's type."""
        for name, rows in tables.items():
            table = self.rows.get(name)
            if table is None:
                self.report((*path, name), self._no_table(name, also=("name", "case", "expect", "as_at", "lost")))
                continue
            for number, row in enumerate(rows):
                if "row" in row:
                    self._check_run(row, (*path, name, number), table)
                else:
                    self.check_cells(row, (*path, name, number), table)

    def _check_run(self, run: Mapping[str, Any], path: Path, table: Table) -> None:
        """A run of rows: each has a day of its own, and everything else under `row`."""
        for name in run.keys() - _RUN_WORDS:
            self.report((*path, name), f"what all rows of a run share stands under row: put {name} there")
        if table.own_date is None:
            self.report(path, f"rows of {table.name} have no date of their own: write them one by one")
        elif table.own_date in run["row"]:
            self.report((*path, "row", table.own_date), "the run gives each row its day: leave this out")
        self.check_cells(run["row"], (*path, "row"), table)

    def check_cells(self, cells: Mapping[str, Any], path: Path, table: Table) -> None:
        """Values of an example's row against the columns of its table."""
        for name, cell in cells.items():
            column = self.find_column(name, (*path, name), table)
            if column:
                complaint = _wrong_cell(cell, column)
                if complaint:
                    self.report((*path, name), complaint)

    def check_table_name(self, name: str, path: Path) -> bool:
        """Whether this is a table of rows that the rule may read; reports if not."""
        if name not in self.rows:
            self.report(path, self._no_table(name))
        return name in self.rows

    def _no_table(self, name: str, also: Iterable[str] = ()) -> str:
        if name == self.subject.name:
            own = f"tests of the {self.noun}'s own columns"
            return f"{name} is no table of rows: put {own} under population or case"
        if name in self.all:
            return f"{name} is about another subject: a rule about a {self.noun} cannot read it"
        return f"there is no table {name}{nearest(name, [*self.rows, *also])}"

    def _check_test(self, test: Any, path: Path, column: Column, table: Table) -> None:
        if test in ("recorded", "not_recorded"):
            return
        if isinstance(test, list):
            self._check_codes(test, path, column)
        elif isinstance(test, bool):
            self._need(column.type == "boolean", path, column, "true and false suit boolean columns only")
        elif test == "on_bank_holiday":
            self._need(column.type == "date", path, column, "on_bank_holiday suits date columns only")
        elif "not" in test:
            self._check_codes(test["not"], (*path, "not"), column)
        elif not test.keys().isdisjoint(DATE_OPERATORS):
            self._check_other_date(test, path, column, table)
        elif "longer_ago_than" in test:
            self._check_age(test["longer_ago_than"], (*path, "longer_ago_than"), column)
        else:
            self._check_limit(test, path, column)

    def _check_other_date(self, test: Mapping[str, str], path: Path, column: Column, table: Table) -> None:
        ((word, other),) = test.items()
        if not self._need(column.type == "date", path, column, f"{word} suits date columns only"):
            return
        dates = ["as_at", *(each.name for each in table.columns if each.type == "date")]
        if self.subject.name == "cases":
            dates += [*(each.name for each in self.subject.columns if each.type == "date"), "start_date"]
        if other == column.name:
            self.report((*path, word), f"{other} is held against itself: name another date")
        elif other not in dates:
            whose = f"{table.name} or of the case" if table is not self.subject else "the case"
            self.report((*path, word), f"there is no date {other} of {whose}{nearest(other, dates)}")

    def _check_age(self, value: str, path: Path, column: Column) -> None:
        if self._need(column.type == "date", path, column, "longer_ago_than suits date columns only"):
            if self.check_age is None:
                self.report(path, "longer_ago_than can stand in a selection of matches only")
            else:
                self.check_age(value, path)

    def _need(self, suits: bool, path: Path, column: Column, sentence: str) -> bool:
        if not suits:
            own = _OPERATORS[column.type]
            may = f"{own}, recorded or not_recorded" if own else "recorded or not_recorded"
            self.report(path, f"{sentence}; {column.name} holds {_holds(column)}: write {may}")
        return suits

    def _check_codes(self, codes: list[str], path: Path, column: Column, every_code: bool = False) -> None:
        if self._need(column.type == "code", path, column, "a list of codes suits code columns only"):
            for number, code in enumerate(codes):
                if code not in column.codes:
                    self.report((*path, number), _no_code(code, column))
            if set(codes) >= set(column.codes) and not every_code:
                self.report(path, f"these are all codes of {column.name}, so the test decides nothing: leave some out")

    def _check_limit(self, test: Mapping[str, Any], path: Path, column: Column) -> None:
        ((word, limit),) = test.items()
        if not self._need(column.type in ("integer", "number"), path, column, f"{word} suits numbers only"):
            return
        if isinstance(limit, str):
            self.report((*path, word), "a named value can be the bound in the condition of matches on the case only")
            return
        least, most = column.minimum, column.maximum
        if (least is not None and limit < least) or (most is not None and limit > most):
            span = f"from {least}" + (f" to {most}" if most is not None else "")
            self.report((*path, word), f"{column.name} goes {span}, so {limit} decides nothing")


def _holds(column: Column) -> str:
    return {"code": "codes", "boolean": "true or false", "date": "dates", "text": "free text"}.get(
        column.type, "numbers"
    )


def _no_code(code: str, column: Column) -> str:
    hint = nearest(code, column.codes) or f"; it has {', '.join(column.codes)}"
    return f"{column.name} has no code {code}{hint}"


def _wrong_cell(cell: Any, column: Column) -> str:
    """What is wrong with a value of this column, or nothing."""
    if cell is None:
        return f"{column.name} cannot be empty" if column.required else ""
    match column.type:
        case "date":
            right = isinstance(cell, str) and is_iso_date(cell)
            return "" if right else f"{column.name} should be a date that exists, written 2006-12-31"
        case "boolean":
            return "" if isinstance(cell, bool) else f"{column.name} should be true or false"
        case "code":
            return "" if cell in column.codes else _no_code(str(cell), column)
        case "text":
            return "" if isinstance(cell, str) else f"{column.name} should be text: put it in quotes"
        case "number" if isinstance(cell, str) and _NUMBER.fullmatch(cell):
            return ""
    if isinstance(cell, bool) or not isinstance(cell, int):
        return f"{column.name} should be a number"
    least, most = column.minimum, column.maximum
    if (least is not None and cell < least) or (most is not None and cell > most):
        return (
            f"{column.name} should be {least} to {most}"
            if most is not None
            else f"{column.name} should be {least} or more"
        )
    return ""
