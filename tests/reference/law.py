"""What a rule of rulebook.md is, for the reference: one function over a world, and what it reads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.reference.kinds import Answer
from tests.reference.limits import Limit
from tests.reference.world import Row, World

Limits = Iterable[Limit] | Callable[[World], Iterable[Limit]]


def _no_days(w: World) -> Iterable[date]:
    return ()


@dataclass(frozen=True)
class Reading:
    """One rule as the law's text has it.

    `reads` names every table that it looks at, `limits` every limit that moves a day, `also` further days.
    With `events`, `evaluate` takes a row of that table too, and judges that event alone. `phantoms` says how
    many rows a table outside the export may have held, where one row cannot show all that the rule can say;
    `alike` if those need not differ from each other.
    """

    evaluate: Callable[..., Answer]
    subject: str = "cases"
    reads: tuple[str, ...] = ()
    limits: Limits = ()
    also: Callable[[World], Iterable[date]] = _no_days
    events: str | None = None
    phantoms: Mapping[str, int] = field(default_factory=dict)
    alike: bool = False


LAW: dict[str, Reading] = {}


def law(rule: str, **says: Any) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Enter a function into the law under the rule's id."""

    def enter(evaluate: Callable[..., Answer]) -> Callable[..., Answer]:
        # pytest may import a module a second time, under another name: the same lines may enter a rule again.
        known = LAW.get(rule)
        assert known is None or known.evaluate.__code__.co_firstlineno == evaluate.__code__.co_firstlineno, rule
        LAW[rule] = Reading(evaluate, **says)
        return evaluate

    return enter


def is_(column: str, *values: Any) -> Callable[[Row], bool]:
    """A test: the cell holds one of these values (true, if none is named)."""
    wanted = values or (True,)
    return lambda row: row[column] in wanted
