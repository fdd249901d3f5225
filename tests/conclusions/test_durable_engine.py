import random
import subprocess
import sys

import durable_rules_engine
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omi_rules.conclusions.durable_engine import DurableEngine, DurableFault
from omi_rules.conclusions.facts import Atom, Component, connect
from omi_rules.conclusions.plain import satisfied_ways
from omi_rules.rulebook.model import OUTCOMES, Conclusion
from tests.conclusions.drawing import conclusions
from tests.conclusions.making import clue, conclude, flag, masks_of, rule, some_masks
from tests.sizes import sized


def _agree(component: Component, masks: list[int]) -> None:
    engine = DurableEngine("test", component.ways, component.atoms)
    try:
        for mask in masks:
            assert engine.satisfied_ways(mask) == satisfied_ways(component, mask), f"{mask:b}"
    finally:
        engine.close()


SMALL = {
    "several outcomes": [conclude("a", [rule("r", *OUTCOMES[:5]), rule("s", *OUTCOMES)])],
    "is false": [conclude("a", [clue("k"), clue("m", False)]), conclude("b", [clue("k", False), clue("m")])],
    "several ways": [conclude("a", [clue("k")], [rule("r", "late")], [clue("k"), rule("r", "late", "missing")])],
    "a chain of six": [
        conclude("f0", [clue("k0")]),
        *(conclude(f"f{n}", [flag(f"f{n - 1}"), clue(f"k{n}")]) for n in range(1, 6)),
    ],
    "two of four flags": [
        *(conclude(f"f{n}", [clue(f"k{n}"), rule("r", "late", "missing")]) for n in range(4)),
        conclude("g", *([flag(f"f{n}"), flag(f"f{m}")] for n in range(4) for m in range(n))),
    ],
    "only flags": [
        conclude("a", [clue("k")]),
        conclude("b", [flag("a")], [clue("m")]),
        conclude("c", [flag("b")]),
    ],
    "odd names": [
        conclude('a "\\ü', [clue('k "\\ü'), rule("$or", "late")]),
        conclude("sid", [flag('a "\\ü')]),
    ],
}


@pytest.mark.parametrize("made", SMALL.values(), ids=SMALL.keys())
def test_durable_agrees_with_plain_on_every_pattern(made: list[Conclusion]) -> None:
    for component in connect(made):
        _agree(component, masks_of(component))


@given(conclusions(), st.randoms(use_true_random=False))
@settings(max_examples=sized(50, 150), deadline=None)
def test_durable_agrees_with_plain_on_any_rulebook(made: list[Conclusion], chance: random.Random) -> None:
    for component in connect(made):
        _agree(component, some_masks(component, chance, 12))


LARGEST = {
    "60 ways that name one rule": [
        conclude(f"f{n}", [rule("r", *OUTCOMES[n % 5 :]), clue(f"k{n % 40}")]) for n in range(60)
    ],
    "16 facts a way, 100 atoms": [
        conclude(f"f{n:02}", [clue(f"k{(n * 7 + m * 3) % 100}") for m in range(16)]) for n in range(16)
    ],
    "100 flags in a chain": [
        conclude("f0", [clue("k0")]),
        *(conclude(f"f{n}", [flag(f"f{n - 1}"), clue(f"k{n % 40}")]) for n in range(1, 100)),
    ],
    "400 ways": [
        conclude(f"f{n}", *([clue(f"k{(n * 7 + way * 31 + m * 13) % 100}") for m in range(4)] for way in range(4)))
        for n in range(100)
    ],
}


@pytest.mark.parametrize("made", LARGEST.values(), ids=LARGEST.keys())
def test_durable_agrees_with_plain_at_the_limits(made: list[Conclusion]) -> None:
    (component,) = connect(made)
    everything = component.mask({atom.name: atom for atom in component.atoms}.values())
    _agree(component, [everything, *some_masks(component, random.Random(3), 12)])


@pytest.fixture
def engine() -> DurableEngine:
    (component,) = connect([conclude("a", [clue("k")]), conclude("b", [flag("a")])])
    return DurableEngine("test", component.ways, component.atoms)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        ("assert_fact", "a fact was not taken"),
        ("assert_facts", "a fact was not taken"),
        ("start_action_for_state", "not every rule fired"),
    ],
)
def test_library_that_drops_facts_is_a_fault(
    engine: DurableEngine, monkeypatch: pytest.MonkeyPatch, function: str, sentence: str
) -> None:
    faithful = getattr(durable_rules_engine, function)

    def drop(*arguments: object) -> object:
        answer = faithful(*arguments)
        return (1, answer[1]) if isinstance(answer, tuple) and isinstance(answer[0], int) else None

    with monkeypatch.context() as broken:
        broken.setattr(durable_rules_engine, function, drop)
        with pytest.raises(DurableFault, match=sentence):
            engine.satisfied_ways(1)
    assert engine.satisfied_ways(1) == {0, 1}


def test_fact_that_no_way_takes_is_refused() -> None:
    (component,) = connect([conclude("a", [clue("k")])])
    with pytest.raises(ValueError, match="no way takes"):
        DurableEngine("test", component.ways, [*component.atoms, Atom("clue", "m", "true")])


_SOAK = """
import resource, sys
from omi_rules.conclusions.durable_engine import DurableEngine
from omi_rules.conclusions.facts import connect
from tests.conclusions.making import clue, conclude, flag, rule
made = [conclude("a", [rule("r", "late", "missing"), clue("k")]), conclude("b", [flag("a"), clue("m")])]
(component,) = connect(made)
engine = DurableEngine("soak", component.ways, component.atoms)
unit = 1 if sys.platform == "darwin" else 1024
sizes = []
for patterns in (2_000, 20_000):
    for number in range(patterns):
        engine.satisfied_ways(number % 8)
    sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
print(sizes[1] - sizes[0])
"""


def test_memory_stays_flat_over_20_000_patterns() -> None:
    ended = subprocess.run([sys.executable, "-c", _SOAK], capture_output=True, text=True, check=True)
    assert int(ended.stdout) < 2 * 1024 * 1024
