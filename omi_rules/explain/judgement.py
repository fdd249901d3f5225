"""What an explanation needs to be given: one case as it was read, and what every rule said of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from omi_rules.rulebook.model import ClueState, Conclusion, Rulebook

Row = Mapping[str, Any]


class Judged(Protocol):
    """What one rule said of the case; `undecided` names `table.column`, or a table lost or absent."""

    @property
    def outcome(self) -> str:
        """One of the nine outcomes."""

    @property
    def due_on(self) -> date | None:
        """When it was due, where the outcome has such a date and it is certain."""

    @property
    def done_on(self) -> date | None:
        """When it was done, likewise."""

    @property
    def days_late(self) -> int | None:
        """Calendar days late, likewise."""

    @property
    def reason(self) -> str:
        """One plain sentence."""

    @property
    def undecided(self) -> tuple[str, ...]:
        """What would decide an unknown."""


class TableCount(Protocol):
    """What became of the rows of one table."""

    @property
    def table(self) -> str:
        """The table's name."""

    @property
    def left_out(self) -> int:
        """Rows dated after the as-at date."""

    @property
    def rejected(self) -> int:
        """Rows that could not be used."""


class Export(Protocol):
    """The part of an export's account that an explanation tells; the account is that of the case alone."""

    @property
    def missing(self) -> frozenset[str]:
        """Tables that the export does not have."""

    @property
    def accounting(self) -> Sequence[TableCount]:
        """One count a table."""


class CaseJudgement(Protocol):
    """One case: its columns, its rows (each with its number in the file as `row`), and what was found."""

    @property
    def case(self) -> Mapping[str, Any]:
        """The columns of `cases`, with start_date."""

    @property
    def tables(self) -> Mapping[str, Sequence[Row]]:
        """The rows used of every other table."""

    @property
    def outcomes(self) -> Mapping[str, Judged]:
        """What each rule said."""

    @property
    def derived(self) -> Sequence[tuple[Conclusion, Sequence[tuple[str, str]]]]:
        """The conclusions of the case, each with the rules and outcomes that it rests on."""

    @property
    def clues(self) -> Mapping[str, ClueState]:
        """What the records say of each clue."""

    @property
    def export(self) -> Export:
        """The account of what was read."""

    @property
    def rulebook(self) -> Rulebook:
        """The rules."""

    @property
    def as_at(self) -> date:
        """The day up to which the records are read."""
