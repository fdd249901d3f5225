"""One function a keyword of JSON Schema: each makes a check that says its complaint as a sentence.

Only the keywords that our schemas use are here; see `structure.py`. `part` makes the check of a schema inside
the schema. `x-says`, where a schema has it, is the sentence to say instead of the general one.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from omi_rules.problems import nearest

Path = tuple[str | int, ...]
Report = Callable[[Path, str], None]
Check = Callable[[Any, Path, Report], None]
Schema = Mapping[str, Any]
MakeCheck = Callable[[Schema], Check]

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
FOUND = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    int: "a number",
    bool: "true or false",
    type(None): "nothing",
}


def _enumeration(schema: Schema) -> Check:
    allowed = schema.get("enum", [schema.get("const")])
    # true == 1 in Python, and the two are not the same word
    known = {(type(word), word) for word in allowed}
    words = [str(word) for word in allowed]
    wanted = f"should be one of {', '.join(words)}" if len(words) > 1 else f"should be {words[0]}"
    says = schema.get("x-says")

    def check(value: Any, path: Path, report: Report) -> None:
        if isinstance(value, list | dict) or (type(value), value) not in known:
            given = value if isinstance(value, str | int) else FOUND.get(type(value), "something else")
            hint = nearest(value, words) if isinstance(value, str) else ""
            report(path, says or f"{wanted}, and is {given}{hint}")

    return check


def _keys(schema: Schema, part: MakeCheck) -> Check:
    """`properties`, `additionalProperties` and `required` together: they tell of the same keys."""
    known: Mapping[str, Check] = {name: part(shape) for name, shape in schema.get("properties", {}).items()}
    meaning = {name: _meaning(shape) for name, shape in schema.get("properties", {}).items()}
    others = schema.get("additionalProperties", True)
    other = part(others) if isinstance(others, dict) else None
    required: Sequence[str] = schema.get("required", ())

    def check(value: Any, path: Path, report: Report) -> None:
        misspelt = ""
        for key, held in value.items():
            test = known.get(key, other)
            if test is not None:
                test(held, (*path, key), report)
            elif others is False:
                hint = nearest(key, known)
                misspelt += hint
                report((*path, key), f"there is no key {key} here{hint}")
        for key in required:
            if key not in value and f" {key}?" not in misspelt:
                about = f" ({meaning[key]})" if meaning.get(key) else ""
                report(path, f"{key} is missing: add it{about}")

    return check


def _meaning(schema: Schema) -> str:
    """The first sentence of a part's own description."""
    return str(schema.get("description", "")).split(". ")[0].rstrip(".").split(":")[0]


def _size(schema: Schema) -> Check:
    least = max(schema.get("minProperties", 0), schema.get("minItems", 0))
    most = min(schema.get("maxProperties", 10**9), schema.get("maxItems", 10**9))
    says = schema.get("x-says")
    wanted = f"exactly {least}" if least == most else f"at least {least}" if most == 10**9 else f"{least} to {most}"

    def check(value: Any, path: Path, report: Report) -> None:
        if not least <= len(value) <= most:
            report(path, says or f"should have {wanted}, and has {len(value)}")

    return check


def _key_names(schema: Schema, part: MakeCheck) -> Check:
    name = part(schema["propertyNames"])

    def check(value: Any, path: Path, report: Report) -> None:
        for key in value:
            name(key, (*path, key), report)

    return check


def _items(schema: Schema, part: MakeCheck) -> Check:
    item = part(schema["items"])

    def check(value: Any, path: Path, report: Report) -> None:
        for number, held in enumerate(value):
            item(held, (*path, number), report)

    return check


def _unique(_: Schema) -> Check:
    def check(value: Any, path: Path, report: Report) -> None:
        seen: list[Any] = []
        for number, held in enumerate(value):
            if any(type(held) is type(other) and held == other for other in seen):
                report((*path, number), "this is given twice: keep one")
            seen.append(held)

    return check


def _text(schema: Schema) -> Check:
    pattern = re.compile(schema.get("pattern", ""))
    dated = schema.get("format") == "date"
    says = schema.get("x-says")

    def check(value: Any, path: Path, report: Report) -> None:
        if not pattern.search(value):
            report(path, says or f"should look like {pattern.pattern}")
        elif dated and not is_iso_date(value):
            report(path, says or "should be a date, written 2006-12-31")

    return check


def is_iso_date(text: str) -> bool:
    """Whether a text is a day of the calendar, written 2006-12-31."""
    if not _ISO_DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _range(schema: Schema) -> Check:
    least, most = schema.get("minimum", -(10**18)), schema.get("maximum", 10**18)
    says = schema.get("x-says")
    wanted = f"{least} or more" if "maximum" not in schema else f"{least} to {most}"

    def check(value: Any, path: Path, report: Report) -> None:
        if not least <= value <= most:
            report(path, says or f"should be {wanted}, and is {value}")

    return check


def _one_of(schema: Schema) -> Check:
    """Exactly one of several keys, which is all that our schemas say with `oneOf`."""
    groups: list[list[str]] = [branch["required"] for branch in schema["oneOf"]]
    if any(set(branch) != {"required"} for branch in schema["oneOf"]):
        raise ValueError("oneOf may only list required keys")
    says = schema.get("x-says") or f"give exactly one of {_listed([' with '.join(group) for group in groups])}"

    def check(value: Any, path: Path, report: Report) -> None:
        if type(value) is dict and sum(all(key in value for key in group) for group in groups) != 1:
            report(path, says)

    return check


def _not_together(schema: Schema) -> Check:
    keys: list[str] = schema["not"]["required"]

    def check(value: Any, path: Path, report: Report) -> None:
        if type(value) is dict and all(key in value for key in keys):
            report((*path, keys[-1]), f"{_listed(keys, 'and')} cannot both be given: keep one")

    return check


def _dependent(schema: Schema) -> Check:
    needs: Mapping[str, Iterable[str]] = schema["dependentRequired"]

    def check(value: Any, path: Path, report: Report) -> None:
        for key, others in needs.items():
            for other in others if key in value else ():
                if other not in value:
                    report((*path, key), f"{key} needs {other} beside it: add it")

    return check


def _listed(words: Sequence[str], joint: str = "or") -> str:
    return f" {joint} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


#: Keywords that are checked together, what makes their check, and the type that they speak of (None: any).
KEYWORDS: tuple[tuple[frozenset[str], Callable[[Schema], Check], str | None], ...] = (
    (frozenset({"enum", "const"}), _enumeration, None),
    (frozenset({"pattern", "format"}), _text, "string"),
    (frozenset({"minimum", "maximum"}), _range, "integer"),
    (frozenset({"minProperties", "maxProperties"}), _size, "object"),
    (frozenset({"dependentRequired"}), _dependent, "object"),
    (frozenset({"oneOf"}), _one_of, "object"),
    (frozenset({"not"}), _not_together, "object"),
    (frozenset({"minItems", "maxItems"}), _size, "array"),
    (frozenset({"uniqueItems"}), _unique, "array"),
)
#: The same, of keywords that hold schemas.
HOLDING_KEYWORDS: tuple[tuple[frozenset[str], Callable[[Schema, MakeCheck], Check], str], ...] = (
    (frozenset({"properties", "additionalProperties", "required"}), _keys, "object"),
    (frozenset({"propertyNames"}), _key_names, "object"),
    (frozenset({"items"}), _items, "array"),
)
