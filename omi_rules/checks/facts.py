"""One grouped pass over each table: every rule asks for the aggregates it needs, and all that read a table share it."""

from dataclasses import dataclass, field


@dataclass
class Facts:
    """Collects aggregates a table. In their SQL, `r` is the row and `c` the case it belongs to."""

    wanted: dict[str, dict[str, str]] = field(default_factory=dict)

    def column(self, table: str, aggregate: str) -> str:
        """The column that will hold the aggregate, as `<table>_facts.<name>`; asked twice, it is computed once."""
        columns = self.wanted.setdefault(table, {})
        name = columns.setdefault(aggregate, f"a{len(columns)}")
        return f"{table}_facts.{name}"

    def passes_sql(self) -> list[str]:
        """One statement a table."""
        statements = []
        for table, columns in self.wanted.items():
            chosen = ", ".join(f"{aggregate} AS {name}" for aggregate, name in columns.items())
            statements.append(
                f"CREATE OR REPLACE TEMP TABLE {table}_facts AS SELECT r.case_no, {chosen} "
                f"FROM {table} r JOIN cases c USING (case_no) GROUP BY r.case_no"
            )
        return statements
