"""Figures of every division, team, officer and subgroup, with a traffic light a criterion, and small numbers hidden.

Whatever is said of a group is made from figures that are shown, so nothing gives a hidden one away: the average of a
criterion leaves hidden questions out, and a difference is measured against what is shown of the other groups.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from omi_rules.data.store import Store
from omi_rules.rulebook.questions import Conclusion, Criterion
from omi_rules.scoring.arithmetic import interval_of, score_criterion
from omi_rules.scoring.dimensions import DIMENSIONS, ORDERS, levels_of
from omi_rules.scoring.group_counts import GroupCounts, count_groups, lay_out_groups
from omi_rules.scoring.intervals import newcombe_difference
from omi_rules.scoring.record import per_cent
from omi_rules.scoring.suppression import Groups, Path, hide_figures, hide_sizes
from omi_rules.scoring.tally import Counts, Tally

#: What a conclusion is as a traffic light.
LIGHTS: Mapping[Conclusion, str] = {
    "good": "green",
    "priority for improvement": "amber",
    "urgent priority for improvement": "red",
}

#: A hidden question, to the average of a criterion: something is there, and it counts as not decided.
_HIDDEN = Counts(unknown=1)


def score_groups(
    store: Store,
    criteria: Iterable[Criterion],
    tallies: Iterable[Tally],
    as_at: date,
    dimensions: Collection[str] = DIMENSIONS,
) -> list[dict[str, Any]]:
    """For each dimension asked for, in the order of `DIMENSIONS`, its groups as score.json holds them.

    `tallies` are those of the area; a question that nobody was asked takes no part. The store holds the views `cases`
    (the columns of cases.parquet) and `results` of the cases that count.
    """
    lay_out_groups(store, as_at)
    asked = [tally for tally in tallies if not tally.without]
    with_questions = [criterion for criterion in criteria if criterion.questions]
    kept: dict[tuple[str, ...], _Table] = {}
    entries = []
    for dimension in [dimension for dimension in DIMENSIONS if dimension in dimensions]:
        # levels are hidden together, whichever of them are asked for: one adds up to the other
        levels = levels_of(dimension)
        if levels not in kept:
            kept[levels] = _hide(count_groups(store, levels, asked), asked)
        entries.append(_describe_dimension(dimension, levels, kept[levels], with_questions))
    return entries


@dataclass(frozen=True)
class _Table:
    """The counts of some levels, and which of them are hidden."""

    counts: GroupCounts
    asked: Sequence[Tally]
    groups: Groups
    without_size: frozenset[Path]
    without_figure: Mapping[str, frozenset[Path]]

    def shown(self, question: str, path: Path) -> Counts | None:
        """The counts of a question in a group if they can be shown."""
        if path in self.without_figure[question]:
            return None
        # of a group whose size is hidden it is known only that no case is relevant: what is unknown would count them
        return Counts() if path in self.without_size else self.counts.questions[question][path]

    def rest(self, question: str, path: Path) -> Counts | None:
        """What stands beside a group: the group around it less this one, if both are shown."""
        around, own = self.shown(question, path[:-1]), self.shown(question, path)
        if around is None or own is None:
            return None
        return Counts(around.sufficient - own.sufficient, around.insufficient - own.insufficient)


def _hide(counts: GroupCounts, asked: Sequence[Tally]) -> _Table:
    groups = Groups(counts.cases)
    without_size = hide_sizes(groups)
    without_figure = {}
    for question, found in counts.questions.items():
        figures = {path: (count.sufficient, count.relevant) for path, count in found.items()}
        without_figure[question] = hide_figures(groups, figures, without_size)
    return _Table(counts, asked, groups, without_size, without_figure)


def _describe_dimension(
    dimension: str, levels: Sequence[str], table: _Table, criteria: Sequence[Criterion]
) -> dict[str, Any]:
    depth = levels.index(dimension) + 1
    # where there are no more cases than groups, to list a group tells how many it holds
    listed = [] if table.groups.are_too_fine else [path for path in table.counts.cases if len(path) == depth]
    return {
        "dimension": dimension,
        "levels": list(levels[:depth]),
        "groups": [
            _describe_group(path, table, criteria) for path in sorted(listed, key=lambda path: _order(path, levels))
        ],
    }


def _order(path: Path, levels: Sequence[str]) -> tuple[tuple[bool, int, str], ...]:
    """By name, codes in the order of their scale, and what is not recorded last."""
    return tuple(
        (name is None, ORDERS[level].index(name) if level in ORDERS and name else 0, name or "")
        for level, name in zip(levels, path, strict=False)
    )


def _describe_group(path: Path, table: _Table, criteria: Sequence[Criterion]) -> dict[str, Any]:
    hidden = path in table.without_size
    shown = {tally.question.id: table.shown(tally.question.id, path) for tally in table.asked}
    tallies = [Tally(tally.question, shown[tally.question.id] or _HIDDEN) for tally in table.asked]
    return {
        "path": list(path),
        "cases": None if hidden else table.counts.cases[path],
        "suppressed": hidden,
        "questions": [
            _describe_question(tally, shown[tally.question.id], table.rest(tally.question.id, path))
            | ({"mostly_undecided": None} if hidden else {})
            for tally in table.asked
        ],
        "criteria": [
            _describe_criterion(criterion, [tally for tally in tallies if tally.question.criterion == criterion.id])
            for criterion in criteria
        ],
    }


def _describe_question(tally: Tally, counts: Counts | None, rest: Counts | None) -> dict[str, Any]:
    """A question in a group: all empty if it is hidden, and without share and interval if no case is relevant."""
    known = counts is not None
    relevant = counts.relevant if counts else 0
    low, high = interval_of(Tally(tally.question, counts)) if counts and relevant else (None, None)
    return {
        "id": tally.question.id,
        "sufficient": counts.sufficient if counts else None,
        "relevant": relevant if known else None,
        "percent": per_cent(counts.share) if counts else None,
        "interval_low": per_cent(low),
        "interval_high": per_cent(high),
        "suppressed": not known,
        "mostly_undecided": counts.unknown > relevant if counts else None,
        "difference": _difference(counts, rest) if counts and rest else None,
    }


def _difference(counts: Counts, rest: Counts) -> str | None:
    """Whether a share is lower or higher than that of the rest beyond what chance explains (95%)."""
    if not counts.relevant or not rest.relevant:
        return None
    low, high = newcombe_difference(counts.sufficient, counts.relevant, rest.sufficient, rest.relevant)
    return "higher" if low > 0 else "lower" if high < 0 else None


def _describe_criterion(criterion: Criterion, tallies: Sequence[Tally]) -> dict[str, Any]:
    """The average of the questions decided and shown, and its light; none where as many or more are neither."""
    scored = score_criterion(criterion, tallies)
    conclusion = scored.conclusion
    decided = len(scored.questions.counted)
    low, high = scored.whole.interval or (None, None)
    return {
        "id": criterion.id,
        "score": per_cent(scored.whole.score),
        "interval_low": per_cent(low),
        "interval_high": per_cent(high),
        "rounded": scored.whole.rounded,
        "light": LIGHTS[conclusion] if conclusion else None,
        "decided": decided,
        "of": decided + len(scored.questions.undecided),
        "questions": len(criterion.questions),
    }
