"""Rules that the rulebook may hold one day: the clock tells what the reference reading judges."""

from dataclasses import replace

import pytest

from omi_rules.explain.narrative import explain_case
from omi_rules.rulebook import model
from omi_rules.rulebook.model import (
    Deadline,
    Exclusion,
    PerEvent,
    Population,
    Requirement,
    ReviewChain,
    Rule,
    Selection,
)
from tests.explain.judgements import Judged, judgement_of, rulebook
from tests.explain.test_every_example import complaints
from tests.random_exports import random_export
from tests.reference import LeftOut, TooManyWays, judge

SCORED = Selection("oasys_assessments", (model.Test("score", "recorded"),))
PLANS = Selection("sentence_plans", (model.Test("kind", "in", ("initial",)),))
MADE_UP: dict[str, Requirement] = {
    "both-of-two": Deadline("start", "target-assessment-limit", (SCORED, PLANS), window="before_start"),
    "from-resentence": Deadline("resentence", "assessment-limit", (SCORED,)),
    "from-sentence": Deadline("sentence", "review-interval", (SCORED,), window="any_time"),
    "held-at-all": Deadline("high-roh-trigger", "rmp-limit", (SCORED,), window="start", grace=True),
    "started-as-planned": PerEvent(
        Selection("requirements"),
        Deadline("start", "rmp-limit", done_column="started_on", due_column="planned_start_on", grace=True),
    ),
    "oasys-received": PerEvent(
        Selection("transfers", (model.Test("direction", "in", ("in",)),)),
        Deadline(None, "change-review-limit", done_column="oasys_received_on"),
        Exclusion((model.Test("oasys_received_on", "not_recorded"),), "Nothing was received."),
    ),
    "reviewed-by-days": ReviewChain(
        Selection("oasys_assessments"), "start", "contact-window", "next", "review_interval_weeks"
    ),
}


def made_up(name: str) -> Rule:
    some = next(iter(rulebook().case_rules))
    return replace(some, id=name, population=Population(), excluded=None, require=MADE_UP[name])


@pytest.mark.parametrize("seed", [0, 5])
@pytest.mark.parametrize("name", MADE_UP)
def test_made_up_rule_tells_the_dates_that_were_judged(name: str, seed: int) -> None:
    rule = made_up(name)
    export = random_export(seed, 80, 0)
    outcomes = set()
    for record in export.records:
        try:
            judged = judge(rule, rulebook(), record, export.as_at, export.missing_tables)
        except (LeftOut, TooManyWays):
            continue
        found = Judged(judged.outcome, judged.due_on, judged.done_on, judged.days_late)
        given = judgement_of(record, export.as_at, {name: found}, export.missing_tables)
        judgement = replace(given, rulebook=replace(rulebook(), rules={name: rule}))
        (explanation,) = explain_case(judgement, [name])
        assert complaints(explanation, found) == [], f"{record}\n{explanation.text}"
        outcomes.add(found.outcome)
    assert len(outcomes) > 1
