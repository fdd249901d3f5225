"""Whether a case has a row of a selection: surely, and once empty cells are filled and lost rows are thought of."""

from omi_rules.checks.conditions import Condition, date_sql
from omi_rules.checks.date_tests import outside_calendar_sql, possible_sql
from omi_rules.checks.plan import Plan
from omi_rules.rulebook.model import Selection


def find_presence(plan: Plan, selection: Selection, case: str) -> tuple[Condition, list[str]]:
    """The condition, read from the shared passes, and the joins to the cases called `case` that it needs."""
    table = selection.table
    chosen = plan.select(selection, "r")
    joins: list[str] = []
    sure = _found(plan.facts.column(table, f"bool_or({chosen.sure})"), case)
    maybe = sure
    if outside_calendar(plan, selection):
        # a day outside the calendar leaves it open though no cell is empty
        maybe = _found(plan.facts.column(table, f"bool_or({chosen.maybe})"), case)
    elif not chosen.certain:
        perhaps = _found(plan.facts.open_column(table, f"bool_or({chosen.maybe})", *chosen.doubts), case)
        maybe = f"({sure} OR {perhaps})"
    if plan.short_of_rows(table):
        joins.append(plan.lost_join_sql(table, case))
        maybe = f"({maybe} OR {lost_sql(plan, selection, case)})"
    return Condition(sure, maybe), joins


def _found(column: str, case: str) -> str:
    """A column of the frame, which is `w` elsewhere, read from the cases called `case`."""
    return f"coalesce({case}.{column.removeprefix('w.')}, FALSE)"


def outside_calendar(plan: Plan, selection: Selection) -> str:
    """Whether the calendar does not reach far enough to say how long ago a row `r` is; nothing if that is not asked."""
    return " OR ".join(
        outside_calendar_sql(f"r.{test.column}", plan.conditions.working_days[test.value])
        for test in selection.tests
        if test.operator == "longer_ago_than"
    )


def lost_sql(plan: Plan, selection: Selection, case: str) -> str:
    """Whether a row of the selection may have been lost."""
    if not plan.short_of_rows(selection.table):
        return "FALSE"
    possible = possible_sql(selection, case, date_sql(plan.as_at))
    lost = f"{plan.lost_rows(selection.table)} > 0"
    return lost if possible == "TRUE" else f"({lost} AND {possible})"
