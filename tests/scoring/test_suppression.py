"""Nobody who knows the totals and every figure shown can work out one that is hidden.

What can be known of hidden groups is the sums: a shown group less the shown groups inside it. The attacker here looks
for a second set of figures that agrees with everything published. Where there is one, the hidden figure is open.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from omi_rules.scoring.suppression import Groups, Path, hide_figures, hide_sizes
from tests.sizes import sized

#: Of a group on the last level: cases, relevant cases, sufficient cases.
Leaf = tuple[int, int, int]
#: Sufficient and insufficient cases, and those that are outside or undecided.
Split = tuple[int, int, int]


def tree_of(leaves: Mapping[Path, Leaf]) -> tuple[Groups, dict[Path, tuple[int, int]]]:
    sizes: dict[Path, int] = {}
    figures: dict[Path, tuple[int, int]] = {}
    for path, (cases, relevant, sufficient) in leaves.items():
        for end in range(len(path) + 1):
            group = path[:end]
            sizes[group] = sizes.get(group, 0) + cases
            had = figures.get(group, (0, 0))
            figures[group] = (had[0] + sufficient, had[1] + relevant)
    return Groups(sizes), figures


def flat(*leaves: Leaf) -> dict[Path, Leaf]:
    return {(f"g{number}",): leaf for number, leaf in enumerate(leaves)}


@st.composite
def leaves_of_a_tree(draw: st.DrawFn) -> dict[Path, Leaf]:
    depth = draw(st.sampled_from([1, 1, 2, 3]))
    counts = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 9])
    whole = draw(st.booleans())
    mood = draw(st.sampled_from(["any", "none", "all"]))

    def below(path: Path) -> Iterator[Path]:
        if len(path) == depth:
            yield path
            return
        for number in range(draw(st.integers(1, 3 if depth > 1 else 6))):
            yield from below((*path, f"g{number}"))

    found = {}
    for path in below(()):
        relevant = draw(counts)
        rest = 0 if whole else draw(counts)
        sufficient = {"any": draw(st.integers(0, relevant)), "none": 0, "all": relevant}[mood]
        if relevant + rest:
            found[path] = (relevant + rest, relevant, sufficient)
    assume(found and not tree_of(found)[0].are_too_fine)
    return found


def amounts_of(leaves: Mapping[Path, Split], paths: Mapping[Path, int]) -> dict[Path, Split]:
    totals = dict.fromkeys(paths, (0, 0, 0))
    for path, split in leaves.items():
        for end in range(len(path) + 1):
            had = totals[path[:end]]
            totals[path[:end]] = (had[0] + split[0], had[1] + split[1], had[2] + split[2])
    return totals


def agrees(told: Split, known: Split, figure_hidden: bool, size_hidden: bool) -> bool:
    same_figure = figure_hidden or told[:2] == known[:2]
    return same_figure and (size_hidden or sum(told) == sum(known))


def openings(
    leaves: Mapping[Path, Leaf], groups: Groups, figures_hidden: frozenset[Path], sizes_hidden: frozenset[Path]
) -> dict[Path, set[str]]:
    """Of each hidden group, which of its counts another set of figures with the same publications would change."""
    true = {path: (s, r - s, c - r) for path, (c, r, s) in leaves.items()}
    known = amounts_of(true, groups.sizes)
    found: dict[Path, set[str]] = {path: set() for path in figures_hidden | sizes_hidden}
    for moved in moves(true):
        changed = amounts_of(moved, groups.sizes)
        if all(agrees(changed[p], known[p], p in figures_hidden, p in sizes_hidden) for p in groups.sizes):
            for path, opened in found.items():
                told, was = changed[path], known[path]
                opened |= {"sufficient"} if told[0] != was[0] else set()
                opened |= {"relevant"} if told[0] + told[1] != was[0] + was[1] else set()
                opened |= {"cases"} if sum(told) != sum(was) else set()
                opened |= {"share"} if share_of(told) != share_of(was) else set()
    return found


def share_of(split: Split) -> Fraction | None:
    relevant = split[0] + split[1]
    return Fraction(split[0], relevant) if relevant else None


def moves(true: dict[Path, Split]) -> Iterator[dict[Path, Split]]:
    """Other figures near the true ones: one or two cases change places between two groups, or judgement in both."""
    steps = [step for step in product((-1, 0, 1), repeat=3) if any(step)]
    for one, other in permutations(true, 2):
        for step in steps:
            # what one group gains the other loses; and what stays outside may take up the difference in each
            for slack in (0, step[0] + step[1] + step[2]):
                gained = (step[0], step[1], step[2] - slack)
                mine = tuple(a + b for a, b in zip(true[one], gained, strict=True))
                theirs = tuple(a - b for a, b in zip(true[other], gained, strict=True))
                if min(*mine, *theirs) >= 0 and sum(mine) and sum(theirs):
                    yield {**true, one: mine, other: theirs}  # type: ignore[dict-item]


def hidden_of(leaves: Mapping[Path, Leaf]) -> tuple[Groups, frozenset[Path], frozenset[Path]]:
    groups, figures = tree_of(leaves)
    sizes_hidden = hide_sizes(groups)
    return groups, hide_figures(groups, figures, sizes_hidden), sizes_hidden


def is_everyone(groups: Groups, path: Path) -> bool:
    """Whether a group is the only one on each level down to it, so that its figures are the published totals."""
    return all(len(groups.inside[path[:end]]) == 1 for end in range(len(path)))


def shown_above(path: Path, hidden: frozenset[Path]) -> Path:
    return next(path[:end] for end in range(len(path) - 1, -1, -1) if path[:end] not in hidden)


@settings(max_examples=sized(100, 400), deadline=None)
@given(leaves_of_a_tree())
@example(flat((3, 3, 1), (3, 3, 2), (40, 40, 20)))
@example(flat((20, 3, 3), (30, 30, 30), (40, 40, 20)))
@example(flat((1, 1, 1), (1, 1, 0), (1, 1, 0), (1, 1, 0), (2, 1, 1)))
@example(flat((9, 2, 1), (9, 0, 0)))
@example({("a", "t", "o"): (3, 3, 1), ("b", "t", "o"): (9, 9, 4), ("b", "t", "p"): (9, 9, 4)})
def test_no_hidden_figure_can_be_worked_out(leaves: dict[Path, Leaf]) -> None:
    groups, figures_hidden, sizes_hidden = hidden_of(leaves)
    _, figures = tree_of(leaves)
    found = openings(leaves, groups, figures_hidden, sizes_hidden)

    for path in figures_hidden:
        if is_everyone(groups, path):
            continue
        sufficient, relevant = figures[shown_above(path, figures_hidden)]
        assert "relevant" in found[path] or figures[path][1] > 4, path
        if 0 < sufficient < relevant:
            assert {"sufficient", "share"} <= found[path] or figures[path][1] > 4, path
    for path in sizes_hidden:
        assert is_everyone(groups, path) or "cases" in found[path], path


@settings(max_examples=sized(100, 400), deadline=None)
@given(leaves_of_a_tree())
def test_no_count_hidden_beside_a_small_one_can_be_worked_out_from_sums(leaves: dict[Path, Leaf]) -> None:
    groups, figures_hidden, _ = hidden_of(leaves)
    _, figures = tree_of(leaves)
    found = openings(leaves, groups, figures_hidden, frozenset(groups.sizes))

    for path in figures_hidden:
        if is_everyone(groups, path):
            continue
        sufficient, relevant = figures[shown_above(path, figures_hidden)]
        assert "relevant" in found[path], path
        assert {"sufficient", "share"} <= found[path] or not 0 < sufficient < relevant, path


@settings(max_examples=sized(100, 300), deadline=None)
@given(leaves_of_a_tree())
def test_no_small_figure_is_shown(leaves: dict[Path, Leaf]) -> None:
    groups, figures_hidden, sizes_hidden = hidden_of(leaves)
    _, figures = tree_of(leaves)

    assert {path for path, (_, relevant) in figures.items() if path and 0 < relevant < 5} <= figures_hidden
    assert {path for path, size in groups.sizes.items() if path and size < 5} <= sizes_hidden


@settings(max_examples=sized(100, 300), deadline=None)
@given(leaves_of_a_tree())
def test_no_shown_group_has_a_single_hidden_one_inside_it(leaves: dict[Path, Leaf]) -> None:
    groups, *both = hidden_of(leaves)

    for hidden in both:
        for path in {*groups.sizes} - hidden:
            if len(groups.inside[path]) > 1:
                assert sum(group in hidden for group in groups.inside[path]) != 1, path


def test_large_figures_are_all_shown() -> None:
    _, figures_hidden, sizes_hidden = hidden_of(flat((5, 5, 5), (7, 6, 0), (5, 0, 0)))

    assert (figures_hidden, sizes_hidden) == (frozenset(), frozenset())


def test_one_small_group_takes_the_next_smallest_with_it() -> None:
    _, hidden, _ = hidden_of(flat((60, 3, 1), (50, 40, 20), (70, 40, 20)))

    assert hidden == {("g0",), ("g1",)}


def test_two_small_groups_that_hold_less_than_five_take_another_with_them() -> None:
    _, hidden, _ = hidden_of(flat((60, 2, 1), (70, 2, 1), (80, 40, 20), (50, 40, 20)))

    assert hidden == {("g0",), ("g1",), ("g3",)}


def test_two_small_groups_of_five_hide_each_other() -> None:
    _, hidden, _ = hidden_of(flat((60, 2, 1), (70, 3, 1), (80, 40, 20)))

    assert hidden == {("g0",), ("g1",)}


def test_five_groups_of_one_case_each_are_not_given_away_by_their_sum() -> None:
    _, hidden, _ = hidden_of(flat(*[(60, 1, n % 2) for n in range(5)], (80, 40, 20)))

    assert len(hidden) == 6


def test_one_case_more_than_there_are_groups_leaves_open_which_of_them_has_it() -> None:
    _, hidden, _ = hidden_of(flat(*[(60, 1, n % 2) for n in range(4)], (60, 2, 1), (80, 40, 20)))

    assert hidden == {("g0",), ("g1",), ("g2",), ("g3",), ("g4",)}


def test_team_is_hidden_whose_number_of_cases_gives_away_that_every_officer_has_one() -> None:
    officers = {("t", name): (60, 1, n % 2) for n, name in enumerate("abcde")}
    _, hidden, _ = hidden_of({**officers, ("u", "f"): (400, 40, 20), ("v", "g"): (500, 40, 20)})

    assert hidden == {("t",), *officers, ("u",), ("u", "f")}


def test_hidden_groups_that_are_all_sufficient_take_one_that_is_not_with_them() -> None:
    _, hidden, _ = hidden_of(flat((20, 3, 3), (30, 30, 30), (40, 40, 20)))

    assert hidden == {("g0",), ("g1",), ("g2",)}


def test_group_that_holds_no_relevant_case_is_shown_as_none() -> None:
    _, hidden, _ = hidden_of(flat((20, 0, 0), (30, 3, 1), (40, 20, 3), (50, 20, 3)))

    assert hidden == {("g1",), ("g2",)}


def test_groups_without_size_are_shown_to_hold_none_where_nobody_has_a_relevant_case() -> None:
    _, hidden, sizes_hidden = hidden_of(flat((2, 0, 0), (3, 0, 0)))

    assert (hidden, sizes_hidden) == (frozenset(), {("g0",), ("g1",)})


def test_empty_groups_are_hidden_too_where_all_others_are() -> None:
    _, hidden, _ = hidden_of(flat((20, 0, 0), (30, 3, 1)))

    assert hidden == {("g0",), ("g1",)}


def test_group_without_size_shows_no_figure() -> None:
    _, hidden, sizes_hidden = hidden_of(flat((3, 0, 0), (9, 9, 4), (40, 20, 3)))

    assert sizes_hidden == {("g0",), ("g1",)}
    assert hidden == {("g0",), ("g1",)}


def test_small_officer_hides_another_of_the_team_and_leaves_the_team_shown() -> None:
    officers = {("N", "t", "a"): (9, 2, 1), ("N", "t", "b"): (9, 9, 4), ("N", "t", "c"): (10, 9, 4)}
    _, hidden, _ = hidden_of({**officers, ("S", "t", "d"): (20, 20, 3)})

    assert hidden == {("N", "t", "a"), ("N", "t", "b")}


def test_small_team_hides_another_of_the_division_with_one_of_its_officers() -> None:
    officers = {("N", "s", "a"): (20, 3, 1), ("N", "t", "b"): (30, 12, 4), ("N", "t", "c"): (35, 12, 4)}
    _, hidden, _ = hidden_of({**officers, ("S", "t", "d"): (20, 20, 3)})

    assert hidden == {("N", "s"), ("N", "s", "a"), ("N", "t"), ("N", "t", "b")}


def test_of_a_team_that_is_hidden_the_smallest_officer_with_a_relevant_case_goes_with_it() -> None:
    officers = {("N", "t", "z"): (12, 0, 0), ("N", "t", "b"): (30, 12, 12), ("N", "t", "c"): (35, 12, 4)}
    _, hidden, _ = hidden_of({("N", "s", "a"): (20, 3, 1), **officers, ("S", "t", "d"): (20, 20, 3)})

    assert hidden == {("N", "s"), ("N", "s", "a"), ("N", "t"), ("N", "t", "b")}


def test_size_of_a_small_team_hides_that_of_another_with_one_of_its_officers() -> None:
    _, _, sizes_hidden = hidden_of({("s", "a"): (1, 0, 0), ("t", "b"): (6, 0, 0), ("t", "c"): (7, 0, 0)})

    assert sizes_hidden == {("s",), ("s", "a"), ("t",), ("t", "b")}


def test_team_of_one_officer_is_hidden_with_him() -> None:
    _, hidden, _ = hidden_of({("N", "s", "a"): (20, 3, 1), ("N", "t", "b"): (30, 12, 4), ("S", "t", "c"): (9, 9, 4)})

    assert {("N", "s"), ("N", "s", "a"), ("N", "t"), ("N", "t", "b")} == hidden


def test_group_without_a_figure_holds_neither_sufficient_nor_insufficient_cases() -> None:
    groups = Groups({(): 52, ("a",): 3, ("b",): 9, ("c",): 40})
    figures = {(): (26, 46), ("b",): (6, 6), ("c",): (20, 40)}

    hidden = hide_figures(groups, figures, without_size={("a",), ("b",)})

    # all that a and b hold is sufficient, so c has to go with them
    assert hidden == {("a",), ("b",), ("c",)}


def test_innermost_groups_are_made_safe_first_as_they_always_were() -> None:
    # two versions that hid other figures of the same cases could be set off against each other
    team = {("N", "s", "a"): (20, 0, 0), ("N", "s", "b"): (29, 20, 17), ("N", "s", "c"): (12, 3, 1)}
    _, hidden, _ = hidden_of({**team, ("N", "t", "d"): (9, 0, 0), ("N", "t", "e"): (22, 2, 2)})

    assert hidden == {("N", "s"), ("N", "s", "b"), ("N", "s", "c"), ("N", "t"), ("N", "t", "e")}


def test_of_two_groups_of_one_size_that_without_a_name_stays_shown() -> None:
    _, hidden, _ = hidden_of({("a",): (60, 2, 1), ("b",): (70, 2, 1), ("c",): (80, 40, 20), (None,): (80, 40, 20)})

    assert hidden == {("a",), ("b",), ("c",)}


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_hidden_does_not_depend_on_the_order_of_the_groups(order: int) -> None:
    leaves = flat((60, 2, 1), (70, 2, 1), (80, 40, 20), (80, 40, 20))
    turned = dict(list(leaves.items())[::order])

    assert hidden_of(turned)[1] == {("g0",), ("g1",), ("g2",)}


@pytest.mark.parametrize(
    ("leaves", "too_fine"),
    [(flat((1, 0, 0)), True), (flat((1, 0, 0), (1, 0, 0)), True), (flat((1, 0, 0), (2, 0, 0)), False)],
)
def test_groups_of_one_case_each_are_too_fine_to_be_listed(leaves: dict[Path, Leaf], too_fine: bool) -> None:
    assert tree_of(leaves)[0].are_too_fine is too_fine
