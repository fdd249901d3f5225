"""How many findings there were in each run, and how many came and were put right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from omi_rules.history.choice import Choice, conditions
from omi_rules.history.runs import KeptRun
from omi_rules.history.tables import findings, subjects

#: Beginnings that are failures of the night, as against records that vanished, rules that changed, cases that are back.
_NEW = ("new", "worse")
_PUT_RIGHT = ("put_right", "done_late")


@dataclass(frozen=True)
class Night:
    """One run: findings open, those of them that cannot be decided any more, and what came and went with it.

    `otherwise` are findings that came through a vanished record, a changed rule, a case that is back, or another duty
    that was overdue before."""

    run: int
    as_at: date
    open: int
    undecided: int
    new: int
    otherwise: int
    put_right: int
    gone: int


def count_nights(connection: Connection, kept: Sequence[KeptRun], choice: Choice) -> list[Night]:
    """A night for every run, the first one first."""
    began = _count(connection, choice, "first_run", "began")
    ended = _count(connection, choice, "ended_run", "ended")
    nights, opened, unseen = [], 0, 0
    for run in kept:
        came, went = began.get(run.number, {}), ended.get(run.number, {})
        opened += _sum(came) - _sum(went)
        unseen += _sum(came, unknown=True) - _sum(went, unknown=True)
        night = Night(
            run=run.number,
            as_at=run.as_at,
            open=opened,
            undecided=unseen,
            new=_sum(came, *_NEW),
            otherwise=_sum(came, "vanished", "rule_changed", "case_back", "other_duty"),
            put_right=_sum(went, *_PUT_RIGHT),
            gone=_sum(went, "case_ended", "case_gone", "excluded", "not_applicable", "due_again", "rule_changed"),
        )
        nights.append(night)
    return nights


#: How many findings began or ended in one run, by how and by whether they were undecidable.
_Counts = Mapping[tuple[str, bool], int]


def _count(connection: Connection, choice: Choice, run: str, how: str) -> dict[int, _Counts]:
    number, word = findings.c[run], findings.c[how]
    unknown = findings.c.outcome == "unknown"
    counted = (
        select(number, word, unknown, func.count())
        .select_from(findings.join(subjects, subjects.c.id == findings.c.subject_id))
        .where(number.is_not(None), *conditions(connection, choice))
        .group_by(number, word, unknown)
    )
    found: dict[int, dict[tuple[str, bool], int]] = {}
    for at, words, is_unknown, count in connection.execute(counted):
        found.setdefault(at, {})[words, bool(is_unknown)] = count
    return dict(found.items())


def _sum(counts: _Counts, *words: str, unknown: bool = False) -> int:
    return sum(
        count
        for (word, is_unknown), count in counts.items()
        if (not words or word in words) and (is_unknown or not unknown)
    )
