"""JSON that is written as it comes: where a document holds an iterator, its items become an array, one line each."""

import json
from collections.abc import Iterator
from typing import Any


def pieces(value: Any) -> Iterator[str]:
    """The text of a document, piece by piece; an item of an iterator is in memory only while it is written."""
    if isinstance(value, dict):
        yield "{"
        for number, (name, member) in enumerate(value.items()):
            yield f"{',' if number else ''}{json.dumps(name)}:"
            yield from pieces(member)
        yield "}"
    elif isinstance(value, list):
        yield from _array(iter(value), "")
    elif isinstance(value, Iterator):
        yield from _array((json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in value), "\n")
    else:
        yield json.dumps(value, ensure_ascii=False)


def _array(items: Iterator[Any], between: str) -> Iterator[str]:
    yield "["
    for number, item in enumerate(items):
        yield f"{',' if number else ''}{between}"
        if between:
            yield item
        else:
            yield from pieces(item)
    yield "]"
