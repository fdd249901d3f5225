"""The compiled schemas say what `jsonschema` says, and every schema is one that both understand."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from omi_rules.resources import rules_folder, schemas_folder
from omi_rules.rulebook.files import RuleFile, read_folder
from omi_rules.rulebook.model import OUTCOMES, SEVERITIES
from omi_rules.rulebook.references import CASE_TRIGGERS, EVENTS
from omi_rules.rulebook.strict_yaml import read_yaml
from omi_rules.rulebook.structure import Shapes, load_shapes

KINDS = (
    "rule",
    "value",
    "triggers",
    "sources",
    "rulebook",
    "clue",
    "conclusion",
    "example-case",
    "criterion",
    "target",
    "scoring",
    "sample",
    "recommendations",
    "equivalent-mutants",
)
GALLERY = Path(__file__).resolve().parent.parent / "bad_rules"


def read_schema(kind: str) -> Any:
    return json.loads((schemas_folder() / f"{kind}.schema.json").read_text(encoding="utf-8"))


@cache
def validator(kind: str) -> Draft202012Validator:
    resources = [(f"{name}.schema.json", Resource.from_contents(read_schema(name))) for name in KINDS]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(
        {"$ref": f"{kind}.schema.json"}, registry=registry, format_checker=FormatChecker(["date"])
    )


def complaints(kind: str, value: Any) -> list[str]:
    said: list[str] = []
    load_shapes().check(f"{kind}.schema.json")(value, (), lambda path, sentence: said.append(f"{path} {sentence}"))
    return said


@cache
def good_contents() -> tuple[tuple[str, Any], ...]:
    return tuple(
        (file.kind, read_yaml(file.content, file.file)[0].value) for file in read_folder(GALLERY / "good").files
    )


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every mapping and list inside a value, each with each of its keys or places."""
    steps: Any = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield value, step
        yield from places_in(value[step])


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_a_json_schema_with_descriptions(kind: str) -> None:
    schema = read_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["description"].endswith(".")
    described = [part for part in schema.get("properties", {}).values() if "$ref" not in part]
    assert all("description" in part for part in described)


def test_rule_schema_has_one_definition_a_kind() -> None:
    schema = read_schema("rule")
    kinds = schema["properties"]["require"]["properties"]
    assert all(part == {"$ref": f"#/$defs/{kind}"} for kind, part in kinds.items())
    assert set(kinds) <= set(schema["$defs"])
    assert set(kinds) == {"deadline", "exists", "review_chain", "per_event", "count", "matches", "paired"}


def test_schemas_know_the_same_words_as_the_model() -> None:
    definitions = read_schema("rule")["$defs"]
    assert definitions["outcome"]["enum"] == [word for word in OUTCOMES if word != "error"]
    assert tuple(definitions["severity"]["enum"]) == SEVERITIES
    assert set(read_schema("triggers")["required"]) == {*CASE_TRIGGERS, *EVENTS}


def test_unknown_keyword_is_refused_and_not_passed_over() -> None:
    shapes = Shapes(lambda _: {"type": "string", "contentEncoding": "base64"})
    with pytest.raises(ValueError, match="contentEncoding"):
        shapes.check("any.schema.json")


def files_of(folder: Path) -> list[RuleFile]:
    return [file for mistake in sorted(folder.iterdir()) for file in read_folder(mistake).files]


@pytest.mark.parametrize("file", files_of(GALLERY), ids=lambda file: file.file)
def test_gallery_is_judged_as_jsonschema_judges_it(file: RuleFile) -> None:
    document, _ = read_yaml(file.content, file.file)
    if document.whole:
        assert bool(complaints(file.kind, document.value)) is not validator(file.kind).is_valid(document.value)


def test_program_rules_are_right_for_jsonschema_too() -> None:
    for file in read_folder(rules_folder()).files:
        document, _ = read_yaml(file.content, file.file)
        assert [error.message for error in validator(file.kind).iter_errors(document.value)] == [], file.file


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.sampled_from(["", " ", "met", "recorded", "2006-02-30", "2006-12-20", "assumed", "review", "1.2.20", "no"])
    | st.text(max_size=3)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
)
KEYS = st.sampled_from(["not", "if", "case", "done", "window_opens", "exists", "source", "status", "is", "xx"])


@given(st.data())
def test_spoilt_files_are_judged_as_jsonschema_judges_them(data: st.DataObject) -> None:
    kind, content = data.draw(st.sampled_from(good_contents()))
    content = copy.deepcopy(content)
    holder, step = data.draw(st.sampled_from(list(places_in(content))))
    change = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if change == "replace":
        holder[step] = data.draw(VALUES)
    elif change == "remove":
        del holder[step]
    elif isinstance(holder, dict):
        holder[data.draw(KEYS)] = data.draw(VALUES)
    else:
        holder.append(copy.deepcopy(holder[step]))
    assert bool(complaints(kind, content)) is not validator(kind).is_valid(content)


@given(st.sampled_from(KINDS), VALUES)
def test_anything_is_judged_as_jsonschema_judges_it(kind: str, value: Any) -> None:
    assert bool(complaints(kind, value)) is not validator(kind).is_valid(value)
