"""Names, values and identifiers as OSCAL takes them."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid5

#: The names of properties that are ours, not OSCAL's.
NAMESPACE = "urn:omi-rules:oscal"
_ROOT = UUID("5b1d0f7e-0c0b-5d0e-9a52-6f6d692d7275")


def line(text: str) -> str:
    """A text on one line, as OSCAL's strings are; a character that nobody sees is written as its number."""
    shown = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
    return re.sub(r"^ +| +$", lambda spaces: "\\u0020" * len(spaces[0]), shown)


def prop(name: str, value: str, class_: str | None = None) -> dict[str, str]:
    """One property of ours."""
    known = {"name": name, "ns": NAMESPACE, "value": line(value)}
    return known if class_ is None else {**known, "class": class_}


def ids_of(summary: Mapping[str, Any]) -> Callable[..., str]:
    """What gives things of a run their identifiers: the same words, the same identifier, in this run only."""
    export, rulebook = summary["export"]["fingerprint"], summary["rulebook"]["hash"]
    run = uuid5(_ROOT, f"{export} {rulebook} {summary['as_at']}")
    return lambda *words: str(uuid5(run, "\0".join(words)))
