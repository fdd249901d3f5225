"""Grouped passes over the tables: every rule asks for the aggregates it needs, and all that read a table share them.

Each table has one pass over all its rows, and where cells are open a second, far smaller one over the rows with such a
cell. The frame is every case with all that the passes found of it, put together once for all rules; a rule reads the
columns of it that it asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_Wanted = dict[str, dict[str, str]]


@dataclass
class Facts:
    """Collects aggregates a table. In their SQL, `r` is the row and `c` the case it belongs to, a row of `cases`."""

    cases: str = "cases"
    asked: set[str] = field(default_factory=set)
    wanted: _Wanted = field(default_factory=dict)
    wanted_open: _Wanted = field(default_factory=dict)
    open_columns: dict[str, set[str]] = field(default_factory=dict)

    def column(self, table: str, aggregate: str) -> str:
        """The column of the frame `w` that will hold the aggregate of all rows; asked twice, it is computed once."""
        return self._ask(_name(self.wanted, table, aggregate, "facts"))

    def open_column(self, table: str, aggregate: str, *columns: str) -> str:
        """The same over the rows with an empty cell in some of the columns that rules name here."""
        self.open_columns.setdefault(table, set()).update(columns)
        return self._ask(_name(self.wanted_open, table, aggregate, "open"))

    def _ask(self, column: str) -> str:
        self.asked.add(column)
        return f"w.{column}"

    def passes_sql(self) -> dict[str, str]:
        """The statement of each pass, by the name of the table that it makes."""
        passes = {f"{table}_facts": self._pass_sql(table, columns, "TRUE") for table, columns in self.wanted.items()}
        for table, columns in self.wanted_open.items():
            passes[f"{table}_open"] = self._pass_sql(table, columns, _empty_sql(self.open_columns[table]))
        return passes

    def frame_sql(self, tables: Iterable[str], case_columns: Iterable[str], name: str = "frame") -> str:
        """The statement that makes the frame of these columns of cases, and of what these passes found."""
        columns = "".join(f", {table}.* EXCLUDE (case_no)" for table in tables)
        joins = " ".join(f"LEFT JOIN {table} ON {table}.case_no = c.case_no" for table in tables)
        kept = ", ".join(f"c.{column}" for column in case_columns)
        return f"CREATE OR REPLACE TABLE {name} AS SELECT {kept}{columns} FROM {self.cases} c {joins}"

    def _pass_sql(self, table: str, columns: Mapping[str, str], where: str) -> str:
        chosen = ", ".join(f"{aggregate} AS {column}" for aggregate, column in columns.items())
        join = f"JOIN {self.cases} c USING (case_no)" if any("c." in aggregate for aggregate in columns) else ""
        return f"SELECT r.case_no, {chosen} FROM {table} r {join} WHERE {where} GROUP BY r.case_no"


def _name(wanted: _Wanted, table: str, aggregate: str, kind: str) -> str:
    columns = wanted.setdefault(table, {})
    return columns.setdefault(aggregate, f"{table}_{kind}_{len(columns)}")


def _empty_sql(columns: Iterable[str]) -> str:
    return " OR ".join(f"r.{column} IS NULL" for column in sorted(columns))
