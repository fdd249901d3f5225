"""What the files of criteria and targets say, as plain values: questions, points, levels, targets.

The shapes follow the files one to one (see docs/writing-rules.md). A check of an export needs none of them:
they are for scoring and for the assessment by people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from omi_rules.rulebook.model import Population, Source

Decider = Literal["rule", "assessor", "not yet"]
Conclusion = Literal["good", "priority for improvement", "urgent priority for improvement"]
Level = Literal["well met", "satisfactorily met", "partly met", "not met"]
Direction = Literal["at_least", "at_most"]

#: What a target can be measured by where no rule's rate is the figure.
MEASURES = ("appointments-attended", "breach-resolution-average")


@dataclass(frozen=True)
class Figure:
    """What the source found: the share of sufficient cases in per cent, or a bound of it, and the counts.

    `insufficient` is the only number where the source counts what was not sufficient, and does not say of how many.
    """

    printed: str
    percent: int | None = None
    bound: Literal["more_than", "less_than"] | None = None
    sufficient: int | None = None
    of: int | None = None
    insufficient: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Question:
    """A question about a case; yes is sufficient. `population` is None where the export cannot tell."""

    id: str
    asks: str
    about: str
    population: Population | None
    decided_by: Decider
    rule: str | None
    risk_of_harm_thread: bool
    recommendations: tuple[int, ...]
    source: Source
    figure: Figure | None
    note: str
    is_summary: bool = False

    @property
    def criterion(self) -> str:
        """The criterion that the question belongs to."""
        return self.id.rpartition(".")[0]

    @property
    def section(self) -> str:
        """The section that the question belongs to, by its number: `1`."""
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Point:
    """A point about the area that the level of a criterion of section 4 rests on; yes is a strength."""

    id: str
    asks: str
    found: Literal["strength", "area for improvement"]
    source: Source
    recommendations: tuple[int, ...]
    rule: str | None
    targets: str | None


@dataclass(frozen=True)
class Weights:
    """What the individual questions and the summary question weigh, in per cent."""

    questions: int
    summary: int


@dataclass(frozen=True)
class Bands:
    """From which score on a criterion is good, and from which a priority; below that it is urgent."""

    good_from: int
    priority_from: int
    source: Source | None
    because: str

    @property
    def assumed(self) -> bool:
        """Whether no source gives them."""
        return self.source is None

    def conclude(self, score: int | float) -> Conclusion:
        """The conclusion that a score leads to."""
        if score >= self.good_from:
            return "good"
        return "priority for improvement" if score >= self.priority_from else "urgent priority for improvement"


@dataclass(frozen=True)
class Criterion:
    """One criterion: with questions, a summary question, weights and bands; or with points and levels."""

    id: str
    title: str
    section: str
    describes: str
    source: Source
    note: str
    published_score: int | None
    published_conclusion: Conclusion | None
    published_level: Level | None
    weights: Weights | None
    bands: Bands | None
    questions: tuple[Question, ...]
    summary: Question | None
    levels: tuple[Level, ...]
    points: tuple[Point, ...]
    file: str

    @property
    def all_questions(self) -> tuple[Question, ...]:
        """The individual questions and the summary question."""
        return (*self.questions, self.summary) if self.summary else self.questions


@dataclass(frozen=True)
class Period:
    """The days that figures cover, and how the source prints them."""

    printed: str
    first: date
    last: date


@dataclass(frozen=True)
class Target:
    """One target with what was published. Exactly one of rule, measure and `typed_in` gives today's figure."""

    id: str
    title: str
    amount: Decimal
    unit: Literal["percent", "percent_of_target", "days", "working_days"]
    direction: Direction
    area: Decimal
    national: Decimal | None
    asterisk: bool | None
    tolerance: Decimal | None
    tolerance_because: str
    period: Period
    rule: str | None
    measure: str | None
    typed_in: bool
    why: str

    def is_met(self, figure: Decimal | Fraction) -> bool:
        """Whether a figure meets the target, exactly as it stands."""
        return self._shortfall(figure) <= 0

    def is_near_miss(self, figure: Decimal | Fraction) -> bool:
        """Whether a figure misses the target by no more than the tolerance."""
        return self.tolerance is not None and 0 < self._shortfall(figure) <= Fraction(self.tolerance)

    def _shortfall(self, figure: Decimal | Fraction) -> Fraction:
        short = Fraction(self.amount) - Fraction(figure)
        return short if self.direction == "at_least" else -short


@dataclass(frozen=True)
class Targets:
    """The targets of a file, in the order of the source."""

    id: str
    title: str
    source: Source
    period: Period
    targets: tuple[Target, ...]
    file: str


@dataclass(frozen=True)
class Thread:
    """The score over all questions marked for it, in some sections."""

    title: str
    sections: tuple[str, ...]
    source: Source
    published_score: int | None


@dataclass(frozen=True)
class Line:
    """The line of priority for improvement, in per cent; it is no line of sufficiency."""

    percent: int
    source: Source | None
    because: str

    @property
    def assumed(self) -> bool:
        """Whether no source gives it."""
        return self.source is None


@dataclass(frozen=True)
class Scoring:
    """How the scores of criteria are put together."""

    source: Source
    thread: Thread
    line: Line


@dataclass(frozen=True)
class Recommendations:
    """What is to be improved, in the words of the source; the first is recommendation 1."""

    source: Source
    words: tuple[str, ...]


@dataclass(frozen=True)
class Criteria:
    """Every criterion and every file of targets of a rulebook, in order of id, how scores are put together, and the
    words of the recommendations.

    `hash` is that of the whole rulebook.
    """

    criteria: Mapping[str, Criterion]
    targets: Mapping[str, Targets]
    scoring: Scoring | None = None
    hash: str = ""
    recommendations: Recommendations | None = None

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by its id, summary questions too."""
        return {question.id: question for item in self.criteria.values() for question in item.all_questions}
