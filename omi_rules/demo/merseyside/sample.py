"""The sample while it is made: its cases, the rows of their records, and lots drawn among them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from omi_rules.demo.merseyside.chance import drawn_number, shuffled
from omi_rules.demo.merseyside.shares import sufficient_of
from omi_rules.rulebook.questions import Criteria

#: The day of the snapshot, about six months after the starts.
AS_AT = date(2006, 11, 30)
#: The limits that the rules set: the first review, and what is counted as contact at first.
FIRST_REVIEW = timedelta(weeks=16)


@dataclass(eq=False)
class Case:
    """One case of the sample: what its columns say, and the kinds of its requirements."""

    id: str
    licence: bool = False
    start: date = AS_AT
    sentence: date = AS_AT
    roh: str = "low"
    ppo: bool = False
    tier: int = 1
    requirements: list[str] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def community(self) -> bool:
        """Whether it is an order and no licence."""
        return not self.licence

    @property
    def high(self) -> bool:
        """Whether the Risk of Harm is high or very high."""
        return self.roh in ("high", "very_high")

    @property
    def assessment_limit(self) -> int:
        """Working days for the first assessments."""
        return 5 if self.high or self.ppo else 15

    @property
    def plan_limit(self) -> int:
        """Working days for the initial sentence plan."""
        return 5 if self.tier == 4 else self.assessment_limit

    def number(self, purpose: str, lowest: int, highest: int) -> int:
        """A number from `lowest` to `highest` drawn for this case."""
        return drawn_number(purpose, self.id, lowest, highest)


class Sample:
    """The cases, and the rows of each table in the order in which they were added."""

    def __init__(self, criteria: Criteria, make_up: Mapping[str, int]) -> None:
        self.criteria = criteria
        self.make_up = make_up
        self.cases = [Case(f"M{number:03d}") for number in range(1, make_up["cases"] + 1)]
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def those(self, belongs: Callable[[Case], bool]) -> list[Case]:
        """The cases that belong, in order."""
        return [case for case in self.cases if belongs(case)]

    def draw(self, purpose: str, among: Iterable[Case], count: int) -> list[Case]:
        """So many of the cases, in order of the lot."""
        by_id = {case.id: case for case in among}
        if count > len(by_id):
            raise ValueError(f"{purpose}: {count} cases are to be drawn, and there are {len(by_id)}.")
        return [by_id[id_] for id_ in shuffled(purpose, by_id)[:count]]

    def draw_sort(self, sort: str, among: Iterable[Case], always: Sequence[Case] = ()) -> list[Case]:
        """As many of the cases as the make-up has of this sort; `always` are among them."""
        return [*always, *self.draw(sort, others(among, always), self.make_up[sort] - len(always))]

    def draw_sufficient(
        self, question: str, among: Sequence[Case], always: Sequence[Case] = (), never: Sequence[Case] = ()
    ) -> list[Case]:
        """As many of the cases as make the question's figure; `always` are among them, `never` are not."""
        wanted = sufficient_of(self.criteria, question, len(among))
        fixed = {id(case) for case in [*always, *never]}
        free = [case for case in among if id(case) not in fixed]
        return [*always, *self.draw(question, free, wanted - len(always))]

    def add(self, table: str, case: Case, **cells: Any) -> dict[str, Any]:
        """Add a row to a table; the row may still be changed."""
        return self.add_row(table, case_id=case.id, **cells)

    def add_row(self, table: str, **cells: Any) -> dict[str, Any]:
        """Add a row that is about no case."""
        self.rows.setdefault(table, []).append(cells)
        return cells

    def rows_of(self, table: str, case: Case, **cells: Any) -> list[dict[str, Any]]:
        """The rows of a case that have these cells."""
        wanted = {"case_id": case.id, **cells}
        return [row for row in self.rows.get(table, ()) if wanted.items() <= row.items()]


def others(cases: Iterable[Case], taken: Iterable[Case]) -> list[Case]:
    """The cases that are not taken."""
    without = {id(case) for case in taken}
    return [case for case in cases if id(case) not in without]


def grade_of(officer: str) -> str:
    """The grade of an officer, by the reference: every third is a probation service officer."""
    return "pso" if int(officer[-2:]) % 3 == 0 else "po"
