"""Where a condition is judged: not in two readings, but by asking of each world which outcomes are possible at all."""

from dataclasses import dataclass

from omi_rules.checks.conditions import FILLED
from omi_rules.checks.plan import Plan
from omi_rules.checks.verdict import Judgement, agree_sql, named, population_sql, settle_sql
from omi_rules.rulebook.model import Rule


@dataclass(frozen=True)
class Possible:
    """SQL over a world: it can be met, it can fail, there can be nothing to judge; `calendar` where that ends."""

    meet: str
    fail: str
    lack: str = "FALSE"
    calendar: str = ""


def possible_outcome_sql(plan: Plan, rule: Rule, judgement: Judgement, possible: Possible) -> tuple[str, Judgement]:
    """A row a case: the one outcome that is possible, or unknown."""
    population = population_sql(plan, rule, judgement)
    excluded = FILLED.tests("cases", rule.excluded.tests, "w").sure if rule.excluded else "FALSE"
    bits = judgement.bits_sql()
    if possible.calendar:
        bits += f" | CASE WHEN {possible.calendar} THEN {judgement.calendar_bit()} ELSE 0 END"
    readings = f"""SELECT w.case_no, {population.sure} AS inside, {population.maybe} AS perhaps_inside,
        {excluded} AS taken_out, {possible.meet} AS can_meet, {possible.fail} AS can_fail, {possible.lack} AS can_lack,
        {bits} AS undecided {judgement.from_sql()}"""
    outcome = (
        "CASE WHEN taken_out THEN 'excluded' "
        "WHEN can_meet::INT + can_fail::INT + can_lack::INT <> 1 THEN 'unknown' "
        "WHEN can_meet THEN 'met' WHEN can_fail THEN 'not_met' ELSE 'not_applicable' END"
    )
    settled = settle_sql(named(population, "inside", "perhaps_inside"), "decided")
    world = f"""SELECT case_no, {settled} AS outcome, NULL::DATE AS due_on, NULL::DATE AS done_on,
        NULL::INT AS arm, undecided FROM (SELECT *, {outcome} AS decided FROM ({readings}))"""
    return agree_sql(world, judgement.worlds.several), judgement
