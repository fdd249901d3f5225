"""The ways in which a case's empty cells can be filled, for one rule: a world is one way, with no open question left.

A case without an empty cell that the rule reads has exactly one world. A rule is judged in each world; where all
agree, the outcome is decided despite the empty cells, and where two differ it is `unknown`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from omi_rules.checks.conditions import text_sql
from omi_rules.checks.limits import row_name
from omi_rules.checks.plan import Plan
from omi_rules.checks.presence import find_presence
from omi_rules.checks.triggers import HIGH
from omi_rules.rulebook.model import Arm, Deadline, Matches, PerEvent, Rule, Selection
from omi_rules.rulebook.usage import values_used
from omi_rules.shapes import Column, load_tables

#: How a named trigger is written over a world `w`.
TRIGGERS = {
    "start": "w.start_date",
    "sentence": "w.sentence_date",
    "resentence": "w.resentenced_date",
    "high-roh-trigger": "w.trigger",
}


@dataclass(frozen=True)
class Worlds:
    """SQL for the worlds `w` of a rule. `filled` are the case columns that were empty somewhere."""

    sql: str
    filled: tuple[str, ...]
    several: bool


def _arms(plan: Plan, rule: Rule) -> list[Arm]:
    return [arm for name in values_used(rule) for arm in plan.rulebook.values[name].arms]


def arm_rows(plan: Plan, rule: Rule) -> list[Selection]:
    """The rows that the values of a rule ask for."""
    return list(dict.fromkeys(selection for arm in _arms(plan, rule) for selection in arm.any_row))


def _case_columns(plan: Plan, rule: Rule) -> Iterable[str]:
    require = rule.require
    tests = [*rule.population.tests, *(rule.excluded.tests if rule.excluded else ())]
    tests += [test for arm in _arms(plan, rule) for test in arm.tests]
    if isinstance(require, Deadline):
        tests += require.met_at_once
    elif isinstance(require, Matches) and require.of == "case":
        tests += require.satisfies
    # whoever has an empty cell that the population wants recorded is outside it, however it might be filled
    settled = {test.column for test in rule.population.tests if test.operator == "recorded"}
    yield from (test.column for test in tests if not test.decided_by_null and test.column not in settled)
    if any(arm.high_roh_at_start for arm in _arms(plan, rule)):
        yield "roh_level"


def _deadline_of(rule: Rule) -> Deadline | None:
    if isinstance(rule.require, PerEvent):
        return rule.require.deadline
    return rule.require if isinstance(rule.require, Deadline) else None


def uses_trigger(rule: Rule) -> bool:
    """Whether the rule's clock starts at the trigger of high Risk of Harm."""
    deadline = _deadline_of(rule)
    return deadline is not None and deadline.trigger == "high-roh-trigger"


def uses_high_at_start(plan: Plan, rule: Rule) -> bool:
    """Whether a limit of the rule depends on being of high Risk of Harm at the start."""
    return any(arm.high_roh_at_start for arm in _arms(plan, rule))


def find_worlds(plan: Plan, rule: Rule) -> Worlds:
    """The worlds of the rule, for every case of the frame."""
    if plan.plain:
        sql = "SELECT * FROM rule_frame"
        for selection in arm_rows(plan, rule):
            sql, _ = _with_row_sql(plan, sql, selection)
        return Worlds(f"({sql}) w" if arm_rows(plan, rule) else "rule_frame w", (), several=False)
    subject = load_tables()["staff" if rule.about_staff else "cases"]
    open_columns = dict.fromkeys(
        column for column in _case_columns(plan, rule) if plan.conditions.open(subject.name, column)
    )
    sql = "SELECT * FROM rule_frame"
    for column in open_columns:
        fillings = _fillings_sql(subject.name, subject.column(column))
        sql = (
            f"SELECT * REPLACE (unnest(CASE WHEN {column} IS NULL THEN {fillings} ELSE [{column}] END) AS {column}), "
            f"{column} IS NULL AS empty_{column} FROM ({sql})"
        )
    several = bool(open_columns)
    for selection in arm_rows(plan, rule):
        sql, open_rows = _with_row_sql(plan, sql, selection)
        several = several or open_rows
    if uses_trigger(rule) or uses_high_at_start(plan, rule):
        several = several or plan.short_of_rows("roh_assessments")
        several = several or plan.undated("roh_assessments") or plan.conditions.open("roh_assessments", "level")
        sql = _with_trigger_sql(sql, uses_trigger(rule))
    return Worlds(f"({sql}) w", tuple(open_columns), several)


def _with_row_sql(plan: Plan, sql: str, selection: Selection) -> tuple[str, bool]:
    """The worlds with whether there is such a row, and whether that makes more of them."""
    there, joins = find_presence(plan, selection, "x")
    ways = f"CASE WHEN {there.sure} THEN [TRUE] WHEN {there.maybe} THEN [TRUE, FALSE] ELSE [FALSE] END"
    way = there.sure if there.certain else f"unnest({ways})"
    return f"SELECT x.*, {way} AS {row_name(selection)} FROM ({sql}) x {' '.join(joins)}", not there.certain


def _with_trigger_sql(sql: str, whole: bool) -> str:
    high = f"x.roh_level IN {HIGH}"
    if whole:
        return (
            f"SELECT x.*, coalesce(t.trigger, x.start_date) AS trigger, "
            f"{high} AND coalesce(t.trigger, x.start_date) = x.start_date AS high_roh_at_start "
            f"FROM ({sql}) x LEFT JOIN high_roh_triggers t ON t.case_no = x.case_no AND {high}"
        )
    # only whether the trigger is the start matters: at most two worlds, however many triggers are possible
    return (
        f"SELECT x.*, coalesce({high} AND t.at_start, FALSE) AS high_roh_at_start "
        f"FROM ({sql}) x LEFT JOIN high_roh_starts t ON t.case_no = x.case_no AND {high}"
    )


def _fillings_sql(subject: str, column: Column) -> str:
    if column.type == "code":
        return f"enum_range(NULL::{subject}_{column.name})::{subject}_{column.name}[]"
    if column.type == "boolean":
        return "[TRUE, FALSE]"
    if column.type == "integer" and column.minimum is not None and column.maximum is not None:
        return "[" + ", ".join(str(n) for n in range(column.minimum, column.maximum + 1)) + "]::INTEGER[]"
    return f"[{text_sql('')}, NULL]"
