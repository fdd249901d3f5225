"""The assessors' answers: for every question of theirs as many of each as give the figure that the report prints.

A question whose figure is not printed stays unanswered, summary questions too: nothing is invented.
"""

from collections.abc import Iterator, Sequence

from omi_rules.demo.merseyside.populations import asked_about, known_sufficient
from omi_rules.demo.merseyside.sample import Case, Sample, others
from omi_rules.demo.merseyside.shares import share_of
from omi_rules.rulebook.questions import Question

_OUTSIDE, _NOT_YET = "not_applicable", ""
#: One in so many of the sufficient answers is excellent, and of the others poor.
_MARKED = 4


def answer_lines(sample: Sample) -> Iterator[list[str]]:
    """A line a case and question: case, question, answer, and no reason, since no machine's outcome is corrected."""
    questions = [question for question in sample.criteria.questions.values() if question.decided_by == "assessor"]
    answers = {question.id: _answers(sample, question) for question in questions}
    for case in sample.cases:
        for question in questions:
            yield [case.id, question.id, answers[question.id].get(case.id, _OUTSIDE), ""]


def _answers(sample: Sample, question: Question) -> dict[str, str]:
    """The answer of each case that is asked about, by case."""
    asked = asked_about(sample, question)
    share = share_of(question.figure, len(asked))
    if share is None:
        return {case.id: _NOT_YET for case in asked}
    relevant = sample.draw(f"{question.id} relevant", asked, share.relevant)
    known = known_sufficient(sample, question, relevant)
    doubtful = others(relevant, known)
    good = [*known, *sample.draw(f"{question.id} sufficient", doubtful, share.sufficient - len(known))]
    return _marked(good, "excellent", "sufficient") | _marked(others(relevant, good), *_worse(question))


def _worse(question: Question) -> tuple[str, str]:
    """What is not sufficient is poor or insufficient; where the report found no evidence, it is not evidenced."""
    if question.figure and "no evidence" in question.figure.printed:
        return "not_evidenced", "not_evidenced"
    return "poor", "insufficient"


def _marked(cases: Sequence[Case], outer: str, inner: str) -> dict[str, str]:
    first = len(cases) // _MARKED
    return {case.id: outer if number < first else inner for number, case in enumerate(cases)}
