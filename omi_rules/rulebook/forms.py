"""The forms of the kind matches: conditions without a date, on the case or on its rows."""

from dataclasses import dataclass
from typing import Literal

from omi_rules.rulebook.selections import Selection, Tests


@dataclass(frozen=True)
class Matches:
    """A condition on the case, or on the latest, the first or every row of a selection.

    With `where`, only those of the latest (or first) rows are judged that pass it.
    """

    of: Literal["case", "latest", "first", "every"]
    rows: Selection | None
    satisfies: Tests
    where: Tests = ()


@dataclass(frozen=True)
class Presence:
    """There is a row of the selection (`any`), or no row of any of the selections (`none`)."""

    of: Literal["any", "none"]
    selections: tuple[Selection, ...]


@dataclass(frozen=True)
class Falls:
    """A number of the last day is below that of the first day, rows without one left aside."""

    table: str
    column: str


@dataclass(frozen=True)
class Distinct:
    """A column has no more than so many different values."""

    table: str
    column: str
    at_most: str


@dataclass(frozen=True)
class Weekly:
    """In every full week of each row of `each`, a column of other rows adds up to enough.

    Weeks are counted from the day in `since`, and end with the earliest of `until`, the end of the case and the
    as-at date.
    """

    each: Selection
    since: str
    until: str | None
    rows: Selection
    sum: str
    at_least: str


Form = Matches | Presence | Falls | Distinct | Weekly
FORMS = (Matches, Presence, Falls, Distinct, Weekly)
