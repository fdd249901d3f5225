"""Holds a value against a JSON Schema, and says in sentences what is wrong with it.

The schemas in `schemas/` are the single source of shapes; they are ordinary JSON Schema 2020-12, for editors
and for any validator. Importing `jsonschema` and walking a rulebook with it costs more than everything else
that happens at start-up, and its messages are dumps; so the few keywords that our schemas use are compiled
here into plain functions. A schema with any other keyword is refused, and a test holds every verdict of this
file against that of `jsonschema`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from omi_rules.resources import schemas_folder
from omi_rules.rulebook.keywords import FOUND, HOLDING_KEYWORDS, KEYWORDS, Check, Path, Report, Schema

_TYPES: Mapping[str, tuple[type, str]] = {
    "object": (dict, "a mapping"),
    "array": (list, "a list"),
    "string": (str, "text"),
    "integer": (int, "a whole number"),
    "boolean": (bool, "true or false"),
    "null": (type(None), "empty"),
}
_ANNOTATIONS = {
    "$schema",
    "$id",
    "$defs",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "x-says",
}


class Shapes:
    """The schemas of a folder, each compiled when first asked for."""

    def __init__(self, read: Callable[[str], Schema]) -> None:
        self._read = read
        self._schemas: dict[str, Schema] = {}
        self._checks: dict[str, Check] = {}

    def check(self, place: str) -> Check:
        """The check of a schema file, or of a part of one: `rule.schema.json#/$defs/tests`."""
        if place not in self._checks:
            # a shape may hold itself, so the name is known before its check is made
            self._checks[place] = lambda value, path, report: self._checks[place](value, path, report)
            self._checks[place] = _compile(self.schema(place), self, place.partition("#")[0])
        return self._checks[place]

    def schema(self, place: str) -> Schema:
        """The schema at a place."""
        file, _, pointer = place.partition("#")
        if file not in self._schemas:
            self._schemas[file] = self._read(file)
        found: Any = self._schemas[file]
        for step in pointer.split("/")[1:]:
            found = found[step]
        return found  # type: ignore[no-any-return]


def _read_schema(file: str) -> Schema:
    content: Schema = json.loads((schemas_folder() / file).read_text(encoding="utf-8"))
    return content


@cache
def load_shapes() -> Shapes:
    """The shapes of the program's own schemas."""
    return Shapes(_read_schema)


_KNOWN = {"type", "$ref", "anyOf"}.union(*(entry[0] for entry in (*KEYWORDS, *HOLDING_KEYWORDS)))


def _compile(schema: Schema, shapes: Shapes, file: str) -> Check:
    """One function that reports everything wrong with a value of this shape."""
    unknown = set(schema) - _ANNOTATIONS - _KNOWN
    if unknown:
        raise ValueError(f"{file}: keywords.py does not know the schema keywords {sorted(unknown)}")

    def part(inner: Schema) -> Check:
        return _compile(inner, shapes, file)

    checks: dict[type, list[Check]] = {type_: [] for type_, _ in _TYPES.values()}
    for words, make, name in KEYWORDS:
        if not words.isdisjoint(schema):
            for type_ in checks if name is None else (_TYPES[name][0],):
                checks[type_].append(make(schema))
    for words, hold, name in HOLDING_KEYWORDS:
        if not words.isdisjoint(schema):
            checks[_TYPES[name][0]].append(hold(schema, part))
    general = []
    if "$ref" in schema:
        general.append(shapes.check(_target(schema, file)))
    if "anyOf" in schema:
        general.append(_any_of(schema, shapes, file))
    for type_ in checks:
        checks[type_] += general
    names = schema.get("type", list(_TYPES))
    allowed = {_TYPES[name][0] for name in ([names] if isinstance(names, str) else names)}
    return _by_type({type_: checks[type_] for type_ in allowed}, _wrong_type(schema))


def _by_type(checks: Mapping[type, Sequence[Check]], complain: Callable[[Any], str]) -> Check:
    """Looks at the type first, then only at what speaks of the type found."""

    def check(value: Any, path: Path, report: Report) -> None:
        parts = checks.get(type(value))
        if parts is None:
            report(path, complain(value))
            return
        for part in parts:
            part(value, path, report)

    return check


def _wrong_type(schema: Schema) -> Callable[[Any], str]:
    given = schema.get("type", [])
    names = [given] if isinstance(given, str) else given
    wanted = " or ".join(_TYPES[name][1] for name in names)

    def complain(value: Any) -> str:
        if "x-says" in schema:
            return str(schema["x-says"])
        if value is None:
            return f"nothing is given here: it should be {wanted}"
        hint = ""
        if type(value) in (int, bool) and "string" in names:
            hint = ": put it in quotes"
        elif type(value) is str and "boolean" in names:
            hint = ": write true or false without quotes, not yes or no"
        elif type(value) is str and "integer" in names:
            hint = ": write plain digits, without quotes or a leading zero"
        elif "array" in names:
            hint = ": write it in [square brackets]"
        return f"should be {wanted}, and is {FOUND.get(type(value), 'something else')}{hint}"

    return complain


def _target(schema: Schema, file: str) -> str:
    target: str = schema["$ref"]
    return file + target if target.startswith("#") else target


def _any_of(schema: Schema, shapes: Shapes, file: str) -> Check:
    """Takes the branch made for the type of the value, so that its own sentences are heard."""
    branches = [(_compile(part, shapes, file), _types_of(part, shapes, file)) for part in schema["anyOf"]]
    says = schema.get("x-says")

    def check(value: Any, path: Path, report: Report) -> None:
        fitting = [branch for branch, types in branches if type(value) in types]
        if len(fitting) == 1:
            fitting[0](value, path, report)
            return
        for branch in fitting:
            found: list[str] = []
            branch(value, path, lambda _, sentence, found=found: found.append(sentence))  # type: ignore[misc]
            if not found:
                return
        report(path, says or "this is none of the forms that can stand here")

    return check


def _types_of(schema: Schema, shapes: Shapes, file: str) -> set[type]:
    if "$ref" in schema:
        target = _target(schema, file)
        return _types_of(shapes.schema(target), shapes, target.partition("#")[0])
    if "enum" in schema or "const" in schema:
        return {type(word) for word in schema.get("enum", [schema.get("const")])}
    names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    return {_TYPES[name][0] for name in names}
