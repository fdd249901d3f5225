"""Assessors' answers: read from answers.csv, and what each says of the work.

Every mistake in the file is reported at once, by row and column; the value of a cell is never repeated.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from omi_rules.data.store import Store, create_from
from omi_rules.problems import UsageError
from omi_rules.rulebook.questions import Question
from omi_rules.scoring.given_files import read_rows, refuse_mistakes

FILE = "answers.csv"
#: What `omi-rules assess import` keeps beside the answers; a folder that is put together by hand has none.
STATE_FILE = "answers.json"
COLUMNS = ("case_id", "question", "answer", "reason")
#: Whether the work was sufficient; None is outside. The report counts "no evidence" as insufficient, 1.2 (f).
ANSWERS: Mapping[str, bool | None] = {
    "excellent": True,
    "sufficient": True,
    "insufficient": False,
    "poor": False,
    "not_evidenced": False,
    "not_applicable": None,
}
_FILE = "the file of answers"


@dataclass(frozen=True)
class Answer:
    """One answer to a question about a case; an empty `answer` is still to come. `row` counts data rows from 1."""

    case_id: str
    question: str
    answer: str
    reason: str
    row: int


def read_answers(folder: Path, questions: Mapping[str, Question], cases: Collection[str]) -> list[Answer]:
    """The answers in a folder, in order of case and question; UsageError with every mistake of the file."""
    path = folder / FILE
    rows = read_rows(path, COLUMNS, _FILE)
    found = [Answer(case_id, asked, said, why, row) for row, (case_id, asked, said, why) in enumerate(rows, 1)]
    if not found:
        raise UsageError(f"{_FILE} {path} has no row: it is about no case, and nothing can be scored by it.")
    refuse_mistakes(path, _FILE, _problems(found, questions, cases))
    return sorted(found, key=lambda answer: (answer.case_id, answer.question))


def _problems(answers: list[Answer], questions: Mapping[str, Question], cases: Collection[str]) -> Iterator[str]:
    """What is wrong with rows, in order; a case may be asked each question once."""
    first: dict[tuple[str, str], int] = {}
    for answer in answers:
        row = f"row {answer.row}:"
        question = questions.get(answer.question)
        if answer.case_id not in cases:
            yield f"{row} case_id: the run has no such case. Correct it, or check the export with this case."
        if question is None:
            yield f"{row} question: the rulebook has no such question. Write its number, as in 1.2.20."
        if answer.answer and answer.answer not in ANSWERS:
            yield f"{row} answer: should be one of {', '.join(ANSWERS)}, or empty."
        if question and question.rule and answer.answer and not answer.reason:
            yield f"{row} reason: this corrects what a rule found. Say why."
        earlier = first.setdefault((answer.case_id, answer.question), answer.row)
        if earlier != answer.row:
            yield f"{row} question: row {earlier} answers it for the same case. Keep one of them."


def count_unmoderated(folder: Path) -> int:
    """On how many answers two assessors of a case differ without having agreed: of those the first rating counts."""
    try:
        state = json.loads((folder / STATE_FILE).read_bytes())
    except (OSError, ValueError):
        return 0
    number = state.get("unmoderated") if isinstance(state, dict) else None
    return number if isinstance(number, int) else 0


def store_answers(store: Store, answers: list[Answer], questions: Mapping[str, Question]) -> None:
    """Create `answered`: case_id, question, rule (of a correction), outside, sufficient (null: neither).

    An answer that is still to come has no row.
    """
    rows = [
        {
            "case_id": answer.case_id,
            "question": answer.question,
            "rule": questions[answer.question].rule,
            "outside": ANSWERS[answer.answer] is None,
            "sufficient": ANSWERS[answer.answer],
        }
        for answer in answers
        if answer.answer
    ]
    types = {
        "case_id": "VARCHAR",
        "question": "VARCHAR",
        "rule": "VARCHAR",
        "outside": "BOOLEAN",
        "sufficient": "BOOLEAN",
    }
    create_from(store, "answered", types, rows)
