"""Assessment of Risk of Harm: screenings, full analyses, SARA, plans to manage the risk, MAPPA and home visits."""

from omi_rules.demo.merseyside.chance import after, before, working_days_after
from omi_rules.demo.merseyside.sample import Case, Sample, others


def add_risk(sample: Sample) -> None:
    """Everything about Risk of Harm but its reviews."""
    _add_screenings(sample)
    _add_saras(sample)
    _add_plans(sample)
    _add_mappa(sample)
    _add_home_visits(sample)
    _add_callouts(sample)


def _add_screenings(sample: Sample) -> None:
    high = sample.those(lambda case: case.high)
    in_time = sample.draw_sufficient("1.2.01", sample.cases, always=high)
    late = sample.draw_sort("screened_late", others(sample.cases, in_time))
    screened = [case for case in sample.cases if case in in_time or case in late]
    analysed, not_done, exempted = _share_out_analyses(sample, high, in_time)
    signed = sample.draw_sort("exemption_signed", exempted)
    for case in screened:
        due = working_days_after(case.start, case.assessment_limit)
        early = before(case.start, case.number("screened", 3, 6))
        row = sample.add("roh_screenings", case)
        row["completed_on"] = after(due, case.number("screened late", 3, 30)) if case in late else early
        row["full_analysis_indicated"] = case in analysed or case in not_done or case in exempted
        row["exempted"] = case in exempted
        if case in exempted:
            row["exemption_reason"] = "no new information since the last analysis"
        if case in signed:
            row["countersigned_on"] = after(early, 3)
        if case in analysed:
            sample.add(
                "roh_assessments",
                case,
                completed_on=before(case.start, 0),
                kind="full_analysis",
                level=case.roh,
                grade="po",
                countersigned_on=after(case.start, 4),
            )


def _share_out_analyses(
    sample: Sample, high: list[Case], in_time: list[Case]
) -> tuple[list[Case], list[Case], list[Case]]:
    """Who was analysed, who should have been and was not, and who was exempted. All high cases were analysed."""
    medium = [case for case in sample.cases if case.roh == "medium" and case in in_time]
    analysed = [*high, *sample.draw("analysed", medium, sample.make_up["full_analysis"] - len(high))]
    not_done = sample.draw_sort("analysis_not_done", others(medium, analysed))
    free = [case for case in in_time if not case.high]
    return analysed, not_done, sample.draw_sort("exempted", others(others(free, analysed), not_done))


def _add_saras(sample: Sample) -> None:
    abusive = sample.those(lambda case: case.columns["domestic_abuse"])
    done = sample.draw_sort("sara_done", abusive)
    for number, case in enumerate(others(abusive, done)):
        if number % 2:
            sample.add("specialist_assessments", case, completed_on=after(case.start, 40), kind="sara")
    for case in done:
        sample.add("specialist_assessments", case, completed_on=after(case.start, 2), kind="sara")


def _add_plans(sample: Sample) -> None:
    """Of the orders not in time one has no plan, and the others have a late one."""
    orders = sample.those(lambda case: case.high and case.community)
    in_time = sample.draw_sufficient("1.2.20", orders)
    late = others(orders, in_time)[1:]
    licences = sample.draw_sort("risk_plan_licence", sample.those(lambda case: case.high and case.licence))
    medium = sample.draw_sort("risk_plan_medium", sample.those(lambda case: case.roh == "medium"))
    planned = [*in_time, *late, *licences, *medium]
    standard = sample.draw_sufficient("1.2.21", planned)
    for case in planned:
        day = after(case.start, 30) if case in late else before(case.start, 5) if case.licence else after(case.start, 2)
        sample.add(
            "risk_management_plans",
            case,
            completed_on=day,
            kind="pre_release" if case.licence else "initial",
            standard_headings=case in standard,
        )


def _add_mappa(sample: Sample) -> None:
    for case in sample.those(lambda case: "mappa_level" in case.columns):
        level = case.columns["mappa_level"]
        sample.add("mappa_events", case, occurred_on=before(case.start, 20), kind="referral", level=level)
        for number in range(3):
            day = after(case.start, 21 + 56 * number)
            sample.add("mappa_events", case, occurred_on=day, kind="meeting", level=level)


def _add_home_visits(sample: Sample) -> None:
    """Made in time, later or not at all. Nobody was in at the first visit to one of those visited later."""
    high = sample.those(lambda case: case.high)
    in_time = sample.draw_sufficient("2.2.02", high)
    made = sample.draw_sufficient("2.2.03", high, always=in_time)
    for case in made:
        due = working_days_after(case.start, 10)
        late = after(due, case.number("visited late", 5, 30))
        day = after(case.start, case.number("visited", 2, 11)) if case in in_time else late
        sample.add("home_visits", case, occurred_on=day, purposeful=True)
    failed = others(made, in_time)[0]
    sample.add("home_visits", failed, occurred_on=after(failed.start, 6), purposeful=False)


def _add_callouts(sample: Sample) -> None:
    """What the police were asked in cases of domestic abuse, and whether there had been call-outs."""
    abusive = sample.those(lambda case: case.columns["domestic_abuse"])
    asked = sample.draw_sufficient("3.1.10", abusive)
    called_out = sample.draw_sort("callouts_reported", asked)
    for case in asked:
        sample.add(
            "police_checks",
            case,
            requested_on=after(case.start, case.number("police", 1, 12)),
            callouts_reported=case.number("call-outs", 1, 3) if case in called_out else 0,
        )
