"""Hours of a full week are told as the rules add them up: to nine decimal places."""

from datetime import date
from decimal import Decimal

import pytest

from omi_rules.explain.kinds.weeks import work_out_weeks
from omi_rules.explain.records import records_of
from omi_rules.rulebook.model import Weekly
from tests.explain.judgements import judgement_of, rulebook

MONDAY, SUNDAY = date(2006, 11, 6), date(2006, 11, 12)


@pytest.mark.parametrize(("times", "told", "short"), [(18, ": 6.", []), (17, ": 5.666666667.", ["0.333333333 more"])])
def test_thirds_of_an_hour_are_told_as_the_hours_that_they_make(times: int, told: str, short: list[str]) -> None:
    work = {"scheduled_on": MONDAY, "kind": "unpaid_work", "outcome": "attended", "hours": Decimal("0.333333333333333")}
    record = {
        "case": {"case_id": "C1", "order_type": "community_order", "sentence_date": date(2006, 9, 4)},
        "requirements": [{"kind": "unpaid_work", "started_on": MONDAY, "completed_on": SUNDAY}],
        "appointments": [work] * times,
    }
    require = rulebook().rules["unpaid-work-hours-offered"].require
    assert isinstance(require, Weekly)
    working = work_out_weeks(records_of(judgement_of(record, date(2007, 1, 31), {})), require)
    assert [line.text.endswith(told) for line in working.lines if "12 November" in line.text] == [True]
    assert [change.startswith(more) for change, more in zip(working.change, short, strict=True)] == [True] * len(short)
