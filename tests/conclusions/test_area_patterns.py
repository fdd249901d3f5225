"""durable-rules and the plain evaluator agree on every pattern of facts that a large area shows."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from omi_rules import pipeline
from omi_rules.conclusions.durable_engine import DurableEngine
from omi_rules.conclusions.facts import Component
from omi_rules.conclusions.plain import Derived, satisfied_ways
from omi_rules.conclusions.reason import Reasoner
from omi_rules.demo.area import write_area
from tests.sizes import sized

CASES = sized(30_000, 100_000)


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> dict[Component, set[int]]:
    """What a check of the area asked its reasoner, by component."""
    asked: dict[Component, set[int]] = {}

    class Listening(Reasoner):
        def reason(self, component: Component, masks: Sequence[int]) -> list[tuple[Derived, ...]]:
            asked.setdefault(component, set()).update(masks)
            return super().reason(component, masks)

    folder = tmp_path_factory.mktemp("area") / "export"
    write_area(folder, CASES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "Reasoner", Listening)
        run = pipeline.check(Path(folder), None, pipeline.Settings())
    assert run.summary["evaluator"] == "durable-rules"
    return asked


def test_durable_agrees_with_plain_on_every_pattern_of_an_area(patterns: dict[Component, set[int]]) -> None:
    assert sum(len(masks) for masks in patterns.values()) > 100
    for component, masks in patterns.items():
        engine = DurableEngine("area", component.ways, component.atoms)
        try:
            for mask in masks:
                assert engine.satisfied_ways(mask) == satisfied_ways(component, mask), f"{component.number}: {mask:b}"
        finally:
            engine.close()
