"""Members of staff in an export: who is in the run, and that cases and staff do not get in each other's way."""

from dataclasses import replace
from datetime import date
from typing import Any

from omi_rules.rulebook.load import load_rulebook
from tests.judging import judge_records

AS_AT = date(2007, 1, 31)
CASE = {"case": {"case_id": "C1", "order_type": "community_order", "sentence_date": date(2006, 9, 4)}}


def member(staff_id: str, **cells: Any) -> dict[str, Any]:
    return {"staff": {"staff_id": staff_id, "grade": "po", **cells}}


def outcomes(*records: dict[str, Any]) -> dict[tuple[str, str], str]:
    book = load_rulebook()
    one_of_each = {name: book.rules[name] for name in ("annual-appraisal", "ethnicity-recorded")}
    judged = judge_records([CASE, *records], AS_AT, replace(book, rules=one_of_each))
    return {key: outcome for key, (outcome, *_) in judged.items()}


def test_who_is_employed_after_the_as_at_date_is_left_out() -> None:
    new, today = member("S1", employed_on=date(2007, 2, 1)), member("S2", employed_on=AS_AT)

    assert outcomes(new, today) == {
        ("C1", "ethnicity-recorded"): "not_met",
        ("S2", "annual-appraisal"): "not_applicable",
    }


def test_who_has_no_day_of_employment_stays_in_the_run() -> None:
    assert outcomes(member("S1", employed_on=None))["S1", "annual-appraisal"] == "unknown"


def test_appraisals_are_those_of_the_member_of_staff() -> None:
    since = date(2005, 1, 10)
    appraised = {**member("S2", employed_on=since), "appraisals": [{"completed_on": date(2006, 1, 9)}]}
    judged = outcomes(member("S1", employed_on=since), appraised | {"staff": {**appraised["staff"], "left_on": since}})

    assert judged["S1", "annual-appraisal"] == "missing"
    assert judged["S2", "annual-appraisal"] == "not_applicable"


def test_export_without_staff_has_no_staff_outcomes() -> None:
    assert outcomes() == {("C1", "ethnicity-recorded"): "not_met"}
