"""The answers of a sample, gathered in a folder: every rating by assessor, and the answers that scoring reads.

A rating is never changed by anything but a workbook. Where two assessors differ, moderated.csv has what they agreed on,
and answers.csv has that; until then the first rating counts.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from omi_rules import __version__
from omi_rules.assess.columns import ANSWERS
from omi_rules.assess.sample_file import Sample
from omi_rules.data.cells import bare, csv_text
from omi_rules.problems import ExportError, OutputError, UsageError
from omi_rules.reports.folder import Kind, check_target, new_folder
from omi_rules.rulebook.questions import Question
from omi_rules.scoring.answers import STATE_FILE
from omi_rules.scoring.leadership import FILE as LEADERSHIP_FILE

ANSWERS_FILE, RATINGS_FILE, MODERATED_FILE = "answers.csv", "ratings.csv", "moderated.csv"
FOLDER = Kind(
    "set of answers",
    STATE_FILE,
    frozenset({ANSWERS_FILE, RATINGS_FILE, STATE_FILE, MODERATED_FILE, LEADERSHIP_FILE}),
)

_ANSWER_COLUMNS = ("case_id", "question", "answer", "reason")
_RATING_COLUMNS = ("case_id", "question", "assessor", "rating", "answer", "comment", "version")
_MODERATED_COLUMNS = ("case_id", "question", "answer", "reason", "moderator", "ratings")

#: What is agreed on where a correction was none: the records have it right.
AS_RECORDED = "as_recorded"

#: Case and question.
Asked = tuple[str, str]
#: Case, question and assessor.
RatingKey = tuple[str, str, str]


@dataclass(frozen=True)
class Rating:
    """What an assessor said: `rating` is 1 for the assessment that counts, 2 for the blind second one."""

    rating: int
    answer: str
    comment: str
    version: str


@dataclass(frozen=True)
class Agreed:
    """What a moderation agreed on; `ratings` is what was said when it did."""

    answer: str
    reason: str
    moderator: str
    ratings: str


@dataclass(frozen=True)
class Said:
    """What one of several assessors said of a question; an empty `answer` is no correction of what the records say."""

    rating: int
    assessor: str
    answer: str
    comment: str


@dataclass
class Gathered:
    """Everything that came back so far of a sample: the ratings, the questions asked of each case, what was agreed."""

    sample_id: str
    cases: Sequence[str]
    ratings: dict[RatingKey, Rating] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    agreed: dict[Asked, Agreed] = field(default_factory=dict)

    def disagreements(self, questions: Mapping[str, Question]) -> dict[Asked, tuple[Said, ...]]:
        """What was said where assessors of one case do not say the same, in order of case and question.

        Of a question that a rule decides, whoever has assessed the case and not corrected it has said so too. One that
        the rulebook has no more is nothing to agree on."""
        by_question: dict[Asked, list[Said]] = {}
        who: dict[str, dict[str, int]] = {}
        for (case, question, assessor), rating in self.ratings.items():
            if question in questions:
                said = Said(rating.rating, assessor, rating.answer, rating.comment)
                by_question.setdefault((case, question), []).append(said)
            who.setdefault(case, {})[assessor] = rating.rating
        place = {case: number for number, case in enumerate(self.cases)}
        order = {question: number for number, question in enumerate(questions)}
        found = {}
        for key in sorted(by_question, key=lambda key: (place[key[0]], order[key[1]])):
            said_of = by_question[key]
            if questions[key[1]].decided_by == "rule":
                spoken = {said.assessor for said in said_of}
                others = who[key[0]].items()
                said_of += [Said(rating, one, "", "") for one, rating in others if one not in spoken]
            if len({said.answer for said in said_of}) > 1:
                found[key] = tuple(sorted(said_of, key=lambda said: (said.rating, said.assessor)))
        return found


def word_ratings(said: Iterable[Said]) -> str:
    """What was said, in one line: who, and which answer."""
    return "; ".join(f"{one.assessor}: {one.answer.replace('_', ' ') or 'no correction'}" for one in said)


def read_gathered(folder: Path, sample: Sample) -> Gathered:
    """What a folder of answers holds; ExportError if it is of another sample, OutputError if it is something else."""
    check_target(folder, FOLDER)
    cases = tuple(case.case_id for case in sample.cases)
    if not (folder / STATE_FILE).exists():
        return Gathered(sample.id, cases)
    gathered = _read(folder)
    if gathered.sample_id != sample.id:
        raise ExportError(f"{folder} holds the answers of another sample. Choose another --output.")
    return gathered


def open_gathered(folder: Path) -> Gathered:
    """What a folder of answers holds; UsageError if there is none."""
    if not (folder / STATE_FILE).is_file():
        raise UsageError(f"{folder} is no folder of answers: make one with `omi-rules assess import`.")
    check_target(folder, FOLDER)
    return _read(folder)


def _read(folder: Path) -> Gathered:
    try:
        state = json.loads((folder / STATE_FILE).read_bytes())
        gathered = Gathered(str(state["sample_id"]), tuple(state["cases"]), asked=dict(state["asked"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise _changed(folder / STATE_FILE) from None
    gathered.ratings = _read_ratings(folder / RATINGS_FILE, set(gathered.cases))
    if (folder / MODERATED_FILE).exists():
        gathered.agreed = _read_agreed(folder / MODERATED_FILE, set(gathered.cases))
    return gathered


def _changed(path: Path) -> OutputError:
    return OutputError(f"{path} was changed, and cannot be read. Put it back, or import into a new folder.")


def _read_ratings(path: Path, known: set[str]) -> dict[RatingKey, Rating]:
    ratings = {}
    try:
        for told in _read_rows(path, _RATING_COLUMNS, known):
            if told["answer"] not in ANSWERS.values():
                raise ValueError
            key = (told["case_id"], told["question"], told["assessor"])
            ratings[key] = Rating(int(told["rating"]), told["answer"], told["comment"], told["version"])
    except (OSError, ValueError, KeyError, TypeError):
        raise _changed(path) from None
    return ratings


def _read_agreed(path: Path, known: set[str]) -> dict[Asked, Agreed]:
    agreed = {}
    try:
        for told in _read_rows(path, _MODERATED_COLUMNS, known):
            if told["answer"] not in (*ANSWERS.values(), AS_RECORDED):
                raise ValueError
            agreed[told["case_id"], told["question"]] = Agreed(*(told[name] for name in _MODERATED_COLUMNS[2:]))
    except (OSError, ValueError, KeyError, TypeError):
        raise _changed(path) from None
    return agreed


def _read_rows(path: Path, columns: Sequence[str], known: set[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{name: bare(row[name]) for name in columns} for row in csv.DictReader(file)]
    if any(row["case_id"] not in known for row in rows):
        raise ValueError
    return rows


def keep_gathered(
    folder: Path, gathered: Gathered, questions: Mapping[str, Question], leadership: bytes | None = None
) -> list[tuple[str, str, str, str]]:
    """Write the folder whole or not at all, and give the rows of answers.csv.

    `leadership` is the content of leadership.csv; without any the one that is there stays."""
    disagreements = gathered.disagreements(questions)
    # what was agreed on is kept, and counts as long as there is something to agree on
    standing = {key: agreed for key, agreed in gathered.agreed.items() if key in disagreements}
    answers = _answer(gathered, standing, questions)
    place = {case: number for number, case in enumerate(gathered.cases)}
    order = {question: number for number, question in enumerate(questions)}

    def in_order(key: tuple[str, ...]) -> tuple[object, ...]:
        return (place[key[0]], order.get(key[1], len(order)), *key[1:])

    ratings = []
    for key in sorted(gathered.ratings, key=in_order):
        rating = gathered.ratings[key]
        ratings.append((*key, str(rating.rating), rating.answer, rating.comment, rating.version))
    agreed = []
    for asked in sorted(gathered.agreed, key=in_order):
        one = gathered.agreed[asked]
        agreed.append((*asked, one.answer, one.reason, one.moderator, one.ratings))
    state = {
        "program": {"name": "omi-rules", "version": __version__, "file": "answers"},
        "sample_id": gathered.sample_id,
        "cases": list(gathered.cases),
        "asked": dict(sorted(gathered.asked.items())),
        "unmoderated": len(disagreements) - len(standing),
    }
    if leadership is None and (folder / LEADERSHIP_FILE).exists():
        leadership = (folder / LEADERSHIP_FILE).read_bytes()
    with new_folder(folder, FOLDER) as scratch:
        (scratch / ANSWERS_FILE).write_bytes(_as_csv(_ANSWER_COLUMNS, answers))
        (scratch / RATINGS_FILE).write_bytes(_as_csv(_RATING_COLUMNS, ratings))
        (scratch / STATE_FILE).write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if agreed:
            (scratch / MODERATED_FILE).write_bytes(_as_csv(_MODERATED_COLUMNS, agreed))
        if leadership:
            (scratch / LEADERSHIP_FILE).write_bytes(leadership)
    return answers


def _answer(
    gathered: Gathered, agreed_on: Mapping[Asked, Agreed], questions: Mapping[str, Question]
) -> list[tuple[str, str, str, str]]:
    """A row a case and question: what was agreed on, else the first rating, `not_applicable` where it was not asked,
    empty if not answered.

    Of questions that a rule decides there is a row where it is corrected."""
    # of two that count, as when workbooks were handed out twice, the one whose assessor comes first in the alphabet
    first = {key[:2]: rating for key, rating in sorted(gathered.ratings.items(), reverse=True) if rating.rating == 1}
    rows = []
    for case in gathered.cases:
        asked = gathered.asked.get(case)
        for question in questions.values():
            agreed, rating = agreed_on.get((case, question.id)), first.get((case, question.id))
            by_assessor = question.decided_by == "assessor"
            if agreed:
                if agreed.answer != AS_RECORDED:
                    rows.append((case, question.id, agreed.answer, agreed.reason))
            elif rating and (by_assessor or rating.comment):
                rows.append((case, question.id, rating.answer, rating.comment))
            elif by_assessor:
                outside = asked is not None and question.id not in asked
                rows.append((case, question.id, "not_applicable" if outside else "", ""))
    return rows


def _as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    return csv_text(columns, (dict(zip(columns, row, strict=True)) for row in rows)).encode()
