"""Which figures of groups are too small to be shown, and which others must go with them.

A figure about 1 to 4 cases is about people whom a colleague could name. Hiding it alone is not enough: whoever knows
the total and the other groups has it by subtraction. So more is hidden, until nothing is known of the hidden ones but
their sum, and that sum leaves every one of them open:

- in every shown group, none or at least two of the groups inside it are hidden;
- a hidden group that has groups inside it hides at least one of them, down to the last level;
- the hidden ones under one shown group hold at least 5 cases, and more cases than there are of them;
- they hold both sufficient and insufficient cases wherever that shown group does: else each would be all or none.

Groups are a tree: the path () is everyone and always shown, ("Wirral",) a division, ("Wirral", "North") a team in it. A
dimension without levels is a tree of one level. Each dimension adds up to the same total and to nothing else, so it is
enough that each is safe by itself.

What cannot be hidden:

- where a shown figure is none or all of its cases, that is known of every group inside it;
- a group that is everyone has the figures of everyone, and so has, on a question, the one group whose cases alone it
  can be about: what the area says of a question on PPOs is said of the PPOs;
- where the totals say that every case is relevant, a group of known size has as many (which is never 1 to 4);
- groups of one case each are known by being listed, see `Groups.are_too_fine`;
- which groups are hidden tells something to whoever knows these rules, since nothing is hidden without need. A large
  group is hidden beside small ones that hold enough cases only where those are all sufficient or all insufficient. And
  the smallest groups go first: of two hidden ones that hold 17 together, beside a shown one of 13, the smaller has 4,
  for the other has at most 13. No rule that looks at the figures can exclude this.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

#: The smallest number of cases that a shown figure is about.
LEAST = 5

Path = tuple[str | None, ...]

#: What is counted in a group: first the cases that a figure is about, then the parts that they fall into, if any.
Amounts = tuple[int, ...]

_EVERYONE: Path = ()


@dataclass(frozen=True)
class Groups:
    """The groups of a dimension: how many cases each path holds, everyone at ()."""

    sizes: Mapping[Path, int]

    @cached_property
    def inside(self) -> Mapping[Path, tuple[Path, ...]]:
        """The groups directly inside each group, the smallest first: the order in which they are hidden.

        By the cases held, not by those that a question is about: the same groups go first for every question, and
        two questions about the same cases cannot be set off against each other.
        """
        found: dict[Path, list[Path]] = {path: [] for path in self.sizes}
        for path in sorted(filter(None, self.sizes), key=lambda path: (self.sizes[path], _spelt(path))):
            found[path[:-1]].append(path)
        return {path: tuple(groups) for path, groups in found.items()}

    @property
    def are_too_fine(self) -> bool:
        """Whether to list the groups would tell how many cases each holds: there are no more cases than groups."""
        return self.sizes[_EVERYONE] <= sum(not groups for groups in self.inside.values())

    @cached_property
    def holding(self) -> tuple[Path, ...]:
        """The groups that have groups inside them, the innermost first."""
        return tuple(sorted((p for p, groups in self.inside.items() if groups), key=lambda p: (-len(p), _spelt(p))))


def _spelt(path: Path) -> tuple[tuple[bool, str], ...]:
    return tuple((name is None, name or "") for name in path)


def hide_sizes(groups: Groups) -> frozenset[Path]:
    """The groups whose number of cases is not shown."""
    return _Hiding(groups, {path: (size,) for path, size in groups.sizes.items()}).settle()


def hide_figures(
    groups: Groups, figures: Mapping[Path, tuple[int, int]], without_size: Collection[Path]
) -> frozenset[Path]:
    """The groups whose figure on one question is not shown.

    `figures` gives sufficient and relevant cases of a path; a path without any is left out. A group `without_size`
    (see `hide_sizes`) shows no figure, which would be a floor to its size; only that none of them has a relevant case.
    """
    amounts: dict[Path, Amounts] = {}
    for path in groups.sizes:
        sufficient, relevant = figures.get(path, (0, 0))
        amounts[path] = (relevant, sufficient, relevant - sufficient)
    return _Hiding(groups, amounts, without_size).settle()


class _Hiding:
    """What is hidden of one count: it only grows, until every shown group is safe."""

    def __init__(self, groups: Groups, amounts: Mapping[Path, Amounts], already: Collection[Path] = ()) -> None:
        self.groups = groups
        self.amounts = amounts
        small = {path for path, amount in amounts.items() if path and 0 < amount[0] < LEAST}
        self.hidden = small.union(already)
        for path in groups.holding:
            self._show_where_there_is_none(path)

    def settle(self) -> frozenset[Path]:
        changed = bool(self.hidden)
        while changed:
            changed = False
            for path in self.groups.holding:
                while path not in self.hidden and not self._is_safe(path) and self._hide_more(path):
                    changed = True
        return frozenset(self.hidden)

    def _show_where_there_is_none(self, shown: Path) -> None:
        """Under a shown group, hidden ones that hold nothing at all: everyone could see that they hold nothing."""
        if shown not in self.hidden:
            region = list(self._region(shown))
            if not any(self.amounts[path][0] for path in region if self._is_last(path)):
                self.hidden.difference_update(region)

    def _is_last(self, path: Path) -> bool:
        return not self.groups.inside[path]

    def _region(self, shown: Path) -> Iterator[Path]:
        """The hidden groups of which no shown one stands between them and `shown`."""
        waiting = [shown]
        while waiting:
            for path in self.groups.inside[waiting.pop()]:
                if path in self.hidden:
                    yield path
                    waiting.append(path)

    def _is_safe(self, shown: Path) -> bool:
        region = list(self._region(shown))
        last = [path for path in region if self._is_last(path)]
        if not last:
            return True
        if sum(len(path) == len(shown) + 1 for path in region) < 2:
            return False
        cases, *parts = (sum(column) for column in zip(*(self.amounts[path] for path in last), strict=True))
        whole = self.amounts[shown][1:]
        mixed = all(part or not all_of_it for part, all_of_it in zip(parts, whole, strict=True))
        return cases >= max(LEAST, len(last) + 1) and mixed

    def _hide_more(self, shown: Path) -> bool:
        """Hide one group more under `shown`, at last the empty ones too, and then `shown` itself.

        False for everyone, whose figures are known, where all that there is under it is hidden.
        """
        around = [shown, *self._region(shown)]
        beside = [path for group in around for path in self.groups.inside[group] if path not in self.hidden]
        with_cases = [path for path in beside if self.amounts[path][0]]
        if with_cases:
            # the uppermost first, and of those the smallest: a sort keeps the order of `inside`
            self._hide(min(with_cases, key=len))
        elif beside:
            for path in beside:
                self._hide_whole(path)
        elif shown != _EVERYONE:
            self.hidden.add(shown)
        else:
            return False
        return True

    def _hide(self, path: Path) -> None:
        """Hide a group, and inside it at least one on each level."""
        self.hidden.add(path)
        inside = self.groups.inside[path]
        if inside and self.hidden.isdisjoint(inside):
            self._hide(next((group for group in inside if self.amounts[group][0]), inside[0]))

    def _hide_whole(self, path: Path) -> None:
        self.hidden.add(path)
        for group in self.groups.inside[path]:
            self._hide_whole(group)
