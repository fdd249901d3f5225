"""What the compiler knows while it compiles: the export's empty cells and lost rows, and what the rules ask for.

Of many cases, every rule is compiled twice. Most have no empty cell and no lost row that a rule asks for: for them a
plain plan, in which nothing is open, gives short SQL. The others are judged by the whole plan, which heeds all of it,
and so is everyone where there are few cases (see run.py).
"""

from dataclasses import dataclass, field, replace
from datetime import date

from omi_rules.checks.conditions import Condition, Conditions
from omi_rules.checks.facts import Facts
from omi_rules.rulebook.model import Rulebook, Selection, Tests
from omi_rules.shapes import load_tables

#: A table that is not in the export stands for as many lost rows as any rule could need.
MISSING_ROWS = 100_000


@dataclass
class Plan:
    """Shared by all rules of one run. In a `plain` plan nothing is open, and a case has one trigger, in its frame.

    `frame` are the columns of a case that rules may ask about.

    `asked_rows` gathers the tables short of rows that a rule's SQL was made to heed.
    """

    rulebook: Rulebook
    as_at: date
    conditions: Conditions
    missing: frozenset[str]
    lost: frozenset[str]
    frame: tuple[str, ...]
    plain: bool = False
    facts: Facts = field(default_factory=Facts)
    offsets: set[int] = field(default_factory=set)
    asked_rows: set[str] = field(default_factory=set)

    def without_doubts(self) -> "Plan":
        """The plan for the cases in which nothing that a rule asks for is open."""
        settled = frozenset(null for null in self.conditions.nulls if not self.conditions.open(*null))
        conditions = replace(self.conditions, nulls=settled, asked=set())
        frame = (*self.frame, "trigger", "high_roh_at_start")
        facts = Facts(cases="triggered")
        return Plan(self.rulebook, self.as_at, conditions, frozenset(), frozenset(), frame, plain=True, facts=facts)

    def select(self, selection: Selection, alias: str) -> Condition:
        """Whether a row called `alias` is of the selection."""
        return self.conditions.tests(selection.table, selection.tests, alias)

    def undated(self, table: str) -> bool:
        """Whether some row of the table has no date of its own."""
        own_date = load_tables()[table].own_date
        return own_date is not None and self.conditions.open(table, own_date)

    def short_of_rows(self, table: str) -> bool:
        """Whether rows of the table were rejected, or all of it is missing."""
        is_short = table in self.missing or table in self.lost
        if is_short:
            self.asked_rows.add(table)
        return is_short

    def lost_rows(self, table: str) -> str:
        """SQL for how many rows of a case were lost."""
        if not self.short_of_rows(table):
            return "0"
        return str(MISSING_ROWS) if table in self.missing else f"coalesce({table}_lost.rows, 0)"

    def lost_join_sql(self, table: str, case: str) -> str:
        """The join that `lost_rows` needs, for the cases called `case`."""
        if table not in self.lost or table in self.missing:
            return ""
        return (
            f"LEFT JOIN (SELECT case_no, rows FROM lost WHERE table_name = '{table}') {table}_lost "
            f"ON {table}_lost.case_no = {case}.case_no"
        )


def row_doubts(plan: Plan, selection: Selection, judged: Tests = ()) -> dict[str, str]:
    """The columns of the rows that may keep a case undecided, with the fact that says whether they do in a case.

    `judged` are further tests, which the rows of the selection may pass or fail.
    """
    table = selection.table
    chosen = plan.select(selection, "r")
    columns = [*chosen.doubts, *plan.conditions.tests(table, judged, "r").doubts]
    own_date = load_tables()[table].own_date
    if own_date and plan.undated(table):
        columns.append(own_date)
    doubts: dict[str, str] = {}
    for column in columns:
        fact = plan.facts.open_column(table, f"bool_or(r.{column} IS NULL AND ({chosen.maybe}))", column)
        doubts[f"{table}.{column}"] = f"coalesce({fact}, FALSE)"
    if plan.short_of_rows(table):
        doubts[table] = f"{plan.lost_rows(table)} > 0"
    return doubts
