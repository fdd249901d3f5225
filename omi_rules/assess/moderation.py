"""Moderation: what assessors of one case disagree on, and the answers that they agree on, taken from a file.

What was said is never changed: the agreed answers stand beside it, and count in its place.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from omi_rules.assess.answers import (
    AS_RECORDED,
    Agreed,
    Asked,
    Gathered,
    Said,
    keep_gathered,
    open_gathered,
    word_ratings,
)
from omi_rules.data.cells import bare
from omi_rules.problems import UsageError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.questions import Question
from omi_rules.scoring.answers import ANSWERS
from omi_rules.scoring.given_files import refuse_mistakes

#: The columns that a file of agreed answers must have; others are left aside.
COLUMNS = ("case_id", "question", "answer", "reason")
_MODERATOR = "moderator"


@dataclass(frozen=True)
class Disagreement:
    """A question about a case of which assessors do not say the same: who said what, and what was agreed on.

    `crosses` is whether it matters to the scores: not all are on the same side of the line, or one corrects what the
    records say. `replaced` is whether a rating was replaced after it was agreed on."""

    case_id: str
    question: Question
    said: Sequence[Said]
    agreed: Agreed | None

    @property
    def crosses(self) -> bool:
        """Whether the answers lie on different sides of the line."""
        return len({ANSWERS[one.answer] if one.answer else "as recorded" for one in self.said}) > 1

    @property
    def replaced(self) -> bool:
        """Whether the ratings are others than those that were agreed on."""
        return self.agreed is not None and self.agreed.ratings != word_ratings(self.said)


@dataclass
class Moderation:
    """The disagreements of a folder, those that matter to the scores first, and what an --agree file did."""

    disagreements: Sequence[Disagreement]
    new: int = 0
    changed: int = 0
    empty: int = 0
    applied: bool = field(default=False)

    @property
    def unmoderated(self) -> int:
        """How many are not agreed on yet: of those the first rating counts."""
        return sum(one.agreed is None for one in self.disagreements)


def moderate(folder: Path, agreed_file: Path | None, rules: Path | None) -> Moderation:
    """The disagreements of a folder, once the answers of a file are taken.

    UsageError with everything that is wrong with the file, and then nothing of it is taken."""
    gathered = open_gathered(folder)
    questions = load_criteria(rules).questions
    moderation = Moderation(())
    if agreed_file:
        _apply(gathered, agreed_file, questions, moderation)
        if moderation.new or moderation.changed:
            keep_gathered(folder, gathered, questions)
    found = [
        Disagreement(case, questions[question], said, gathered.agreed.get((case, question)))
        for (case, question), said in gathered.disagreements(questions).items()
    ]
    moderation.disagreements = sorted(found, key=lambda one: not one.crosses)
    return moderation


def _apply(gathered: Gathered, path: Path, questions: Mapping[str, Question], moderation: Moderation) -> None:
    disagreements = gathered.disagreements(questions)
    rows = _read(path)
    decided = [row for row in rows if row.answer or row.reason]
    mistakes = _problems(decided, gathered, disagreements, questions)
    refuse_mistakes(path, "--agree: nothing was taken; the table", mistakes)
    moderation.applied = True
    moderation.empty = len(rows) - len(decided)
    for row in decided:
        agreed = Agreed(row.answer, row.reason, row.moderator, word_ratings(disagreements[row.key]))
        before = gathered.agreed.get(row.key)
        moderation.new += before is None
        moderation.changed += before is not None and before != agreed
        gathered.agreed[row.key] = agreed


@dataclass(frozen=True)
class _Row:
    """A row of the file, as row `number` of its data."""

    number: int
    case_id: str
    question: str
    answer: str
    reason: str
    moderator: str

    @property
    def key(self) -> Asked:
        return self.case_id, self.question


def _read(path: Path) -> list[_Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
                raise UsageError(
                    f"--agree: {path} has no column {missing[0]}: its header is {','.join(COLUMNS)}, and {_MODERATOR} "
                    "if you like."
                )
            return [
                _Row(number, *(bare((row.get(name) or "").strip()) for name in (*COLUMNS, _MODERATOR)))
                for number, row in enumerate(rows, 1)
            ]
    except OSError as error:
        raise UsageError(f"--agree: {path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise UsageError(f"--agree: {path} is no CSV in UTF-8: save it so.") from None


def _problems(
    rows: Sequence[_Row],
    gathered: Gathered,
    disagreements: Mapping[Asked, Sequence[Said]],
    questions: Mapping[str, Question],
) -> Iterator[str]:
    """What is wrong, by row and column; the value of a cell is never told."""
    cases = set(gathered.cases)
    first: dict[Asked, int] = {}
    for row in rows:
        place = f"row {row.number}:"
        question = questions.get(row.question)
        if row.case_id not in cases:
            yield f"{place} case_id: the sample has no such case. A spreadsheet may have changed it: write it as text."
        elif question is None:
            yield f"{place} question: the rulebook has no such question. Write its number, as in 1.2.20."
        elif row.key not in disagreements:
            yield f"{place} question: no two assessors disagree on it for this case. Take the row out."
        if row.answer not in _allowed(question):
            yield f"{place} answer: should be one of {', '.join(_allowed(question))}."
        if not row.reason:
            yield f"{place} reason: say why this was agreed on."
        earlier = first.setdefault(row.key, row.number)
        if earlier != row.number:
            yield f"{place} question: row {earlier} agrees on it for the same case. Keep one of them."


def _allowed(question: Question | None) -> tuple[str, ...]:
    """The answers that can be agreed on; of a question that a rule decides also what the records say."""
    return (*ANSWERS, AS_RECORDED) if question and question.decided_by == "rule" else tuple(ANSWERS)
