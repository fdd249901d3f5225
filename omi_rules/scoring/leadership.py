"""Levels of the criteria of section 4, and what people found on their points, as leadership.csv has them.

The report does not say how points lead to a level, so no level is ever worked out here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omi_rules.rulebook.questions import Criteria, Criterion
from omi_rules.scoring.given_files import read_rows, refuse_mistakes

FILE = "leadership.csv"
COLUMNS = ("criterion", "point", "answer", "evidence")
#: What can be found on a point; an empty answer is still to come.
STRENGTH, IMPROVEMENT, NOT_LOOKED_AT = "strength", "area for improvement", "not looked at"
FINDINGS = (STRENGTH, IMPROVEMENT, NOT_LOOKED_AT)


@dataclass(frozen=True)
class LeadershipAnswer:
    """The level of a criterion, where `point` is empty, or what was found on a point; with the evidence for it."""

    criterion: str
    point: str
    answer: str
    evidence: str


def leadership_criteria(criteria: Criteria) -> list[Criterion]:
    """The criteria that have points and levels, in order."""
    return [criterion for criterion in criteria.criteria.values() if criterion.points]


def read_leadership(folder: Path, criteria: Criteria) -> list[LeadershipAnswer] | None:
    """The answers in a folder, in their order; None without leadership.csv, UsageError with every mistake in it."""
    path = folder / FILE
    if not path.exists():
        return None
    found = [LeadershipAnswer(*cells) for cells in read_rows(path, COLUMNS, "the list")]
    refuse_mistakes(path, "the list", _problems(found, criteria))
    return found


def _problems(answers: Sequence[LeadershipAnswer], criteria: Criteria) -> Iterator[str]:
    known = {criterion.id: criterion for criterion in leadership_criteria(criteria)}
    first: dict[tuple[str, str], int] = {}
    for number, answer in enumerate(answers, 1):
        criterion = known.get(answer.criterion)
        if criterion is None:
            yield f"row {number}: criterion: should be one of {', '.join(known)}."
            continue
        if answer.point and answer.point not in {point.id for point in criterion.points}:
            yield f"row {number}: point: the criterion has no such point. Write its number, as in 4.1.01."
        allowed = FINDINGS if answer.point else criterion.levels
        if answer.answer and answer.answer not in allowed:
            yield f"row {number}: answer: should be one of {', '.join(allowed)}, or empty."
        earlier = first.setdefault((answer.criterion, answer.point), number)
        if earlier != number:
            yield f"row {number}: point: row {earlier} answers it too. Keep one of them."


def record_leadership(answers: Sequence[LeadershipAnswer], criteria: Criteria) -> list[dict[str, Any]]:
    """Each criterion of section 4 as score.json holds it: its level, and how many points are what."""
    given = {(answer.criterion, answer.point): answer for answer in answers}
    return [_record(criterion, given) for criterion in leadership_criteria(criteria)]


def _record(criterion: Criterion, given: Mapping[tuple[str, str], LeadershipAnswer]) -> dict[str, Any]:
    nothing = LeadershipAnswer(criterion.id, "", "", "")
    found = {point.id: given.get((criterion.id, point.id), nothing) for point in criterion.points}
    answers = [answer.answer for answer in found.values()]
    level = given.get((criterion.id, ""), nothing)
    return {
        "id": criterion.id,
        "title": criterion.title,
        "level": level.answer or None,
        "because": level.evidence or None,
        "strengths": answers.count(STRENGTH),
        "areas_for_improvement": answers.count(IMPROVEMENT),
        "not_looked_at": answers.count(NOT_LOOKED_AT),
        "unanswered": answers.count(""),
        "points": [
            {
                "id": point.id,
                "asks": point.asks,
                "answer": found[point.id].answer or None,
                "evidence": found[point.id].evidence or None,
            }
            for point in criterion.points
        ],
    }
