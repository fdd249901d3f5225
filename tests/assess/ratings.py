"""Folders of answers for the tests of agreement and moderation, made without workbooks, for the small rulebook."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from omi_rules.assess.answers import Gathered, Rating, keep_gathered
from omi_rules.rulebook.criteria import load_criteria

#: Of the small rulebook: questions for assessors of two criteria, and one that a rule decides.
JUDGED, OTHER, SUMMARY, RISK, BY_RULE = "1.1.02", "2.1.02", "1.1.S", "1.2.02", "1.1.01"
#: Case, question, assessor, rating, answer and, where given, comment and version.
Row = Sequence[str | int]


def keep_ratings(folder: Path, rules: Path, rows: Iterable[Row], cases: Sequence[str] = ()) -> Path:
    """A folder of answers as an import leaves it: every case was asked every question of assessors."""
    questions = load_criteria(rules).questions
    ratings = {}
    for case, question, assessor, rating, answer, *more in rows:
        comment, version = (*map(str, more), *("", "v1")[len(more) :])
        ratings[str(case), str(question), str(assessor)] = Rating(int(rating), str(answer), comment, version)
    known = list(cases) or sorted({key[0] for key in ratings})
    judged = sorted(question.id for question in questions.values() if question.decided_by == "assessor")
    asked = dict.fromkeys(known, judged)
    keep_gathered(folder, Gathered("0123456789abcdef", known, ratings, asked), questions)
    return folder


def rate_twice(question: str, *pairs: tuple[str, str], assessors: tuple[str, str] = ("Ann", "Ben")) -> list[Row]:
    """Two ratings of a case each, C001 and on."""
    return [
        (f"C{number:03}", question, assessors[rating - 1], rating, answer)
        for number, answers in enumerate(pairs, 1)
        for rating, answer in enumerate(answers, 1)
    ]
