"""How long a case has gone on, as a condition of its population."""

from collections.abc import Iterator

from omi_rules.checks.conditions import Condition, date_sql
from omi_rules.checks.limits import read_limit
from omi_rules.checks.plan import Plan
from omi_rules.rulebook.model import Rule


def length_conditions(plan: Plan, rule: Rule) -> Iterator[Condition]:
    """Conditions of a world `w`; they may hold where the start itself is not recorded (of a member of staff)."""
    as_at = date_sql(plan.as_at)
    if rule.population.started_longer_ago_than:
        yield _open_without_start(f"{as_at} - w.start_date > {_days(plan, rule.population.started_longer_ago_than)}")
    if rule.population.lasted_at_least:
        end = f"least({as_at}, coalesce(w.end_date, {as_at}))"
        yield _open_without_start(f"{end} - w.start_date >= {_days(plan, rule.population.lasted_at_least)}")


def _days(plan: Plan, name: str) -> str:
    limit = read_limit(plan.rulebook.values[name], "w.start_date", "w")
    return f"({limit.amount_sql()} * {7 if limit.value.unit == 'weeks' else 1})"


def _open_without_start(holds: str) -> Condition:
    return Condition(f"coalesce({holds}, FALSE)", f"coalesce({holds}, TRUE)")
