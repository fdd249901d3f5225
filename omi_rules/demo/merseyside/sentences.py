"""What the sentences require, when each requirement started, and the tier that goes with it."""

from datetime import timedelta
from typing import Any

from omi_rules.demo.merseyside.chance import after, before, working_days_after
from omi_rules.demo.merseyside.sample import AS_AT, Case, Sample, others

_SUPERVISION, _UNPAID, _PROGRAMME, _DRUGS = "supervision", "unpaid_work", "accredited_programme", "drug_rehabilitation"


def add_sentences(sample: Sample) -> None:
    """The requirements of every case, and its tier."""
    _share_out_requirements(sample)
    _set_tiers(sample)
    _add_rows(sample)


def _share_out_requirements(sample: Sample) -> None:
    make_up = sample.make_up
    orders = sample.those(lambda case: case.community)
    unpaid_only = sample.draw_sort("unpaid_work_only", [case for case in orders if not (case.high or case.ppo)])
    supervised = others(sample.cases, unpaid_only)
    for case in supervised:
        case.requirements.append(_SUPERVISION)
    ordered = [case for case in supervised if case.community]
    unpaid = sample.draw("unpaid and more", ordered, make_up["unpaid_work"] - len(unpaid_only))
    drugs = sample.draw_sort("drug_rehabilitation", ordered)
    programme = _draw_programmes(sample, others(supervised, drugs))
    _give(_UNPAID, [*unpaid_only, *unpaid])
    _give(_DRUGS, drugs)
    _give(_PROGRAMME, programme)
    _give("curfew", sample.draw_sort("curfew_community", orders))
    licences = sample.those(lambda case: case.licence)
    _give("curfew", sample.draw_sort("curfew_licence", licences))
    _give("residence", sample.draw_sort("approved_premises", [case for case in licences if case.high]))
    plain = [case for case in licences if len(case.requirements) == 1]
    more = make_up["licence_with_conditions"] - (len(licences) - len(plain))
    _give("alcohol_treatment", sample.draw("alcohol treatment", plain, more))


def _draw_programmes(sample: Sample, among: list[Case]) -> list[Case]:
    """Those of the domestic violence programmes, and of the others as many as the sort of sentence still lacks."""
    make_up = sample.make_up
    violent = sample.draw_sort("domestic_abuse_programme", [case for case in among if case.columns["domestic_abuse"]])
    rest = [case for case in among if not case.columns["domestic_abuse"]]
    on_licence = make_up["programme_licence"] - sum(case.licence for case in violent)
    return [
        *violent,
        *sample.draw("programme licence", [case for case in rest if case.licence], on_licence),
        *sample.draw(
            "programme community",
            [case for case in rest if case.community],
            make_up["programme"] - len(violent) - on_licence,
        ),
    ]


def _give(kind: str, cases: list[Case]) -> None:
    for case in cases:
        case.requirements.append(kind)


def _set_tiers(sample: Sample) -> None:
    """The lowest tier that fits, but for the cases whose tier is wrong by one."""
    for case in sample.cases:
        case.tier = _lowest_tier(case)
    ppo = sample.draw_sort("wrong_tier_ppo", [case for case in sample.cases if case.ppo and not case.high])
    helped = [case for case in sample.cases if case.tier == 2 and _UNPAID in case.requirements]
    unpaid = sample.draw_sort("wrong_tier_unpaid_work", helped)
    changed = [case for case in sample.cases if case.tier == 3 and _PROGRAMME in case.requirements]
    programme = sample.draw_sort("wrong_tier_programme", changed)
    wrong = [*ppo, *unpaid, *programme]
    right = len(sample.draw_sufficient("1.5.16", sample.cases))
    high = sample.draw(
        "wrong tier",
        [case for case in sample.cases if case.high and not case.ppo],
        len(sample.cases) - right - len(wrong),
    )
    for case in [*wrong, *high]:
        case.tier -= 1
    for case in sample.cases:
        case.columns["tier"] = case.tier


def _lowest_tier(case: Case) -> int:
    if case.high or case.ppo:
        return 4
    if _PROGRAMME in case.requirements or _DRUGS in case.requirements:
        return 3
    return 2 if _SUPERVISION in case.requirements else 1


def _add_rows(sample: Sample) -> None:
    programme = sample.those(lambda case: _PROGRAMME in case.requirements)
    on_plan = sample.draw_sufficient("2.5.05", programme)
    not_started = sample.draw_sort("programme_not_started", others(programme, on_plan))
    completed = sample.draw_sort("programme_completed", on_plan)
    implemented = sample.draw_sufficient("2.1.05", sample.cases, never=not_started)
    lacking = others(others(sample.cases, implemented), not_started)
    idle = sample.draw_sort("unpaid_work_not_started", [case for case in lacking if _UNPAID in case.requirements])
    singleton = sample.draw_sort("singleton", others(programme, not_started))
    consenting = sample.draw_sufficient("2.7.06", singleton)
    for case in sample.cases:
        for kind in case.requirements:
            planned = after(case.start, case.number(f"planned {kind}", 40, 70) if kind == _PROGRAMME else 14)
            started = None if kind == _UNPAID and case in idle else before(planned, case.number(kind, 0, 6))
            row = sample.add("requirements", case, kind=kind, planned_start_on=planned, started_on=started)
            row["singleton_placement"] = False
            if kind == _PROGRAMME:
                _time_programme(case, row, case in on_plan, case in not_started, case in completed)
                if case in singleton:
                    row["singleton_placement"] = True
                    row["consent_recorded_on"] = before(row["started_on"], 5) if case in consenting else None
        if case in lacking and case not in idle:
            sample.add(
                "requirements",
                case,
                kind="activity",
                planned_start_on=after(case.start, 60),
                started_on=None,
                singleton_placement=False,
            )


def _time_programme(case: Case, row: dict[str, Any], on_plan: bool, waiting: bool, completed: bool) -> None:
    """In keeping with the plan, or more than 20 working days after it, or not yet."""
    planned = row["planned_start_on"]
    latest = working_days_after(planned, 20)
    if waiting:
        row["started_on"] = None
    elif on_plan:
        row["started_on"] = after(planned, case.number("programme starts", 0, 20))
    else:
        row["started_on"] = after(latest, case.number("programme late", 7, 35))
    if completed:
        row["completed_on"] = min(after(row["started_on"], 84), AS_AT - timedelta(days=2))
