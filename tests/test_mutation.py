"""What benchmarks/mutation.py goes by still fits the program: it needs a tool that the gate does without."""

import runpy
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.cli.running import TOP

MUTATION: Mapping[str, Any] = runpy.run_path(str(TOP / "benchmarks" / "mutation.py"), run_name="mutation")
EXPLAINED: Mapping[Any, str] = MUTATION["explained_mutations"]()
ASKED: Mapping[str, Sequence[str]] = {
    module: steps for modules in MUTATION["PARTS"].values() for module, steps in modules.items()
}


def test_every_module_and_every_test_that_it_names_is_there() -> None:
    named = {word for steps in ASKED.values() for step in steps for word in step.split() if "/" in word}

    assert [name for name in sorted({*ASKED, *named}) if not (TOP / name).exists()] == []


@pytest.mark.parametrize("mutation", EXPLAINED, ids=lambda mutation: f"{mutation.module}, {mutation.within}")
def test_lines_of_a_change_that_nobody_can_see_still_stand_where_they_stood(mutation: Any) -> None:
    lines = (TOP / mutation.module).read_text("utf-8").splitlines()
    places = [number for number, line in enumerate(lines, 1) if line.strip() and line.strip() in mutation.was]

    assert mutation.module in ASKED
    assert mutation.was not in (mutation.becomes, "")
    assert EXPLAINED[mutation].strip()
    source = "\n".join(lines)
    assert mutation.within in {MUTATION["definition_at"](source, number) for number in places}


def test_a_row_of_the_page_is_of_a_module_that_is_tried() -> None:
    assert set(MUTATION["rows_kept"]()) <= set(ASKED)
