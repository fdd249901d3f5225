"""A store as it would be had its export been read at an earlier day, or of some of its cases alone.

Reading costs far more than looking at what was read on another day; so examples of many as-at dates are read together.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from omi_rules.data.conform import is_rewound, rewound_sql
from omi_rules.data.export import Export
from omi_rules.data.sources import quote_name
from omi_rules.data.store import Store, create_from
from omi_rules.shapes import Table, load_tables


@dataclass(frozen=True)
class Rewinding:
    """A store whose tables were put by as `whole_<table>`, to be laid out again for one as-at date at a time."""

    store: Store
    export: Export
    tables: tuple[Table, ...]

    def lay_out(self, as_at: date, names: Collection[str]) -> Export:
        """Make these tables those of the cases of this as-at date; gives the export as if so read.

        All others are not to be looked at. Its accounting, warnings and fingerprint remain those of the whole."""
        tables = [table for table in self.tables if table.name in names]
        self.store.execute(
            f"CREATE OR REPLACE TABLE cases AS SELECT {_columns_sql(load_tables()['cases'], as_at)} FROM whole_cases "
            f"SEMI JOIN (SELECT case_id FROM as_at_days WHERE as_at = {_day_sql(as_at)}) USING (case_id) "
            f"WHERE sentence_date <= {_day_sql(as_at)} ORDER BY case_no"
        )
        for table in tables:
            happened = f"WHERE {table.own_date} IS NULL OR {table.own_date} <= {_day_sql(as_at)}"
            self.store.execute(
                f"CREATE OR REPLACE TABLE {quote_name(table.name)} AS SELECT {_columns_sql(table, as_at)} "
                f"FROM {_whole(table)} SEMI JOIN cases USING (case_no) {happened if table.own_date else ''}"
            )
        self.store.execute("CREATE OR REPLACE TABLE lost AS SELECT * FROM whole_lost SEMI JOIN cases USING (case_no)")
        nulls = {
            (table.name, column) for table in (load_tables()["cases"], *tables) for column in self._empty_columns(table)
        }
        return replace(self.export, as_at=as_at, nulls=frozenset(nulls))

    def _empty_columns(self, table: Table) -> list[str]:
        names = [column.name for column in table.columns if column.name != table.key]
        filled = ", ".join(f"count({quote_name(name)})" for name in names)
        (row,) = self.store.execute(f"SELECT count(*), {filled} FROM {quote_name(table.name)}").fetchall()
        return [name for name, count in zip(names, row[1:], strict=True) if count < row[0]]


def put_by(store: Store, export: Export, days: Mapping[str, date]) -> Rewinding:
    """Put the tables of a store by; `days` are the as-at dates by case_id, none after that of the export."""
    tables = tuple(
        table
        for table in load_tables().values()
        if table.key == "case_id" and not table.unique and table.name not in export.missing
    )
    for name in ("cases", "lost"):
        store.execute(f"ALTER TABLE {name} RENAME TO whole_{name}")
    for table in tables:
        store.execute(f"CREATE TABLE {_whole(table)} AS SELECT * FROM {quote_name(table.name)}")
        store.execute(f"DROP VIEW {quote_name(table.name)}")
    rows = [{"case_id": case, "as_at": day.isoformat()} for case, day in days.items()]
    create_from(store, "as_at_days", {"case_id": "VARCHAR", "as_at": "DATE"}, rows)
    return Rewinding(store, export, tables)


def _whole(table: Table) -> str:
    return quote_name(f"whole_{table.name}")


def _day_sql(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _columns_sql(table: Table, as_at: date) -> str:
    """All columns, with the dates that lie after the as-at date empty."""
    dates: Iterable[str] = (
        f"{rewound_sql(quote_name(column.name), _day_sql(as_at))} AS {quote_name(column.name)}"
        for column in table.columns
        if is_rewound(table, column)
    )
    rewound = ", ".join(dates)
    return f"* REPLACE ({rewound})" if rewound else "*"
