from omi_rules.conclusions.facts import Atom, Component, connect
from omi_rules.conclusions.plain import Derived, derive, satisfied_ways
from tests.conclusions.making import clue, conclude, flag, rule

LATE = Atom("rule", "review", "late")
NOT_MET = Atom("rule", "tier", "not_met")
HVH = Atom("clue", "hvh", "true")


def _draw(component: Component, *atoms: Atom) -> dict[str, tuple[tuple[str, str], ...]]:
    mask = component.mask(atoms)
    return {one.flag: one.because for one in derive(component, mask, satisfied_ways(component, mask))}


def _one(*made: object) -> Component:
    (component,) = connect(made)  # type: ignore[arg-type]
    return component


def test_flag_follows_from_all_its_facts() -> None:
    component = _one(conclude("a", [rule("review", "late", "missing"), clue("hvh")]))
    assert _draw(component, LATE, HVH) == {"a": (("review", "late"),)}
    assert _draw(component, LATE) == {}
    assert _draw(component, HVH) == {}


def test_clue_that_must_be_false_is_not_met_by_a_true_one() -> None:
    component = _one(conclude("a", [clue("hvh", False)]), conclude("b", [clue("hvh"), flag("a")]))
    assert _draw(component, Atom("clue", "hvh", "false")) == {"a": ()}
    assert _draw(component, HVH) == {}


def test_chained_flag_rests_on_the_outcomes_below_it() -> None:
    component = _one(
        conclude("c", [flag("b"), rule("tier", "not_met")]),
        conclude("b", [flag("a"), clue("hvh")]),
        conclude("a", [rule("review", "late")]),
    )
    assert _draw(component, LATE, HVH, NOT_MET) == {
        "a": (("review", "late"),),
        "b": (("review", "late"),),
        "c": (("review", "late"), ("tier", "not_met")),
    }
    assert set(_draw(component, LATE, NOT_MET)) == {"a"}


def test_several_satisfied_ways_give_the_union() -> None:
    component = _one(conclude("a", [rule("review", "late")], [rule("tier", "not_met")], [clue("hvh")]))
    assert _draw(component, LATE, NOT_MET, HVH) == {"a": (("review", "late"), ("tier", "not_met"))}
    assert _draw(component, NOT_MET) == {"a": (("tier", "not_met"),)}
    assert _draw(component, HVH) == {"a": ()}


def test_flags_come_in_order() -> None:
    component = _one(conclude("b", [clue("hvh")]), conclude("a", [clue("hvh")]), conclude("c", [clue("hvh")]))
    mask = component.mask([HVH])
    found = derive(component, mask, satisfied_ways(component, mask))
    assert found == (Derived("a", ()), Derived("b", ()), Derived("c", ()))
