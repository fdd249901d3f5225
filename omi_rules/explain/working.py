"""What the working of a rule gives: the lines of its clock, the rows it looked at, what would change it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from omi_rules.explain.judgement import Row
from omi_rules.explain.layout import Line
from omi_rules.rulebook.model import Selection

Weight = Literal["counts", "may count", "not counted"]


@dataclass(frozen=True)
class Look:
    """A look at the rows of a table: what for, which further columns are read, and what becomes of each row.

    `weigh` is asked of rows that no test of the selection rules out: whether a row counts, and why.
    """

    purpose: str
    selection: Selection
    weigh: Callable[[Row], tuple[Weight, str]]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Working:
    """A rule worked out on what is recorded; the outcome itself is never taken from here.

    `due_on` and `done_on` are what the lines tell; `change` names records that would change the outcome,
    unless `others_failed`: then they change only what it rests on, and another event or review has failed too.
    """

    lines: tuple[Line, ...] = ()
    looks: tuple[Look, ...] = ()
    due_on: date | None = None
    done_on: date | None = None
    change: tuple[str, ...] = ()
    others_failed: bool = False


def counts(_row: Row) -> tuple[Weight, str]:
    """Every row that passes the tests counts."""
    return "counts", ""
