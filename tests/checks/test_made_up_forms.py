"""Conditions that the rulebook may hold one day: the engine judges them as the reference does, open cells included."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from omi_rules.rulebook import model
from omi_rules.rulebook.model import (
    Arm,
    DatedArms,
    Deadline,
    Falls,
    Matches,
    Population,
    Presence,
    Requirement,
    Rule,
    Rulebook,
    Selection,
    Value,
)
from tests.checks.rows import rulebook
from tests.judging import judge_records
from tests.random_exports import random_export
from tests.reference import LeftOut, TooManyWays, judge
from tests.sizes import sized

CASES = 100
UNPAID_WORK = Selection("requirements", (model.Test("kind", "in", ("unpaid_work",)),))
SINCE_START = Selection("oasys_assessments", (model.Test("completed_on", "on_or_after", other="start_date"),))
BY_SENTENCE = Selection("oasys_assessments", (model.Test("completed_on", "before", other="sentence_date"),))
BY_PO = (model.Test("grade", "in", ("po", "pso")),)
REVIEW = (model.Test("kind", "in", ("review",)),)
LONG_AGO = model.Test("scheduled_on", "longer_ago_than", value="attendance-recording-grace")
MISSED = model.Test("outcome", "in", ("unacceptable_absence", "acceptable_absence"))
MADE_UP: Mapping[str, Requirement] = {
    "late-planned": Presence(
        "none", (Selection("requirements", (model.Test("planned_start_on", "after", other="started_on"),)),)
    ),
    "paid-by-consent": Presence(
        "any", (Selection("requirements", (model.Test("consent_recorded_on", "before", other="started_on"),)),)
    ),
    "asked-after": Presence(
        "none", (Selection("court_reports", (model.Test("requested_on", "after", other="completed_on"),)),)
    ),
    "asked-by-then": Presence(
        "any", (Selection("court_reports", (model.Test("requested_on", "on_or_before", other="completed_on"),)),)
    ),
    "seen-after-end": Presence(
        "none", (Selection("appointments", (model.Test("scheduled_on", "after", other="end_date"),)),)
    ),
    "missed-long-ago": Presence("any", (Selection("appointments", (LONG_AGO, MISSED)),)),
    "latest-review": Matches("latest", Selection("oasys_assessments"), BY_PO, REVIEW),
    "first-review": Matches("first", Selection("oasys_assessments"), BY_PO, REVIEW),
    "first-since-start": Matches("first", SINCE_START, BY_PO, REVIEW),
    "latest-before-sentence": Matches("latest", BY_SENTENCE, BY_PO),
    "every-since-start": Matches("every", SINCE_START, BY_PO),
    "every-long-ago": Matches(
        "every", Selection("appointments", (LONG_AGO, MISSED)), (model.Test("kind", "in", ("office",)),)
    ),
    "within-a-limit": Deadline("start", "made-up-limit", (Selection("oasys_assessments"),)),
    "few-callouts": Falls("oasys_assessments", "score"),
}
#: Whom each is about, if not every case.
ABOUT = {
    "few-callouts": Population(any_row=(SINCE_START,)),
    "first-review": Population((model.Test("sentence_date", "before", other="start_date"),)),
    "latest-before-sentence": Population((model.Test("end_date", "after", other="start_date"),)),
}


def made_up() -> Rulebook:
    """The program's rulebook with these rules in place of its own."""
    some = rulebook().rules["ethnicity-recorded"]
    arms = (Arm(5, any_row=(UNPAID_WORK,), assumed=True), Arm(15, assumed=True))
    limit = Value("made-up-limit", "A limit", "working_days", (DatedArms(date(2005, 3, 4), arms),), "")
    rules: dict[str, Rule] = {
        name: replace(some, id=name, population=ABOUT.get(name, Population()), require=require)
        for name, require in MADE_UP.items()
    }
    return replace(rulebook(), rules=rules, values={**rulebook().values, limit.name: limit}, clues={}, conclusions={})


@pytest.mark.parametrize("seed", [0, 1, *range(4, sized(4, 5)), 27])  # 27 lies at the end of the calendar
def test_made_up_condition_is_judged_as_the_reference_judges_it(seed: int) -> None:
    book = made_up()
    export = random_export(seed, CASES, 0)
    judged = judge_records(export.records, export.as_at, book, export.missing_tables)
    seen: Counter[str] = Counter()
    for record in export.records:
        for rule in book.rules.values():
            try:
                expected = judge(rule, book, record, export.as_at, export.missing_tables)
            except (LeftOut, TooManyWays):
                continue
            got = judged[record["case"]["case_id"], rule.id]
            wanted = (expected.outcome, expected.due_on, expected.done_on, expected.days_late)
            assert got == wanted, f"{rule.id} as at {export.as_at}, without {export.missing_tables}: {record}"
            seen[expected.outcome] += 1
    assert {"met", "not_met", "not_applicable", "unknown"} <= set(seen)
