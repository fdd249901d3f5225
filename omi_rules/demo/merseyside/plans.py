"""The first OASys assessments and sentence plans, and who was allocated the case."""

from omi_rules.demo.merseyside.chance import after, before, working_days_after
from omi_rules.demo.merseyside.sample import Case, Sample, grade_of, others

_TEAMS = (
    ("Liverpool North", "Liverpool North team 1"),
    ("Liverpool North", "Liverpool North team 2"),
    ("Liverpool South", "Liverpool South team 1"),
    ("Liverpool South", "Liverpool South team 2"),
    ("Wirral", "Wirral team 1"),
    ("Wirral", "Wirral team 2"),
    ("Sefton", "Sefton team 1"),
    ("Sefton", "Sefton team 2"),
    ("Knowsley and St Helens", "Knowsley and St Helens team 1"),
    ("Knowsley and St Helens", "Knowsley and St Helens team 2"),
)


def add_plans(sample: Sample) -> None:
    """Allocations, OASys at the start, and initial sentence plans."""
    _add_allocations(sample)
    _add_assessments(sample)
    _add_initial_plans(sample)


def team_of(officer: int) -> tuple[str, str]:
    """The division and team of an officer, by number."""
    return _TEAMS[officer % len(_TEAMS)]


def _add_allocations(sample: Sample) -> None:
    """First to one officer, in time or not; some cases changed hands once, some twice, within the team."""
    orders = sample.those(lambda case: case.community)
    in_time = sample.draw_sufficient("1.5.01", orders)
    moved_twice = sample.draw_sort("three_managers", sample.cases)
    moved_once = sample.draw_sort("two_managers", others(sample.cases, moved_twice))
    officers = sample.make_up["officers"]
    for case in sample.cases:
        limit = 1 if case.tier == 4 else 3
        late = case.community and case not in in_time
        day = after(working_days_after(case.start, limit), case.number("allocated", 2, 9)) if late else case.start
        moves = 2 if case in moved_twice else 1 if case in moved_once else 0
        first = case.number("officer", 0, officers - 1)
        for move in range(moves + 1):
            # officers of one team are ten numbers apart
            number = (first + len(_TEAMS) * move) % officers
            officer = f"OM{number + 1:03d}"
            sample.add(
                "allocations",
                case,
                allocated_on=after(day, 45 * move),
                offender_manager=officer,
                grade=grade_of(officer),
            )
        division, team = team_of(first)
        case.columns |= {"division": division, "team": team, "offender_manager": officer}


def _add_assessments(sample: Sample) -> None:
    """With a score: in time, late, or not at all. What PPOs lack is the assessment itself."""
    ppo = sample.those(lambda case: case.ppo)
    ppo_in_time = sample.draw_sufficient("1.3.06", ppo)
    ppo_late = others(ppo, ppo_in_time)
    simple = _simple_cases(sample)
    never = sample.draw_sort("unpaid_work_not_assessed", simple)
    in_time = sample.draw_sufficient("1.3.01", sample.cases, always=ppo_in_time, never=[*ppo_late, *never])
    free = others(others(others(sample.cases, in_time), ppo_late), simple)
    never += sample.draw("not assessed", free, sample.make_up["not_assessed"] - len(never))
    for case in others(sample.cases, never):
        due = working_days_after(case.start, case.assessment_limit)
        late = after(due, case.number("assessed late", 2, 14))
        day = after(case.start, case.number("assessed", 1, 5)) if case in in_time else late
        sample.add(
            "oasys_assessments",
            case,
            completed_on=day,
            kind="start",
            score=case.number("score", 40, 110),
            grade=case_grade(case),
        )


def _simple_cases(sample: Sample) -> list[Case]:
    """The Tier 1 cases of unpaid work, for which a simple assessment and plan would do."""
    return sample.those(lambda case: case.tier == 1 and "unpaid_work" in case.requirements)


def case_grade(case: Case) -> str:
    """The grade of the officer who holds the case."""
    return grade_of(case.columns["offender_manager"])


def _add_initial_plans(sample: Sample) -> None:
    orders = sample.those(lambda case: case.community)
    simple = _simple_cases(sample)
    assessed = [case for case in simple if sample.rows_of("oasys_assessments", case)]
    without = sample.draw_sort("unpaid_work_without_plan", assessed)
    planned_orders = sample.draw_sufficient("1.5.08", orders, always=others(simple, without), never=without)
    in_time = sample.draw_sufficient("1.5.09", planned_orders)
    stating = sample.draw_sufficient("1.5.03", planned_orders)
    licences = sample.those(lambda case: case.licence)
    planned_licences = others(licences, sample.draw_sort("licence_without_plan", licences))
    half = sample.draw("licence plan in time", planned_licences, len(planned_licences) // 2)
    for case in [*planned_orders, *planned_licences]:
        due = working_days_after(case.start, case.plan_limit)
        late = after(due, case.number("planned late", 1, 20))
        early = before(due, case.number("planned", 0, 2))
        sample.add(
            "sentence_plans",
            case,
            completed_on=early if case in in_time or case in half else late,
            kind="initial",
            contact_levels_stated=case.licence or case in stating,
            offender_involved=case.number("involved", 0, 1) == 1,
            grade=case_grade(case),
        )
