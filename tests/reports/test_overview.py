"""The top of a report: it says what the run did not look at, and passes over nothing in silence."""

from collections.abc import Mapping
from typing import Any

import pytest

from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.overview import describe_alerts, describe_recommendations, list_gaps
from omi_rules.rulebook.criteria import load_criteria
from tests.reports.summaries import OUTCOMES, rule, summary

APPRAISAL, PLAN = "annual-appraisal", "risk-management-plan-on-time"


def counted(**counts: int) -> Mapping[str, Any]:
    return {"outcomes": dict.fromkeys(OUTCOMES, 0) | counts}


def seen(told: Mapping[str, Any], number: int) -> tuple[int, int]:
    row = describe_recommendations(told, load_criteria(), None)[number - 1]
    return row["by_rule"], row["asked"]


@pytest.mark.parametrize(
    ("rules", "sees"),
    [
        ([rule(APPRAISAL, criterion="staff", **counted(met=1))], 1),
        ([rule(APPRAISAL, criterion="staff", **counted(unknown=8))], 0),
        ([rule(APPRAISAL, criterion="staff", **counted(error=8))], 0),
        ([rule(APPRAISAL, criterion="staff", **counted(not_applicable=8))], 1),
        ([rule(PLAN, criterion="1.2", **counted(met=1))], 0),
    ],
    ids=["it decided", "all is unknown", "it could not run", "nobody to decide about", "it was not asked for"],
)
def test_rules_see_a_question_only_where_this_run_could_decide_it(rules: list[dict[str, Any]], sees: int) -> None:
    assert seen(summary(rules=rules), 8) == (sees, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"filters": {"criteria": ["1.1"]}}, "a part of the rules"),
        ({"filters": {"rules": [PLAN]}}, "a part of the rules"),
        ({"filters": {"recommendations": ["2"]}}, "a part of the rules"),
        ({"rules": [rule(PLAN, **counted(unknown=3)), rule(**counted(due=1, unknown=1))]}, "1 rule has decided nobody"),
    ],
)
def test_no_alert_is_not_said_without_what_may_hide_one(changes: dict[str, Any], words: str) -> None:
    assert words in describe_alerts([], AUDIENCES["manager"], summary(**changes))["unseen"]


@pytest.mark.parametrize(
    "changes",
    [
        {"filters": {"teams": ["Wirral"]}},
        {"rules": [rule(**counted(missing=1, unknown=3)), rule(APPRAISAL, criterion="staff", **counted(unknown=3))]},
    ],
)
def test_nothing_hides_an_alert_about_the_cases_that_were_judged(changes: dict[str, Any]) -> None:
    assert describe_alerts([], AUDIENCES["board"], summary(**changes))["unseen"] is None


def test_missing_table_is_told_with_what_it_cost() -> None:
    told = dict(list_gaps(summary(missing_tables=["home_visits", "inductions"])))

    assert told["The table home_visits is not in the export"] == "1 rule could not be decided without it."
    assert told["The table inductions is not in the export"] == "No rule of the run needed it."
