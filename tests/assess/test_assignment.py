"""Who assesses which case: nobody their own, a third local, in equal shares, some twice, by the seed alone."""

from collections import Counter
from datetime import date

import pytest

from omi_rules.assess.assessors import Assessor
from omi_rules.assess.assignment import Duty, assign
from omi_rules.assess.sample_file import SampledCase
from omi_rules.problems import UsageError

INSPECTORS = [Assessor(f"Inspector {letter}", False, None) for letter in "AB"]
LOCALS = [Assessor(f"Local {number}", True, f"OM{number}") for number in (1, 2)]
ALL = [*INSPECTORS, *LOCALS]


def make_cases(number: int, offender_managers: int = 20) -> list[SampledCase]:
    return [
        SampledCase(
            place,
            f"C{place}",
            "North",
            "North 1",
            f"OM{place % offender_managers}",
            "community_order",
            date(2006, 5, 15),
            3,
            "low",
        )
        for place in range(1, number + 1)
    ]


def loads(duties: list[Duty], rating: int | None = None) -> Counter[str]:
    return Counter(duty.assessor.name for duty in duties if rating in (None, duty.rating))


def test_every_case_is_assessed_once() -> None:
    duties = assign(make_cases(100), ALL, 0, 1)

    assert sorted(duty.case.number for duty in duties) == list(range(1, 101))


@pytest.mark.parametrize(("cases", "local"), [(99, 33), (100, 33), (101, 34), (10, 3), (2, 1), (1, 0)])
def test_a_third_goes_to_local_assessors(cases: int, local: int) -> None:
    duties = assign(make_cases(cases), ALL, 0, 1)

    assert sum(duty.assessor.local for duty in duties) == local


def test_shares_are_equal_within_each_group() -> None:
    duties = assign(make_cases(100), ALL, 0, 1)

    assert loads(duties) == {"Inspector A": 34, "Inspector B": 33, "Local 1": 17, "Local 2": 16}


@pytest.mark.parametrize("seed", range(5))
def test_nobody_gets_a_case_of_their_own(seed: int) -> None:
    duties = assign(make_cases(60, offender_managers=3), ALL, 50, seed)

    assert [duty for duty in duties if duty.assessor.offender_manager == duty.case.offender_manager] == []


def test_case_that_is_nobodys_goes_to_whoever_holds_none() -> None:
    cases = [SampledCase(1, "C1", None, None, None, "licence", date(2006, 5, 15), None, None)]

    (duty,) = assign(cases, [*LOCALS, INSPECTORS[0]], 0, 1)

    assert duty.assessor == INSPECTORS[0]


def test_case_that_nobody_may_assess_is_named_by_its_number() -> None:
    with pytest.raises(UsageError, match="nobody may assess case 1 of the sample"):
        assign(make_cases(3), [LOCALS[0]], 0, 1)


def test_area_alone_assesses_all_and_inspectors_alone_too() -> None:
    cases = make_cases(30)

    assert loads(assign(cases, LOCALS, 0, 1)) == {"Local 1": 15, "Local 2": 15}
    assert loads(assign(cases, INSPECTORS, 0, 1)) == {"Inspector A": 15, "Inspector B": 15}


@pytest.mark.parametrize(("share", "number"), [(0, 0), (15, 15), (100, 100)])
def test_share_of_cases_is_assessed_twice_by_somebody_else(share: int, number: int) -> None:
    duties = assign(make_cases(100), ALL, share, 1)

    second = {duty.case.number: duty.assessor for duty in duties if duty.rating == 2}
    first = {duty.case.number: duty.assessor for duty in duties if duty.rating == 1}
    assert len(second) == number
    assert [number for number, assessor in second.items() if assessor == first[number]] == []


def test_second_assessments_even_out_the_load() -> None:
    duties = assign(make_cases(100), ALL, 100, 1)

    # nobody assesses a case twice, so the last cases may go to whoever is one ahead
    assert max(loads(duties).values()) - min(loads(duties).values()) <= 2


def test_too_few_assessors_for_a_second_assessment_is_said() -> None:
    with pytest.raises(UsageError, match="2 cases should be assessed twice, and only for 0"):
        assign(make_cases(10), [INSPECTORS[0]], 15, 1)


def test_seed_alone_changes_who_has_what() -> None:
    cases = make_cases(40)

    first, again, other = (assign(cases, ALL, 15, seed) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_order_of_the_cases_changes_nothing() -> None:
    cases = make_cases(40)

    assert assign(cases, ALL, 15, 1) == assign(cases[::-1], ALL, 15, 1)
