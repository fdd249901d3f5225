"""Outcomes and measures with dates, put together by hand, and the targets scored from them."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from omi_rules.data.store import open_store
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.questions import Criteria
from omi_rules.scoring.target_record import record_target
from omi_rules.scoring.targets import TargetFigure, score_targets

AS_AT = date(2006, 11, 30)
#: The first days of the 12 months and of the quarter up to then.
YEAR, QUARTER = date(2005, 12, 1), date(2006, 9, 1)

#: How many, of which outcome, due on which day.
Outcomes = Iterable[tuple[int, str, date | None]]
#: The day and the amount.
Amounts = Iterable[tuple[date | None, float | None]]


@cache
def criteria() -> Criteria:
    """The program's own targets."""
    return load_criteria()


def score(
    outcomes: Mapping[str, Outcomes] | None = None, measures: Mapping[str, Amounts] | None = None, **asked: Any
) -> dict[str, TargetFigure]:
    """Every target, by id, over outcomes by rule and amounts by measure."""
    outcomes, measures = outcomes or {}, measures or {}
    rules = {*outcomes, *asked.pop("rules", ())}
    with open_store() as store:
        store.execute("CREATE TABLE run_outcomes(case_id VARCHAR, rule VARCHAR, outcome VARCHAR, due_on DATE)")
        store.execute('CREATE TABLE measures(case_id VARCHAR, measure VARCHAR, "on" DATE, amount DOUBLE)')
        for rule, many in outcomes.items():
            for times, outcome, due in many:
                rows = "INSERT INTO run_outcomes SELECT 'C' || n, ?, ?, ? FROM range(?) t(n)"
                store.execute(rows, [rule, outcome, due, times])
        for measure, amounts in measures.items():
            for day, amount in amounts:
                store.execute("INSERT INTO measures VALUES ('C1', ?, ?, ?)", [measure, day, amount])
        found = score_targets(store, criteria().targets.values(), AS_AT, rules, **asked)
    return {one.target.id: one for one in found}


def record(found: Mapping[str, TargetFigure]) -> dict[str, dict[str, Any]]:
    """The same as score.json holds them."""
    return {id_: record_target(one) for id_, one in found.items()}
