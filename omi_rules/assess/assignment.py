"""Who assesses which case: nobody their own, about a third by assessors of the area, some cases twice."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from omi_rules.assess.assessors import Assessor
from omi_rules.assess.sample_file import SampledCase
from omi_rules.problems import UsageError

#: One in so many cases goes to assessors of the area (the report's Appendix 2: about a third).
LOCAL_SHARE = 3


@dataclass(frozen=True)
class Duty:
    """A case to assess; `rating` is 1 for the assessment that counts, 2 for the blind second one."""

    case: SampledCase
    assessor: Assessor
    rating: int


def assign(cases: Sequence[SampledCase], assessors: Sequence[Assessor], double: int, seed: int) -> list[Duty]:
    """Everyone's duties, in order of assessor and case; `double` is the share of cases assessed twice, in per cent."""
    able = {case.number: [one for one in assessors if one.may_assess(case.offender_manager)] for case in cases}
    _check_everyone_has_one(cases, able)
    room = _share_out(len(cases), assessors)
    load = dict.fromkeys(room, 0)
    duties = []
    # cases that few may assess come first, while there still is room with those few
    for case in sorted(cases, key=lambda case: (len(able[case.number]), _lot(seed, case.case_id))):
        chosen = max(able[case.number], key=lambda one: (room[one.name] - load[one.name], _lot(seed, one.name, case)))
        load[chosen.name] += 1
        duties.append(Duty(case, chosen, 1))
    duties += _assign_second(duties, able, load, round(len(cases) * double / 100), seed)
    place = {one.name: number for number, one in enumerate(assessors)}
    return sorted(duties, key=lambda duty: (place[duty.assessor.name], duty.case.number))


def _check_everyone_has_one(cases: Iterable[SampledCase], able: Mapping[int, Sequence[Assessor]]) -> None:
    left = [str(case.number) for case in cases if not able[case.number]]
    if left:
        raise UsageError(
            f"--assessors: nobody may assess {'cases' if len(left) > 1 else 'case'} {', '.join(left)} of the sample, "
            "whose offender manager is the only assessor left or is not recorded. Add an assessor who holds no cases."
        )


def _share_out(cases: int, assessors: Sequence[Assessor]) -> dict[str, int]:
    """How many cases each has room for: the area's own assessors a third between them, the others the rest."""
    own = [one for one in assessors if one.local]
    others = [one for one in assessors if not one.local]
    for_own = round(cases / LOCAL_SHARE) if others else cases
    if not own:
        for_own = 0
    room = {}
    for group, number in ((own, for_own), (others, cases - for_own)):
        for place, one in enumerate(group):
            room[one.name] = number // len(group) + (place < number % len(group))
    return room


def _assign_second(
    first: Sequence[Duty], able: Mapping[int, Sequence[Assessor]], load: dict[str, int], number: int, seed: int
) -> list[Duty]:
    """Second ratings of so many cases, each by somebody else, whoever has least to do."""
    second: list[Duty] = []
    for duty in sorted(first, key=lambda duty: _lot(seed, "twice", duty.case)):
        others = [one for one in able[duty.case.number] if one != duty.assessor]
        if others and len(second) < number:
            chosen = min(others, key=lambda one: (load[one.name], _lot(seed, one.name, duty.case)))
            load[chosen.name] += 1
            second.append(Duty(duty.case, chosen, 2))
    if len(second) < number:
        raise UsageError(
            f"--double: {number} cases should be assessed twice, and only for {len(second)} is there a second "
            "assessor whose own they are not. Add assessors, or ask for fewer."
        )
    return second


def _lot(seed: int, *parts: object) -> str:
    """A text to order by that depends on the seed and on references alone."""
    told = ":".join(part.case_id if isinstance(part, SampledCase) else str(part) for part in (seed, *parts))
    return hashlib.sha256(told.encode()).hexdigest()
