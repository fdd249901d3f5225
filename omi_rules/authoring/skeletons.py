"""The skeleton of a rule file: every key that its kind needs, empty, below what the schema says of it."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from omi_rules.problems import OutputError, UsageError, nearest
from omi_rules.resources import schemas_folder
from omi_rules.rulebook.files import is_criterion, is_id, modeline, read_folder
from omi_rules.rulebook.model import INSUFFICIENT
from omi_rules.rulebook.outcomes import outcomes_of_file

Schema = Mapping[str, Any]

_WIDTH = 118
_INTRODUCTION = (
    "Fill in what is empty, run `omi-rules rules lint`, mend what it lists, and again, until it lists nothing. "
    "Lines that begin with # are notes: take them out as you go. docs/writing-rules.md explains every key."
)
#: Keys that the schema offers as alternatives: those that the skeleton begins with.
_CHOSEN = {"per_event": ("event", "deadline"), "event_deadline": ("within", "done"), "matches": ("latest", "satisfies")}
_FORMS = (
    "Or another form in place of these two: case, first, every, any, none, falls, distinct or weekly, "
    "as docs/writing-rules.md shows them under matches."
)
#: Left out of the skeleton where it holds from the start.
_ANSWERS_NOTHING = ("targets", "staff")


def write_skeleton(folder: Path, id_: str, kind: str, criterion: str) -> Path:
    """Writes the skeleton of a new rule into a rulebook's folder; nothing that is there is ever written over."""
    schema = _read_schema()
    _check_names(folder, id_, kind, criterion, schema)
    file = f"checks/{criterion}/{id_}.yaml"
    path = folder / file
    text = "\n".join([modeline(file, "rule"), *_note(_INTRODUCTION), *_rule(schema, kind, criterion)]) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as target:
            target.write(text)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from None
    return path


def _read_schema() -> Schema:
    schema: Schema = json.loads((schemas_folder() / "rule.schema.json").read_text(encoding="utf-8"))
    return schema


def kinds() -> tuple[str, ...]:
    """The kinds of rules that there are."""
    return tuple(_read_schema()["properties"]["require"]["properties"])


def _check_names(folder: Path, id_: str, kind: str, criterion: str, schema: Schema) -> None:
    if not (folder / "rulebook.yaml").is_file():
        raise UsageError(f"there is no rulebook.yaml in {folder}: name the folder of a rulebook.")
    known = schema["properties"]["require"]["properties"]
    if kind not in known:
        raise UsageError(f"there is no kind {kind}{nearest(kind, known) or ': it is one of ' + ', '.join(known) + '.'}")
    if not is_id(id_):
        raise UsageError(f"an id has small letters, digits and hyphens, as in plan-made-in-time: {id_} has others.")
    if not is_criterion(criterion):
        raise UsageError(f"{criterion} is no criterion: name one like 1.2, or targets or staff.")
    there = next((file.file for file in read_folder(folder).files if file.kind == "rule" and file.id == id_), None)
    if there:
        raise UsageError(f"there is a rule {id_} already, in {there}: take another id.")


def _rule(schema: Schema, kind: str, criterion: str) -> Iterator[str]:
    """The lines of the file, key by key in the order of the schema."""
    for key, spec in schema["properties"].items():
        if key not in schema["required"] and key != "shadow":
            yield from _note(f"Only if needed: {_says(spec, schema)}")
            yield f"# {key}:"
            continue
        if key == "require":
            yield "require:"
            yield f"  {kind}:"
            yield from _keys(schema, kind, "    ")
            continue
        yield from _note(_says(spec, schema))
        if key == "answers" and criterion in _ANSWERS_NOTHING:
            yield "answers: []"
        elif key == "shadow":
            yield "shadow: true"
        else:
            yield f"{key}:"
            yield from _below(key, schema, kind)


def _below(key: str, schema: Schema, kind: str) -> Iterator[str]:
    """What stands below a key of the rule that is no single value."""
    if key == "source":
        yield from _keys(schema, "source", "  ")
    elif key == "says":
        nothing: dict[str, Any] = {}
        content = {"require": {kind: dict.fromkeys(_CHOSEN.get(kind, ()), nothing)}}
        possible = outcomes_of_file(content)
        yield from (f"  {outcome}:" for outcome in INSUFFICIENT if outcome in possible)
    elif key == "examples":
        yield "  - name:"
        yield "    expect:"


def _keys(schema: Schema, name: str, indent: str) -> Iterator[str]:
    """The keys of a definition of the schema, each below its note; those that can be left out are notes themselves."""
    definition = schema["$defs"][name]
    needed = _CHOSEN.get(name) or definition["required"]
    for key, spec in definition["properties"].items():
        if key in needed:
            yield from _note(_says(spec, schema), indent)
            yield f"{indent}{key}:"
            if name == "per_event" and key == "deadline":
                yield from _keys(schema, "event_deadline", f"{indent}  ")
    optional = [key for key in definition["properties"] if key not in needed]
    if name == "matches":
        yield from _note(_FORMS, indent)
    elif optional:
        yield from _note(f"Only if needed: {', '.join(optional)}.", indent)


def _says(spec: Schema, schema: Schema) -> str:
    """What the schema says of a key, or of what the key refers to."""
    while "description" not in spec:
        spec = schema["$defs"][spec["$ref"].rpartition("/")[2]]
    return str(spec["description"])


def _note(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}# ",
        break_on_hyphens=False,
        break_long_words=False,
    )
