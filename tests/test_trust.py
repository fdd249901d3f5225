"""Every promise of docs/trust.md has tests behind it, and each of them exists."""

import ast
import re
from functools import cache

from tests.cli.running import TOP

NAMED = re.compile(r"^- `(tests/[\w/]+\.py)::(test_\w+)`$", re.MULTILINE)
PROMISES = (TOP / "docs" / "trust.md").read_text("utf-8").partition("\n## What we promise\n")[2].partition("\n## ")[0]


@cache
def defined_in(file: str) -> set[str]:
    path = TOP / file
    if not path.is_file():
        return set()
    return {node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(PROMISES)

    assert [f"{file}::{name}" for file, name in named if name not in defined_in(file)] == []
    assert len(named) == PROMISES.count("::")


def test_every_promise_names_a_test() -> None:
    promises = re.split(r"\n(?=\*\*)", PROMISES)[1:]

    assert len(promises) >= 9
    assert [promise.splitlines()[0] for promise in promises if not NAMED.search(promise)] == []


def test_changes_of_the_calendar_are_those_that_were_measured() -> None:
    measured = (TOP / "benchmarks" / "results" / "mutation.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `omi_rules/calendar/\w+\.py` \|[^|]+\| (\d+) \| (\d+) \| (\d+) \| 0 \|$", measured, re.MULTILINE
    )
    made, noticed, equivalent = (sum(map(int, column)) for column in zip(*rows, strict=True))

    told = re.search(
        r"makes (\d+) small changes[^.]+\. The tests notice (\d+); the\s+other (\d+) change nothing", PROMISES
    )

    assert told is not None
    assert tuple(map(int, told.groups())) == (made, noticed, equivalent)
