"""Texts as a cell can hold them: never more than it may, and never anything that XML or a spreadsheet would read."""

import re

from omi_rules.reports.words import printable

#: What a cell holds at most, counted as spreadsheets count: in UTF-16.
LONGEST = 32_767
#: XML has no place for these two, and none but these is left when a text is printable.
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")


def cell_text(text: str) -> str:
    """A text on one line; marks of direction and signs that steer are `?`, and what is too long ends in `…`.

    >>> cell_text("Bootle,\\n  north"), cell_text("\\u202ename"), cell_text("=1+1")
    ('Bootle, north', '?name', '=1+1')
    """
    text = printable(" ".join(text.split()))
    if not text.isprintable():
        text = _NO_CHARACTERS.sub("?", text)
    # no sign takes more than two places
    if 2 * len(text) > LONGEST and _places(text) > LONGEST:
        text = _cut(text)
    # the library that writes the file would take this for XML of its own
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _places(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str) -> str:
    kept = text.encode("utf-16-le")[: 2 * (LONGEST - 1)]
    return f"{kept.decode('utf-16-le', 'ignore')}…"
