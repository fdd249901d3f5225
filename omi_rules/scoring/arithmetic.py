"""Appendix 3 of the report: what questions, criteria, sections and the Risk of Harm thread score.

Shares are exact fractions of 1 until they are printed. A question's figure is sufficient of relevant cases. A
criterion is the average of its questions, weighted with its summary question (80 and 20 per cent); without answers to
that, it rests on the questions alone. A section is the average of its criteria, the thread that of all its questions in
sections 1 and 2. What has no relevant case is left out and listed. Where more questions are undecided than decided, the
score is withheld: an average over the few that happen to be decided would be a guess.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from omi_rules.rulebook.questions import Conclusion, Criterion, Thread
from omi_rules.scoring.intervals import wilson
from omi_rules.scoring.tally import Tally

Bounds = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Average:
    """A score with what it rests on: questions, or criteria, by their ids.

    `interval` is the average of the parts' 95% intervals, as wide as if all of them erred the same way; `bounds` is
    what the score would be if everything unknown were insufficient, and if it were sufficient. Both are None without a
    score.
    """

    counted: tuple[str, ...]
    undecided: tuple[str, ...]
    left_out: tuple[str, ...]
    score: Fraction | None = None
    interval: Bounds | None = None
    bounds: Bounds | None = None
    withheld: str = ""

    @property
    def rounded(self) -> int | None:
        """The score in whole per cent as the report prints it, a half rounded up."""
        return None if self.score is None else whole_per_cent(self.score)


@dataclass(frozen=True)
class CriterionScore:
    """A criterion's score, its parts, and what it leads to; `by_rule` is the average of what rules decide alone."""

    criterion: Criterion
    questions: Average
    by_rule: Average
    summary: Tally | None
    whole: Average

    @property
    def conclusion(self) -> Conclusion | None:
        """Good, a priority or an urgent one, by the criterion's bands and the score in whole per cent."""
        rounded, bands = self.whole.rounded, self.criterion.bands
        return None if rounded is None or bands is None else bands.conclude(rounded)


@dataclass(frozen=True)
class SectionScore:
    """A section's score over its criteria."""

    id: str
    title: str
    whole: Average
    criteria: tuple[CriterionScore, ...] = field(default=())


def whole_per_cent(share: Fraction) -> int:
    """A share in whole per cent, a half rounded up.

    >>> whole_per_cent(Fraction(1, 8)), whole_per_cent(Fraction(2, 3))
    (13, 67)
    """
    return int(share * 100 + Fraction(1, 2))


def interval_of(tally: Tally) -> Bounds:
    """The 95% Wilson interval of a question's share."""
    low, high = wilson(tally.counts.sufficient, tally.counts.relevant)
    return Fraction(low), Fraction(high)


def score_criterion(criterion: Criterion, tallies: Sequence[Tally]) -> CriterionScore:
    """The score of a criterion from the tallies of its questions, the summary question's among them."""
    questions = [tally for tally in tallies if not tally.question.is_summary]
    summary = next((tally for tally in tallies if tally.question.is_summary), None)
    average = average_questions(questions)
    return CriterionScore(
        criterion=criterion,
        questions=average,
        by_rule=average_questions([tally for tally in questions if not tally.answers_alone]),
        summary=summary,
        whole=_with_summary(criterion, average, summary),
    )


def average_questions(tallies: Sequence[Tally]) -> Average:
    """The plain average of the decided questions; withheld where more are undecided than decided."""
    decided = [tally for tally in tallies if tally.counts.is_decided]
    left_out = [tally for tally in tallies if not tally.counts.relevant and not tally.counts.unknown]
    undecided = [tally for tally in tallies if tally not in decided and tally not in left_out]
    listed = Average(_ids(decided), _ids(undecided), _ids(left_out))
    if not decided or len(undecided) > len(decided):
        return replace(listed, withheld=_why_withheld(len(decided), len(undecided)))
    return replace(
        listed,
        score=_mean(tally.counts.share for tally in decided),
        interval=_mean_bounds([interval_of(tally) for tally in decided]),
        bounds=_mean_bounds([tally.counts.bounds for tally in (*decided, *undecided)]),
    )


def _ids(tallies: Iterable[Tally]) -> tuple[str, ...]:
    return tuple(tally.question.id for tally in tallies)


def _why_withheld(decided: int, undecided: int) -> str:
    if not decided and not undecided:
        return "no question has a relevant case"
    return f"{undecided} of {decided + undecided} questions are undecided"


def _with_summary(criterion: Criterion, questions: Average, summary: Tally | None) -> Average:
    """The questions' average weighted with the summary question, where that is decided."""
    weights = criterion.weights
    if questions.score is None or summary is None or weights is None or not summary.counts.is_decided:
        return questions
    share, part = summary.counts.share or Fraction(), Fraction(weights.summary, 100)

    def weigh(average: Fraction, single: Fraction) -> Fraction:
        return average * (1 - part) + single * part

    def weigh_bounds(average: Bounds | None, single: Bounds | None) -> Bounds | None:
        if average is None or single is None:
            return None
        return weigh(average[0], single[0]), weigh(average[1], single[1])

    return replace(
        questions,
        counted=(*questions.counted, summary.question.id),
        score=weigh(questions.score, share),
        interval=weigh_bounds(questions.interval, interval_of(summary)),
        bounds=weigh_bounds(questions.bounds, summary.counts.bounds),
    )


def score_sections(criteria: Sequence[CriterionScore]) -> list[SectionScore]:
    """Each section over its criteria, in order; withheld where the score of one of them is."""
    found: dict[str, list[CriterionScore]] = {}
    for one in criteria:
        found.setdefault(one.criterion.id[0], []).append(one)
    return [
        SectionScore(id_, members[0].criterion.section, _average_criteria(members), tuple(members))
        for id_, members in sorted(found.items())
    ]


def _average_criteria(criteria: Sequence[CriterionScore]) -> Average:
    left_out = tuple(one.criterion.id for one in criteria if not one.questions.counted and not one.questions.undecided)
    asked = [one for one in criteria if one.criterion.id not in left_out]
    withheld = tuple(one.criterion.id for one in asked if one.whole.score is None)
    counted = tuple(one.criterion.id for one in asked if one.whole.score is not None)
    listed = Average(counted, withheld, left_out)
    if withheld or not asked:
        why = f"no score for {', '.join(withheld)}" if withheld else "no question has a relevant case"
        return replace(listed, withheld=why)
    return replace(
        listed,
        score=_mean(one.whole.score for one in asked),
        interval=_mean_bounds([one.whole.interval for one in asked]),
        bounds=_mean_bounds([one.whole.bounds for one in asked]),
    )


def score_thread(thread: Thread, tallies: Iterable[Tally]) -> Average:
    """The plain average of every question of the thread in its sections, summary questions among them.

    A summary question that nobody has answered takes no part, as in a criterion.
    """
    marked = [
        tally
        for tally in tallies
        if tally.question.risk_of_harm_thread
        and tally.question.section in thread.sections
        and (tally.counts.is_decided or not tally.question.is_summary)
    ]
    return average_questions(marked)


def _mean(shares: Iterable[Fraction | None]) -> Fraction:
    known = [share for share in shares if share is not None]
    return sum(known, Fraction()) / len(known)


def _mean_bounds(bounds: Iterable[Bounds | None]) -> Bounds:
    known = [pair for pair in bounds if pair is not None]
    return _mean(low for low, _ in known), _mean(high for _, high in known)
