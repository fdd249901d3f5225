"""What the reader is told: the overview, the sections, and the words in them."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from omi_rules.explain.layout import Explanation, Line
from omi_rules.explain.narrative import explain_case
from omi_rules.problems import UsageError
from tests.explain.judgements import Judged, judged_by_reference, judgement_of, rulebook, section

SENTENCED = date(2006, 12, 20)
AS_AT = date(2007, 1, 31)


def record(**differs: Any) -> dict[str, Any]:
    """The example case, high Risk of Harm and sentenced before Christmas, with what differs."""
    base = {name: rows for name, rows in rulebook().example_case.items() if name not in ("as_at", "staff")}
    case = {
        "case_id": "C1",
        **base["case"],
        "sentence_date": SENTENCED,
        "roh_level": "high",
        **differs.pop("case", {}),
    }
    return {**base, "roh_assessments": (), **differs, "case": case}


def explain_rule(rule: str, given: dict[str, Any], **judged: Any) -> Explanation:
    missing = frozenset(judged.pop("missing", ()))
    found = judged_by_reference(rulebook().rules[rule], given, AS_AT, missing)
    judgement = judgement_of(given, AS_AT, {rule: replace(found, **judged)}, missing)
    return explain_case(judgement, [rule])[0]


PLAN = "risk-management-plan-on-time"

WHOLE = """\
risk-management-plan-on-time, case C1 as at 31 January 2007

Rule
  Risk management plan within five working days.
  Was a risk management plan completed within five working days of the order, or
  of being assessed as high or very high Risk of Harm?
  Source: Offender Management Inspection, a report on offender management in
  Merseyside (HM Inspectorate of Probation), criterion 1.2, areas for
  improvement (e).
  Severity: critical, Risk of Harm thread. Recommendations: 2.

Outcome
  Late. Completed on 2 January.
  Due on 29 December 2006.
  Done on 2 January 2007.
  4 days late.

Population
  The rule is about cases where:
    yes           order type is community order or suspended sentence order (the
                  case: community order)
    yes           Risk of Harm level is high or very high (the case: high)
  So the case is in the population.

Clock
  The clock started on Wed 20 December 2006: Start of supervision, or the day on
  which the case became high Risk of Harm.
    No assessment as high or very high Risk of Harm is recorded with its date,
    so the clock starts at the start of supervision.
  Limit: 5 working days (Limit for the risk management plan).
    Source: Offender Management Inspection, a report on offender management in
    Merseyside (HM Inspectorate of Probation), criterion 1.2, areas for
    improvement (e).
  Working days after Wed 20 December 2006, which is day 0:
     1  Thu 21 December 2006
     2  Fri 22 December 2006
     -  Mon 25 December 2006, Christmas Day: not counted
     -  Tue 26 December 2006, Boxing Day: not counted
     3  Wed 27 December 2006
     4  Thu 28 December 2006
     5  Fri 29 December 2006
     -  2 days of weekends: not counted
  Work from 25 October 2006 counts, 56 days before the clock started.
  Due: Fri 29 December 2006.
  First row of risk management plans: Tue 2 January 2007, row 2 of
  risk_management_plans.
  Done on 2 January 2007: 4 days late.

Evidence
  When the case became high Risk of Harm: Risk of Harm assessments where level
  is high or very high (table roh_assessments)
    No row of this case is recorded.
  What has to be done: risk management plans (table risk_management_plans)
    not counted  row 1: completed on: 24 October 2006. Before 25 October 2006,
                 from when work counts.
    counts       row 2: completed on: 2 January 2007.

Conclusions that rest on it
  No conclusion rests on this outcome.

What to do now
  Complete the plan now, under the required headings, and have it countersigned.
  If the records are wrong or incomplete, this would change the outcome:
    A row of risk management plans dated from 25 October 2006 to 29 December
    2006."""


def test_late_plan_over_christmas_is_told_day_by_day() -> None:
    plans = ({"completed_on": date(2006, 10, 24)}, {"completed_on": date(2007, 1, 2)})
    explanation = explain_rule(PLAN, record(risk_management_plans=plans), reason="Completed on 2 January.")
    assert explanation.text == WHOLE


def test_explanation_is_json() -> None:
    explanation = explain_rule(PLAN, record(risk_management_plans=({"completed_on": date(2007, 1, 2)},)))
    told = json.loads(json.dumps(explanation.as_dict()))
    assert (told["case_id"], told["rule"], told["outcome"], told["days_late"]) == ("C1", PLAN, "late", 4)
    assert (told["as_at"], told["due_on"], told["done_on"]) == ("2007-01-31", "2006-12-29", "2007-01-02")
    clock = next(part["lines"] for part in told["sections"] if part["heading"] == "Clock")
    assert " 5  Fri 29 December 2006" in clock


def test_assessment_that_started_the_clock_is_named_by_its_row() -> None:
    assessments = (
        {"completed_on": date(2006, 12, 21), "level": "medium"},
        {"completed_on": date(2007, 1, 5), "level": "high"},
    )
    clock = section(explain_rule(PLAN, record(roh_assessments=assessments)), "Clock")
    assert "The clock started on Fri 5 January 2007" in clock
    assert "Row 2 of roh_assessments is the first assessment as high or very high Risk of Harm" in clock
    assert "Work from 5 January 2007 counts, the day on which the clock started." in clock


def test_undated_assessment_as_high_is_told_as_a_doubt() -> None:
    assessments = ({"completed_on": None, "level": "high"},)
    explanation = explain_rule(PLAN, record(roh_assessments=assessments))
    assert "Not certain: row 1 of roh_assessments is such an assessment and has no date." in section(
        explanation, "Clock"
    )
    assert "may count  row 1: completed on: not recorded; level: high. It has no date." in section(
        explanation, "Evidence"
    )


def test_value_is_told_with_the_arms_passed_over_and_the_assumption() -> None:
    clock = section(explain_rule("initial-plan-on-time", record(case={"roh_level": "low", "tier": 4})), "Clock")
    assert "no  5 working days if PPO is yes (the case: no)" in clock
    assert "yes  5 working days if tier is 4 or more (the case: 4)" in clock
    assert "ASSUMED: The report gives no number of days." in clock
    assert "As in force from 4 March 2005, and before 30 September 2007." in clock


def test_value_that_is_not_certain_is_told_with_both_due_dates() -> None:
    explanation = explain_rule("initial-plan-on-time", record(case={"roh_level": "low", "tier": None}))
    clock = section(explanation, "Clock")
    assert "Limit: 5 working days or 15 working days" in clock
    assert "not recorded  5 working days if tier is 4 or more (the case: not recorded)" in clock


def test_population_says_why_a_case_is_outside() -> None:
    explanation = explain_rule(PLAN, record(case={"roh_level": "low"}))
    assert "no  Risk of Harm level is high or very high (the case: low)" in section(explanation, "Population")
    assert "So the case is not in the population" in section(explanation, "Population")
    assert section(explanation, "Clock") == "The case is not in the population, so no clock runs."


def test_exclusion_is_told_with_its_reason() -> None:
    given = record(case={"mappa_exception_reason": "agreed\nwith \x1b[31mpolice"})
    population = section(explain_rule("high-roh-managed-in-mappa", given), "Population")
    assert "yes  MAPPA exception reason is recorded (the case: agreed with [31mpolice)" in population
    assert "The reason for not managing the case in MAPPA is recorded." in population


def test_every_review_has_its_own_due_date_and_verdict() -> None:
    reviews = tuple(
        {"completed_on": day, "kind": "review"} for day in (date(2006, 8, 1), date(2006, 12, 18), date(2007, 1, 31))
    )
    given = record(case={"sentence_date": date(2006, 9, 4), "review_interval_weeks": 12}, sentence_plans=reviews)
    explanation = explain_rule("plan-reviewed-every-16-weeks", given)
    clock = section(explanation, "Clock")
    assert "An interval of 12 weeks is set for this case: it is used." in clock
    assert "Review 1: 4 September 2006 + 12 weeks (84 days) = Mon 27 November 2006." in clock
    assert "Done on Mon 18 December 2006, row 2 of sentence_plans: 21 days late." in clock
    assert "Review 3: 31 January 2007 + 12 weeks (84 days) = Wed 25 April 2007." in clock
    assert "The outcome rests on review 1." in clock
    assert "Before 4 September 2006, from when reviews count." in section(explanation, "Evidence")


def test_absences_are_counted_one_by_one() -> None:
    missed = tuple(
        {"scheduled_on": date(2007, 1, day), "kind": "office", "outcome": "unacceptable_absence"} for day in (3, 8, 10)
    )
    clock = section(explain_rule("breach-instigated-on-time", record(appointments=missed)), "Clock")
    assert "Mon 8 January 2007, row 2 of appointments: absence 2 of the 2 within 12 months" in clock
    assert "row 3 of appointments: a clock is running already" in clock
    assert "Event 1: row 2 of appointments." in clock


def test_counted_days_are_listed() -> None:
    seen = tuple({"scheduled_on": date(2007, 1, day), "kind": "office", "outcome": "attended"} for day in (3, 8))
    explanation = explain_rule("contact-frequency", record(appointments=seen))
    assert " 2  Mon 8 January 2007, row 2 of appointments: kind: office" in section(explanation, "Clock")
    assert "14 more rows of appointments" in section(explanation, "What to do now")


def test_partners_are_told_row_by_row() -> None:
    explanation = explain_rule("plan-review-with-risk-review", record(case={"sentence_date": date(2006, 9, 4)}))
    clock = section(explanation, "Clock")
    assert "Near enough: from 6 December 2006 to 8 January 2007." in clock
    assert "none  Risk of Harm assessments where kind is review: no row near enough." in clock
    assert "row 2 of oasys_assessments, 1 working day before it." in clock


def test_rejected_rows_and_absent_tables_are_told() -> None:
    given = record(lost={"risk_management_plans": 2}, risk_management_plans=())
    explanation = explain_rule(PLAN, given, undecided=("risk_management_plans",))
    assert "2 rows of this case were rejected" in section(explanation, "Evidence")
    assert "(table risk_management_plans): 2 rejected" in section(explanation, "What to do now")

    del given["risk_management_plans"]
    absent = explain_rule(PLAN, {**given, "lost": {}}, missing=["risk_management_plans"])
    assert absent.outcome == "unknown"
    assert "The table is not in the export." in section(absent, "Evidence")


def test_row_that_cannot_count_is_not_to_be_completed() -> None:
    plans = ({"kind": "review", "completed_on": None}, {"kind": "initial", "completed_on": None})
    explanation = explain_rule(
        "initial-plan-exists", record(sentence_plans=plans), undecided=("sentence_plans.completed_on",)
    )

    assert explanation.outcome == "unknown"
    assert "(sentence_plans.completed_on): row 2." in section(explanation, "What to do now")


@pytest.mark.parametrize(("ended", "told"), [(date(2007, 1, 31), True), (date(2007, 2, 1), False)])
def test_what_can_no_longer_be_done_is_not_asked_for(ended: date, told: bool) -> None:
    given = record(case={"end_date": ended}, risk_management_plans=())
    advice = section(explain_rule(PLAN, given), "What to do now")

    assert ("can no longer be done" in advice) is told


def test_where_others_failed_too_one_record_is_not_said_to_change_the_outcome() -> None:
    begun = [{"kind": "drug_rehabilitation", "planned_start_on": date(2006, 10, day)} for day in (2, 9)]
    late = [{"kind": "review", "completed_on": date(2006, 8, 28)}, {"kind": "review", "completed_on": date(2007, 1, 8)}]
    several = [
        explain_rule("requirements-implemented", record(requirements=begun)),
        explain_rule(
            "plan-reviewed-every-16-weeks", record(case={"sentence_date": date(2006, 5, 1)}, sentence_plans=late)
        ),
    ]
    single = [
        explain_rule("requirements-implemented", record(requirements=begun[:1])),
        explain_rule(
            "plan-reviewed-every-16-weeks", record(case={"sentence_date": date(2006, 9, 4)}, sentence_plans=late[1:])
        ),
    ]

    assert [" and others have failed too:" in section(each, "What to do now") for each in several] == [True, True]
    assert ["would change the outcome:" in section(each, "What to do now") for each in single] == [True, True]


def test_unknown_says_what_to_record() -> None:
    explanation = explain_rule(PLAN, record(case={"roh_level": None}), undecided=("cases.roh_level",))
    assert explanation.outcome == "unknown"
    assert "Risk of Harm level of the case (cases.roh_level)." in section(explanation, "What to do now")
    assert "not recorded  Risk of Harm level is high or very high" in section(explanation, "Population")


def test_due_says_by_when() -> None:
    given = record(case={"sentence_date": date(2007, 1, 29)}, risk_management_plans=())
    explanation = explain_rule(PLAN, given)
    assert explanation.outcome == "due"
    assert "It is still to be done by 5 February 2007." in section(explanation, "What to do now")


def test_conclusions_that_rest_on_the_rule_are_told() -> None:
    outcomes = {PLAN: Judged("missing", date(2006, 12, 29), None, 33), "ethnicity-recorded": Judged("met")}
    conclusion = rulebook().conclusions["unmanaged-high-risk"]
    because = ((PLAN, "missing"), ("high-roh-managed-in-mappa", "missing"))
    judgement = judgement_of(record(), AS_AT, outcomes, derived=((conclusion, because),))

    resting, other = explain_case(judgement, [PLAN, "ethnicity-recorded"])

    told = section(resting, "Conclusions that rest on it")
    assert conclusion.cause in told
    assert conclusion.action in told
    assert "High Risk of Harm case managed within MAPPA: missing." in told
    assert section(other, "Conclusions that rest on it") == "No conclusion rests on this outcome."


def test_overview_puts_the_insufficient_first_and_explains_what_wants_explaining() -> None:
    outcomes = {
        "ethnicity-recorded": Judged("met"),
        "initial-plan-exists": Judged("unknown", undecided=("sentence_plans.kind",)),
        "initial-plan-on-time": Judged("late", date(2006, 12, 29), date(2007, 1, 2), 4),
        PLAN: Judged("missing", date(2006, 12, 29), None, 33),
        "bank-holiday-absence": Judged("not_applicable"),
    }

    overview, *others = explain_case(judgement_of(record(), AS_AT, outcomes))

    assert [each.rule for each in others] == [PLAN, "initial-plan-on-time", "initial-plan-exists"]
    assert overview.rule == ""
    assert [each.heading for each in overview.sections] == [
        "Insufficient (2)",
        "Unknown (1)",
        "Met (1)",
        "Outside (1)",
        "Conclusions",
    ]
    assert f"missing         {PLAN} (critical); due 29 December 2006" in overview.text
    assert overview.as_dict()["rule"] is None


def test_unknown_rule_is_refused_with_the_nearest() -> None:
    judgement = judgement_of(record(), AS_AT, {PLAN: Judged("met")})
    with pytest.raises(UsageError, match=f"did you mean {PLAN}"):
        explain_case(judgement, ["risk-managment-plan-on-time"])
    with pytest.raises(UsageError, match="was not run on this case"):
        explain_case(judgement, ["ethnicity-recorded"])


def test_line_wraps_below_its_text() -> None:
    shown = Line("word " * 20, "yes", 14, depth=1).wrapped()
    assert shown[0].startswith("    yes           word")
    assert shown[1].startswith(" " * 18 + "word")
    assert max(map(len, shown)) <= 80
