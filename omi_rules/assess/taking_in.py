"""From returned workbooks to answers, in one direction: read, hold against the sample, merge, keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from omi_rules.assess.answers import Gathered, Rating, RatingKey, keep_gathered, read_gathered
from omi_rules.assess.casework import question_version
from omi_rules.assess.leadership_returned import LeadershipTaken, is_leadership, merge_leadership
from omi_rules.assess.returned import Complaint, Returned, read_workbook
from omi_rules.assess.sample_file import Sample, read_sample
from omi_rules.data.cells import bare
from omi_rules.problems import ExportError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.questions import Question
from omi_rules.scoring.leadership import read_leadership


@dataclass
class Taken:
    """What an import took in, for whoever runs it.

    `answered` counts the rows of answers.csv with an answer of an assessor's question, of all `to_answer`."""

    workbooks: Sequence[Returned]
    new: int = 0
    changed: list[Complaint] = field(default_factory=list)
    kept: list[Complaint] = field(default_factory=list)
    other_versions: list[str] = field(default_factory=list)
    cases_out: int = 0
    answered: int = 0
    to_answer: int = 0
    corrections: int = 0
    ratings: int = 0
    leadership: LeadershipTaken | None = None


def take_in(workbooks: Sequence[Path], sample_file: Path, output: Path, rules: Path | None) -> Taken:
    """Merge workbooks into a folder of answers, those of cases and that of section 4.

    If one is of another sample or area, ExportError, and nothing is written."""
    sample = read_sample(sample_file)
    criteria = load_criteria(rules)
    questions = criteria.questions
    gathered = read_gathered(output, sample)
    about_leadership = [path for path in workbooks if is_leadership(path)]
    about_cases = [path for path in workbooks if path not in about_leadership]
    returned = [read_workbook(path) for path in about_cases]
    for path, one in zip(about_cases, returned, strict=True):
        _check_sample(path, one, sample)
    taken = Taken(returned)
    if about_leadership:
        before = read_leadership(output, criteria) or ()
        taken.leadership = merge_leadership(about_leadership, before, criteria, sample.area)
    taken.other_versions = sorted(
        {id_ for one in returned for id_, version in one.versions.items() if version != _version(questions.get(id_))}
    )
    for one in returned:
        _merge(one, gathered, sample, taken)
    leadership = taken.leadership.content if taken.leadership else None
    rows = keep_gathered(output, gathered, questions, leadership)
    _count(taken, rows, gathered, sample, questions)
    return taken


def _check_sample(path: Path, returned: Returned, sample: Sample) -> None:
    if returned.sample_id != sample.id:
        raise ExportError(f"{path} is a workbook of another sample. Nothing was imported: leave it out.")
    unknown = set(returned.asked) - {case.number for case in sample.cases}
    if unknown:
        raise ExportError(f"{path} has cases that the sample does not have. Nothing was imported: leave it out.")


def _version(question: Question | None) -> str:
    return question_version(question) if question else ""


def _merge(returned: Returned, gathered: Gathered, sample: Sample, taken: Taken) -> None:
    """Add a workbook's answers. What it has no answer for any more keeps the one that was taken before."""
    ids = {case.number: case.case_id for case in sample.cases}
    for case, questions in returned.asked.items():
        if returned.ratings[case] == 1:
            gathered.asked[ids[case]] = sorted(questions)
    given: dict[RatingKey, str] = {}
    for answer in returned.answers:
        key = (ids[answer.case], answer.question, returned.assessor)
        version = returned.versions[answer.question]
        rating = Rating(returned.ratings[answer.case], answer.answer, bare(answer.comment), version)
        before = gathered.ratings.get(key)
        given[key] = answer.place
        if before is None:
            taken.new += 1
        elif before != rating:
            taken.changed.append(Complaint(returned.file, answer.place, "replaces what was imported before."))
        gathered.ratings[key] = rating
    own = {ids[case] for case in returned.asked}
    left = [key for key in gathered.ratings if key[2] == returned.assessor and key[0] in own and key not in given]
    for case_id, question, _ in left:
        number = next(case.number for case in sample.cases if case.case_id == case_id)
        sentence = f"has no usable answer to {question} any more; the one imported before is kept."
        taken.kept.append(Complaint(returned.file, f"Case {number}", sentence))


def _count(
    taken: Taken,
    rows: Sequence[tuple[str, str, str, str]],
    gathered: Gathered,
    sample: Sample,
    questions: Mapping[str, Question],
) -> None:
    taken.cases_out = sum(case.case_id not in gathered.asked for case in sample.cases)
    taken.ratings = len(gathered.ratings)
    for case_id, question, answer, _ in rows:
        if questions[question].decided_by == "rule":
            taken.corrections += 1
        elif question in gathered.asked.get(case_id, ()):
            taken.to_answer += 1
            taken.answered += bool(answer)
