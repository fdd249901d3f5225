"""Grouped passes over the tables: every rule asks for the aggregates it needs, and all that read a table share them.

Each table has one pass over all its rows, and a second, far smaller one over the rows with an open cell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_Wanted = dict[str, dict[str, str]]


@dataclass
class Facts:
    """Collects aggregates a table. In their SQL, `r` is the row and `c` the case it belongs to."""

    wanted: _Wanted = field(default_factory=dict)
    wanted_open: _Wanted = field(default_factory=dict)
    open_columns: dict[str, set[str]] = field(default_factory=dict)

    def column(self, table: str, aggregate: str) -> str:
        """The column that will hold the aggregate of all rows; asked twice, it is computed once."""
        return f"{table}_facts.{_name(self.wanted, table, aggregate)}"

    def open_column(self, table: str, aggregate: str, *columns: str) -> str:
        """The same over the rows with an empty cell in some of the columns that rules name here."""
        self.open_columns.setdefault(table, set()).update(columns)
        return f"{table}_open.{_name(self.wanted_open, table, aggregate)}"

    def passes_sql(self) -> list[str]:
        """The statements of all passes."""
        statements = [_pass_sql(f"{table}_facts", table, columns) for table, columns in self.wanted.items()]
        return statements + [
            _pass_sql(f"{table}_open", table, columns, _empty_sql(self.open_columns[table]))
            for table, columns in self.wanted_open.items()
        ]


def _name(wanted: _Wanted, table: str, aggregate: str) -> str:
    columns = wanted.setdefault(table, {})
    return columns.setdefault(aggregate, f"a{len(columns)}")


def _empty_sql(columns: Iterable[str]) -> str:
    return " OR ".join(f"r.{column} IS NULL" for column in sorted(columns))


def _pass_sql(name: str, table: str, columns: Mapping[str, str], where: str = "TRUE") -> str:
    chosen = ", ".join(f"{aggregate} AS {column}" for aggregate, column in columns.items())
    return (
        f"CREATE OR REPLACE TABLE {name} AS SELECT r.case_no, {chosen} "
        f"FROM {table} r JOIN cases c USING (case_no) WHERE {where} GROUP BY r.case_no"
    )
