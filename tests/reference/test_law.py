"""Fine points of the law, worked out on paper, which hold the reference itself to the text."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference import LAW, Judgement, judge_by_law

AS_AT = date(2007, 6, 30)
ORDER: dict[str, Any] = {
    "order_type": "community_order",
    "sentence_date": date(2006, 9, 4),
    "tier": 2,
    "roh_level": "low",
    "ppo": False,
    "domestic_abuse": False,
    "statutory_victim_contact": False,
}
LICENCE = {
    **ORDER,
    "order_type": "licence",
    "release_date": date(2006, 9, 4),
    "sentence_date": date(2004, 2, 2),
}


def judge(rule: str, case: dict[str, Any] = ORDER, as_at: date = AS_AT, **tables: Any) -> Judgement:
    return judge_by_law(LAW[rule], {"case": case, **tables}, as_at)


def absent(*days: date) -> list[dict[str, Any]]:
    return [{"scheduled_on": day, "kind": "office", "outcome": "unacceptable_absence"} for day in days]


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (date(2007, 1, 10), date(2008, 1, 10), "missing"),
        (date(2007, 1, 10), date(2008, 1, 11), "not_applicable"),
        (date(2008, 2, 29), date(2009, 2, 28), "missing"),
        (date(2008, 2, 29), date(2009, 3, 1), "not_applicable"),
    ],
)
def test_twelve_months_include_both_ends(first: date, second: date, outcome: str) -> None:
    assert (
        judge("breach-instigated-on-time", as_at=date(2010, 1, 1), appointments=absent(first, second)).outcome
        == outcome
    )


@pytest.mark.parametrize(("third", "outcome"), [(date(2007, 9, 29), "missing"), (date(2007, 9, 30), "not_applicable")])
def test_third_absence_of_a_licence_changes_with_the_standard(third: date, outcome: str) -> None:
    missed = absent(date(2006, 9, 11), date(2006, 9, 18), third)
    assert judge("breach-instigated-on-time", LICENCE, date(2008, 1, 1), appointments=missed).outcome == outcome


def test_count_restarts_after_an_instigation() -> None:
    missed = absent(date(2006, 10, 2), date(2006, 10, 9), date(2006, 10, 16))
    breaches = [{"instigated_on": date(2006, 10, 9), "resolved_on": None}]
    expected = Judgement("met", date(2006, 10, 23), date(2006, 10, 9))
    assert judge("breach-instigated-on-time", appointments=missed, breaches=breaches) == expected
    # 25 working days from 9 October 2006 end on Monday 13 November.
    resolved = judge("breach-resolved-on-time", appointments=missed, breaches=breaches)
    assert resolved == Judgement("missing", date(2006, 11, 13), None, 229)


def test_breach_that_answers_no_clock_is_counted_from_itself() -> None:
    breaches = [{"instigated_on": date(2006, 10, 9), "resolved_on": date(2006, 11, 14)}]
    resolved = judge("breach-resolved-on-time", breaches=breaches)
    assert resolved == Judgement("late", date(2006, 11, 13), date(2006, 11, 14), 1)


def test_late_review_due_after_the_end_is_neither_late_nor_met() -> None:
    case = {**ORDER, "end_date": date(2006, 12, 24)}
    plans = [{"completed_on": date(2006, 12, 26), "kind": "review"}]
    assert judge("plan-reviewed-every-16-weeks", case, sentence_plans=plans).outcome == "not_applicable"
    on_the_day = judge("plan-reviewed-every-16-weeks", {**case, "end_date": date(2006, 12, 25)}, sentence_plans=plans)
    assert on_the_day == Judgement("late", date(2006, 12, 25), date(2006, 12, 26), 1)


@pytest.mark.parametrize(("hours", "outcome"), [(("3.1", "2.9"), "met"), (("3.1", "2.8"), "not_met")])
def test_hours_of_a_full_week_are_exact(hours: tuple[str, str], outcome: str) -> None:
    work = [
        {"scheduled_on": day, "kind": "unpaid_work", "outcome": "attended", "hours": Decimal(text)}
        for day, text in zip((date(2006, 9, 11), date(2006, 9, 17)), hours, strict=True)
    ]
    required = [{"kind": "unpaid_work", "started_on": date(2006, 9, 11), "completed_on": None}]
    judged = judge("unpaid-work-hours-offered", as_at=date(2006, 9, 17), appointments=work, requirements=required)
    assert judged.outcome == outcome
    early = judge("unpaid-work-hours-offered", as_at=date(2006, 9, 16), appointments=work, requirements=required)
    assert early.outcome == "not_applicable"


@pytest.mark.parametrize(
    ("report", "attended", "outcome"),
    [
        (date(2006, 11, 1), True, "met"),
        (date(2006, 11, 1), False, "not_met"),
        (date(2006, 11, 2), False, "late"),
        (None, True, "missing"),
    ],
)
def test_court_review_looks_at_the_report_first(report: date | None, attended: bool, outcome: str) -> None:
    reviews = [{"due_on": date(2006, 11, 1), "report_completed_on": report, "attended": attended}]
    required = [{"kind": "drug_rehabilitation"}]
    assert judge("drr-court-reviews", court_reviews=reviews, requirements=required).outcome == outcome


@pytest.mark.parametrize(
    ("report", "outcome"),
    [
        ({"kind": "oral", "requested_on": date(2006, 8, 7)}, "not_applicable"),
        ({"kind": "oral", "requested_on": date(2006, 8, 7), "due_on": date(2006, 8, 24)}, "late"),
        ({"kind": "sdr", "requested_on": date(2006, 8, 4)}, "met"),
        ({"kind": "sdr", "requested_on": date(2006, 8, 3)}, "late"),
        ({"kind": "fdr", "requested_on": date(2006, 8, 18)}, "met"),
    ],
)
def test_court_report_is_due_by_its_kind(report: dict[str, Any], outcome: str) -> None:
    # Friday 25 August 2006 is fifteen working days after 4 August and five after 18 August.
    reports = [{**report, "completed_on": date(2006, 8, 25)}]
    assert judge("court-report-on-time", court_reports=reports).outcome == outcome


def test_score_improves_only_if_the_whole_last_day_is_below_the_first() -> None:
    def scored(*scores: tuple[int, int]) -> list[dict[str, Any]]:
        return [{"completed_on": date(2006, month, 1), "score": score} for month, score in scores]

    assert judge("oasys-score-improved", oasys_assessments=scored((9, 70), (12, 60))).outcome == "met"
    assert judge("oasys-score-improved", oasys_assessments=scored((9, 70), (12, 60), (12, 70))).outcome == "not_met"
    assert judge("oasys-score-improved", oasys_assessments=scored((9, 70), (9, 60))).outcome == "not_met"
    assert judge("oasys-score-improved", oasys_assessments=scored((9, 70))).outcome == "not_applicable"


def test_unrecorded_tier_does_not_matter_to_a_plan_in_time() -> None:
    plans = [{"completed_on": date(2006, 9, 7), "kind": "initial"}]
    judged = judge("initial-plan-on-time", {**ORDER, "tier": None}, sentence_plans=plans)
    assert judged == Judgement("met", None, date(2006, 9, 7))
