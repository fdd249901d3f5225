import random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omi_rules.conclusions.facts import Atom, Component, components, connect, essence_sql, mask_sql
from omi_rules.conclusions.plain import satisfied_ways
from omi_rules.rulebook.model import Conclusion
from tests.conclusions.drawing import conclusions
from tests.conclusions.making import (
    clue,
    conclude,
    conclusions_by_chance,
    flag,
    rule,
    rulebook_of,
    some_masks,
)
from tests.sizes import sized


def test_components_share_facts_or_flags() -> None:
    made = [
        conclude("a", [rule("r", "late")]),
        conclude("b", [rule("r", "missing")]),
        conclude("c", [rule("s", "late", "missing")]),
        conclude("d", [flag("c"), clue("k")]),
        conclude("e", [clue("k", False)]),
        conclude("f", [rule("r", "late"), clue("m")]),
    ]
    flags = [[one.flag for one in component.conclusions] for component in connect(made)]
    assert flags == [["a", "f"], ["b"], ["c", "d"], ["e"]]


def test_components_of_a_rulebook_are_its_conclusions_connected() -> None:
    made = [conclude("b", [clue("k")]), conclude("a", [clue("m")])]
    assert components(rulebook_of(*made)) == connect(made)


@given(conclusions())
@settings(max_examples=60)
def test_order_of_conclusions_changes_no_component(made: list[Conclusion]) -> None:
    shuffled = random.Random(1).sample(made, len(made))
    assert connect(shuffled) == connect(made)
    flags = [one.flag for component in connect(made) for one in component.conclusions]
    assert sorted(flags) == sorted(one.flag for one in made)


def test_atoms_are_what_some_way_mentions() -> None:
    (component,) = connect([conclude("a", [rule("r", "missing", "late"), clue("k", False)], [clue("k", False)])])
    assert component.atoms == (
        Atom("clue", "k", "false"),
        Atom("rule", "r", "late"),
        Atom("rule", "r", "missing"),
    )


def test_mask_leaves_out_atoms_that_no_conclusion_mentions() -> None:
    (component,) = connect([conclude("a", [rule("r", "late"), clue("k")])])
    assert component.mask([Atom("rule", "r", "late"), Atom("rule", "r", "met"), Atom("rule", "s", "late")]) == 2


@pytest.mark.parametrize("mask", [-1, 8, 3])
def test_impossible_patterns_are_refused(mask: int) -> None:
    (component,) = connect([conclude("a", [rule("r", "late", "missing"), rule("s", "late")])])
    with pytest.raises(ValueError, match="component 0: a pattern"):
        component.check_mask(mask)


def test_essence_leaves_out_facts_that_lead_nowhere() -> None:
    (component,) = connect(
        [
            conclude("a", [rule("r", "late", "missing"), clue("k")], [clue("m")]),
            conclude("b", [flag("a"), clue("k")]),
        ]
    )
    late, hint, more = Atom("rule", "r", "late"), Atom("clue", "k", "true"), Atom("clue", "m", "true")
    kept = [component.essence(component.mask(atoms)) for atoms in ([late], [late, hint], [late, more], [hint])]
    assert kept == [0, *(component.mask(atoms) for atoms in ([late, hint], [more], [hint]))]


@given(conclusions(), st.randoms(use_true_random=False))
@settings(max_examples=sized(50, 100), deadline=None)
def test_essence_has_the_conclusions_of_the_pattern(made: list[Conclusion], chance: random.Random) -> None:
    for component in connect(made):
        for mask in some_masks(component, chance, 10):
            essence = component.essence(mask)
            assert satisfied_ways(component, essence) == satisfied_ways(component, mask)
            assert essence == component.essence(essence) == mask & essence


def _column(atom: Atom) -> str:
    return f'"{atom.kind} {atom.name} {atom.value}"'


def _masks_by_sql(component: Component, masks: list[int]) -> list[int]:
    """Patterns written as rows of booleans, null or false where a fact does not hold, and read back."""
    rows = []
    for number, mask in enumerate(masks):
        cells = [
            f"{'true' if mask >> place & 1 else ('false', 'null::BOOLEAN')[number % 2]} AS {_column(atom)}"
            for place, atom in enumerate(component.atoms)
        ]
        rows.append(f"SELECT {number} AS n, {', '.join(cells)}")
    with duckdb.connect() as store:
        query = f"SELECT {mask_sql(component, _column)} FROM ({' UNION ALL '.join(rows)}) ORDER BY n"
        return [mask for (mask,) in store.execute(query).fetchall()]


def test_mask_sql_gives_the_masks() -> None:
    for component in connect(conclusions_by_chance(5)):
        masks = some_masks(component, random.Random(2), 20)
        assert _masks_by_sql(component, masks) == masks


@pytest.mark.parametrize("atoms", [62, 63, 100, 120])
def test_mask_sql_holds_wide_patterns(atoms: int) -> None:
    (component,) = connect([conclude("a", [clue(f"k{place}") for place in range(atoms)])])
    masks = [0, 1 << (atoms - 1), (1 << atoms) - 1]
    assert _masks_by_sql(component, masks) == masks


def test_mask_sql_refuses_what_no_hugeint_holds() -> None:
    (component,) = connect([conclude("a", [clue(f"k{place}") for place in range(121)])])
    with pytest.raises(ValueError, match="more than 120 facts"):
        mask_sql(component, _column)


@pytest.mark.parametrize("seed", range(6))
def test_essence_sql_gives_the_essences(seed: int) -> None:
    wide = conclude("wide", [flag("flag-0"), clue("k0")], *([clue(f"k{n}")] for n in range(1, 70)))
    made = [*conclusions_by_chance(seed), *([wide] if seed % 2 else [])]
    for component in connect(made):
        masks = some_masks(component, random.Random(seed), 40)
        with duckdb.connect() as store:
            kind = "BIGINT" if len(component.atoms) <= 62 else "HUGEINT"
            rows = ", ".join(f"({n}, {mask}::{kind})" for n, mask in enumerate(masks))
            query = f"SELECT {essence_sql(component, 'mask')} FROM (VALUES {rows}) AS t(n, mask) ORDER BY n"
            found = [essence for (essence,) in store.execute(query).fetchall()]
        assert found == [component.essence(mask) for mask in masks]
