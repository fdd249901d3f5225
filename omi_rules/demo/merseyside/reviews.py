"""Reviews of Risk of Harm and of sentence plans, of OASys with them, and what changed meanwhile.

Supervision has gone on for 181 to 206 days. A first review on day 75 or later is followed by one that is due after
day 187; one on day 60 or earlier by one due on day 172 at the latest, which is over by now.
"""

from datetime import date

from omi_rules.demo.merseyside.chance import after, before
from omi_rules.demo.merseyside.plans import case_grade
from omi_rules.demo.merseyside.sample import Case, Sample, others


def add_reviews(sample: Sample) -> None:
    """Reviews, changes of circumstance, and new sentences."""
    risk = _risk_review_days(sample)
    plan = _plan_review_days(sample, risk)
    together = _share_out_pairs(sample, risk, plan)
    for case in sample.cases:
        for day in risk[case.id]:
            sample.add("roh_assessments", case, completed_on=day, kind="review", level=case.roh, grade=case_grade(case))
        for day in plan[case.id]:
            sample.add(
                "sentence_plans",
                case,
                completed_on=day,
                kind="review",
                contact_levels_stated=True,
                offender_involved=case.number("involved again", 0, 2) > 0,
                grade=case_grade(case),
            )
    _add_scores(sample, plan, together)
    _add_changes(sample, risk)
    _add_new_sentences(sample)


def _risk_review_days(sample: Sample) -> dict[str, list[date]]:
    """The days of the reviews of risk: of a low risk none is required, and those made go with the plan's."""
    days: dict[str, list[date]] = {case.id: [] for case in sample.cases}
    judged = sample.those(lambda case: case.roh != "low")
    in_time = sample.draw_sufficient("2.2.04", judged)
    again = sample.draw_sufficient("2.2.05", in_time)
    for case in again:
        days[case.id] = [
            after(case.start, case.number("review", 75, 105)),
            after(case.start, case.number("second review", 165, 175)),
        ]
    not_again = others(in_time, again)
    for case in not_again:
        days[case.id] = [before(case.start, -case.number("early review", 42, 56))]
    for case in sample.draw_sort("roh_next_reviewed_late", not_again):
        days[case.id].append(after(days[case.id][0], case.number("second late", 114, 120)))
    for case in sample.draw_sort("roh_reviewed_late", others(judged, in_time)):
        days[case.id] = [after(case.start, case.number("late review", 115, 133))]
    return days


def _plan_review_days(sample: Sample, risk: dict[str, list[date]]) -> dict[str, list[date]]:
    """The days of the plan reviews: with those of risk where both or late, else alone; none without a plan."""
    days: dict[str, list[date]] = {case.id: [] for case in sample.cases}
    planned = sample.those(lambda case: bool(sample.rows_of("sentence_plans", case)))
    in_time = sample.draw_sufficient("2.1.12", sample.cases, never=others(sample.cases, planned))
    rest = others(planned, in_time)
    late = [case for case in rest if _came_late(case, risk[case.id])]
    # a low risk can be reviewed with a late plan, so that those come first
    low = [case for case in rest if case.roh == "low"]
    free = [*sample.draw("plan late", low, len(low)), *others(others(rest, late), low)]
    late += free[: sample.make_up["plan_reviewed_late"] - len(late)]
    for case in in_time:
        reviewed = risk[case.id]
        twice = len(reviewed) == 2 and reviewed[0] >= after(case.start, 75)
        days[case.id] = list(reviewed) if twice else [before(case.start, -case.number("plan review", 100, 109))]
    for case in late:
        alone = [after(case.start, case.number("late plan review", 115, 133))]
        days[case.id] = list(risk[case.id]) if _came_late(case, risk[case.id]) else alone
    return days


def _came_late(case: Case, reviewed: list[date]) -> bool:
    return bool(reviewed) and reviewed[0] >= after(case.start, 115)


def _share_out_pairs(sample: Sample, risk: dict[str, list[date]], plan: dict[str, list[date]]) -> list[Case]:
    """The cases whose plan was reviewed together with the risk; a low risk is reviewed on the day of the plan."""
    assessed = sample.those(lambda case: bool(plan[case.id] and sample.rows_of("oasys_assessments", case)))
    able = [case for case in assessed if case.roh == "low" or risk[case.id] == plan[case.id]]
    together = sample.draw_sort("reviewed_with_risk", able)
    for case in together:
        risk[case.id] = list(plan[case.id])
    return together


def _add_scores(sample: Sample, plan: dict[str, list[date]], together: list[Case]) -> None:
    """OASys scored again: with the plan review, or else at a distance from it."""
    # the figure is about all cases; those never scored could not be scored again
    never = sample.those(lambda case: not sample.rows_of("oasys_assessments", case))
    again = sample.draw_sufficient("3.1.15", sample.cases, always=together, never=never)
    improved = sample.draw_sufficient("3.1.16", again)
    for case in again:
        first = sample.rows_of("oasys_assessments", case)[0]["score"]
        change = case.number("change of score", 1, 12)
        alone = [after(case.start, case.number("scored again", 151, 160))]
        for day in plan[case.id] if case in together else alone:
            sample.add(
                "oasys_assessments",
                case,
                completed_on=day,
                kind="review",
                grade=case_grade(case),
                score=first - change if case in improved else first + change - 1,
            )


def _add_changes(sample: Sample, risk: dict[str, list[date]]) -> None:
    """Significant changes: shortly before a review, or on a day that none followed within two weeks."""
    reviewed = sample.those(lambda case: bool(risk[case.id]))
    answered = sample.draw_sort("changes_answered", reviewed)
    number = sample.make_up["changes"] - len(answered)
    for case in answered:
        day = before(risk[case.id][0], case.number("change", 2, 8))
        sample.add("significant_changes", case, occurred_on=day, kind="new offence reported")
    for case in sample.draw("change not answered", others(sample.cases, answered), number):
        sample.add("significant_changes", case, occurred_on=after(case.start, 137), kind="moved in with a new partner")


def _add_new_sentences(sample: Sample) -> None:
    """Offenders sentenced again: with OASys made anew soon after, or not since."""
    scored = sample.those(lambda case: len(sample.rows_of("oasys_assessments", case)) > 1)
    in_time = sample.draw_sort("resentenced_in_time", scored)
    for case in in_time:
        day = sample.rows_of("oasys_assessments", case)[-1]["completed_on"]
        case.columns["resentenced_date"] = before(day, 7)
    number = sample.make_up["resentenced"] - len(in_time)
    for case in sample.draw("resentenced and not assessed", others(sample.cases, scored), number):
        case.columns["resentenced_date"] = after(case.start, 150)
