"""Who reads a report, and what is therefore in it: whatever somebody shall not see is not in the file at all.

Without cases there is no row for a case either: findings are counts, and nothing says which are of one case.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Audience:
    """Readers: whether cases, officers, scores and members of staff are in their report."""

    name: str
    title: str
    cases: bool
    officers: bool
    scores: bool
    staff: bool

    @property
    def levels(self) -> tuple[str, ...]:
        """How far down the report can be followed, the widest first."""
        officer = ("officer",) if self.officers else ()
        return ("division", "team", *officer, *(("case",) if self.cases else ()))


AUDIENCES: Mapping[str, Audience] = {
    audience.name: audience
    for audience in (
        Audience("board", "the board", cases=False, officers=False, scores=True, staff=False),
        Audience("manager", "managers", cases=True, officers=True, scores=True, staff=True),
        Audience("officer", "officers", cases=True, officers=True, scores=False, staff=False),
        Audience("inspector", "inspectors", cases=True, officers=False, scores=True, staff=False),
    )
}
