"""The answers of a sample, gathered in a folder: every rating by assessor, and the answers that scoring reads."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from omi_rules import __version__
from omi_rules.assess.columns import ANSWERS
from omi_rules.assess.sample_file import Sample
from omi_rules.data.cells import bare, csv_text
from omi_rules.problems import ExportError, OutputError
from omi_rules.reports.folder import Kind, check_target, new_folder
from omi_rules.rulebook.questions import Question

ANSWERS_FILE, RATINGS_FILE, STATE_FILE = "answers.csv", "ratings.csv", "answers.json"
FOLDER = Kind("set of answers", STATE_FILE, frozenset({ANSWERS_FILE, RATINGS_FILE, STATE_FILE}))

_ANSWER_COLUMNS = ("case_id", "question", "answer", "reason")
_RATING_COLUMNS = ("case_id", "question", "assessor", "rating", "answer", "comment", "version")

#: Case, question and assessor.
RatingKey = tuple[str, str, str]


@dataclass(frozen=True)
class Rating:
    """What an assessor said: `rating` is 1 for the assessment that counts, 2 for the blind second one."""

    rating: int
    answer: str
    comment: str
    version: str


@dataclass
class Gathered:
    """Everything that came back so far: the ratings, and the questions asked of each case that did."""

    ratings: dict[RatingKey, Rating] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)


def read_gathered(folder: Path, sample: Sample) -> Gathered:
    """What a folder of answers holds; ExportError if it is of another sample, OutputError if it is something else."""
    check_target(folder, FOLDER)
    state = folder / STATE_FILE
    if not state.exists():
        return Gathered()
    content = json.loads(state.read_bytes())
    if content.get("sample_id") != sample.id:
        raise ExportError(f"{folder} holds the answers of another sample. Choose another --output.")
    known = {case.case_id for case in sample.cases}
    return Gathered(_read_ratings(folder / RATINGS_FILE, known), content["asked"])


def _read_ratings(path: Path, known: set[str]) -> dict[RatingKey, Rating]:
    ratings = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            told = {name: bare(row[name]) for name in _RATING_COLUMNS}
            if told["answer"] not in ANSWERS.values() or told["case_id"] not in known:
                raise ValueError
            key = (told["case_id"], told["question"], told["assessor"])
            ratings[key] = Rating(int(told["rating"]), told["answer"], told["comment"], told["version"])
    except (OSError, ValueError, KeyError, TypeError):
        raise OutputError(
            f"{path} was changed, and cannot be read. Put it back, or import into a new folder."
        ) from None
    return ratings


def keep_gathered(
    folder: Path, gathered: Gathered, sample: Sample, questions: Mapping[str, Question]
) -> list[tuple[str, str, str, str]]:
    """Write the folder whole or not at all, and give the rows of answers.csv."""
    answers = _answer(gathered, sample, questions)
    place = {case.case_id: number for number, case in enumerate(sample.cases)}
    order = {question: number for number, question in enumerate(questions)}
    keys = sorted(gathered.ratings, key=lambda key: (place[key[0]], order.get(key[1], len(order)), *key[1:]))
    ratings = []
    for key in keys:
        rating = gathered.ratings[key]
        ratings.append((*key, str(rating.rating), rating.answer, rating.comment, rating.version))
    state = {
        "program": {"name": "omi-rules", "version": __version__, "file": "answers"},
        "sample_id": sample.id,
        "asked": dict(sorted(gathered.asked.items())),
    }
    with new_folder(folder, FOLDER) as scratch:
        (scratch / ANSWERS_FILE).write_bytes(_as_csv(_ANSWER_COLUMNS, answers))
        (scratch / RATINGS_FILE).write_bytes(_as_csv(_RATING_COLUMNS, ratings))
        (scratch / STATE_FILE).write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return answers


def _answer(gathered: Gathered, sample: Sample, questions: Mapping[str, Question]) -> list[tuple[str, str, str, str]]:
    """A row a case and question: the first rating, `not_applicable` where it was not asked, empty if not answered.

    Of questions that a rule decides there is a row where the first assessor corrects it."""
    first = {key[:2]: rating for key, rating in gathered.ratings.items() if rating.rating == 1}
    rows = []
    for case in sample.cases:
        asked = gathered.asked.get(case.case_id)
        for question in questions.values():
            rating = first.get((case.case_id, question.id))
            if rating and (question.decided_by == "assessor" or rating.comment):
                rows.append((case.case_id, question.id, rating.answer, rating.comment))
            elif question.decided_by == "assessor":
                outside = asked is not None and question.id not in asked
                rows.append((case.case_id, question.id, "not_applicable" if outside else "", ""))
    return rows


def _as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    return csv_text(columns, (dict(zip(columns, row, strict=True)) for row in rows)).encode()
