"""Whom an assessor's question was asked about: its population in the records, and what its words leave out of it.

Where the report counts the relevant cases and no record shows which they are, as many are drawn. Where it says only
"relevant cases", every case that the population lets in is taken: nothing narrower is printed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from omi_rules.demo.merseyside.chance import working_days_after
from omi_rules.demo.merseyside.sample import Case, Sample
from omi_rules.rulebook.model import Population, Test
from omi_rules.rulebook.questions import Question

Narrowing = Callable[[Sample, Case], bool]


def asked_about(sample: Sample, question: Question) -> list[Case]:
    """The cases that the question is about, in order."""
    inside = _inside(sample, question.population)
    if question.id in _DRAWN:
        sort, narrowing = _DRAWN[question.id]
        possible = [case for case in inside if narrowing(sample, case)]
        # drawn by the name of the sort: two questions about one sort are about the same cases
        drawn = sample.draw_sort(sort, possible, known_sufficient(sample, question, possible))
        return [case for case in inside if case in drawn]
    shown = _SHOWN.get(question.id, _any_case)
    return [case for case in inside if shown(sample, case)]


def known_sufficient(sample: Sample, question: Question, asked: Sequence[Case]) -> list[Case]:
    """The cases of which the records leave no doubt: whoever lives in approved premises was referred there."""
    shown = _KNOWN.get(question.id)
    return [case for case in asked if shown(sample, case)] if shown else []


def _inside(sample: Sample, population: Population | None) -> list[Case]:
    if population is None:
        return list(sample.cases)
    return [
        case
        for case in sample.cases
        if _passes(case.columns, population.tests)
        and all(
            any(_passes(row, selection.tests) for row in sample.rows_of(selection.table, case))
            for selection in population.any_row
        )
    ]


def _passes(row: Mapping[str, Any], tests: Sequence[Test]) -> bool:
    return all(_holds(row.get(test.column), test) for test in tests)


def _holds(value: Any, test: Test) -> bool:
    match test.operator:
        case "recorded":
            return value is not None
        case "is":
            return value is test.flag
        case "in":
            return value in test.values
        case "at_least":
            return value is not None and int(value) >= test.number
    raise ValueError(f"A population with the test {test.operator} is not made here yet.")


def _any_case(_sample: Sample, _case: Case) -> bool:
    return True


def _with_needs(_sample: Sample, case: Case) -> bool:
    minority = case.columns.get("ethnicity", "W1") != "W1"
    return bool(case.columns["disability"] or case.columns["literacy_need"] or minority)


def _with_interventions(_sample: Sample, case: Case) -> bool:
    return bool({"unpaid_work", "accredited_programme", "drug_rehabilitation"} & set(case.requirements))


def _with_completed_interventions(sample: Sample, case: Case) -> bool:
    return any(row.get("completed_on") for row in sample.rows_of("requirements", case))


def _with_several_requirements(sample: Sample, case: Case) -> bool:
    return len(sample.rows_of("requirements", case)) > 1


def _restricted(_sample: Sample, case: Case) -> bool:
    return case.high or bool({"curfew", "residence"} & set(case.requirements))


def _with_additional_conditions(_sample: Sample, case: Case) -> bool:
    return len(case.requirements) > 1


def _in_approved_premises(_sample: Sample, case: Case) -> bool:
    return "residence" in case.requirements


def _assessed_in_time(sample: Sample, case: Case) -> bool:
    last = working_days_after(case.start, case.assessment_limit)
    return any(row["completed_on"] <= last for row in sample.rows_of("oasys_assessments", case))


def _with_report(sample: Sample, case: Case) -> bool:
    return bool(sample.rows_of("court_reports", case))


def _managed_by_three(sample: Sample, case: Case) -> bool:
    return len({row["offender_manager"] for row in sample.rows_of("allocations", case)}) > 2


def _at_some_risk(_sample: Sample, case: Case) -> bool:
    return case.roh != "low"


#: The question and what the records show of its cases beyond its population.
_SHOWN: Mapping[str, Narrowing] = {
    "1.4.03": _with_needs,
    "2.1.01": _with_interventions,
    "2.1.06": _with_completed_interventions,
    "2.1.09": _with_several_requirements,
    "2.6.01": _restricted,
    "2.6.03": _in_approved_premises,
    "2.6.04": _with_additional_conditions,
    "2.6.05": _with_additional_conditions,
    "2.6.06": _with_additional_conditions,
    "2.7.01": _with_needs,
    "2.7.02": _in_approved_premises,
    "3.2.02": _managed_by_three,
}
#: The question and of which of its cases the answer is known. Of the PPOs' assessments nine were comprehensive, and
#: "only seven of these" in time: so that it holds for the nine as for all 12, those in time are among the nine.
_KNOWN: Mapping[str, Narrowing] = {
    "1.2.07": _in_approved_premises,
    "1.2.08": _in_approved_premises,
    "1.3.05": _assessed_in_time,
}
#: The question, the sort of the make-up that its cases are, and among whom they are drawn.
_DRAWN: Mapping[str, tuple[str, Narrowing]] = {
    "1.1.13": ("self_harm", _with_report),
    "1.2.07": ("approved_premises_referred", _at_some_risk),
    "1.2.08": ("approved_premises_referred", _at_some_risk),
    "1.5.14": ("conditions_considered", _at_some_risk),
    "1.5.19": ("other_assessments", _any_case),
    "2.2.14": ("homes_to_watch", _any_case),
    "2.3.05": ("victim_safety", _any_case),
    "2.6.02": ("risk_actions", _at_some_risk),
}
