"""Which questions a case is asked, what stands beside them, and what makes a new version of a question."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from omi_rules.assess.casework import EVERY_CASE, question_version
from omi_rules.rulebook.criteria import load_criteria
from tests.assess.making import Office, open_book, rows_of

CRITERIA = load_criteria()
#: Asked of PPOs with a pre-sentence report, of cases with a report, of PPOs, and where the export cannot tell.
REPORT_ON_PPO, REPORT, PPO, SELF_HARM = "1.1.11", "1.1.03", "1.3.05", "1.1.13"
#: A question of every case, and the summary question of a criterion.
EVERYONE, SUMMARY = "1.3.02", "1.1.S"


@cache
def book_at(path: Path) -> Any:
    return open_book(path)


def asked(office: Office, case_id: str) -> dict[str, dict[str, str]]:
    return rows_of(book_at(office.workbook_with(case_id))[office.sheet_of(case_id)])


@pytest.mark.parametrize(
    ("case_id", "question", "is_asked"),
    [
        ("0001", REPORT, False),
        ("0002", REPORT, True),
        ("0006", REPORT, True),
        ("0001", PPO, False),
        ("0004", PPO, True),
        ("0006", PPO, True),
        ("0004", REPORT_ON_PPO, False),
        ("0006", REPORT_ON_PPO, True),
        ("0005", REPORT, False),
        *((case, question, True) for case in ("0001", "0005") for question in (EVERYONE, SUMMARY, SELF_HARM)),
    ],
)
def test_question_is_asked_of_the_cases_it_may_be_about(
    office: Office, case_id: str, question: str, is_asked: bool
) -> None:
    assert (question in asked(office, case_id)) is is_asked


def test_every_question_of_a_rule_and_every_summary_question_is_there(office: Office) -> None:
    rows = asked(office, "0001")

    by_rule = {question.id for question in CRITERIA.questions.values() if question.decided_by == "rule"}
    summaries = {question.id for question in CRITERIA.questions.values() if question.is_summary}
    assert by_rule | summaries <= set(rows)


def test_whom_a_question_is_about_stands_beside_it_and_what_to_do_if_that_is_not_recorded(office: Office) -> None:
    beside = {case: asked(office, case) for case in ("0002", "0006")}
    heading = "Evidence, or which cases it is about"

    assert beside["0002"][REPORT][heading] == "Cases with a pre-sentence report."
    assert beside["0006"][REPORT][heading] == (
        "Cases with a pre-sentence report only: if this is none, choose not applicable."
    )
    assert beside["0002"][SELF_HARM][heading].endswith("only: if this is none, choose not applicable.")
    assert beside["0002"][EVERYONE][heading] is None


def test_every_case_is_what_the_criteria_call_it() -> None:
    assert {question.about for question in CRITERIA.questions.values() if question.is_summary} == {EVERY_CASE}


@pytest.mark.parametrize(
    "change",
    [{"asks": "Something else?"}, {"about": "PPOs"}, {"population": None}, {"decided_by": "rule", "rule": "x"}],
)
def test_version_changes_with_what_is_asked_and_of_whom(change: dict[str, object]) -> None:
    question = CRITERIA.questions[REPORT]

    assert question_version(replace(question, **change)) != question_version(question)  # type: ignore[arg-type]


def test_version_does_not_change_with_what_was_found() -> None:
    question = CRITERIA.questions[REPORT]

    assert question_version(replace(question, figure=None, note="Another.")) == question_version(question)
